//! Which rows of a long list are visible. Only those are in the document, and a few on either side.

use leptos::html::Tbody;
use leptos::prelude::*;

use crate::ui::live::effect;

/// Rows kept beyond either edge, so that scrolling shows no gaps.
const BEYOND: usize = 6;
/// Rows kept below the window while the list is scrolled to the top. People then type into the search, and
/// the browser lays out the drawn rows at every letter.
const BEYOND_AT_TOP: usize = 2;
/// The height of a row in pixels before one has been measured: `--row` of the design.
const ROW_HEIGHT: f64 = 40.0;
/// How many rows are drawn first, before anything is measured.
const AT_FIRST: usize = 50;

/// The most rows that are drawn at once for the printer: some 250 sheets, for which a browser takes seconds. Longer lists are
/// drawn in slices; see [`super::print`].
pub(super) const PRINTED: usize = 10_000;

/// The visible part of the list.
#[derive(Clone, Copy)]
pub struct Viewport {
    body: NodeRef<Tbody>,
    range: RwSignal<(usize, usize)>,
    height: RwSignal<f64>,
    near_end: RwSignal<bool>,
    extent: RwSignal<Extent>,
}

/// Which rows are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those in view.
    InView,
    /// All of them, for the printer; at most [`PRINTED`].
    Whole,
    /// Those from one place up to another, to be copied for the printer.
    Slice(usize, usize),
}

/// An element of the table body: a row, or space for rows that are not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyPiece {
    /// A row, by index.
    Row(usize),
    /// Space for rows: the index of the first, and their number.
    Space(usize, usize),
}

impl Viewport {
    /// Watches the window around this table body.
    pub fn new(body: NodeRef<Tbody>) -> Self {
        let viewport = Self {
            body,
            range: RwSignal::new((0, AT_FIRST)),
            height: RwSignal::new(ROW_HEIGHT),
            near_end: RwSignal::new(false),
            extent: RwSignal::new(Extent::InView),
        };
        effect(move || {
            let handles = [
                window_event_listener_untyped("scroll", move |_| viewport.measure_soon()),
                window_event_listener_untyped("resize", move |_| viewport.measure_soon()),
                // Paper does not scroll: every row is drawn for it, and only visible ones afterwards.
                window_event_listener_untyped("beforeprint", move |_| {
                    if !viewport.has_sheet() {
                        viewport.draw(Extent::Whole);
                    }
                }),
                window_event_listener_untyped("afterprint", move |_| viewport.draw(Extent::InView)),
            ];
            on_cleanup(move || handles.into_iter().for_each(leptos::prelude::WindowListenerHandle::remove));
        });
        // The rows may be loaded later than the page around them.
        effect(move || {
            if body.get().is_some() {
                viewport.measure_soon();
            }
        });
        viewport
    }

    /// Called when more rows are loaded: whether the end is still near is known once they are drawn.
    pub(super) fn look_again(self) {
        self.near_end.set(false);
        self.measure_soon();
    }

    /// Measures the window before the next frame.
    fn measure_soon(self) {
        request_animation_frame(move || self.measure());
    }

    /// Draws these rows.
    pub(super) fn draw(self, extent: Extent) {
        self.extent.set(extent);
    }

    /// The rows that are drawn.
    pub(super) fn extent(self) -> Extent {
        self.extent.get()
    }

    /// The table's rows.
    pub(super) fn body(self) -> Option<web_sys::HtmlTableSectionElement> {
        self.body.try_get_untracked().flatten()
    }

    /// Whether copies of all rows are in the document; see [`super::print`].
    pub(super) fn has_sheet(self) -> bool {
        let table = self.body().and_then(|body| body.parent_element());
        table.is_some_and(|table| table.query_selector("tbody.sheet").ok().flatten().is_some())
    }

    /// Whether the last rows are visible, or soon will be.
    pub(super) fn is_near_end(self) -> bool {
        self.near_end.get()
    }

    /// Returns the first element in the table's rows that matches a selector.
    pub(super) fn find(self, selector: &str) -> Option<web_sys::Element> {
        self.body.get_untracked()?.query_selector(selector).ok().flatten()
    }

    /// Measures the window.
    fn measure(self) {
        let Some(body) = self.body.try_get_untracked().flatten() else { return };
        let row = body.query_selector("tr[data-row]").ok().flatten();
        let height = row.map_or(ROW_HEIGHT, |row| row.get_bounding_client_rect().height()).max(1.0);
        let place_of_body = body.get_bounding_client_rect();
        let above = -place_of_body.top();
        let window_height = window().inner_height().ok().and_then(|value| value.as_f64()).unwrap_or(900.0);
        let place = |pixels: f64| (pixels / height).floor().max(0.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "floored, not negative, under 2^32 rows"
        )]
        let range = (place(above) as usize, place(above + window_height) as usize + 1);
        let below = if above > 0.0 { BEYOND } else { BEYOND_AT_TOP };
        let drawn = (range.0.saturating_sub(BEYOND), range.1 + below);
        if (height - self.height.get_untracked()).abs() > 0.5 {
            self.height.set(height);
        }
        if drawn != self.range.get_untracked() {
            self.range.set(drawn);
        }
        let near_end = place_of_body.bottom() < window_height * 1.5;
        if near_end != self.near_end.get_untracked() {
            self.near_end.set(near_end);
        }
    }

    /// Returns what to draw of `total` rows. The row at `kept`, which has the focus, always stays in the
    /// document.
    pub fn pieces(self, total: usize, kept: usize) -> Vec<BodyPiece> {
        match self.extent.get() {
            Extent::InView => pieces(self.range.get(), total, kept),
            Extent::Whole => (0..total.min(PRINTED)).map(BodyPiece::Row).collect(),
            Extent::Slice(from, to) => (from..to.min(total)).map(BodyPiece::Row).collect(),
        }
    }

    /// The height of this many rows, in pixels.
    pub fn space(self, rows: usize) -> String {
        // In whole hundredths: formatting arbitrary fractions takes 10 kB of WebAssembly, and browsers draw
        // nothing finer.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "not negative, and under 2^52"
        )]
        let hundredths = (self.height.get() * rows as f64 * 100.0) as u64;
        format!("{}.{:02}px", hundredths / 100, hundredths % 100)
    }

    /// Scrolls just far enough to make a row visible.
    pub fn reveal(self, place: usize) {
        let Some(body) = self.body.get_untracked() else { return };
        let height = self.height.get_untracked();
        #[expect(clippy::cast_precision_loss, reason = "under 2^52 rows")]
        let top = body.get_bounding_client_rect().top() + height * place as f64;
        let window_height = window().inner_height().ok().and_then(|value| value.as_f64()).unwrap_or(900.0);
        // The masthead and the table's head are sticky at the top; the bulk bar floats at the bottom.
        let (above, below) = (2.5 * height + 48.0, window_height - 2.5 * height);
        let by = if top < above {
            top - above
        } else if top > below {
            top - below
        } else {
            return;
        };
        window().scroll_by_with_x_and_y(0.0, by);
        self.measure();
    }
}

fn pieces((start, end): (usize, usize), total: usize, kept: usize) -> Vec<BodyPiece> {
    let end = end.min(total);
    let start = start.min(end);
    let mut pieces = Vec::with_capacity(end - start + 4);
    let mut drawn = 0;
    let mut draw = |places: std::ops::Range<usize>| {
        if places.start > drawn {
            pieces.push(BodyPiece::Space(drawn, places.start - drawn));
        }
        drawn = drawn.max(places.end);
        pieces.extend(places.map(BodyPiece::Row));
    };
    if kept < start {
        draw(kept..kept + 1);
    }
    draw(start..end);
    if kept >= end && kept < total {
        draw(kept..kept + 1);
    }
    if drawn < total {
        pieces.push(BodyPiece::Space(drawn, total - drawn));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_drawn_or_stands_for_its_space() {
        for (range, total, kept) in [
            ((0, 60), 50, 0),
            ((500, 560), 1000, 3),
            ((500, 560), 1000, 999),
            ((5, 9), 0, 0),
            ((90, 200), 50, 7),
        ] {
            let covered: usize = pieces(range, total, kept)
                .iter()
                .map(|piece| match piece {
                    BodyPiece::Row(_) => 1,
                    BodyPiece::Space(_, rows) => *rows,
                })
                .sum();
            assert_eq!(covered, total, "{range:?} {total} {kept}");
        }
    }

    #[test]
    fn the_focused_row_stays() {
        assert!(pieces((500, 560), 1000, 3).contains(&BodyPiece::Row(3)));
        assert!(pieces((0, 20), 1000, 999).contains(&BodyPiece::Row(999)));
    }
}
