//! The grid: only the rows in view are drawn, and its keys are those of a spreadsheet.

use domain::accounts::paste::PasteColumn;
use domain::accounts::paste::grid::{CellPlace, GridKey, PasteGrid, Pressed};
use domain::accounts::paste::read;
use leptos::html::Tbody;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, Element, KeyboardEvent, MouseEvent};

use super::clipboard;
use super::draft::PasteDraft;
use super::file::read_file;
use super::row::GridRow;
use crate::ui::icon::Hidden;
use crate::ui::live::{Key, each, effect};
use crate::ui::memo::{Derived, memo};
use crate::ui::table::{BodyPiece, Viewport};

/// How many rows the page keys move.
const PAGE: usize = 20;

/// The `id` of a cell.
pub(super) fn cell_id(place: CellPlace) -> String {
    format!("cell-{}-{}", place.row, place.column)
}

/// The cell that an event came from.
fn place_of(target: Option<web_sys::EventTarget>) -> Option<CellPlace> {
    let element: Element = target?.dyn_into().ok()?;
    let cell = element.closest("td[data-cell]").ok().flatten()?;
    let (row, column) = cell
        .id()
        .strip_prefix("cell-")?
        .split_once('-')
        .map(|(row, column)| (row.parse(), column.parse()))?;
    Some(CellPlace { row: row.ok()?, column: column.ok()? })
}

/// Whether an event came from a field or a button in the grid, which has keys and a clipboard of its own.
fn is_control(target: Option<web_sys::EventTarget>) -> bool {
    let element = target.and_then(|target| target.dyn_into::<Element>().ok());
    element.is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "BUTTON"))
}

/// A key as the grid knows it.
pub(super) fn key_of<'k>(name: &'k str, event: &KeyboardEvent) -> GridKey<'k> {
    GridKey { name, ctrl: event.ctrl_key() || event.meta_key(), shift: event.shift_key(), page: PAGE }
}

#[component]
pub(super) fn Grid(draft: PasteDraft) -> impl IntoView {
    let body = NodeRef::<Tbody>::new();
    let viewport = Viewport::new(body);
    let shown = memo(move || draft.grid.with(PasteGrid::shown));
    let cursor_row = memo(move || draft.grid.with(|grid| grid.cursor().row));
    effect(move || {
        let Some(place) = draft.wanted.get() else { return };
        viewport.reveal(place.row);
        focus_cell(draft, place, FRAMES);
        draft.wanted.set(None);
    });
    let pieces = move || {
        let key = |piece: BodyPiece| match piece {
            BodyPiece::Row(row) => [ROW, row as u64, 0, 0],
            BodyPiece::Space(from, rows) => [SPACE, from as u64, rows as u64, 0],
        };
        viewport.pieces(shown.get(), cursor_row.get()).into_iter().map(key).collect()
    };
    let drawn = move |[kind, first, second, _]: Key| {
        let number = |number: u64| usize::try_from(number).unwrap_or_default();
        if kind == ROW {
            return view! { <GridRow draft row=number(first)/> }.into_any();
        }
        let height = move || viewport.space(number(second));
        view! { <tr aria-hidden="true"><td class="space" style:height=height></td></tr> }.into_any()
    };
    let down = move |event: KeyboardEvent| {
        if is_control(event.target()) {
            return;
        }
        let name = event.key();
        // The question at the end of a row is reached like anything else in a page.
        if name == "Tab" && !event.shift_key() && draft.is_at_question() {
            return;
        }
        match draft.grid.try_update(|grid| grid.press(key_of(&name, &event))) {
            Some(Pressed::Done) => draft.focus_cursor(),
            Some(Pressed::Edit(text)) if !event.alt_key() => edit(draft, text),
            _ => return,
        }
        event.prevent_default();
    };
    let press = move |event: MouseEvent| {
        if is_control(event.target()) {
            return;
        }
        if let Some(place) = place_of(event.target()) {
            event.prevent_default();
            let again = !event.shift_key() && draft.grid.with_untracked(PasteGrid::cursor) == place;
            if again && draft.editing.with_untracked(Option::is_none) && event.detail() > 1 {
                edit(draft, None);
            } else {
                draft.go(place, event.shift_key());
            }
        }
    };
    let drag = move |event: MouseEvent| {
        if event.buttons() == 1
            && draft.editing.with_untracked(Option::is_none)
            && let Some(place) = place_of(event.target())
        {
            draft.grid.update(|grid| grid.go(place, true));
        }
    };
    view! {
        <p class="muted small" id="grid-keys">"Arrows move, Enter or F2 edits, Shift with arrows selects, Ctrl with V pastes, Ctrl with Z undoes, Ctrl with plus inserts a row and Ctrl with minus removes it."</p>
        <Tools draft/>
        <div class="bleed table-frame paste-frame">
            <table class="table even paste-grid" role="grid" aria-label="Students to create accounts for" aria-describedby="grid-keys"
                aria-multiselectable="true" aria-rowcount=move || (shown.get() + 1).to_string() aria-colcount="7"
                on:keydown=down on:mousedown=press on:mouseover=drag on:paste=move |event| paste(draft, &event) on:copy=move |event| copy(draft, &event) on:cut=move |event| cut(draft, &event)>
                <thead>
                    <tr role="row" aria-rowindex="1">
                        <th scope="col" class="row-number"><Hidden>"Row"</Hidden></th>
                        {PasteColumn::ALL.into_iter().map(|column| view! { <th scope="col" role="columnheader">{column.label()}</th> }).collect_view()}
                        <th scope="col" role="columnheader">"What happens"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup" node_ref=body>{each(pieces, drawn)}</tbody>
            </table>
        </div>
    }
}

/// What can be done without a key.
#[component]
fn Tools(draft: PasteDraft) -> impl IntoView {
    let steps = memo(move || draft.grid.with(PasteGrid::steps));
    let many = memo(move || draft.grid.with(|grid| grid.selection().0.count() > 1));
    let tool = move |label: Derived<&'static str>, cannot: Derived<bool>, change: fn(&mut PasteGrid)| {
        let press = move |_| {
            draft.grid.update(change);
            draft.focus_cursor();
        };
        view! { <button class="btn small" type="button" disabled=move || cannot.get() on:click=press>{move || label.get()}</button> }.into_any()
    };
    let (never, named) = (memo(|| false), |label: &'static str| memo(move || label));
    view! {
        <div class="row row-tight paste-tools" role="group" aria-label="Change the list">
            {tool(named("Undo"), memo(move || !steps.get().0), |grid| {
                grid.undo();
            })}
            {tool(named("Redo"), memo(move || !steps.get().1), |grid| {
                grid.redo();
            })}
            {tool(memo(move || if many.get() { "Insert rows" } else { "Insert row" }), never, PasteGrid::insert_rows)}
            {tool(memo(move || if many.get() { "Remove rows" } else { "Remove row" }), never, PasteGrid::remove_rows)}
        </div>
    }
}

fn paste(draft: PasteDraft, event: &ClipboardEvent) {
    if is_control(event.target()) {
        return;
    }
    event.prevent_default();
    let (text, html) = (clipboard::pasted(event, "text/plain"), clipboard::pasted(event, "text/html"));
    match clipboard::pasted_file(event).filter(|_| text.is_empty() && html.is_empty()) {
        Some(file) => read_file(draft, Some(file)),
        None => draft.paste(read::clipboard(&text, Some(&html)), Vec::new()),
    }
}

fn copy(draft: PasteDraft, event: &ClipboardEvent) {
    if !is_control(event.target()) {
        clipboard::copy(event, &draft.grid.with_untracked(PasteGrid::copy));
    }
}

fn cut(draft: PasteDraft, event: &ClipboardEvent) {
    copy(draft, event);
    if !is_control(event.target()) {
        draft.grid.update(PasteGrid::clear);
    }
}

/// The kinds of entries of the body.
const ROW: u64 = 0;
const SPACE: u64 = 1;

/// Begins to edit the cell with the cursor.
pub(super) fn edit(draft: PasteDraft, text: Option<String>) {
    let text = text.unwrap_or_else(|| draft.grid.with_untracked(|grid| grid.text(grid.cursor()).to_owned()));
    draft.editing.set(Some(text));
}

/// How many frames a distant row may take: scrolling to it takes one, drawing it the next, and its place among the rows in
/// view another.
const FRAMES: u8 = 8;

/// Moves the focus to the cell with the cursor, and there again if its row is drawn or moved only afterwards: a browser takes
/// the focus from an element that moves.
fn focus_cell(draft: PasteDraft, place: CellPlace, frames: u8) {
    let is_cursor = draft.grid.try_with_untracked(|grid| grid.cursor() == place).unwrap_or(false);
    if frames == 0 || !is_cursor {
        return;
    }
    let nobody_has_it = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
    if frames == FRAMES || nobody_has_it {
        crate::ui::focus::focus_on(&cell_id(place));
    }
    request_animation_frame(move || focus_cell(draft, place, frames - 1));
}
