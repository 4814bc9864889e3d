//! The list of guardians, and what can be done for several of them at once.

use backend::guardians::list::GuardianList;
use domain::authorization::policy::Permission;
use domain::guardians::bulk::{GuardianAction, GuardianFilter};
use domain::guardians::views::{AccountFilter, GuardianEntry};
use domain::lists::page::Page;
use leptos::prelude::*;

use crate::features::guardians::components::cap_path;
use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::cap::Cap;
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::table::{
    About, Column, ColumnWidth, Kind, LoadedRows, PrintedFilters, RowLayout, RowTick, Table, TableRows,
};

/// The address and name of the list, for pages below it.
pub const GUARDIANS_PAGE: (&str, &str) = ("/guardians", "Guardians");

/// The form that the ticks in the table belong to. A table can contain no form around it.
const FORM: &str = "bulk";

/// What the list shows besides its rows.
#[derive(Debug, Default)]
pub struct ListNotice {
    /// What was done to several guardians: "12 invitation codes queued."
    pub done: Option<String>,
    /// Why nothing was done.
    pub problem: Option<String>,
    /// What was to be done then, so that nobody chooses it again.
    pub chosen: Option<GuardianAction>,
}

/// The filter as a query in a web address (RFC 3986, section 3.4).
pub fn query(filter: &GuardianFilter) -> String {
    format!("q={}&account={}", in_query(&filter.words), filter.accounts.slug())
}

/// A page of the list as HTML.
pub fn list_page(
    page: OfficePage,
    filter: GuardianFilter,
    found: GuardianList,
    notice: ListNotice,
) -> String {
    let GuardianList { page: Page { rows, next }, total } = found;
    render(page, "Guardians", move || {
        let user = crate::features::office::layout::OfficeUser::get();
        let manages = user.may(Permission::ManageGuardians);
        let sees_accounts = user.may(Permission::ViewAccounts);
        let searched = filter != GuardianFilter::default();
        let lead = match total {
            1 if searched => "1 guardian matches.".to_owned(),
            many if searched => format!("{many} guardians match."),
            1 => "1 parent, carer or other contact of this school\u{2019}s students.".to_owned(),
            many => format!("{many} parents, carers and other contacts of this school\u{2019}s students."),
        };
        let more =
            next.map(|next| format!("/guardians?{}&after={}", query(&filter), in_query(&next.to_string())));
        let chosen_account = Some(filter.accounts).filter(|accounts| *accounts != AccountFilter::All);
        let on_paper: Vec<(&'static str, String)> = [
            ("Search", filter.words.clone()),
            ("Account", chosen_account.map(AccountFilter::label).unwrap_or_default().to_owned()),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
        let choices = AccountFilter::ALL
            .into_iter()
            .map(|filter| (filter.slug().to_owned(), filter.label().to_owned()))
            .collect::<Vec<_>>();
        let actions: Vec<_> =
            GuardianAction::ALL.into_iter().filter(|action| user.may(action.permission())).collect();
        let ticks = sees_accounts && !actions.is_empty() && total > 0;
        let bulk = ticks
            .then(|| view! { <Bulk filter=filter.clone() actions chosen=notice.chosen total searched/> });
        let rows: Vec<_> = rows.into_iter().map(|entry| (entry, ticks)).collect();
        view! {
            <PageHead title="Guardians" lead=move || lead.clone() actions=move || view! {
                {manages.then(|| view! { <a class="btn primary" href="/guardians/new"><Icon name="plus"/>"New user"</a> })}
            }/>
            {notice.done.map(|done| view! {
                <div class="notice" data-tone="blue" role="status"><Icon name="circle-check"/><p>{done}</p></div>
            })}
            {notice.problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <PrintedFilters set=Signal::stored(on_paper)/>
            <form class="filters" role="search" method="get" action="/guardians">
                <TextField id="q" label="Name, email, username or student" kind="search" value=filter.words grow=true/>
                {sees_accounts.then(|| view! { <SelectField id="account" label="Account" choices chosen=filter.accounts.slug()/> })}
                <button class="btn" type="submit"><Icon name="search"/>"Search"</button>
            </form>
            {bulk}
            <Table rows=TableRows::new(LoadedRows::new(&GUARDIANS, rows)) label="Guardians" empty=move || view! {
                <div class="empty">
                    {if searched {
                        view! {
                            <p><b>"No guardian matches this search"</b></p>
                            <p><a class="btn" href="/guardians">"Show all guardians"</a></p>
                        }.into_any()
                    } else {
                        view! {
                            <p><b>"There are no guardians yet"</b></p>
                            {manages.then(|| view! { <p><a class="btn primary" href="/guardians/new">"New user"</a></p> })}
                        }.into_any()
                    }}
                </div>
            }/>
            {more.map(|more| view! {
                <p class="no-print"><a class="btn" href=more>"More guardians"</a></p>
                <p class="on-paper">"There are more guardians that are not on this page."</p>
            })}
        }
    })
}

/// The form above the table: what to do, and to whom.
#[component]
fn Bulk(
    filter: GuardianFilter,
    actions: Vec<GuardianAction>,
    chosen: Option<GuardianAction>,
    total: u64,
    searched: bool,
) -> impl IntoView {
    let all = match (total, searched) {
        (1, _) => "The 1 guardian of this list".to_owned(),
        (many, true) => format!("All {many} guardians that match"),
        (many, false) => format!("All {many} guardians"),
    };
    let whom = vec![(String::new(), "Ticked guardians".to_owned()), ("yes".to_owned(), all)];
    let what = actions.into_iter().map(|action| (action.slug().to_owned(), action.label())).collect();
    view! {
        <form class="filters no-print" id=FORM method="post" action="/guardians/bulk" aria-label="Do something for several guardians">
            <input type="hidden" name="q" value=filter.words/>
            <input type="hidden" name="account" value=filter.accounts.slug()/>
            <SelectField id="all" label="For" choices=whom chosen=""/>
            <SelectField id="action" label="Do this" choices=what chosen=chosen.map_or("", GuardianAction::slug) grow=true/>
            <button class="btn" type="submit">"Continue"</button>
            <button class="btn quiet" type="button" data-tick="guardian" hidden>"Tick all on this page"</button>
        </form>
    }
    .into_any()
}

/// Stands where there is nothing to tell.
const NONE: &str = "\u{2013}";

/// The guardians of a school, each with whether the reader can tick them.
static GUARDIANS: Kind<(GuardianEntry, bool)> = Kind {
    about: About {
        slug: "guardians",
        one: "guardian",
        many: "guardians",
        margin: "Account",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(entry, _)| entry.person.0,
    name: |(entry, _)| entry.name.clone(),
    mark: Some(|row| row.drawn(mark)),
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.drawn(|(entry, _): &(GuardianEntry, bool)| {
                let href = format!("/guardians/{}", entry.person);
                view! { <a href=href><bdi>{entry.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("students", "Students", ColumnWidth::Grows(208), 1, |row| row.drawn(students)),
        Column::tells("email", "Email", ColumnWidth::Grows(208), 3, |row| {
            row.long(|(entry, _): &(GuardianEntry, bool)| {
                let none = if entry.addresses_hidden { "Hidden" } else { NONE };
                entry.email.clone().unwrap_or_else(|| none.to_owned())
            })
        }),
        Column::tells("username", "Username", ColumnWidth::Grows(144), 2, |row| {
            row.code(|(entry, _): &(GuardianEntry, bool)| {
                entry.username.clone().unwrap_or_else(|| NONE.to_owned())
            })
        })
        .labelled(),
        Column::tells("status", "Status", ColumnWidth::Fixed(192), 0, |row| {
            row.drawn(|(entry, _): &(GuardianEntry, bool)| match entry.status {
                Some(status) => view! { <StatusBadge status/> }.into_any(),
                None => NONE.into_any(),
            })
        }),
    ],
};

/// The tick and the cap.
fn mark((entry, ticks): &(GuardianEntry, bool)) -> AnyView {
    let tick = ticks.then(|| {
        view! { <RowTick form=FORM name="guardian" value=entry.person.to_string() whose=entry.name.clone()/> }
    });
    let cap = entry.status.map(|status| {
        let href = cap_path(entry.person, status).map(Signal::stored);
        view! { <Cap status name=entry.name.clone() href/> }
    });
    view! { <span class="marks">{tick}{cap}</span> }.into_any()
}

fn students((entry, _): &(GuardianEntry, bool)) -> AnyView {
    if entry.children.is_empty() {
        return view! { <span class="muted">"No student attached"</span> }.into_any();
    }
    entry
        .children
        .iter()
        .enumerate()
        .map(|(place, (person, name))| {
            let comma = (place > 0).then_some(", ");
            view! { {comma}<a class="any-length" href=format!("/students/{person}?tab=contacts")><bdi>{name.clone()}</bdi></a> }
        })
        .collect_view()
        .into_any()
}
