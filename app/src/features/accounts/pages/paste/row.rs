//! A row of the grid: its cells, and what happens with it.

use domain::accounts::paste::check::RowProblems;
use domain::accounts::paste::grid::{CellPlace, PasteGrid};
use domain::accounts::paste::plan::RowWaits;
use domain::accounts::paste::read;
use domain::accounts::paste::{PasteColumn, PastedRow, WhoDecision};
use leptos::html::Input;
use leptos::prelude::*;
use web_sys::{ClipboardEvent, FocusEvent, KeyboardEvent};

use super::clipboard;
use super::draft::PasteDraft;
use super::grid::{cell_id, key_of};
use crate::ui::icon::{Hidden, Icon};
use crate::ui::live::effect;
use crate::ui::memo::{Derived, memo};

/// What a row says at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct RowState {
    /// The cells that are wrong, by column.
    wrong: [bool; PasteColumn::ALL.len()],
    /// What is wrong, or what happens.
    said: Vec<String>,
    /// Whether it can be said who it is.
    asks: bool,
    /// The username that is made.
    username: Option<String>,
    /// Whether it is ready.
    is_ready: bool,
}

impl RowState {
    fn of(draft: PasteDraft, row: usize) -> Self {
        let local = draft.problems.with(|problems| problems.get(row).cloned()).unwrap_or_default();
        if !local.is_empty() {
            return Self::wrong(&local);
        }
        draft.version.track();
        let is_empty = draft.grid.with_untracked(|grid| grid.rows().get(row).is_none_or(PastedRow::is_empty));
        if is_empty {
            return Self::default();
        }
        let known = draft.is_known();
        let planned = draft.planned.get();
        let Some(planned) = planned.as_ref().filter(|_| known).and_then(|planned| planned.row(row)) else {
            return Self { said: vec!["Checking\u{2026}".to_owned()], ..Self::default() };
        };
        match planned.waits() {
            Some(RowWaits { column, sentence, asks, .. }) => {
                let mut state = Self { said: vec![sentence.clone()], asks: *asks, ..Self::default() };
                state.wrong[column.at()] = true;
                state
            }
            None => Self {
                said: vec![planned.words().to_owned()],
                username: planned.username().map(ToString::to_string),
                is_ready: true,
                ..Self::default()
            },
        }
    }

    fn wrong(problems: &RowProblems) -> Self {
        let mut state = Self::default();
        for problem in problems {
            state.wrong[problem.column.at()] = true;
            state.said.push(problem.sentence.clone());
        }
        state
    }
}

#[component]
pub(super) fn GridRow(draft: PasteDraft, row: usize) -> impl IntoView {
    let state = memo(move || RowState::of(draft, row));
    let tone = move || state.with(|state| if state.wrong.contains(&true) { "red" } else { "" });
    view! {
        <tr role="row" data-row="" aria-rowindex=(row + 2).to_string() data-tone=tone>
            <th scope="row" role="rowheader" class="row-number">{row + 1}</th>
            {PasteColumn::ALL.into_iter().map(|column| view! { <Cell draft place=CellPlace { row, column: column.at() } state/> }).collect_view()}
            <td role="gridcell" class="what" id=format!("what-{row}")>
                {move || state.with(|state| view! {
                    {state.wrong.contains(&true).then(|| view! { <Icon name="triangle-alert" small=true/> })}
                    {state.is_ready.then(|| view! { <Icon name="check" small=true/> })}
                    <span>{state.said.join(" ")}</span>
                    {state.asks.then(|| view! { <Who draft row/> })}
                })}
            </td>
        </tr>
    }
}

/// Says whether a row is about the student of that name who is on the roll.
#[component]
fn Who(draft: PasteDraft, row: usize) -> impl IntoView {
    let decide = move |who| draft.grid.update(|grid| grid.decide(row, who));
    view! {
        <span class="row row-tight">
            <button class="btn small" type="button" on:click=move |_| decide(WhoDecision::Same)>"Same student"<Hidden>{format!(" in row {}", row + 1)}</Hidden></button>
            <button class="btn small" type="button" on:click=move |_| decide(WhoDecision::Other)>"Someone else"<Hidden>{format!(" in row {}", row + 1)}</Hidden></button>
        </span>
    }
}

#[component]
fn Cell(draft: PasteDraft, place: CellPlace, state: Derived<RowState>) -> impl IntoView {
    let is_cursor = memo(move || draft.grid.with(|grid| grid.cursor() == place));
    let is_selected = memo(move || draft.grid.with(|grid| grid.is_selected(place)));
    let text = memo(move || {
        draft.version.track();
        draft.grid.with_untracked(|grid| grid.text(place).to_owned())
    });
    let is_edited = memo(move || is_cursor.get() && draft.editing.with(Option::is_some));
    let is_wrong = memo(move || state.with(|state| state.wrong[place.column]));
    let makes = place.column == PasteColumn::Username.at();
    view! {
        <td role="gridcell" id=cell_id(place) data-cell="" dir="auto"
            tabindex=move || if is_cursor.get() { "0" } else { "-1" }
            aria-selected=move || (is_selected.get() || is_cursor.get()).to_string()
            aria-invalid=move || is_wrong.get().then_some("true")
            aria-describedby=move || is_wrong.get().then(|| format!("what-{}", place.row))
            data-selected=move || is_selected.get().then_some("")>
            {move || if is_edited.get() {
                view! { <Editor draft place/> }.into_any()
            } else {
                let made = move || state.with(|state| state.username.clone()).filter(|_| makes && text.with(String::is_empty));
                view! { {move || text.get()}{move || made().map(|made| view! { <span class="muted"><Hidden>"Made: "</Hidden>{made}</span> })} }.into_any()
            }}
        </td>
    }
}

/// The field of the cell that is edited.
#[component]
fn Editor(draft: PasteDraft, place: CellPlace) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    let text = draft.editing.get_untracked().unwrap_or_default();
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
            // What is typed next goes behind what is there.
            let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
            let _ = field.set_selection_range(end, end);
        }
    });
    // Taken once: a field that is removed from the page loses the focus too.
    let end = move || draft.editing.try_update(Option::take).flatten().is_some();
    let down = move |event: KeyboardEvent| {
        let name = event.key();
        if event.is_composing() || !matches!(name.as_str(), "Enter" | "Tab" | "Escape") {
            return;
        }
        event.prevent_default();
        let typed = event_target_value(&event);
        draft.grid.update(|grid| {
            grid.end_edit(key_of(&name, &event), &typed);
        });
        end();
        draft.focus_cursor();
    };
    // The field may be gone from the page, and what this component holds with it: only the event still has it.
    let blur = move |event: FocusEvent| {
        let typed = event_target_value(&event);
        if end() {
            draft.grid.update(|grid: &mut PasteGrid| {
                grid.set(place, &typed);
            });
        }
    };
    // Several cells are pasted into the grid also from a cell that is edited, as on a phone.
    let paste = move |event: ClipboardEvent| {
        let (text, html) = (clipboard::pasted(&event, "text/plain"), clipboard::pasted(&event, "text/html"));
        if text.trim().contains(['\t', '\n']) {
            event.prevent_default();
            end();
            draft.paste(read::clipboard(&text, Some(&html)), Vec::new());
        }
    };
    let label = format!("{}, row {}", PasteColumn::ALL[place.column].label(), place.row + 1);
    view! {
        <input type="text" class="cell-field" dir="auto" autocomplete="off" spellcheck="false" node_ref=field value=text aria-label=label
            on:keydown=down on:paste=paste on:blur=blur/>
    }
}
