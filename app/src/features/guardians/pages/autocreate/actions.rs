//! What a run says of itself, and what can be done with it.

use domain::guardians::autocreate::views::{RunState, RunView};
use domain::operations::progress::counted;
use leptos::prelude::*;

use super::path_of;
use crate::ui::icon::Icon;

/// Where the run stands, above everything else.
#[component]
pub(super) fn Standing(run: RunView, made: String, in_use: bool) -> impl IntoView {
    let by = run.by.clone().unwrap_or_else(|| "the command line".to_owned());
    let counts = &run.counts;
    let from = match counts.students {
        0 => format!("Made {made} by {by}. No student on roll is among those chosen: change the rules."),
        students => format!(
            "Made {made} by {by} from {} and {}.",
            counted(students, "student", "students"),
            counted(counts.contacts, "contact", "contacts")
        ),
    };
    match run.state {
        RunState::Simulated => view! {
            <div class="notice" data-tone="marker" role="status" data-when="sim">
                <Icon name="flask-conical"/>
                <p><b>"Simulation. "</b>"Nothing has been created and nothing has been sent. "{from}</p>
            </div>
            <div class="notice" data-tone="amber" role="status" data-when="real">
                <Icon name="triangle-alert"/>
                <p><b>"Ready to create. "</b>{format!("Exactly the changes below will be made. If the roll has changed since the simulation ({made}), nothing runs until you have seen what changed.")}</p>
            </div>
        }
        .into_any(),
        RunState::Expired => told("marker", "history", "Too old to be run. ", format!("{from} Run the simulation again.")),
        RunState::Waiting => told("amber", "hand", "Waits for a second person. ", format!("Nothing has been created yet. {from}")),
        RunState::Approved => view! {
            <div class="notice" data-tone="blue" role="status">
                <Icon name="hand"/>
                <p><b>"Approved. "</b>"Open "<a href="/approvals">"Approvals"</a>" and choose Create."</p>
            </div>
        }
        .into_any(),
        RunState::Running => {
            let href = run.operation.map(|operation| format!("/operations/{operation}"));
            view! {
                <div class="notice" data-tone="blue" role="status">
                    <Icon name="refresh-cw"/>
                    <p><b>"Running. "</b>{href.map(|href| view! { <a href=href>"See its progress"</a> })}</p>
                </div>
            }
            .into_any()
        }
        RunState::Applied | RunState::AppliedInPart => view! { <Done run in_use/> }.into_any(),
        RunState::Undone => {
            told("marker", "undo-2", "This run was undone. ", "Its accounts are deleted and its access has ended.".to_owned())
        }
        RunState::UndoneInPart => told(
            "marker",
            "undo-2",
            "The access of this run has ended. ",
            "Accounts that somebody had activated are still there.".to_owned(),
        ),
    }
}

fn told(tone: &'static str, icon: &'static str, title: &'static str, text: String) -> AnyView {
    view! {
        <div class="notice" data-tone=tone role="status"><Icon name=icon/><p><b>{title}</b>{text}</p></div>
    }
    .into_any()
}

/// A run that was carried out, with its undo.
#[component]
fn Done(run: RunView, in_use: bool) -> impl IntoView {
    let counts = &run.counts;
    let planned = format!(
        "The simulation had {} and {} to attach.",
        counted(counts.accounts, "account", "accounts"),
        counted(counts.attached, "student", "students")
    );
    let but = (run.changed > 0).then(|| {
        let pairs = "pairs of adult and student had changed and were left out.";
        let pair = "pair of adult and student had changed and was left out.";
        format!(" {}", counted(run.changed, pair, pairs))
    });
    let (undo, end) = (format!("{}/undo", path_of(run.id)), format!("{}/end-access", path_of(run.id)));
    view! {
        <div class="notice" data-tone="blue" role="status">
            <Icon name="circle-check"/>
            <div>
                <p><b>"Created. "</b>{planned}{but}" You can undo the run for 7 days, until one of its accounts is active."</p>
                <div class="row">
                    <form method="post" action=undo><button class="btn" type="submit"><Icon name="undo-2"/>"Undo the run"</button></form>
                    {in_use.then(|| view! {
                        <form method="post" action=end><button class="btn danger" type="submit">"End the access of this run"</button></form>
                    })}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// The bar at the end of a simulation. Without scripts: which of its parts are shown follows from the checkbox, by style.
#[component]
pub(super) fn ActionBar(run: RunView, ready: bool) -> impl IntoView {
    let counts = run.counts.clone();
    let path = path_of(run.id);
    let runs = run.state == RunState::Simulated && counts.acts();
    view! {
        <form class="bleed actionbar" method="post" action=format!("{path}/again")>
            <input type="hidden" name="plan" value=run.plan.to_string()/>
            <label class="choice boxed">
                <input type="checkbox" name="simulation" value="on" checked=!ready data-simulation/>
                <span><b>"Simulation"</b></span>
            </label>
            <span class="row" data-when="sim">
                <button class="btn" type="submit"><Icon name="refresh-cw"/>"Run simulation again"</button>
                <span class="say">{if runs { "Untick Simulation when the list is right." } else { "There is nothing to create." }}</span>
            </span>
            {runs.then(|| view! {
                <span class="row" data-when="real">
                    <button class="btn primary" type="submit" formaction=format!("{path}/create")>"Create"</button>
                    <span class="say">
                        "Creates "<b class="num">{counted(counts.accounts, "account", "accounts")}</b>", attaches "
                        <b class="num">{counted(counts.attached, "student", "students")}</b>" and sends "
                        {counted(counts.messages, "message", "messages")}". You can undo the run for 7 days."
                    </span>
                </span>
            })}
        </form>
    }
    .into_any()
}
