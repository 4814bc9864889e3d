//! The rows of step 2: one student, one username, why it is as it is, and a way to change it.

use std::sync::Arc;

use domain::accounts::change::Highlight;
use domain::accounts::plan::{Made, PlanRow, Proposal};
use domain::ids::PersonId;
use leptos::html::{Input, Tbody};
use leptos::prelude::*;

use super::review::Draft;
use crate::features::roll::components::register::{Piece, Viewport};
use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::{Derived, memo};

/// The table. Only the rows in view are in the document.
#[component]
pub(super) fn PlanRows(draft: Draft) -> impl IntoView {
    let body = NodeRef::<Tbody>::new();
    let viewport = Viewport::new(body);
    let kept = RwSignal::new(0);
    // Those that need someone come first, in the order they had when the page was drawn: a row does not jump away from
    // under the hands that mend it.
    let first = StoredValue::new(Vec::<PersonId>::new());
    let order = memo(move || {
        draft.plan.with(|plan| {
            if first.with_value(Vec::is_empty) {
                first.set_value(
                    plan.rows
                        .iter()
                        .filter(|row| !matches!(row.made, Made::Ready(_)))
                        .map(|row| row.person)
                        .collect(),
                );
            }
            let mut order: Vec<u32> = (0u32..).take(plan.rows.len()).collect();
            first
                .with_value(|first| order.sort_by_key(|at| !first.contains(&plan.rows[*at as usize].person)));
            Arc::new(order)
        })
    });
    let row = move |place: usize| {
        draft.plan.with(|plan| order.with(|order| plan.rows.get(*order.get(place)? as usize).cloned()))
    };
    Effect::new(move || {
        let Some(person) = draft.wanted.get() else { return };
        let place = draft.plan.with_untracked(|plan| {
            order.with_untracked(|order| order.iter().position(|at| plan.rows[*at as usize].person == person))
        });
        if let Some(place) = place {
            kept.set(place);
            viewport.reveal(place);
            request_animation_frame(move || focus_field(person));
        }
        draft.wanted.set(None);
    });
    let rows = move || {
        viewport
            .pieces(order.with(|order| order.len()), kept.get())
            .into_iter()
            .map(|piece| {
                let person = match piece {
                    Piece::Row(place) => row(place).map(|row| row.person),
                    Piece::Space(..) => None,
                };
                (piece, person)
            })
            .collect::<Vec<_>>()
    };
    view! {
        <div class="bleed register-frame gap-s">
            <table role="table" class="register even" aria-label="Usernames to create" aria-rowcount=move || order.with(|order| order.len()) + 1>
                <thead role="rowgroup">
                    <tr role="row" aria-rowindex="1">
                        <th role="columnheader" scope="col" class="m"><Hidden>"Result"</Hidden></th>
                        <th role="columnheader" scope="col" class="c-name">"Student"</th>
                        <th role="columnheader" scope="col" class="c-group">"Group"</th>
                        <th role="columnheader" scope="col" class="c-typed">"Username"</th>
                        <th role="columnheader" scope="col">"What was changed"</th>
                        <th role="columnheader" scope="col" class="c-change"><Hidden>"Change"</Hidden></th>
                    </tr>
                </thead>
                <tbody role="rowgroup" node_ref=body>
                    <For each=rows key=|row| *row let((piece, person))>
                        {match (piece, person) {
                            (Piece::Row(place), Some(person)) => {
                                let current = memo(move || row(place).filter(|row| row.person == person));
                                view! { <Row draft person place current on_focus=Callback::new(move |()| kept.set(place))/> }.into_any()
                            }
                            (Piece::Space(_, rows), _) => view! {
                                <tr aria-hidden="true"><td colspan="6" class="space" style:height=viewport.space(rows)></td></tr>
                            }.into_any(),
                            _ => ().into_any(),
                        }}
                    </For>
                </tbody>
            </table>
        </div>
    }
}

fn focus_field(person: PersonId) {
    use wasm_bindgen::JsCast as _;
    for id in [format!("u-{person}"), format!("change-{person}")] {
        if let Some(control) = document()
            .get_element_by_id(&id)
            .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = control.focus();
            return;
        }
    }
}

#[component]
fn Row(
    draft: Draft,
    person: PersonId,
    place: usize,
    current: Derived<Option<PlanRow>>,
    on_focus: Callback<()>,
) -> impl IntoView {
    let changing = RwSignal::new(draft.naming.with_untracked(|naming| naming.typed.contains_key(&person)));
    let as_field = move || draft.manual.get() || changing.get();
    let name = move || current.with(|row| row.as_ref().map(|row| row.name.clone()).unwrap_or_default());
    let flag = move || {
        current.with(|row| match row.as_ref().map(|row| &row.made) {
            Some(Made::Problem { .. }) => Some("red"),
            Some(Made::NeedsReview(..)) => Some("amber"),
            _ => None,
        })
    };
    let accept = move |_| {
        let username = current.with_untracked(|row| row.as_ref().and_then(PlanRow::username).cloned());
        if let Some(username) = username {
            draft.naming.update(|naming| drop(naming.accepted.insert(person, username)));
        }
    };
    let reviewing =
        move || current.with(|row| matches!(row.as_ref().map(|row| &row.made), Some(Made::NeedsReview(..))));
    let complaint = move || current.with(|row| row.as_ref().and_then(PlanRow::complaint));
    view! {
        <tr role="row" data-row="" aria-rowindex=place + 2 data-flag=flag on:focusin=move |_| on_focus.run(())>
            <td role="cell" class="m">{move || current.with(|row| row.as_ref().map(|row| mark(&row.made)))}</td>
            <th role="rowheader" scope="row">{name}</th>
            <td role="cell">{move || current.with(|row| row.as_ref().map(|row| row.group.clone()))}</td>
            <td role="cell">
                {move || if as_field() {
                    view! { <Field draft person current/> }.into_any()
                } else {
                    current.with(|row| row.as_ref().map(|row| username(&row.made))).into_any()
                }}
            </td>
            <td role="cell" class="why">
                {move || {
                    let words = complaint().unwrap_or_else(|| {
                        current.with(|row| row.as_ref().map(|row| changes(&row.made)).unwrap_or_default())
                    });
                    view! { <span id=format!("why-{person}") title=words.clone()>{words.clone()}</span> }
                }}
            </td>
            <td role="cell" class="acts">
                <Show when=reviewing><button class="btn small" type="button" on:click=accept>"Accept"<Hidden>{move || format!(" the username of {}", name())}</Hidden></button></Show>
                <Show when=move || !draft.manual.get()>
                    <button class="btn quiet small" type="button" id=format!("change-{person}")
                        on:click=move |_| {
                            if changing.get_untracked() {
                                draft.naming.update(|naming| drop(naming.typed.remove(&person)));
                            }
                            changing.update(|changing| *changing = !*changing);
                            request_animation_frame(move || focus_field(person));
                        }>
                        <Icon name=Signal::derive(move || if changing.get() { "undo-2" } else { "pencil" })/>
                        {move || if changing.get() { "Undo" } else { "Change" }}
                        <Hidden>{move || format!(" the username of {}", name())}</Hidden>
                    </button>
                </Show>
            </td>
        </tr>
    }
}

/// The field that a username is typed into; judged with every letter.
#[component]
fn Field(draft: Draft, person: PersonId, current: Derived<Option<PlanRow>>) -> impl IntoView {
    let text = move || {
        current.with(|row| {
            row.as_ref().map(|row| match &row.made {
                Made::Ready(proposal) | Made::NeedsReview(proposal, _) => proposal.username.to_string(),
                Made::Problem { typed, .. } => typed.clone(),
            })
        })
    };
    // What is typed for one may change what the pattern makes for another: a field shows what would be saved, except
    // to the hands that type in it.
    let input = NodeRef::<Input>::new();
    let typing = RwSignal::new(false);
    Effect::new(move || {
        if let (Some(input), Some(text), false) = (input.get(), text(), typing.get()) {
            input.set_value(&text);
        }
    });
    let wrong =
        move || current.with(|row| row.as_ref().is_some_and(|row| !matches!(row.made, Made::Ready(_))));
    view! {
        <div class="field in-cell">
            <label class="vh" for=format!("u-{person}")>
                {move || current.with(|row| row.as_ref().map(|row| format!("Username for {}", row.name)))}
            </label>
            <input class="input code" id=format!("u-{person}") value=untrack(text) node_ref=input autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-invalid=move || wrong().then_some("true") aria-describedby=move || wrong().then(|| format!("why-{person}"))
                on:focus=move |_| typing.set(true) on:blur=move |_| typing.set(false)
                on:input=move |event| {
                    let typed = event_target_value(&event);
                    draft.naming.update(|naming| {
                        if typed.trim().is_empty() {
                            naming.typed.remove(&person);
                        } else {
                            naming.typed.insert(person, typed);
                        }
                    });
                }/>
        </div>
    }
}

/// The sign in the margin.
fn mark(made: &Made) -> AnyView {
    use domain::accounts::change::Change;
    let (tone, icon, words) = match made {
        Made::Ready(proposal)
            if proposal.changes.iter().any(|change| matches!(change, Change::Settled { .. })) =>
        {
            (Some("blue"), "undo-2", "Clash settled")
        }
        Made::Ready(_) => (None, "check", "Ready"),
        Made::NeedsReview(..) => (Some("amber"), "triangle-alert", "Needs you"),
        Made::Problem { .. } => (Some("red"), "circle-alert", "Wrong"),
    };
    view! { <span class="margin-badge" data-tone=tone><Icon name=icon/><Hidden>{words}</Hidden></span> }
        .into_any()
}

/// The username with its changed letters highlighted.
fn username(made: &Made) -> AnyView {
    match made {
        Made::Ready(proposal) | Made::NeedsReview(proposal, _) => highlighted(proposal),
        Made::Problem { typed, .. } => view! { <span class="code">{typed.clone()}</span> }.into_any(),
    }
}

fn highlighted(proposal: &Proposal) -> AnyView {
    let text = proposal.username.as_str();
    let mut at = 0;
    let mut parts = Vec::new();
    for Highlight { start, end } in &proposal.highlights {
        let (start, end) = (usize::from(*start).max(at), usize::from(*end).min(text.len()));
        if start >= end {
            continue;
        }
        parts.push(text[at..start].to_owned().into_any());
        parts.push(view! { <mark>{text[start..end].to_owned()}</mark> }.into_any());
        at = end;
    }
    parts.push(text[at..].to_owned().into_any());
    view! { <span class="code">{parts}</span> }.into_any()
}

fn changes(made: &Made) -> String {
    match made {
        Made::Ready(proposal) | Made::NeedsReview(proposal, _) => {
            proposal.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        Made::Problem { .. } => String::new(),
    }
}
