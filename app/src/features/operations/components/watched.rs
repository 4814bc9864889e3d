//! A long operation: its progress, cancelling it, and its result.

use domain::operations::progress::{LeftOutCount, OperationProgress, OperationStage, grouped};
use leptos::prelude::*;

use super::follow::follow;
use crate::features::operations::api::cancel_operation;
use crate::ui::icon::Icon;
use crate::ui::memo::memo;
use crate::ui::notice::{ErrorNotice, Notice};

/// Follows an operation from its current state. Without scripts it shows the state when the page was
/// rendered.
#[component]
pub fn WatchedOperation(
    /// Its current progress.
    operation: OperationProgress,
) -> impl IntoView {
    let now = RwSignal::new(operation);
    follow(now);
    let stage = memo(move || now.with(|now| now.stage));
    view! {
        {move || match stage.get() {
            OperationStage::Queued | OperationStage::Running | OperationStage::Cancelling => view! { <Running now/> }.into_any(),
            OperationStage::Done => view! { <Done operation=now.get_untracked()/> }.into_any(),
            OperationStage::Undone => view! {
                <Notice tone="blue" title="This was undone"><p>"Everything it changed was restored."</p></Notice>
            }
            .into_any(),
            OperationStage::NeedsApproval => view! {
                <Notice tone="amber" title="This needs approval">
                    <p>"It affects many people, so someone else has to approve it first. Nothing has been changed. "<a href="/approvals" rel="external">"Open Approvals"</a></p>
                </Notice>
            }
            .into_any(),
            OperationStage::Ended(ending) => view! {
                <Notice tone="amber" title=ending.title()><p>{now.get_untracked().why}</p></Notice>
            }
            .into_any(),
        }}
    }
}

/// Shown while it is queued or running.
#[component]
fn Running(now: RwSignal<OperationProgress>) -> impl IntoView {
    let id = now.with_untracked(|now| now.id);
    let cancel = Action::new(move |(): &()| cancel_operation(id));
    // Announced at every tenth, not at every change.
    let tenths = memo(move || now.with(|now| (now.total > 0).then(|| now.done * 10 / now.total)));
    let step = memo(move || {
        now.with(|now| match now.stage {
            OperationStage::Queued => "Waiting to start".to_owned(),
            OperationStage::Cancelling => "Cancelling".to_owned(),
            _ => now.step.clone().unwrap_or_else(|| "Starting".to_owned()),
        })
    });
    let can_cancel = memo(move || now.with(|now| now.stage.can_cancel()));
    view! {
        <p class="vh" role="status">
            {move || format!("{}. {}", step.get(), tenths.get().map(|tenths| format!("{} percent done.", tenths * 10)).unwrap_or_default())}
        </p>
        <div class="work" role="group" aria-label="Progress">
            <div class="work-head">
                <b>{step}</b>
                <span class="num">{move || now.with(OperationProgress::in_figures)}</span>
                <Show when=move || can_cancel.get()>
                    <button class="btn quiet push" type="button" aria-busy=move || cancel.pending().get().then_some("true")
                        on:click=move |_| if !cancel.pending().get_untracked() { cancel.dispatch(()); }>
                        <Icon name="x"/>"Cancel"
                    </button>
                </Show>
            </div>
            <progress value=move || now.with(|now| now.done.to_string()) max=move || now.with(|now| now.total.max(1).to_string()) aria-label="Rows done"></progress>
            {move || cancel.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error/> })}
            <p class="muted">"You can leave this page. Nothing is changed until everything is done."</p>
        </div>
    }
}

/// Shown when it has run.
#[component]
fn Done(operation: OperationProgress) -> impl IntoView {
    let OperationProgress { total, left_out, result, .. } = operation;
    view! {
        <div class="notice" data-tone="cap" role="status">
            <Icon name="circle-check"/>
            <div>
                <p><b>{format!("Done: {}", grouped(total))}</b></p>
                {(!left_out.is_empty()).then(|| view! { <ul>{left_out.into_iter().map(left).collect_view()}</ul> })}
            </div>
        </div>
        {result.map(|result| view! { <p><a class="btn primary" href=result.href>{result.label}</a></p> })}
    }
}

fn left(LeftOutCount { reason, count }: LeftOutCount) -> impl IntoView {
    view! { <li>{format!("{} left out: {reason}.", grouped(count.into()))}</li> }
}
