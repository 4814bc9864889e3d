//! The log: a strip of figures that filter, and the rows under it.

use domain::ids::ImportId;
use domain::imports::outcome::Outcome;
use domain::imports::plan::PlanCounts;
use domain::imports::views::{LogPage, NamedLogLine};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::error::AppResult;
use crate::features::imports::api::import_log;
use crate::ui::icon::Icon;
use crate::ui::load::Load;
use crate::ui::memo::{Derived, memo};

/// How an outcome is drawn: its icon, its tone, the tint of its row.
fn drawing(outcome: Outcome) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match outcome {
        Outcome::Added => ("circle-plus", None, None),
        Outcome::Updated => ("pencil", Some("blue"), None),
        Outcome::Unchanged => ("check", None, None),
        Outcome::Skipped => ("circle-minus", None, None),
        Outcome::Rejected => ("circle-alert", Some("red"), Some("red")),
    }
}

/// The outcome that the address names.
fn chosen() -> Derived<Option<Outcome>> {
    let query = use_query_map();
    memo(move || query.with(|query| query.get("outcome").and_then(|slug| Outcome::from_slug(&slug))))
}

/// Rows by outcome; each figure shows its rows alone.
#[component]
pub fn LogTally(
    /// The figures.
    counts: PlanCounts,
    /// What they are figures of.
    label: &'static str,
) -> impl IntoView {
    let chosen = chosen();
    let current = move |of: Option<Outcome>| move || (chosen.get() == of).then_some("true");
    view! {
        <ul class="summary" role="list" aria-label=label>
            <li><a href="?" aria-current=current(None)>
                <span class="n">{counts.total()}</span>
                <span class="what"><Icon name="layers"/>"All rows"</span>
            </a></li>
            {Outcome::ALL.into_iter().map(|outcome| {
                let count = counts.of(outcome);
                let (icon, tone, _) = drawing(outcome);
                view! {
                    <li data-tone=tone.filter(|_| count > 0)>
                        <a href=format!("?outcome={}", outcome.slug()) aria-current=current(Some(outcome))>
                            <span class="n">{count}</span>
                            <span class="what"><Icon name=icon/>{outcome.label()}</span>
                        </a>
                    </li>
                }
            }).collect_view()}
        </ul>
    }
}

/// The buttons that save the log as a file.
#[component]
pub fn LogFiles(
    /// Whose log.
    import: ImportId,
    /// Its figures.
    counts: PlanCounts,
) -> impl IntoView {
    view! {
        <form class="row gap-s" method="post" action=format!("/imports/{import}/log")>
            {(counts.rejected > 0).then(|| view! {
                <button class="btn" type="submit" name="outcome" value=Outcome::Rejected.slug()>
                    <Icon name="download"/>"Download rejected rows"
                </button>
            })}
            <button class="btn" type="submit"><Icon name="download"/>"Download the log"</button>
        </form>
    }
}

/// The rows of the log, a hundred at a time.
#[component]
pub fn Log(
    /// Whose log.
    import: ImportId,
    /// Changes when the log was written again.
    version: String,
) -> impl IntoView {
    let chosen = chosen();
    let query = use_query_map();
    let after = memo(move || {
        query.with(|query| query.get("after").and_then(|after| after.parse::<u32>().ok()).unwrap_or(0))
    });
    let page: Resource<AppResult<LogPage>> = Resource::new(
        move || (chosen.get(), after.get(), version.clone()),
        move |(outcome, after, _)| import_log(import, outcome, after),
    );
    view! {
        <div class="register-frame bleed gap-m">
            <Load resource=page view=move |page: LogPage| {
                let filter = chosen.get_untracked().map_or_else(String::new, |outcome| format!("outcome={}&", outcome.slug()));
                let is_first = after.get_untracked() == 0;
                view! { <Rows page filter is_first/> }
            }/>
        </div>
    }
}

#[component]
fn Rows(page: LogPage, filter: String, is_first: bool) -> impl IntoView {
    let range = match (page.lines.first(), page.lines.last()) {
        (Some(first), Some(last)) => format!("Rows {} to {} of the file.", first.line.row, last.line.row),
        _ => "No rows.".to_owned(),
    };
    let first_href = format!("?{filter}").trim_end_matches('&').to_owned();
    view! {
        <table role="table" class="register" aria-label="Import log">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col" class="m"><span class="vh">"Outcome"</span></th>
                    <th role="columnheader" scope="col">"Row"</th>
                    <th role="columnheader" scope="col">"Result"</th>
                    <th role="columnheader" scope="col">"Name"</th>
                    <th role="columnheader" scope="col">"Admission number"</th>
                    <th role="columnheader" scope="col">"What happened"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {page.lines.into_iter().map(|named| view! { <Row named/> }).collect_view()}
            </tbody>
        </table>
        <p class="register-foot in-page">
            <span>{range}" The log is kept for 30 days."</span>
            {(!is_first).then(|| view! { <a href=first_href>"First rows"</a> })}
            {page.next.map(|next| view! { <a href=format!("?{filter}after={next}")>"Next rows"</a> })}
        </p>
    }
}

#[component]
fn Row(named: NamedLogLine) -> impl IntoView {
    let NamedLogLine { name, line } = named;
    let (icon, tone, flag) = drawing(line.outcome);
    view! {
        <tr role="row" data-flag=flag>
            <td role="cell" class="m"><span class="margin-badge" data-tone=tone><Icon name=icon/></span></td>
            <td role="cell">{line.row}</td>
            <td role="cell">{line.outcome.label()}</td>
            <th role="rowheader" scope="row">{name}</th>
            <td role="cell">{line.key}</td>
            <td role="cell">
                {parts(&line.message).into_iter().map(|(text, is_new)| {
                    if is_new { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() }
                }).collect_view()}
            </td>
        </tr>
    }
}

/// A sentence of the log in parts; the values that are new are marked.
fn parts(message: &str) -> Vec<(String, bool)> {
    let mut parts = Vec::new();
    let mut rest = message;
    while let Some((before, after)) = rest.split_once("to \u{201c}") {
        let Some((value, after)) = after.split_once('\u{201d}') else { break };
        parts.push((format!("{before}to "), false));
        parts.push((value.to_owned(), true));
        rest = after;
    }
    parts.push((rest.to_owned(), false));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_values_are_marked_and_old_ones_are_not() {
        let message = "Year group changed from \u{201c}8\u{201d} to \u{201c}9\u{201d}; Email set to \u{201c}a@b.example\u{201d}.";
        let marked: Vec<String> =
            parts(message).into_iter().filter(|(_, new)| *new).map(|(text, _)| text).collect();
        assert_eq!(marked, ["9", "a@b.example"]);
        let whole: String = parts("No difference from the roll.").into_iter().map(|(text, _)| text).collect();
        assert_eq!(whole, "No difference from the roll.");
    }
}
