//! A row of the table.

use leptos::prelude::*;

use super::column::{AnyRow, ColumnRole, RowAt};
use super::keys::Keyboard;
use super::picks::Picks;
use super::source::TableRows;
use super::view::Columns;
use crate::ui::icon::Hidden;
use crate::ui::live::live;
use crate::ui::memo::memo;

/// The row at a place in the list. It stays in the document when another row takes its place, as with each
/// letter of a search, and only its texts change: that is much less work than a new row, and keeps the focus.
#[component]
pub(super) fn RowView(
    rows: TableRows,
    picks: Option<Picks>,
    columns: Columns,
    keyboard: Keyboard,
    place: usize,
) -> impl IntoView {
    let kind = rows.source().kind();
    // The server draws it once; only a browser follows changes.
    let current: Signal<Option<AnyRow>> = if cfg!(feature = "ssr") {
        Signal::stored(untrack(move || rows.source().row(place)))
    } else {
        // A row that is being removed keeps its last contents.
        Memo::new(move |before: Option<&Option<AnyRow>>| {
            rows.source().row(place).or_else(|| before.cloned().flatten())
        })
        .into()
    };
    // One tab stop for the whole list, then the row's own controls. Without scripts, every link is a tab
    // stop.
    let stop = Signal::derive(move || {
        keyboard.is_alive().then(|| if keyboard.place() == place { "0" } else { "-1" })
    });
    let row = RowAt { current, stop, place };
    let flag = kind.flag(row);
    let flag = move || flag.and_then(|flag| flag.get());
    let mark = kind.mark(row);
    let cells = columns.with_value(|columns| {
        let cells = columns.iter().map(|(shown, head)| {
            let (class, cell) = (shown.class.clone(), kind.cell(shown.at, row));
            let label = head.labelled.then_some(head.heading);
            match head.role {
                ColumnRole::Names => {
                    view! { <th role="rowheader" scope="row" class=class>{cell}</th> }.into_any()
                }
                ColumnRole::Tells | ColumnRole::Acts => {
                    view! { <td role="cell" class=class data-label=label>{cell}</td> }.into_any()
                }
            }
        });
        cells.collect_view()
    });
    view! {
        <tr role="row" data-row="" data-place=place aria-rowindex=place + 2 data-flag=flag
            on:focusin=move |_| keyboard.stand(place)>
            {picks.map(|picks| {
                let id = memo(move || current.with(|row| row.as_ref().and_then(|row| kind.id(row))));
                let name = kind.name(row);
                view! {
                    <td role="cell" class="m1">
                        <label>
                            <input type="checkbox" data-pick="" tabindex=move || stop.get()
                                prop:checked=move || id.get().is_some_and(|id| picks.holds(id))
                                on:click=move |event| keyboard.click(place, &event)/>
                            <Hidden>{live(move || format!("Select {}", name.get()))}</Hidden>
                        </label>
                    </td>
                }
            })}
            <td role="cell" class=if picks.is_some() { "m2" } else { "m" }>{mark}</td>
            {cells}
        </tr>
    }
}

/// A checkbox in the margin that a form posts, on a page that needs no WebAssembly. Its label is a target of the margin's
/// width.
#[component]
pub fn RowTick(
    /// The id of the form: a table can contain no form around it.
    form: &'static str,
    /// The name that is posted.
    name: &'static str,
    /// The value that is posted.
    value: String,
    /// The row's name, for screen readers.
    whose: String,
) -> impl IntoView {
    view! {
        <span class="m1">
            <label>
                <input type="checkbox" name=name form=form value=value/>
                <Hidden>{format!("Tick {whose}")}</Hidden>
            </label>
        </span>
    }
    .into_any()
}
