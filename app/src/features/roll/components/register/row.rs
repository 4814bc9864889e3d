//! One student in the register.

use domain::accounts::status::Status;
use leptos::prelude::*;

use super::columns::Column;
use super::keys::Keyboard;
use super::picks::Picks;
use super::store::RollStore;
use crate::ui::cap::Cap;
use crate::ui::icon::Hidden;

/// The row at a place of the list.
#[component]
pub(super) fn RowView(
    store: RollStore,
    picks: Option<Picks>,
    columns: &'static [Column],
    keyboard: Keyboard,
    place: usize,
) -> impl IntoView {
    // Read once: when rows change, the row is made anew under another key.
    let row = untrack(move || store.row(place))?;
    let person = row.person;
    let status = row.status(store.words.now);
    let record = format!("/students/{person}");
    let cap = match status {
        Status::NoAccount => None,
        _ => Some(format!("/students/{person}/preview")),
    };
    // One tab stop for the whole list, then the row's own controls.
    let tab = move || if keyboard.place() == place { "0" } else { "-1" };
    let flag = match status {
        Status::Failed | Status::Bounced => Some("red"),
        _ => None,
    };
    let name = row.name.clone();
    Some(view! {
        <tr role="row" data-row="" data-place=place aria-rowindex=place + 2 data-flag=flag
            on:focusin=move |_| keyboard.stand(place)>
            {picks.map(|picks| view! {
                <td role="cell" class="m1">
                    <label>
                        <input type="checkbox" data-pick="" tabindex=tab prop:checked=move || picks.holds(person)
                            on:click=move |event| keyboard.click(place, person, &event)/>
                        <Hidden>{format!("Select {name}")}</Hidden>
                    </label>
                </td>
            })}
            <td role="cell" class="m2"><Cap status name=row.name.clone() href=cap/></td>
            <th role="rowheader" scope="row"><a href=record data-open="" tabindex=tab title=row.name.clone()>{row.name.clone()}</a></th>
            {columns.iter().map(|column| view! {
                <td role="cell" class=column.class()>{column.cell(&row, store.words)}</td>
            }).collect_view()}
        </tr>
    })
}
