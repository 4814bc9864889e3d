//! Printing every row of a list.
//!
//! Rows are drawn with all that keeps them alive, which a browser has no memory for by the hundred thousand. So a long list is
//! drawn in slices, and what is printed are copies of its rows.

use leptos::prelude::*;
use web_sys::Element;

use super::source::TableRows;
use super::viewport::{Extent, PRINTED, Viewport};

/// Rows that are drawn at a time.
const SLICE: usize = 2_000;

/// Prints every row: those that are still at the server are fetched first.
pub(super) fn print(rows: TableRows, viewport: Viewport) {
    if let Some(pages) = rows.source().pages()
        && untrack(|| pages.next.with(Option::is_some))
    {
        pages.fetch.run(Some(Callback::new(move |()| print(rows, viewport))));
        return;
    }
    let total = untrack(|| rows.source().at_hand());
    if total <= PRINTED {
        viewport.draw(Extent::Whole);
        // The rows are in the document by the next frame. A browser that cannot print only draws them.
        request_animation_frame(|| drop(window().print()));
        return;
    }
    let is_at_work = matches!(untrack(|| viewport.extent()), Extent::Slice(..));
    let sheet =
        (!is_at_work && !viewport.has_sheet()).then(|| document().create_element("tbody").ok()).flatten();
    if let Some(sheet) = sheet {
        sheet.set_class_name("sheet");
        let top = window().scroll_y().unwrap_or_default();
        copy(viewport, sheet, 0, total, top);
    }
}

/// Draws a slice, copies its rows to the sheet, and goes on with the next one. Ends without a word if the page was left.
fn copy(viewport: Viewport, sheet: Element, from: usize, total: usize, top: f64) {
    let to = (from + SLICE).min(total);
    viewport.draw(Extent::Slice(from, to));
    request_animation_frame(move || {
        let Some(body) = viewport.body() else { return };
        let Ok(drawn) = body.query_selector_all("tr[data-row]") else { return };
        for at in 0..drawn.length() {
            let row = drawn.get(at).and_then(|row| row.clone_node_with_deep(true).ok());
            let copied = row.is_some_and(|row| sheet.append_child(&row).is_ok());
            debug_assert!(copied, "a browser copies what it has drawn");
        }
        if to < total {
            copy(viewport, sheet, to, total, top);
            return;
        }
        viewport.draw(Extent::InView);
        request_animation_frame(move || {
            window().scroll_to_with_x_and_y(0.0, top);
            if let Some(table) = viewport.body().and_then(|body| body.parent_element()) {
                // Out of sight, but on paper: style/print.css.
                drop(table.append_child(&sheet));
                drop(window().print());
                sheet.remove();
            }
        });
    });
}
