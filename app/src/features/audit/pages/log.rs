//! The audit log.

use backend::audit::list::{AuditFilter, AuditLine};
use chrono::NaiveDate;
use domain::audit::AuditAction;
use domain::lists::page::Page;
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::table::{
    About, Column, ColumnWidth, Kind, LoadedRows, PrintedFilters, RowLayout, Table, TableRows,
};

/// A page of the log as HTML, with alerts that the reader has not seen at the top.
pub fn log_page(
    page: OfficePage,
    filter: AuditFilter,
    alerts: Vec<AuditLine>,
    log: Page<AuditLine>,
) -> String {
    let Page { rows: lines, next } = log;
    let unseen = page.me.alerts;
    render(page, "Audit log", move || {
        let lead = "Who did what, to whom, when and from where. Nobody can change these entries.";
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
            <PrintedFilters set=Signal::stored(on_paper(&filter))/>
            <Filters filter/>
            <Table rows=TableRows::new(LoadedRows::new(&LOG, lines)) label="Audit log" empty=|| view! {
                <p role="status">"No entries match. "<a href="/audit">"Clear filters"</a></p>
            }/>
            {older.map(|older| view! {
                <p class="no-print"><a class="btn" href=older>"Older entries"</a></p>
                <p class="on-paper">"There are older entries that are not on this page. Export the log to get all of them."</p>
            })}
        }
    })
}

fn day(day: Option<NaiveDate>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// The filter as a query in a web address (RFC 3986, section 3.4).
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

/// The filters that are set, for the printed page.
fn on_paper(filter: &AuditFilter) -> Vec<(&'static str, String)> {
    [
        ("Who", filter.who.clone()),
        ("What", filter.action.map(|action| action.sentence().to_owned()).unwrap_or_default()),
        ("About", filter.whom.clone()),
        ("From", filter.from.map(long_day).unwrap_or_default()),
        ("Until", filter.until.map(long_day).unwrap_or_default()),
        ("Alerts only", filter.alerts_after.map(|_| "yes".to_owned()).unwrap_or_default()),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .collect()
}

/// Alerts for administrators, until they are marked as seen.
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
        <Table rows=TableRows::new(LoadedRows::new(&LOG, alerts)) label="New alerts" empty=|| ()/>
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

/// The entries in the log.
static LOG: Kind<AuditLine> = Kind {
    about: About {
        slug: "audit-log",
        one: "entry",
        many: "entries",
        margin: "Number",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |line| line.moment.id,
    name: |line| line.action.sentence().to_owned(),
    mark: Some(|row| row.text(|line| line.sequence.map(|number| number.to_string()).unwrap_or_default())),
    flag: None,
    columns: &[
        Column::names("when", "When", ColumnWidth::Fixed(160), |row| {
            row.drawn(|line| {
                let words = line.at.format("%-d %b %Y %H:%M:%S").to_string();
                view! { <time datetime=line.at.to_rfc3339()>{words}</time> }.into_any()
            })
        }),
        Column::tells("who", "Who", ColumnWidth::Grows(128), 1, |row| {
            row.drawn(|line| {
                let who = line.who.clone().unwrap_or_else(|| "Greencap".to_owned());
                let named = line.in_name_of.clone().map(|name| view! { " on behalf of "<bdi>{name}</bdi> });
                view! { <bdi class="nowrap">{who}</bdi>{named} }.into_any()
            })
        }),
        Column::tells("what", "What", ColumnWidth::Grows(128), 0, |row| {
            row.text(|line| line.action.sentence().to_owned())
        }),
        Column::tells("whom", "About", ColumnWidth::Grows(128), 2, |row| {
            row.drawn(|line| {
                let pages = line.whom_at;
                let whom = line.whom.clone().map(|(person, name)| {
                    view! { <a class="nowrap" href=format!("{pages}/{person}")><bdi>{name}</bdi></a> }
                });
                whom.into_any()
            })
        }),
        Column::tells("source", "IP address", ColumnWidth::Fixed(144), 4, |row| {
            row.drawn(|line| {
                let source = line.source.clone().unwrap_or_else(|| "This server".to_owned());
                view! { <span class="code nowrap">{source}</span> }.into_any()
            })
        }),
        Column::tells("details", "Details", ColumnWidth::Grows(128), 3, |row| {
            row.text(|line| line.details.join("; "))
        }),
    ],
};
