//! Step 4: the result, and undoing it.

use domain::ids::ImportId;
use domain::imports::KEPT_FOR;
use domain::imports::kind::ImportDeclaration;
use domain::imports::plan::PlanCounts;
use domain::imports::views::ImportView;
use domain::imports::words;
use leptos::prelude::*;

use super::{ImportStep, Log, LogFiles, LogTally, Steps, start};
use crate::error::AppError;
use crate::features::factors::components::with_step_up;
use crate::features::imports::api::undo_import;
use crate::features::office::layout::OfficeUser;
use crate::features::office::me::Me;
use crate::ui::action::browser_action;
use crate::ui::dialog::Dialog;
use crate::ui::icon::Icon;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;

/// The log of a finished import, and the next step.
#[component]
pub fn ImportResult(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportView,
    /// Called after an undo.
    moved: Callback<ImportView>,
) -> impl IntoView {
    let user = OfficeUser::get();
    let counts = import.counts.unwrap_or_default();
    let id = import.id;
    let words = user.0.with_value(Me::words);
    let when = import.committed_at.map(|at| words.at(at)).unwrap_or_default();
    let undone = import.undone_at.map(|at| words.at(at));
    let stands = undone.is_none();
    let lead = format!("{}, {}. Finished {when}.", import.file_name, words::rows(import.row_count));
    let version = import.plan.map(|plan| plan.to_string()).unwrap_or_default();
    let undoable =
        stands && counts.changes() > 0 && import.committed_at.is_some_and(|at| words.now < at + KEPT_FOR);
    let asking = RwSignal::new(false);
    let goes_on = stands && user.may(kind.next.permission) && counts.added > 0;
    view! {
        <PageHead
            title=kind.title
            mark=|| view! { <Icon name="table-2"/> }
            lead=move || lead.clone()
            steps=|| view! { <Steps now=ImportStep::Result/> }
        />
        {undone.map(|when| view! {
            <div class="notice"><Icon name="undo-2"/><p><b>{format!("This import was undone {when}.")}</b>" Everything it added was removed, and everything it changed was restored."</p></div>
        })}
        <LogTally counts label="Result of the import"/>
        <LogFiles import=id counts/>
        <Log kind import=id version/>
        <div class="actionbar bleed">
            {goes_on.then(|| view! { <a class="btn primary" href=kind.next.href><Icon name=kind.next.icon/>{kind.next.label}</a> })}
            <a class="btn" href=start(kind)>"Close"</a>
            {undoable.then(|| view! {
                <button class="btn quiet" type="button" on:click=move |_| asking.set(true)><Icon name="undo-2"/>"Undo this import"</button>
            })}
            <span class="say">
                {match counts.added {
                    _ if !stands => String::new(),
                    0 => "Everything is up to date.".to_owned(),
                    added => {
                        let next = if added == 1 { kind.next.for_one } else { kind.next.for_many };
                        let next = if goes_on { next } else { "" };
                        format!("{} added. {next}", kind.count(added))
                    }
                }}
            </span>
        </div>
        {undoable.then(|| view! { <Undo kind id asking counts moved/> })}
    }
}

/// Says what an undo will do before doing it.
#[component]
fn Undo(
    kind: &'static ImportDeclaration,
    id: ImportId,
    asking: RwSignal<bool>,
    counts: PlanCounts,
    moved: Callback<ImportView>,
) -> impl IntoView {
    let problem = RwSignal::new(None::<AppError>);
    let undo = browser_action(move |(): &()| async move {
        problem.set(None);
        match with_step_up(|| undo_import(id)).await {
            // The answer may arrive after the page was left.
            Ok(import) => drop(moved.try_run(import)),
            Err(error) => drop(problem.try_set(Some(error))),
        }
    });
    let history = match counts.history {
        0 => None,
        _ => Some("Earlier enrolments that it added to the history are removed too.".to_owned()),
    };
    let done = match (counts.added, counts.updated) {
        (0, 0) => None,
        (added, 0) => Some(format!("{} will be removed.", kind.count(added))),
        (0, updated) => Some(format!("{} will get their previous details back.", kind.count(updated))),
        (added, updated) => Some(format!(
            "{} will be removed, and {updated} will get their previous details back.",
            kind.count(added)
        )),
    };
    let links = match counts.linked {
        0 => None,
        _ => Some("What it linked is separated again.".to_owned()),
    };
    let until =
        "You can undo an import until its records are used, for example by an account or an invitation.";
    let text =
        [done, links, history, Some(until.to_owned())].into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! {
        <Dialog open=asking title="Undo this import?">
            <p>{text.clone()}</p>
            {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
            <footer>
                <button class="btn primary" type="button" aria-busy=move || undo.pending().get().then_some("true")
                    on:click=move |_| if !undo.pending().get_untracked() { undo.dispatch(()); }>
                    {move || if undo.pending().get() { "Undoing\u{2026}" } else { "Undo this import" }}
                </button>
                <button class="btn" type="button" on:click=move |_| asking.set(false)>"Back"</button>
            </footer>
        </Dialog>
    }
}
