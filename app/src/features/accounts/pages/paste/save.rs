//! What the list will do, what needs a person first, and the button that does it.

use std::sync::Arc;

use domain::accounts::paste::PasteColumn;
use domain::accounts::paste::grid::{CellPlace, PasteGrid};
use domain::accounts::paste::outcome::{PasteDone, PasteOutcome};
use domain::accounts::paste::plan::PasteCounts;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::draft::{PasteDraft, PlannedList};
use crate::error::AppError;
use crate::features::accounts::api::create_pasted;
use crate::ui::action::browser_action;
use crate::ui::icon::Icon;
use crate::ui::memo::{Derived, memo};
use crate::ui::notice::{ErrorNotice, Notice};

/// How many problems the summary lists.
const NAMED: usize = 20;

fn plural(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The cells that are wrong, by row, with what to do.
fn problems(draft: PasteDraft) -> Vec<(CellPlace, String)> {
    let place = |row: usize, column: PasteColumn| CellPlace { row, column: column.at() };
    let local = draft.problems.with(|problems| {
        let rows = problems.iter().enumerate();
        let found = rows.flat_map(|(row, found)| {
            found.iter().map(move |one| (place(row, one.column), one.sentence.clone()))
        });
        found.collect::<Vec<_>>()
    });
    if !local.is_empty() || !draft.is_known() {
        return local;
    }
    draft.planned.with(|planned| {
        let rows = planned.iter().flat_map(|planned| planned.rows());
        let waiting = rows.filter_map(|row| Some((row.at as usize, row.waits()?)));
        waiting.map(|(row, waits)| (place(row, waits.column), waits.sentence.clone())).collect()
    })
}

/// The figures above the grid, and what the last paste did.
#[component]
pub(super) fn Figures(draft: PasteDraft) -> impl IntoView {
    let counts = memo(move || {
        let planned = draft.planned.get().filter(|_| draft.is_known());
        planned.map(|planned| {
            let PasteCounts { created, accounts, joined, stays, waiting } = PasteCounts::of(planned.rows());
            [created, accounts, joined, stays, waiting]
        })
    });
    let wrong = memo(move || problems(draft).len());
    let parts = move || {
        let [created, accounts, joined, stays, _] = counts.get().unwrap_or_default();
        [
            (created, "new student", "new students"),
            (accounts, "account for a student on the roll", "accounts for students on the roll"),
            (joined, "joins with the account they have", "join with the account they have"),
            (stays, "is in the group already", "are in the group already"),
        ]
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| plural(count, one, many))
        .collect::<Vec<_>>()
        .join(", ")
    };
    view! {
        {move || draft.said.get().map(|said| match said {
            Err(error) => view! { <Notice tone="red" title="Nothing was pasted"><p>{error.to_string()}</p></Notice> }.into_any(),
            Ok(report) => view! {
                <p role="status" class="paste-said">
                    {plural(report.rows, "row pasted. ", "rows pasted. ")}
                    {report.has_headings.then_some("Its headings were recognised. ")}
                    {(!report.left_out.is_empty()).then(|| format!("Left out: {}. ", report.left_out.join(", ")))}
                    {(report.skipped > 0).then(|| plural(report.skipped, "row is about nobody, such as a title or a total, and left out. ", "rows are about nobody, such as a title or a total, and left out. "))}
                    {draft.told.get().join(" ")}
                </p>
            }.into_any(),
        })}
        {move || draft.trouble.get().map(|error| view! { <ErrorNotice error/> })}
        <div class="row" role="status">
            {move || (wrong.get() > 0).then(|| view! {
                <span class="status" data-tone="amber"><Icon name="triangle-alert"/>{plural(wrong.get(), "cell needs you", "cells need you")}</span>
            })}
            <span class="muted">{parts}</span>
        </div>
    }
}

/// The bar with the button.
#[component]
pub(super) fn SaveBar(draft: PasteDraft, done: RwSignal<Option<PasteDone>>) -> impl IntoView {
    let summary = NodeRef::<Div>::new();
    let insisted = RwSignal::new(false);
    let trouble = RwSignal::new(None::<AppError>);
    let moved = RwSignal::new(false);
    let wanted = RwSignal::new(false);
    let navigate = use_navigate();
    let save = browser_action(move |(): &()| {
        let (school, into, rows) = draft.content();
        let seen = draft.planned.get_untracked().map(|planned| planned.hash);
        let version = draft.version.get_untracked();
        async move {
            match seen {
                Some(seen) => create_pasted(school, into, rows, seen).await.map(|outcome| (version, outcome)),
                None => Ok((version, PasteOutcome::Nothing(Vec::new()))),
            }
        }
    });
    Effect::new(move || match save.value().get() {
        Some(Ok((_, PasteOutcome::Done(made)))) => {
            draft.grid.set(PasteGrid::default());
            done.set(Some(made));
        }
        Some(Ok((version, PasteOutcome::Drifted(plan)))) => {
            draft.planned.set(Some(Arc::new(PlannedList::of(version, plan))));
            moved.set(true);
        }
        Some(Ok((_, PasteOutcome::Nothing(_)))) => {
            let error = AppError::new(
                crate::error::ErrorKind::Conflict,
                "nothing_to_create",
                "There is nothing to create: paste or type at least one student who is not in the group.",
            );
            trouble.set(Some(error));
        }
        Some(Ok((_, PasteOutcome::Waits))) => {
            draft.grid.set(PasteGrid::default());
            // A page without WebAssembly, which this application's router does not have.
            let _ = window().location().set_href("/approvals?done=asked");
        }
        Some(Ok((_, PasteOutcome::Queued(operation)))) => {
            draft.grid.set(PasteGrid::default());
            navigate(&format!("/operations/{operation}"), NavigateOptions::default());
        }
        Some(Err(error)) => trouble.set(Some(error)),
        None => {}
    });
    let wrong = memo(move || problems(draft));
    let press = move || {
        trouble.set(None);
        moved.set(false);
        let is_empty = draft.grid.with_untracked(PasteGrid::is_empty);
        // What was typed last is created when the server has said what it does.
        if !is_empty && !untrack(|| draft.is_known()) {
            wanted.set(true);
            draft.ask();
            return;
        }
        wanted.set(false);
        if wrong.with_untracked(Vec::is_empty) {
            insisted.set(false);
            if !save.pending().get_untracked() {
                save.dispatch_local(());
            }
        } else {
            insisted.set(true);
            request_animation_frame(move || {
                if let Some(summary) = summary.get_untracked() {
                    let _ = summary.focus();
                }
            });
        }
    };
    Effect::new(move || {
        if draft.is_known() && wanted.get_untracked() {
            untrack(press);
        }
    });
    view! {
        <Show when=move || insisted.get() && !wrong.with(Vec::is_empty)><Problems draft wrong summary/></Show>
        <Show when=move || moved.get()>
            <Notice tone="marker" title="The roll changed while you were here. Nothing has been created">
                <p>"The list is up to date now. Check it and choose Create accounts again."</p>
            </Notice>
        </Show>
        {move || trouble.get().map(|error| view! { <ErrorNotice error/> })}
        <div class="actionbar bleed">
            <button class="btn primary" type="button" aria-busy=move || (wanted.get() || save.pending().get()).then_some("true") on:click=move |_| untrack(press)>
                {move || if wanted.get() || save.pending().get() { "Creating\u{2026}" } else { "Create accounts" }}
            </button>
            <a class="btn" href="/accounts">"Cancel"</a>
            <span class="say">"Nobody is told until you print or send their codes."</span>
        </div>
    }
}

/// The cells that are wrong, each with a way to it.
#[component]
fn Problems(
    draft: PasteDraft,
    wrong: Derived<Vec<(CellPlace, String)>>,
    summary: NodeRef<Div>,
) -> impl IntoView {
    view! {
        <div class="errors" role="alert" tabindex="-1" node_ref=summary>
            <h2>"There is a problem"</h2>
            <ul>
                {move || wrong.with(|wrong| wrong.iter().take(NAMED).map(|(place, sentence)| {
                    let place = *place;
                    view! { <li><button class="link" type="button" on:click=move |_| draft.go(place, false)>{format!("Row {}: {sentence}", place.row + 1)}</button></li> }
                }).collect_view())}
                {move || wrong.with(|wrong| wrong.len().checked_sub(NAMED + 1).map(|more| view! { <li>{format!("and {} more", more + 1)}</li> }))}
            </ul>
        </div>
    }
}
