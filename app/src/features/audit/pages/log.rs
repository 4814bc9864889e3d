//! The audit log.

use backend::audit::list::{AuditFilter, AuditLine, Cursor};
use chrono::NaiveDate;
use domain::audit::AuditAction;
use leptos::prelude::*;

use crate::features::office::desk::{DeskPage, in_query, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::listing::Listing;
use crate::ui::page::PageHead;

/// A page of the log, as HTML, with the alerts that the reader has not seen on top; `next` is where the next page begins.
pub fn log_page(
    page: DeskPage,
    filter: AuditFilter,
    alerts: Vec<AuditLine>,
    lines: Vec<AuditLine>,
    next: Option<Cursor>,
) -> String {
    let unseen = page.me.alerts;
    render(page, "Audit log", move || {
        let lead = "Who did what, to whom, when and from where. Nobody can change these entries.";
        let empty = lines.is_empty();
        let query = query(&filter);
        let export =
            if query.is_empty() { "/audit/export".to_owned() } else { format!("/audit/export?{query}") };
        let and = if query.is_empty() { "" } else { "&" };
        let older = next.map(|next| format!("/audit?{query}{and}after={next}"));
        view! {
            <PageHead title="Audit log" lead=move || lead actions=move || view! {
                <form method="post" action=export.clone()>
                    <button class="btn" type="submit"><Icon name="download"/>"Export"</button>
                </form>
            }/>
            {(!alerts.is_empty()).then(|| view! { <Alerts alerts unseen/> })}
            <Filters filter/>
            {if empty {
                view! { <p role="status">"No entries match. "<a href="/audit">"Clear filters"</a></p> }.into_any()
            } else {
                view! { <Lines label="Audit log" lines/> }.into_any()
            }}
            {older.map(|older| view! { <p><a class="btn" href=older>"Older entries"</a></p> })}
        }
    })
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The filter as an address holds it (RFC 3986, section 3.4).
fn query(filter: &AuditFilter) -> String {
    [
        ("who", filter.who.clone()),
        ("what", filter.action.map(|action| action.slug().to_owned()).unwrap_or_default()),
        ("whom", filter.whom.clone()),
        ("from", day(filter.from)),
        ("until", day(filter.until)),
        ("alerts", filter.alerts_after.map(|_| "on".to_owned()).unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| format!("{name}={}", in_query(&value)))
    .collect::<Vec<_>>()
    .join("&")
}

/// What administrators are told about, until the reader says that they have seen it.
#[component]
fn Alerts(alerts: Vec<AuditLine>, unseen: usize) -> impl IntoView {
    let until = alerts.iter().filter_map(|alert| alert.sequence).max();
    let title = match unseen {
        1 => "1 new alert".to_owned(),
        many => format!("{many} new alerts"),
    };
    let more = unseen > alerts.len();
    view! {
        <h2 class="gap-m">{title}</h2>
        <Lines label="New alerts" lines=alerts/>
        <form class="row gap-s" method="post" action="/audit/alerts/seen">
            <input type="hidden" name="until" value=until/>
            <button class="btn" type="submit"><Icon name="check"/>"Mark as seen"</button>
            {more.then(|| view! { <a href="/audit?alerts=on">"All alerts"</a> })}
        </form>
    }
    .into_any()
}

#[component]
fn Filters(filter: AuditFilter) -> impl IntoView {
    let mut actions =
        AuditAction::ALL.map(|action| (action.slug().to_owned(), action.sentence().to_owned())).to_vec();
    actions.sort_by(|one, other| one.1.cmp(&other.1));
    actions.insert(0, (String::new(), "Anything".to_owned()));
    let chosen = filter.action.map_or("", AuditAction::slug);
    view! {
        <form class="filters" method="get" action="/audit" aria-label="Filter the audit log">
            <TextField id="who" label="Who" kind="search" value=filter.who grow=true/>
            <SelectField id="what" label="What" choices=actions chosen/>
            <TextField id="whom" label="About" kind="search" value=filter.whom grow=true/>
            <TextField id="from" label="From" kind="date" value=day(filter.from)/>
            <TextField id="until" label="Until" kind="date" value=day(filter.until)/>
            <label class="choice">
                <input type="checkbox" name="alerts" checked=filter.alerts_after.is_some()/><span>"Alerts only"</span>
            </label>
            <button class="btn primary" type="submit">"Filter"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Lines(label: &'static str, lines: Vec<AuditLine>) -> impl IntoView {
    let rows = lines.into_iter().map(|line| view! { <Line line/> }).collect_view();
    view! {
        <Listing label=label margin="Number" columns=&["When", "Who", "What", "About", "IP address", "Details"]>{rows}</Listing>
    }
    .into_any()
}

#[component]
fn Line(line: AuditLine) -> impl IntoView {
    let number = line.sequence.map(|number| number.to_string()).unwrap_or_default();
    let whom = line.whom.map(
        |(person, name)| view! { <a class="nowrap" href=format!("/students/{person}")><bdi>{name}</bdi></a> },
    );
    let named = line.in_name_of.map(|name| view! { " on behalf of "<bdi>{name}</bdi> });
    view! {
        <tr role="row">
            <td role="cell" class="m">{number}</td>
            <th role="rowheader" scope="row">
                <time datetime=line.at.to_rfc3339()>{line.at.format("%-d %b %Y %H:%M:%S").to_string()}</time>
            </th>
            <td role="cell"><bdi class="nowrap">{line.who.unwrap_or_else(|| "Greencap".to_owned())}</bdi>{named}</td>
            <td role="cell">{line.action.sentence()}</td>
            <td role="cell">{whom}</td>
            <td role="cell"><span class="code nowrap">{line.source.unwrap_or_else(|| "This server".to_owned())}</span></td>
            <td role="cell">{line.details.join("; ")}</td>
        </tr>
    }
    .into_any()
}
