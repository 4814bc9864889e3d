//! Step 3: what the import would do.

use domain::imports::held_words;
use domain::imports::kind::ImportDeclaration;
use domain::imports::plan::PlanCounts;
use domain::imports::views::{CommitOutcome, ImportApproval, ImportView, LogLine};
use domain::imports::words;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::{
    ByHand, DatesRead, HeldRows, ImportStep, Log, LogFiles, LogTally, MendRows, NextHeld, Steps, start,
};
use crate::error::AppError;
use crate::features::factors::components::with_step_up;
use crate::features::imports::api::{commit_import, discard_import};
use crate::ui::action::browser_action;
use crate::ui::icon::Icon;
use crate::ui::notice::{ErrorNotice, Notice};
use crate::ui::page::PageHead;

/// How many changed rows are listed if the data has changed.
const LISTED: usize = 10;

/// The log of the simulation, and the button that imports.
#[component]
pub fn Check(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The simulated import.
    import: ImportView,
    /// The rows that had changed at the last attempt, if there was one.
    drift: RwSignal<Vec<LogLine>>,
    /// Called with the updated import.
    moved: Callback<ImportView>,
    /// Called with the import after a decision on held rows, which leads to no other step.
    decided: Callback<ImportView>,
    /// Where the focus goes after such a decision.
    next: NextHeld,
) -> impl IntoView {
    let counts = import.counts.unwrap_or_default();
    let (id, plan) = (import.id, import.plan);
    let problem = RwSignal::new(None::<AppError>);
    let approval = import.approval;
    let waits = RwSignal::new(approval == Some(ImportApproval::Waiting));
    let navigate = use_navigate();
    let follow = navigate.clone();
    let commit = browser_action(move |(): &()| {
        let follow = follow.clone();
        async move {
            problem.set(None);
            let Some(plan) = plan else { return };
            // The answer may arrive after the page was left.
            match with_step_up(|| commit_import(id, plan)).await {
                Ok(CommitOutcome::Done { import }) => {
                    drift.try_set(Vec::new());
                    moved.try_run(import);
                }
                Ok(CommitOutcome::Drifted { import, differing }) => {
                    drift.try_set(differing);
                    moved.try_run(import);
                }
                Ok(CommitOutcome::Waits) => drop(waits.try_set(true)),
                Ok(CommitOutcome::Queued { operation }) => {
                    follow(&format!("/operations/{operation}"), leptos_router::NavigateOptions::default());
                }
                Err(error) => drop(problem.try_set(Some(error))),
            }
        }
    });
    let discard = Action::new(move |(): &()| {
        let navigate = navigate.clone();
        async move {
            match discard_import(id).await {
                Ok(()) => navigate(&start(kind), leptos_router::NavigateOptions::default()),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        }
    });
    let lead =
        format!("{}, {}. Nothing has been changed yet.", import.file_name, words::rows(import.row_count));
    let notes = import.reading.notes();
    let version = plan.map(|plan| plan.to_string()).unwrap_or_default();
    let only_new_keys = import.findings.has_only_new_keys(&counts);
    let doubt = import.findings.doubt(&counts);
    let held = import.clone();
    let guarded = import.findings.guarded;
    let faulty = import.clone();
    let edited = import.clone();
    view! {
        <PageHead
            title=kind.title
            mark=|| view! { <Icon name="table-2"/> }
            lead=move || lead.clone()
            steps=|| view! { <Steps now=ImportStep::Check/> }
        />
        {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
        {move || (!drift.with(Vec::is_empty)).then(|| view! { <Drift kind rows=drift.get()/> })}
        {only_new_keys.then(|| view! {
            <Notice tone="amber" title="Every number in this file is new"><p>{held_words::only_new_keys(kind)}</p></Notice>
        })}
        {doubt.map(|doubt| view! {
            <Notice tone="amber" title="Is this the right column?"><p>{doubt}</p></Notice>
        })}
        {guarded.map(|guarded| view! {
            <Notice tone="amber" title="This file ends many records"><p>{guarded.sentence(kind)}</p></Notice>
        })}
        {move || waits.get().then(|| view! {
            <Notice tone="blue" title="Waiting for a second person">
                <p>"Nothing was changed yet. A colleague who can approve it finds this import under Approvals."</p>
            </Notice>
        })}
        {(approval == Some(ImportApproval::Approved)).then(|| view! {
            <Notice tone="green" title="Approved">
                <p>"A second person has approved this import. "<a href="/approvals">"Run it under Approvals"</a>"."</p>
            </Notice>
        })}
        <DatesRead kind import/>
        {(!notes.is_empty()).then(|| view! { <p class="muted">{notes.join(" ")}</p> })}
        <LogTally counts label="What the import would do"/>
        <ByHand import=edited chosen=decided/>
        <HeldRows kind import=held decided next/>
        <MendRows kind import=faulty fixed=decided/>
        <LogFiles import=id counts/>
        <Log kind import=id version/>
        <div class="actionbar bleed">
            {move || waits.get().then(|| view! { <span class="status" data-tone="amber"><Icon name="hourglass"/>"Waits for a second person"</span> })}
            {move || (counts.writes() > 0 && approval.is_none() && !waits.get()).then(|| view! {
                <button class="btn primary" type="button" aria-busy=move || commit.pending().get().then_some("true")
                    on:click=move |_| if !commit.pending().get_untracked() { commit.dispatch(()); }>
                    <Icon name="check"/>{move || if commit.pending().get() { "Importing\u{2026}" } else { "Import" }}
                </button>
            })}
            <a class="btn" href=format!("/imports/{id}?step=match")><Icon name="arrow-left"/>"Back"</a>
            <button class="btn" type="button" on:click=move |_| { discard.dispatch(()); }>"Discard"</button>
            <span class="say">{say(kind, counts)}</span>
        </div>
    }
}

/// What the button will do, in words.
fn say(kind: &ImportDeclaration, counts: PlanCounts) -> String {
    let changes = match (counts.added, counts.updated, counts.changes()) {
        (_, _, 0) if counts.asked > 0 => Some("No row changes anything.".to_owned()),
        (_, _, 0) => Some("There is nothing to import. No row changes anything.".to_owned()),
        (0, 0, _) => None,
        (added, 0, _) => Some(format!("{} will be added.", kind.count(added))),
        (0, updated, _) => Some(format!("{} will be updated.", kind.count(updated))),
        (added, updated, _) => Some(format!("{} will be added and {updated} updated.", kind.count(added))),
    };
    let rows = |count: u32, one: &str, many: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(many.replace("{}", &count.to_string())),
    };
    let sentences = [
        changes,
        rows(
            counts.held,
            "1 row is held back and changes nothing.",
            "{} rows are held back and change nothing.",
        ),
        rows(
            counts.asked,
            "Staff who work for both schools are asked about 1 of them.",
            "Staff who work for both schools are asked about {} of them.",
        ),
        rows(
            counts.history,
            "1 earlier enrolment will be added to a student\u{2019}s history.",
            "{} earlier enrolments will be added to students\u{2019} histories.",
        ),
        rows(counts.linked, "1 row links people who are known.", "{} rows link people who are known."),
        rows(
            counts.kept,
            "1 row changes nothing, because its values were changed by hand.",
            "{} rows change nothing, because their values were changed by hand.",
        ),
        rows(
            counts.address_held,
            "In 1 row, only a part is held back, such as an email address or an account.",
            "In {} rows, only a part is held back, such as an email address or an account.",
        ),
        rows(
            counts.rejected,
            "1 row is rejected and will be left out.",
            "{} rows are rejected and will be left out.",
        ),
        rows(
            counts.left_out,
            "In 1 row, a field that can\u{2019}t be read is left out.",
            "In {} rows, a field that can\u{2019}t be read is left out.",
        ),
    ];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Says that the data changed between check and import.
#[component]
fn Drift(kind: &'static ImportDeclaration, rows: Vec<LogLine>) -> impl IntoView {
    view! {
        <Notice tone="amber" title="Something has changed since you checked this">
            <p>"Nothing was imported. The log below is up to date: check it and choose Import again. These rows now have a different result:"</p>
            <ul>
                {rows.into_iter().take(LISTED).map(|line| view! {
                    <li>{format!("Row {}: {}. {}", line.row, line.line.outcome.label(), words::line(kind, &line.line))}</li>
                }).collect_view()}
            </ul>
        </Notice>
    }
}
