//! Step 4: what happened.

use domain::access::policy::Permission;
use domain::imports::views::ImportView;
use leptos::prelude::*;

use super::{Log, LogTally, Step, Steps};
use crate::ui::icon::Icon;
use crate::ui::layout::Desk;
use crate::ui::page::PageHead;

/// The log of an import that is on the roll, and the way on.
#[component]
pub fn ImportResult(
    /// The import.
    import: ImportView,
) -> impl IntoView {
    let desk = Desk::get();
    let counts = import.counts.unwrap_or_default();
    let id = import.id;
    let when = import.committed_at.map(|at| desk.0.with_value(|me| me.words().short(at))).unwrap_or_default();
    let lead = format!("{}, {} rows. Finished: {when}.", import.file_name, import.row_count);
    let version = import.plan.map(|plan| plan.to_string()).unwrap_or_default();
    let makes_accounts = desk.may(Permission::ManageAccounts) && counts.added > 0;
    view! {
        <PageHead
            title="Import students"
            mark=|| view! { <Icon name="table-2"/> }
            lead=move || lead.clone()
            steps=|| view! { <Steps now=Step::Result/> }
        />
        <LogTally counts label="Result of the import"/>
        <p class="row gap-s">
            {(counts.rejected > 0).then(|| view! {
                <a class="btn" href=format!("/imports/{id}/log.csv?outcome=rejected") rel="external" download="">
                    <Icon name="download"/>"Download rejected rows"
                </a>
            })}
            <a class="btn" href=format!("/imports/{id}/log.csv") rel="external" download=""><Icon name="download"/>"Download the log"</a>
        </p>
        <Log import=id version/>
        <div class="actionbar bleed">
            {makes_accounts.then(|| view! { <a class="btn primary" href="/accounts/new"><Icon name="plus"/>"New"</a> })}
            <a class="btn" href="/imports">"Close"</a>
            <span class="say">
                {match counts.added {
                    0 => "The roll is up to date.".to_owned(),
                    1 => "1 new student has no account yet. New makes it.".to_owned(),
                    many => format!("{many} new students have no account yet. New makes them."),
                }}
            </span>
        </div>
    }
}
