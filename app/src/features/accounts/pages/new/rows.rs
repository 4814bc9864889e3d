//! The rows of step 2: a student, their username, the reason for it and a way to change it.

use std::sync::Arc;

use domain::accounts::change::Highlight;
use domain::accounts::plan::{PlanRow, PlannedUsername, UsernameProposal};
use domain::ids::PersonId;
use leptos::html::Input;
use leptos::prelude::*;
use uuid::Uuid;

use super::review::PlanDraft;
use crate::ui::focus::focus_on;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::{Derived, memo};
use crate::ui::table::{
    About, AnyKind, AnyRow, Column, ColumnWidth, Kind, RowLayout, Source, Table, TableRow, TableRows,
};

/// The rows of a plan.
static PLAN: Kind<PlanRow> = Kind {
    about: About {
        slug: "usernames",
        one: "username",
        many: "usernames",
        margin: "Result",
        layout: RowLayout::Even,
        opens: false,
    },
    id: |row| row.person.0,
    name: |row| row.name.clone(),
    mark: Some(|row| row.drawn(|row| mark(&row.made))),
    flag: Some(flag),
    columns: &[
        Column::names("student", "Student", ColumnWidth::Grows(208), |row| row.text(|row| row.name.clone())),
        Column::tells("group", "Group", ColumnWidth::Fixed(80), 2, |row| row.long(|row| row.group.clone())),
        Column::tells("username", "Username", ColumnWidth::Fixed(272), 0, username_cell),
        Column::tells("changes", "What was changed", ColumnWidth::Grows(208), 1, why),
        Column::acts(160, acts),
    ],
};

/// The plan, with rows that need attention first.
struct PlanSource {
    draft: PlanDraft,
    order: Derived<Arc<Vec<u32>>>,
}

impl Source for PlanSource {
    fn kind(&self) -> &'static dyn AnyKind {
        &PLAN
    }

    fn at_hand(&self) -> usize {
        self.order.with(|order| order.len())
    }

    fn row(&self, place: usize) -> Option<AnyRow> {
        self.planned(place, |row| AnyRow::new(row.clone()))
    }

    fn id(&self, place: usize) -> Option<Uuid> {
        self.planned(place, |row| row.person.0)
    }

    fn is_fixed(&self) -> bool {
        true
    }
}

impl PlanSource {
    fn planned<T>(&self, place: usize, read: impl FnOnce(&PlanRow) -> T) -> Option<T> {
        let at = self.order.with(|order| order.get(place).copied())?;
        self.draft.plan.with(|plan| plan.rows.get(at as usize).map(read))
    }
}

/// The table.
#[component]
pub(super) fn PlanRows(draft: PlanDraft) -> impl IntoView {
    // Rows that needed attention when the page was drawn come first. The order then stays, so that a row does
    // not move while someone is editing it.
    let first = StoredValue::new(Vec::<PersonId>::new());
    let order = memo(move || {
        draft.plan.with(|plan| {
            if first.with_value(Vec::is_empty) {
                first.set_value(
                    plan.rows
                        .iter()
                        .filter(|row| !matches!(row.made, PlannedUsername::Ready(_)))
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
    provide_context(draft);
    let wanted = RwSignal::new(None);
    Effect::new(move || {
        let Some(person) = draft.wanted.get() else { return };
        let place = draft.plan.with_untracked(|plan| {
            order.with_untracked(|order| order.iter().position(|at| plan.rows[*at as usize].person == person))
        });
        wanted.set(place);
        request_animation_frame(move || focus_field(person));
        draft.wanted.set(None);
    });
    view! {
        <Table rows=TableRows::new(PlanSource { draft, order }) label="Usernames to create" wanted=Some(wanted) empty=|| ()/>
    }
}

fn focus_field(person: PersonId) {
    [format!("u-{person}"), format!("change-{person}")].iter().any(|id| focus_on(id));
}

fn flag(row: TableRow<PlanRow>) -> Derived<Option<&'static str>> {
    row.of(|row| match &row.made {
        PlannedUsername::Problem { .. } => Some("red"),
        PlannedUsername::NeedsReview(..) => Some("amber"),
        PlannedUsername::Ready(_) => None,
    })
}

/// The row's student. A row of this table always belongs to the same student.
fn person_of(row: TableRow<PlanRow>) -> Option<PersonId> {
    untrack(|| row.read(|row| row.person))
}

fn username_cell(row: TableRow<PlanRow>) -> AnyView {
    let draft = expect_context::<PlanDraft>();
    let Some(person) = person_of(row) else { return ().into_any() };
    // A closed account is opened again with the username it has.
    let fixed = row.of(|row| row.reopens.is_some());
    let as_field = memo(move || !fixed.get() && (draft.manual.get() || draft.changes(person)));
    (move || {
        if as_field.get() {
            view! { <Field draft person row/> }.into_any()
        } else {
            row.drawn(|row| username(&row.made))
        }
    })
    .into_any()
}

/// The reason for a username, or what is wrong with it.
fn why(row: TableRow<PlanRow>) -> AnyView {
    let id = person_of(row).map(|person| format!("why-{person}"));
    let words = row.of(|row| row.complaint().unwrap_or_else(|| changes(&row.made)));
    view! { <span class="why" id=id title=words>{words}</span> }.into_any()
}

fn acts(row: TableRow<PlanRow>) -> AnyView {
    let draft = expect_context::<PlanDraft>();
    let Some(person) = person_of(row) else { return ().into_any() };
    let name = row.of(|row| row.name.clone());
    let accept = move |_| {
        let username = untrack(|| row.read(|row| row.username().cloned())).flatten();
        if let Some(username) = username {
            draft.naming.update(|naming| drop(naming.accepted.insert(person, username)));
        }
    };
    let fixed = row.of(|row| row.reopens.is_some());
    let reviewing = row.of(|row| matches!(row.made, PlannedUsername::NeedsReview(..)));
    let changing = memo(move || draft.changes(person));
    let change = move |_| {
        if changing.get_untracked() {
            draft.naming.update(|naming| drop(naming.typed.remove(&person)));
        }
        draft.changing.update(|changing| {
            if !changing.remove(&person) {
                changing.insert(person);
            }
        });
        request_animation_frame(move || focus_field(person));
    };
    view! {
        <Show when=move || reviewing.get()><button class="btn small" type="button" on:click=accept>"Accept"<Hidden>{move || format!(" the username of {}", name.get())}</Hidden></button></Show>
        <Show when=move || !draft.manual.get() && !fixed.get()>
            <button class="btn quiet small" type="button" id=format!("change-{person}") on:click=change>
                <Icon name=Signal::derive(move || if changing.get() { "undo-2" } else { "pencil" })/>
                {move || if changing.get() { "Undo" } else { "Change" }}
                <Hidden>{move || format!(" the username of {}", name.get())}</Hidden>
            </button>
        </Show>
    }
    .into_any()
}

/// The field for typing a username, checked with every letter.
#[component]
fn Field(draft: PlanDraft, person: PersonId, row: TableRow<PlanRow>) -> impl IntoView {
    let text = move || {
        row.read(|row| match &row.made {
            PlannedUsername::Ready(proposal) | PlannedUsername::NeedsReview(proposal, _) => {
                proposal.username.to_string()
            }
            PlannedUsername::Problem { typed, .. } => typed.clone(),
        })
    };
    // What is typed for one student may change what the pattern makes for another. A field shows what would
    // be saved, except while someone is typing in it.
    let input = NodeRef::<Input>::new();
    let typing = RwSignal::new(false);
    Effect::new(move || {
        if let (Some(input), Some(text), false) = (input.get(), text(), typing.get()) {
            input.set_value(&text);
        }
    });
    let wrong = row.of(|row| !matches!(row.made, PlannedUsername::Ready(_)));
    view! {
        <div class="field in-cell">
            <label class="vh" for=format!("u-{person}")>
                {move || row.read(|row| format!("Username for {}", row.name))}
            </label>
            <input class="input code" id=format!("u-{person}") value=untrack(text) node_ref=input autocomplete="off" autocapitalize="none" spellcheck="false"
                aria-invalid=move || wrong.get().then_some("true") aria-describedby=move || wrong.get().then(|| format!("why-{person}"))
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

/// The symbol in the margin.
fn mark(made: &PlannedUsername) -> AnyView {
    use domain::accounts::change::UsernameChange;
    let (tone, icon, words) = match made {
        PlannedUsername::Ready(proposal)
            if proposal.changes.iter().any(|change| matches!(change, UsernameChange::Settled { .. })) =>
        {
            (Some("blue"), "undo-2", "Clash settled")
        }
        PlannedUsername::Ready(_) => (None, "check", "Ready"),
        PlannedUsername::NeedsReview(..) => (Some("amber"), "triangle-alert", "Needs you"),
        PlannedUsername::Problem { .. } => (Some("red"), "circle-alert", "Wrong"),
    };
    view! { <span class="margin-badge" data-tone=tone><Icon name=icon/><Hidden>{words}</Hidden></span> }
        .into_any()
}

/// The username, with changed letters highlighted.
fn username(made: &PlannedUsername) -> AnyView {
    match made {
        PlannedUsername::Ready(proposal) | PlannedUsername::NeedsReview(proposal, _) => highlighted(proposal),
        PlannedUsername::Problem { typed, .. } => {
            view! { <span class="code">{typed.clone()}</span> }.into_any()
        }
    }
}

fn highlighted(proposal: &UsernameProposal) -> AnyView {
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

fn changes(made: &PlannedUsername) -> String {
    match made {
        PlannedUsername::Ready(proposal) | PlannedUsername::NeedsReview(proposal, _) => {
            proposal.changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        }
        PlannedUsername::Problem { .. } => String::new(),
    }
}
