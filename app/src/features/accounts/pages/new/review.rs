//! Step 2: the usernames, generated live in the browser by the server's code. Each can be changed.

use std::collections::HashSet;
use std::sync::Arc;

use domain::accounts::batch::{DriftedPlan, SaveOutcome};
use domain::accounts::drift::PlanDrift;
use domain::accounts::naming::Naming;
use domain::accounts::plan::{AccountPlan, PlannedUsername};
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use leptos::html::Div;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::rows::PlanRows;
use super::{NewAccountsWizard, Steps};
use crate::error::AppError;
use crate::features::accounts::api::{read_template, save_accounts};
use crate::features::accounts::components::{KnownCandidates, PatternEditor};
use crate::features::office::layout::OfficeUser;
use crate::ui::action::browser_action;
use crate::ui::cap::CapDrawing;
use crate::ui::icon::Icon;
use crate::ui::memo::{Derived, memo};
use crate::ui::notice::{ErrorNotice, Notice};
use crate::ui::page::PageHead;

/// How many problems the summary lists.
const NAMED: usize = 20;

/// The usernames of step 2 before they are saved, shared by the parts of the page.
#[derive(Clone, Copy)]
pub(super) struct PlanDraft {
    /// Recomputed with every letter typed.
    pub(super) plan: Derived<Arc<AccountPlan>>,
    /// What the plan is made from.
    pub(super) naming: RwSignal<Naming>,
    /// Whether all usernames can be edited.
    pub(super) manual: RwSignal<bool>,
    /// Students whose usernames are being edited individually.
    pub(super) changing: RwSignal<HashSet<PersonId>>,
    /// The row to scroll to.
    pub(super) wanted: RwSignal<Option<PersonId>>,
}

impl PlanDraft {
    /// Whether this student's username is being edited.
    pub(super) fn changes(self, person: PersonId) -> bool {
        self.changing.with(|changing| changing.contains(&person))
    }
}

/// The page for step 2.
#[component]
pub fn ReviewUsernames() -> impl IntoView {
    let wizard = expect_context::<NewAccountsWizard>();
    let school = OfficeUser::get().school();
    let selection = RwSignal::new(wizard.selection());
    wizard.keep(move || selection.set(wizard.selection()));
    let template = LocalResource::new(move || async move {
        match wizard.naming.get_untracked() {
            Some(naming) => Ok(naming),
            None => read_template(school).await.map(|template| Naming { template, ..Naming::default() }),
        }
    });
    view! {
        <PageHead
            title="New student accounts"
            up=Some(("/accounts", "User accounts"))
            mark=|| view! { <span class="cap large"><CapDrawing has=false/></span> }
            lead=|| "Check the usernames. You can change any of them before you save."
            steps=|| view! { <Steps now=2/> }
        />
        {move || if selection.get() == (Selection::People { ids: Vec::new() }) {
            view! {
                <Notice tone="amber" title="No students chosen">
                    <p>"Choose students first. "<a href="/accounts/new">"Choose students"</a></p>
                </Notice>
            }
            .into_any()
        } else {
            view! {
                <Suspense fallback=|| view! { <p class="muted" role="status">"Creating usernames\u{2026}"</p> }>
                    {move || template.get().map(|template| match template {
                        Ok(naming) => {
                            // What a reload brought back is newer than the school's template.
                            let naming = wizard.naming.get_untracked().unwrap_or(naming);
                            view! { <Review naming selection=selection.get_untracked()/> }.into_any()
                        }
                        Err(error) => view! { <ErrorNotice error of_page=true/> }.into_any(),
                    })}
                </Suspense>
            }
            .into_any()
        }}
    }
}

#[component]
fn Review(naming: Naming, selection: Selection) -> impl IntoView {
    let wizard = expect_context::<NewAccountsWizard>();
    let school = OfficeUser::get().school();
    let template = RwSignal::new(naming.template.clone());
    let naming = RwSignal::new(naming);
    let manual = wizard.manual;
    Effect::new(move || naming.update(|naming| naming.template = template.get()));
    // Keeps what was typed for people who go back.
    Effect::new(move || wizard.naming.set(Some(naming.get())));
    let known = KnownCandidates::follow(school, selection.clone(), naming.into());
    let (candidates, trouble) = (known.found, known.trouble);
    let plan = memo(move || {
        let people = candidates.get();
        naming.with(|naming| {
            Arc::new(match &people {
                Some(people) => AccountPlan::make(naming, &people.people, &people.taken),
                None => AccountPlan::make(naming, &[], &domain::accounts::taken::TakenUsernames::default()),
            })
        })
    });
    let changing = RwSignal::new(naming.with_untracked(|naming| naming.typed.keys().copied().collect()));
    let draft = PlanDraft { plan, naming, manual, changing, wanted: RwSignal::new(None) };
    let example = Signal::derive(move || {
        plan.with(|plan| {
            plan.rows
                .iter()
                .find_map(|row| row.username().map(|username| (row.name.clone(), username.to_string())))
        })
    });
    view! {
        <fieldset class="row">
            <legend class="vh">"How to make usernames"</legend>
            <span class="seg">
                <label><input type="radio" name="mode" prop:checked=move || !manual.get() on:change=move |_| manual.set(false)/>"Auto"</label>
                <label><input type="radio" name="mode" prop:checked=manual on:change=move |_| manual.set(true)/>"Manual"</label>
            </span>
            <span class="muted">
                {move || if manual.get() { "Type each username. Your last pattern fills the gaps." } else { "One pattern for everyone. Best for a whole year group." }}
            </span>
        </fieldset>
        <div class="split three gap-s" hidden=manual><PatternEditor template example/></div>
        {move || trouble.get().map(|error| view! { <ErrorNotice error/> })}
        {move || candidates.get().filter(|found| found.left_out > 0).map(|found| view! {
            <Notice tone="amber" title=format!("{} of the chosen students were skipped", found.left_out)>
                <p>"They already have an account, or are no longer on this school\u{2019}s roll."</p>
            </Notice>
        })}
        {move || candidates.get().filter(|found| found.restricted > 0).map(|found| view! {
            <Notice tone="amber" title=format!("{} of the chosen students were skipped because of a restriction", found.restricted)>
                <p>"A restriction hides them from you. Ask someone else to create their accounts."</p>
            </Notice>
        })}
        <Figures draft/>
        <PlanRows draft/>
        <Save draft selection known/>
    }
}

/// The figures above the rows.
#[component]
fn Figures(draft: PlanDraft) -> impl IntoView {
    let summary = memo(move || draft.plan.with(|plan| plan.summary()));
    view! {
        <div class="row" role="status">
            <span class="status"><Icon name="circle-check"/>{move || plural(summary.get().ready, "username ready", "usernames ready")}</span>
            {move || {
                let summary = summary.get();
                let waiting = summary.review + summary.problems;
                (waiting > 0).then(|| view! {
                    <span class="status" data-tone="amber"><Icon name="triangle-alert"/>{plural(waiting, "needs you", "need you")}</span>
                })
            }}
            <span class="muted">
                {move || {
                    let summary = summary.get();
                    let parts = [(summary.reopened, "account re-opened", "accounts re-opened"), (summary.settled, "clash settled", "clashes settled"), (summary.simplified, "name simplified", "names simplified")];
                    parts.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| plural(count, one, many)).collect::<Vec<_>>().join(", ")
                }}
                {move || (summary.get().settled + summary.get().simplified > 0).then(|| view! { ". Changed letters are "<mark>"highlighted"</mark>"." })}
            </span>
        </div>
    }
}

/// "1 account", "9 accounts".
fn plural(count: u32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The bar with Save: saves the plan on the screen, or says what has changed in the meantime.
#[component]
fn Save(draft: PlanDraft, selection: Selection, known: KnownCandidates) -> impl IntoView {
    let wizard = expect_context::<NewAccountsWizard>();
    let school = OfficeUser::get().school();
    let navigate = use_navigate();
    let summary = NodeRef::<Div>::new();
    let insisted = RwSignal::new(false);
    let drift = RwSignal::new(None::<PlanDrift>);
    let trouble = RwSignal::new(None::<AppError>);
    let save = browser_action(move |(): &()| {
        let (selection, naming) = (selection.clone(), draft.naming.get_untracked());
        let hash = draft.plan.with_untracked(|plan| plan.hash);
        async move { save_accounts(school, selection, naming, hash).await }
    });
    Effect::new(move || match save.value().get() {
        Some(Ok(SaveOutcome::Saved(batch))) => {
            wizard.picks.clear();
            wizard.matching.set(None);
            wizard.naming.set(None);
            let to = batch
                .id
                .map_or_else(|| "/accounts".to_owned(), |id| format!("/accounts/batches/{id}?step=3"));
            navigate(&to, NavigateOptions::default());
        }
        Some(Ok(SaveOutcome::Drifted(drifted))) => {
            drift.set(Some(moved(&draft.plan.get_untracked(), drifted)));
            known.load();
        }
        Some(Ok(SaveOutcome::Queued(operation))) => {
            wizard.picks.clear();
            wizard.matching.set(None);
            wizard.naming.set(None);
            navigate(&format!("/operations/{operation}"), NavigateOptions::default());
        }
        Some(Ok(SaveOutcome::Waits)) => {
            wizard.picks.clear();
            wizard.naming.set(None);
            // A page without WebAssembly, which this application's router does not have.
            let _ = window().location().set_href("/approvals?done=asked");
        }
        Some(Err(error)) => trouble.set(Some(error)),
        None => {}
    });
    let problems = memo(move || {
        draft.plan.with(|plan| {
            plan.rows
                .iter()
                .filter(|row| !matches!(row.made, PlannedUsername::Ready(_)))
                .filter_map(|row| row.complaint().map(|complaint| (row.person, row.who(), complaint)))
                .collect::<Vec<_>>()
        })
    });
    let wanted = RwSignal::new(false);
    let press = move || {
        // What was typed last is saved when it is known whether it is taken.
        if known.is_waiting() {
            wanted.set(true);
            return;
        }
        wanted.set(false);
        drift.set(None);
        trouble.set(None);
        if problems.with_untracked(Vec::is_empty) {
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
        if !known.is_waiting() && wanted.get_untracked() {
            untrack(press);
        }
    });
    view! {
        <Show when=move || insisted.get() && !problems.with(Vec::is_empty)>
            <div class="errors" role="alert" tabindex="-1" node_ref=summary>
                <h2>"There is a problem"</h2>
                <ul>
                    {move || problems.with(|problems| problems.iter().take(NAMED).map(|(person, who, complaint)| {
                        let person = *person;
                        view! {
                            <li><button class="link" type="button" on:click=move |_| draft.wanted.set(Some(person))>{format!("{who}: {complaint}")}</button></li>
                        }
                    }).collect_view())}
                    {move || problems.with(|problems| problems.len().checked_sub(NAMED + 1).map(|more| view! { <li>{format!("and {} more", more + 1)}</li> }))}
                </ul>
            </div>
        </Show>
        {move || drift.get().map(|drift| view! { <Drift drift/> })}
        {move || trouble.get().map(|error| view! { <ErrorNotice error/> })}
        <div class="actionbar bleed">
            <button class="btn primary" type="button" aria-busy=move || (wanted.get() || save.pending().get()).then_some("true") on:click=move |_| untrack(press)>
                {move || if wanted.get() || save.pending().get() { "Saving\u{2026}" } else { "Save" }}
            </button>
            <a class="btn" href="/accounts/new"><Icon name="arrow-left"/>"Back"</a>
            <span class="say">
                {move || {
                    let count = draft.plan.with(|plan| plan.rows.len());
                    let reopened = draft.plan.with(|plan| plan.summary().reopened);
                    let also = match reopened {
                        0 => String::new(),
                        1 => " 1 of them is a closed account that is re-opened.".to_owned(),
                        many => format!(" {many} of them are closed accounts that are re-opened."),
                    };
                    view! { "Save creates "<b class="num">{count}</b>{if count == 1 { " account." } else { " accounts." }}{also}" No invitation is sent yet." }
                }}
            </span>
        </div>
    }
}

/// The differences, with the reason why someone is no longer chosen.
fn moved(seen: &AccountPlan, drifted: DriftedPlan) -> PlanDrift {
    let mut drift = PlanDrift::between(seen, &drifted.now);
    if !drifted.gone.is_empty() {
        drift.gone = drifted
            .gone
            .into_iter()
            .map(|gone| match gone.has_account {
                Some(username) => format!("{} (now has the account {username})", gone.name),
                None => format!("{} (no longer on the roll)", gone.name),
            })
            .collect();
    }
    drift
}

/// What has changed on the roll since the plan was made.
#[component]
fn Drift(drift: PlanDrift) -> impl IntoView {
    let listed = |what: &'static str, names: Vec<String>| {
        (!names.is_empty()).then(|| {
            let more = names.len().saturating_sub(NAMED);
            let shown = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join("; ");
            let rest = if more > 0 { format!("; and {more} more") } else { String::new() };
            view! { <li>{format!("{what}: {shown}{rest}.")}</li> }
        })
    };
    let name = |username: &Option<domain::accounts::username::Username>| {
        username.as_ref().map_or_else(|| "to be chosen".to_owned(), ToString::to_string)
    };
    let usernames = drift
        .username
        .iter()
        .map(|(who, old, new)| format!("{who}: {} is now {}", name(old), name(new)))
        .collect();
    let renamed = drift.renamed.iter().map(|(old, new)| format!("{old} is now {new}")).collect();
    view! {
        <Notice tone="marker" title="The roll changed while you were here. Nothing has been created">
            <ul>
                {listed("No longer getting an account", drift.gone)}
                {listed("Newly included", drift.new)}
                {listed("Renamed", renamed)}
                {listed("Changed usernames", usernames)}
            </ul>
            <p>"The list below is up to date. Check it and choose Save again."</p>
        </Notice>
    }
}
