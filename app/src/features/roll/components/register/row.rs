//! One student in the register.

use domain::accounts::status::Status;
use domain::roll::views::RollRow;
use leptos::prelude::*;

use super::RowActs;
use super::columns::Column;
use super::keys::Keyboard;
use super::picks::Picks;
use super::store::RollStore;
use crate::ui::cap::Cap;
use crate::ui::icon::Hidden;
use crate::ui::memo::memo;

/// The row at a place of the list. It stays when other students come to stand there, as with each letter of a search, and
/// only its texts change: that is far less work than a new row, and the focus stays where it is.
#[component]
pub(super) fn RowView(
    store: RollStore,
    picks: Option<Picks>,
    caps: bool,
    columns: &'static [Column],
    acts: Option<RowActs>,
    keyboard: Keyboard,
    place: usize,
) -> impl IntoView {
    // The server draws it once; only a browser follows what comes.
    let row: Signal<Option<RollRow>> = if cfg!(feature = "ssr") {
        Signal::stored(untrack(move || store.row(place)))
    } else {
        // A row on its way out keeps its last face.
        Memo::new(move |before: Option<&Option<RollRow>>| {
            store.row(place).or_else(|| before.cloned().flatten())
        })
        .into()
    };
    let person = memo(move || row.with(|row| row.as_ref().map(|row| row.person)));
    let status = memo(move || row.with(|row| row.as_ref().map(|row| row.status(store.words.now))));
    let name = memo(move || row.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default()));
    let has_account = memo(move || status.get().is_some_and(|status| status != Status::NoAccount));
    let record = move || person.get().map(|person| format!("/students/{person}"));
    let preview =
        Signal::derive(move || record().map(|record| format!("{record}/preview")).unwrap_or_default());
    let flag = move || matches!(status.get(), Some(Status::Failed | Status::Bounced)).then_some("red");
    // One tab stop for the whole list, then the row's own controls.
    let tab = move || if keyboard.place() == place { "0" } else { "-1" };
    view! {
        <tr role="row" data-row="" data-place=place aria-rowindex=place + 2 data-flag=flag
            on:focusin=move |_| keyboard.stand(place)>
            {picks.map(|picks| view! {
                <td role="cell" class="m1">
                    <label>
                        <input type="checkbox" data-pick="" tabindex=tab prop:checked=move || person.get().is_some_and(|person| picks.holds(person))
                            on:click=move |event| keyboard.click(place, &event)/>
                        <Hidden>{move || format!("Select {}", name.get())}</Hidden>
                    </label>
                </td>
            })}
            <td role="cell" class="m2">
                {move || status.get().filter(|_| caps).map(|status| view! {
                    <Cap status name href=(status != Status::NoAccount).then_some(preview)/>
                })}
            </td>
            <th role="rowheader" scope="row"><a href=record data-open="" tabindex=tab title=name>{name}</a></th>
            {columns.iter().map(|column| view! {
                <td role="cell" class=column.class()>{column.cell(row, store.words)}</td>
            }).collect_view()}
            {acts.map(|acts| view! {
                <td role="cell" class="c-acts acts">
                    {move || person.get().filter(|_| has_account.get()).map(|person| acts.run((person, name)))}
                </td>
            })}
        </tr>
    }
}
