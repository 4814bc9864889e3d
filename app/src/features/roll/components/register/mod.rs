//! The register: the data table of the design, over students. Every list of students is this one, with other columns.

pub mod address;
mod columns;
mod filters;
mod keys;
mod picks;
mod row;
mod store;
mod viewport;

use domain::authorization::policy::Permission;
use domain::ids::PersonId;
use domain::roll::snapshot::RollSort;
use leptos::html::Tbody;
use leptos::prelude::*;

pub use columns::Column;
pub use filters::{FilterChips, Filters};
pub use picks::Picks;
pub use store::RollStore;
pub use viewport::{Piece, Viewport};

use crate::features::office::layout::Desk;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::{Derived, memo};
use keys::{Keyboard, on_key};
use row::RowView;

/// Draws what can be done with a student, by their name.
pub type RowActs = Callback<(PersonId, Derived<String>), AnyView>;

/// A table of students.
#[component]
pub fn Register(
    /// Where the rows come from.
    store: RollStore,
    /// Who is picked; without it nobody can be.
    #[prop(optional_no_strip)]
    picks: Option<Picks>,
    /// What is shown beside the name.
    columns: &'static [Column],
    /// What the table lists, for screen readers.
    label: &'static str,
    /// What E does: send invitation codes to the picked; see the design, section 8.
    #[prop(optional_no_strip)]
    send: Option<Callback<()>>,
    /// What can be done with one student who has an account.
    #[prop(optional_no_strip)]
    acts: Option<RowActs>,
    /// What stands in the table's place when nobody matches.
    #[prop(into)]
    empty: ViewFn,
) -> impl IntoView {
    let body = NodeRef::<Tbody>::new();
    let viewport = Viewport::new(body);
    let keyboard = Keyboard::new(store, picks, viewport, send);
    let rows = move || viewport.pieces(store.at_hand(), keyboard.place());
    // Only drawn again when these change, not with every letter of a search.
    let nobody = memo(move || store.total() == 0);
    let trouble = memo(move || store.trouble());
    // How many of those shown are picked.
    let picked = memo(move || picks.map_or(0, |picks| picks.count_of(move || store.people())));
    let caps = Desk::get().may(Permission::ViewAccounts);
    let span = columns.len() + 2 + usize::from(picks.is_some()) + usize::from(acts.is_some());
    view! {
        <Transition fallback=|| view! { <p class="muted" role="status">"Loading the list\u{2026}"</p> }>
            {move || {
                // Suspends until the server's page is there.
                store.is_there().then(|| match trouble.get() {
                    Some(error) => view! { <crate::ui::notice::ErrorNotice error/> }.into_any(),
                    None if nobody.get() => empty.run().into_any(),
                    None => view! {
                        <div class="bleed register-frame">
                            {picks.map(|picks| view! { <SelectNote store picks shown=picked/> })}
                            <table role="table" class="register even" aria-label=label
                                aria-rowcount=move || store.total() + 1
                                on:keydown=move |event| on_key(keyboard, &event)>
                                <thead role="rowgroup">
                                    <tr role="row" aria-rowindex="1">
                                        {picks.map(|picks| view! { <HeadBox store picks picked/> })}
                                        <th role="columnheader" scope="col" class="m2">{caps.then(|| view! { <Hidden>"Account"</Hidden> })}</th>
                                        <SortHead store label="Student" class="c-name" by=RollSort::Name/>
                                        {columns.iter().map(|column| match sort_of(*column) {
                                            Some(by) => view! { <SortHead store label=column.label() class=column.class() by/> }.into_any(),
                                            None => view! { <th role="columnheader" scope="col" class=column.class()>{column.label()}</th> }.into_any(),
                                        }).collect_view()}
                                        {acts.map(|_| view! { <th role="columnheader" scope="col" class="c-acts"><Hidden>"Actions"</Hidden></th> })}
                                    </tr>
                                </thead>
                                <tbody role="rowgroup" node_ref=body>
                                    <For each=rows key=|piece| *piece let(piece)>
                                        {match piece {
                                            Piece::Row(place) => view! { <RowView store picks caps columns acts keyboard place/> }.into_any(),
                                            Piece::Space(_, rows) => view! {
                                                <tr aria-hidden="true"><td colspan=span class="space" style:height=viewport.space(rows)></td></tr>
                                            }.into_any(),
                                        }}
                                    </For>
                                </tbody>
                            </table>
                        </div>
                        <div class="register-foot">
                            <span>{move || foot(store)}</span>
                            <span class="push row row-tight">
                                <kbd>"\u{2191}"</kbd>" "<kbd>"\u{2193}"</kbd>" move "
                                {picks.is_some().then(|| view! { <kbd>"Space"</kbd>" select "<kbd>"Shift"</kbd>" extend " })}
                                <kbd>"Enter"</kbd>" open"
                            </span>
                        </div>
                    }
                    .into_any(),
                })
            }}
        </Transition>
    }
}

fn foot(store: RollStore) -> String {
    let (shown, total) = (store.at_hand(), store.total());
    if shown < total {
        format!("The first {shown} of {total} students.")
    } else {
        format!("{total} students.")
    }
}

fn sort_of(column: Column) -> Option<RollSort> {
    match column {
        Column::Group | Column::Year => Some(RollSort::Group),
        Column::AdmissionNumber => Some(RollSort::Number),
        Column::Username => Some(RollSort::Username),
        Column::Status => Some(RollSort::Status),
        Column::LastSignIn => Some(RollSort::LastSignIn),
        Column::Email | Column::Roll => None,
    }
}

#[component]
fn SortHead(store: RollStore, label: &'static str, class: &'static str, by: RollSort) -> impl IntoView {
    let direction = move || {
        let (current, descending) = store.sort.get();
        (current == by).then_some(if descending { "descending" } else { "ascending" })
    };
    let turn = move |_| {
        store.sort.update(|(current, descending)| {
            *descending = *current == by && !*descending;
            *current = by;
        });
    };
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=direction>
            <button class="sort" type="button" on:click=turn>
                {label}" "
                <Icon name=Signal::derive(move || if direction() == Some("descending") { "arrow-down" } else { "arrow-up" })/>
            </button>
        </th>
    }
}

/// Shows its content once the server's page is there: what the server renders then is what the browser takes over.
#[component]
pub fn Ready(
    /// Whose page.
    store: RollStore,
    /// What depends on it.
    children: ChildrenFn,
) -> impl IntoView {
    view! { <Transition>{move || store.is_there().then(|| children())}</Transition> }
}

/// The box in the head: has three states and covers the rows shown.
#[component]
fn HeadBox(store: RollStore, picks: Picks, picked: Derived<usize>) -> impl IntoView {
    let all = move || picked.get() > 0 && picked.get() == store.at_hand();
    let some = move || picked.get() > 0 && !all();
    let change = move |event| picks.set(store.people(), event_target_checked(&event));
    view! {
        <th role="columnheader" scope="col" class="m1">
            <label>
                <input type="checkbox" prop:checked=all prop:indeterminate=some on:change=change/>
                <Hidden>"Select all students shown"</Hidden>
            </label>
        </th>
    }
}

/// The strip above the head while anyone is picked.
#[component]
fn SelectNote(store: RollStore, picks: Picks, shown: Derived<usize>) -> impl IntoView {
    let words = move || {
        let (shown, total, count) = (shown.get(), store.total(), picks.count());
        let hidden = count - shown.min(count);
        let here = if shown == total && total > 0 {
            format!("All {total} students that match are selected.")
        } else {
            format!("{shown} of {total} students selected.")
        };
        match hidden {
            0 => here,
            1 => format!("{here} 1 more is selected and hidden by the filters."),
            _ => format!("{here} {hidden} more are selected and hidden by the filters."),
        }
    };
    view! {
        <div class="select-note" hidden=move || picks.count() == 0>
            <span role="status">{words}</span>
            <button class="link" type="button" hidden=move || shown.get() == store.total()
                on:click=move |_| picks.set(store.people(), true)>
                {move || format!("Select all {} that match", store.total())}
            </button>
            <button class="link" type="button" on:click=move |_| picks.clear()>"Clear selection"</button>
        </div>
    }
}
