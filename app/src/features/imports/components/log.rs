//! The log: figures that filter, and the rows below them.

use domain::ids::ImportId;
use domain::imports::kind::ImportDeclaration;
use domain::imports::outcome::{LogFilter, RowOutcome};
use domain::imports::plan::PlanCounts;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::columns::{LOG, LogRow, drawing};
use crate::error::AppError;
use crate::features::imports::api::import_log;
use crate::ui::icon::Icon;
use crate::ui::memo::{Derived, memo};
use crate::ui::table::{Paged, Table, TableRows};

/// The id of the figures.
pub(super) const SUMMARY: &str = "summary";

/// The filter in the page's address.
fn chosen() -> Derived<Option<LogFilter>> {
    let query = use_query_map();
    memo(move || query.with(|query| query.get("outcome").and_then(|slug| LogFilter::from_slug(&slug))))
}

/// The number of rows with each outcome. Each figure filters the log.
#[component]
pub fn LogTally(
    /// The counts.
    counts: PlanCounts,
    /// The label of the figures.
    label: &'static str,
) -> impl IntoView {
    let chosen = chosen();
    let is_shown = move |outcome: &RowOutcome| !outcome.is_rare() || counts.of(*outcome) > 0;
    let current = move |of: Option<LogFilter>| move || (chosen.get() == of).then_some("true");
    view! {
        <ul class="summary" id=SUMMARY tabindex="-1" role="list" aria-label=label>
            <li><a href="?" aria-current=current(None)>
                <span class="n">{counts.total()}</span>
                <span class="what"><Icon name="layers"/>"All rows"</span>
            </a></li>
            {RowOutcome::ALL.into_iter().filter(is_shown).map(|outcome| {
                let count = counts.shown(outcome.into());
                let (icon, tone, _) = drawing(outcome);
                view! {
                    <li data-tone=tone.filter(|_| count > 0)>
                        <a href=format!("?outcome={}", outcome.slug()) aria-current=current(Some(outcome.into()))>
                            <span class="n">{count}</span>
                            <span class="what"><Icon name=icon/>{outcome.label()}</span>
                        </a>
                    </li>
                }
            }).collect_view()}
            {(counts.left_out > 0).then(|| view! {
                <li data-tone="amber">
                    <a href=format!("?outcome={}", LogFilter::LeftOut.slug()) aria-current=current(Some(LogFilter::LeftOut))>
                        <span class="n">{counts.left_out}</span>
                        <span class="what"><Icon name="triangle-alert"/>"Field left out"</span>
                    </a>
                </li>
            })}
        </ul>
        <p class="muted">{counts.sum()}</p>
    }
}

/// The buttons that download the log.
#[component]
pub fn LogFiles(
    /// The import.
    import: ImportId,
    /// Its counts.
    counts: PlanCounts,
) -> impl IntoView {
    view! {
        <form class="row gap-s" method="post" action=format!("/imports/{import}/log")>
            {(counts.rejected > 0).then(|| view! {
                <button class="btn" type="submit" name="outcome" value=RowOutcome::Rejected.slug()>
                    <Icon name="download"/>"Download rejected rows"
                </button>
            })}
            {(counts.left_out > 0).then(|| view! {
                <button class="btn" type="submit" name="outcome" value=LogFilter::LeftOut.slug()>
                    <Icon name="download"/>"Download rows with a field left out"
                </button>
            })}
            <button class="btn" type="submit"><Icon name="download"/>"Download log"</button>
        </form>
    }
}

/// The rows of the log.
#[component]
pub fn Log(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportId,
    /// Changes whenever the log does.
    version: String,
) -> impl IntoView {
    let chosen = chosen();
    let version = StoredValue::new(version);
    let rows = Paged::new(
        &LOG,
        move || (chosen.get(), version.get_value()),
        move |(filter, _), after| async move {
            let page = import_log(import, filter, after).await?;
            Ok::<_, AppError>(page.map(|named| LogRow { kind: kind.into(), named }))
        },
    );
    let rows = TableRows::new(rows.headed("number", kind.label(kind.key)));
    view! {
        <Table rows label="Import log" empty=|| view! { <p class="muted">"No rows."</p> }/>
        <p class="muted">"The log is kept for 30 days."</p>
    }
}
