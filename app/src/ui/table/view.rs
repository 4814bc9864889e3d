//! The table as placed on a page: the parts above it, head, rows and footer.

use leptos::html::{Div, Tbody};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::choice::{ColumnMenu, SavedColumns};
use super::column::{About, RowLayout};
use super::filters::{Applied, Filters, PrintedFilters, on_paper};
use super::fit::fit;
use super::head::{HeadRow, SelectNote, SortField};
use super::keys::{Keyboard, on_key};
use super::picks::Picks;
use super::print::print;
use super::row::RowView;
use super::source::TableRows;
use super::viewport::{BodyPiece, Extent, PRINTED, Viewport};
use crate::ui::icon::Icon;
use crate::ui::live::{Key, each, effect, live};
use crate::ui::memo::{Derived, memo};
use crate::ui::notice::ErrorNotice;

/// A table with any kind of rows.
#[component]
pub fn Table(
    /// The source of the rows.
    #[prop(into)]
    rows: TableRows,
    /// The name of the table, for screen readers.
    label: &'static str,
    /// The selection; without it, rows cannot be selected.
    #[prop(optional_no_strip)]
    picks: Option<Picks>,
    /// The filters, shown as chips above the table.
    #[prop(optional_no_strip)]
    filters: Option<Filters>,
    /// The action of the key E: sends invitation codes to the selected people; see the design, section 8.
    #[prop(optional_no_strip)]
    send: Option<Callback<()>>,
    /// The index of a row to scroll to; reset to `None` once it has been scrolled to.
    #[prop(optional_no_strip)]
    wanted: Option<RwSignal<Option<usize>>>,
    /// Shown instead of the table if no row matches.
    #[prop(into)]
    empty: ViewFn,
) -> impl IntoView {
    let kind = rows.source().kind();
    let about = *kind.about();
    let heads = StoredValue::new(rows.source().heads());
    let choice = SavedColumns::of(about.slug);
    let columns = memo(move || heads.with_value(|heads| choice.with(|choice| fit(heads, choice))));
    let (frame, body) = (NodeRef::<Div>::new(), NodeRef::<Tbody>::new());
    let viewport = Viewport::new(body);
    let keyboard = Keyboard::new(rows, picks, viewport, send);
    fetch_at_the_end(rows, viewport);
    if let Some(wanted) = wanted {
        effect(move || {
            if let Some(place) = wanted.get() {
                keyboard.stand(place);
                viewport.reveal(place);
                wanted.set(None);
            }
        });
    }
    if let Some(picks) = picks {
        picks.keep(about.slug);
        keep_matching_true(rows, picks, filters);
    }
    // How many of the loaded rows are selected.
    let picked = memo(move || picks.map_or(0, |picks| picks.count_of(move || rows.source().ids())));
    // Redrawn only if these change, not with every letter of a search.
    let is_empty = memo(move || rows.source().at_hand() == 0);
    let trouble = memo(move || rows.source().trouble());
    let waits = rows.source().waits();
    let within = move || {
        // Suspends until the server's rows are loaded.
        rows.source().is_there().then(|| match trouble.get() {
            Some(error) => view! { <ErrorNotice error of_page=true/> }.into_any(),
            None if is_empty.get() => empty.run(),
            None => {
                let context = TableContext { rows, picks, picked, keyboard, viewport, about };
                let columns = columns.with(|columns| {
                    heads.with_value(|heads| {
                        columns.iter().map(|column| (column.clone(), heads[column.at])).collect()
                    })
                });
                view! {
                    <div class="bleed table-frame" node_ref=frame>
                        {picks.map(|picks| view! { <SelectNote rows picks picked/> })}
                        <Drawn context columns=StoredValue::new(columns) label body/>
                    </div>
                    <Foot context/>
                }
                .into_any()
            }
        })
    };
    let above = (filters.is_some() || SavedColumns::is_here()).then(|| {
        view! {
            <div class="applied">
                {filters.map(|filters| view! { <Applied filters rows/> })}
                <Ready rows>
                    {live(move || (filters.is_some() || !is_empty.get()).then(|| view! {
                        <span class="push row row-tight">
                            <SortField rows heads/>
                            <ColumnMenu list=about.slug heads columns frame alive=keyboard.alive()/>
                            <button class="btn quiet small" type="button" hidden=move || !keyboard.is_alive() on:click=move |_| print(rows, viewport)>
                                <Icon name="printer" small=true/>"Print"
                            </button>
                        </span>
                    }))}
                </Ready>
            </div>
        }
    });
    view! {
        {filters.map(|filters| view! { <PrintedFilters set=Signal::derive(move || on_paper(filters))/> })}
        {above}
        {if waits {
            view! { <Transition fallback=|| view! { <p class="muted" role="status">"Loading the list\u{2026}"</p> }>{live(within)}</Transition> }.into_any()
        } else {
            live(within)
        }}
    }
}

/// What the parts of a table share.
#[derive(Clone, Copy)]
pub(super) struct TableContext {
    pub(super) rows: TableRows,
    pub(super) picks: Option<Picks>,
    pub(super) picked: Derived<usize>,
    pub(super) keyboard: Keyboard,
    pub(super) viewport: Viewport,
    pub(super) about: About,
}

/// The columns to draw, each with its head.
pub(super) type Columns = StoredValue<Vec<(super::fit::FittedColumn, super::column::ColumnHead)>>;

/// The first number of an entry's key: a row, followed by its index and, if it always belongs to the same
/// row, its id; or space for rows, followed by the index of the first and their number.
const ROW: u64 = 0;
const SPACE: u64 = 1;

#[component]
fn Drawn(
    context: TableContext,
    columns: Columns,
    label: &'static str,
    body: NodeRef<Tbody>,
) -> impl IntoView {
    let TableContext { rows, picks, picked, keyboard, viewport, about } = context;
    let pieces = move || {
        let source = rows.source();
        let at_hand = source.at_hand();
        let pieces = match about.layout {
            RowLayout::Even => viewport.pieces(at_hand, keyboard.place()),
            RowLayout::Flat => (0..at_hand).map(BodyPiece::Row).collect(),
        };
        let is_fixed = source.is_fixed();
        let key = |piece: BodyPiece| match piece {
            BodyPiece::Row(place) => {
                let (high, low) =
                    if is_fixed { source.id(place).unwrap_or_default().as_u64_pair() } else { (0, 0) };
                [ROW, place as u64, high, low]
            }
            BodyPiece::Space(from, rows) => [SPACE, from as u64, rows as u64, 0],
        };
        pieces.into_iter().map(key).collect()
    };
    let drawn = move |[kind, first, second, _]: Key| {
        #[expect(clippy::cast_possible_truncation, reason = "they were places of this list")]
        let (first, second) = (first as usize, second as usize);
        match kind {
            ROW => view! { <RowView rows picks columns keyboard place=first/> }.into_any(),
            // A single cell: one per column would make hidden columns reappear as empty ones.
            _ => view! {
                <tr aria-hidden="true"><td class="space" style:height=viewport.space(second)></td></tr>
            }
            .into_any(),
        }
    };
    let class = match about.layout {
        RowLayout::Even => "table even",
        RowLayout::Flat => "table",
    };
    view! {
        <table role="table" class=class aria-label=label
            aria-rowcount=move || rows.source().total().map_or(-1, |total| i64::try_from(total).map_or(-1, |total| total + 1))
            on:keydown=move |event| on_key(keyboard, &event)>
            <HeadRow rows picks picked columns margin=about.margin/>
            <tbody role="rowgroup" node_ref=body>
                {each(pieces, drawn)}
            </tbody>
        </table>
    }
}

/// Shows its contents once the server's rows are loaded, so that the browser takes over exactly what the
/// server rendered.
#[component]
pub fn Ready(
    /// The rows to wait for.
    #[prop(into)]
    rows: TableRows,
    /// The contents.
    children: ChildrenFn,
) -> impl IntoView {
    if rows.source().waits() {
        view! { <Transition>{live(move || rows.source().is_there().then(|| children()))}</Transition> }
            .into_any()
    } else {
        children()
    }
}

/// "All that match" is a selection by filter only until the browser has loaded all rows, and only for the
/// filters with which it was made.
fn keep_matching_true(rows: TableRows, picks: Picks, filters: Option<Filters>) {
    effect(move || {
        if picks.is_matching() && rows.has_all() {
            picks.set(untrack(|| rows.source().ids()), true);
        }
    });
    let mut before = None;
    effect(move || {
        let now = filters.map(Filters::query).unwrap_or_default();
        if before.replace(now.clone()).is_some_and(|before| before != now) && untrack(|| picks.is_matching())
        {
            picks.clear();
        }
    });
}

/// Loads the next page when the last rows come into view.
fn fetch_at_the_end(rows: TableRows, viewport: Viewport) {
    let Some(pages) = rows.source().pages() else { return };
    effect(move || {
        if viewport.is_near_end() && pages.next.with(Option::is_some) && pages.trouble.with(Option::is_none) {
            // The new rows may not fill the window either.
            pages.fetch.run(Some(Callback::new(move |()| viewport.look_again())));
        }
    });
}

/// The number of rows, a link to the rest, and the keys.
#[component]
fn Foot(context: TableContext) -> impl IntoView {
    let TableContext { rows, picks, viewport, about, .. } = context;
    let words = move || {
        let source = rows.source();
        let (shown, total) = (source.at_hand(), source.total());
        if let (Extent::Slice(from, _), Some(total)) = (viewport.extent(), total) {
            return format!("Preparing to print: {from} of {total} {}\u{2026}", about.many);
        }
        match total {
            Some(1) => format!("1 {}.", about.one),
            Some(total) if viewport.extent() == Extent::Whole && total > PRINTED => {
                format!(
                    "The first {PRINTED} of {total} {}. To print them all, use the Print button above the list.",
                    about.many
                )
            }
            Some(total) if total == shown => format!("{total} {}.", about.many),
            Some(total) => format!("The first {shown} of {total} {}.", about.many),
            None => format!("The first {shown} {}.", about.many),
        }
    };
    // Rows loaded later are announced.
    let says = rows.source().pages().map(|_| "status");
    let more = rows.source().pages().map(|pages| {
        let query = use_query_map();
        let href = move || {
            pages.next.get().map(|next| {
                let mut query = query.get();
                query.replace("after", next);
                query.to_query_string()
            })
        };
        let fetch = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            pages.fetch.run(Some(Callback::new(move |()| viewport.look_again())));
        };
        let words = move || if pages.busy.get() { "Loading\u{2026}" } else { "Show more" };
        view! {
            {live(move || pages.trouble.get().map(|error| view! { <span class="status" data-tone="red" role="alert">{error.message}</span> }))}
            {live(move || href().map(|href| view! { <a class="btn small no-print" href=href on:click=fetch>{live(words)}</a> }))}
        }
    });
    view! {
        <div class="table-foot">
            <span role=says>{live(words)}</span>
            {more}
            {about.opens.then(|| view! {
                <span class="push row row-tight keys">
                    <kbd>"\u{2191}"</kbd>" "<kbd>"\u{2193}"</kbd>" move "
                    {picks.is_some().then(|| view! { <kbd>"Space"</kbd>" select "<kbd>"Shift"</kbd>" extend " })}
                    <kbd>"Enter"</kbd>" open"
                </span>
            })}
        </div>
    }
}
