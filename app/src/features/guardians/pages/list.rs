//! The list of guardians.

use domain::authorization::policy::Permission;
use domain::guardians::views::{AccountFilter, GuardianEntry};
use domain::lists::page::Page;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, in_query, render};
use crate::ui::cap::CapDrawing;
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::page::PageHead;
use crate::ui::status::StatusBadge;
use crate::ui::table::{
    About, Column, ColumnWidth, Kind, LoadedRows, PrintedFilters, RowLayout, Table, TableRows,
};

/// The address and name of the list, for pages below it.
pub const GUARDIANS_PAGE: (&str, &str) = ("/guardians", "Guardians");

/// What was searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GuardianSearch {
    /// Words of a name, email, username or child.
    pub words: String,
    /// By account.
    pub accounts: AccountFilter,
}

impl GuardianSearch {
    fn query(&self) -> String {
        format!("q={}&account={}", in_query(&self.words), self.accounts.slug())
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A page of the list as HTML.
pub fn list_page(page: OfficePage, search: GuardianSearch, found: Page<GuardianEntry>) -> String {
    let Page { rows, next } = found;
    render(page, "Guardians", move || {
        let user = crate::features::office::layout::OfficeUser::get();
        let manages = user.may(Permission::ManageGuardians);
        let sees_accounts = user.may(Permission::ViewAccounts);
        let lead = "Parents, carers and other contacts of this school\u{2019}s students.";
        let more =
            next.map(|next| format!("/guardians?{}&after={}", search.query(), in_query(&next.to_string())));
        let searched = !search.is_empty();
        let on_paper: Vec<(&'static str, String)> = [
            ("Search", search.words.clone()),
            (
                "Account",
                if search.accounts == AccountFilter::All {
                    String::new()
                } else {
                    search.accounts.label().to_owned()
                },
            ),
        ]
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .collect();
        let choices = AccountFilter::ALL
            .into_iter()
            .map(|filter| (filter.slug().to_owned(), filter.label().to_owned()))
            .collect::<Vec<_>>();
        view! {
            <PageHead title="Guardians" lead=move || lead actions=move || view! {
                {manages.then(|| view! { <a class="btn primary" href="/guardians/new"><Icon name="plus"/>"New user"</a> })}
            }/>
            <PrintedFilters set=Signal::stored(on_paper)/>
            <form class="filters" role="search" method="get" action="/guardians">
                <TextField id="q" label="Name, email, username or student" kind="search" value=search.words grow=true/>
                {sees_accounts.then(|| view! { <SelectField id="account" label="Account" choices chosen=search.accounts.slug()/> })}
                <button class="btn" type="submit"><Icon name="search"/>"Search"</button>
            </form>
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

/// Stands where there is nothing to tell.
const NONE: &str = "\u{2013}";

/// The guardians of a school.
static GUARDIANS: Kind<GuardianEntry> = Kind {
    about: About {
        slug: "guardians",
        one: "guardian",
        many: "guardians",
        margin: "Account",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |entry| entry.person.0,
    name: |entry| entry.name.clone(),
    mark: Some(|row| row.drawn(cap)),
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.drawn(|entry: &GuardianEntry| {
                let href = format!("/guardians/{}", entry.person);
                view! { <a href=href><bdi>{entry.name.clone()}</bdi></a> }.into_any()
            })
        }),
        Column::tells("students", "Students", ColumnWidth::Grows(208), 1, |row| row.drawn(students)),
        Column::tells("email", "Email", ColumnWidth::Grows(208), 3, |row| {
            row.long(|entry: &GuardianEntry| entry.email.clone().unwrap_or_else(|| NONE.to_owned()))
        }),
        Column::tells("username", "Username", ColumnWidth::Grows(144), 2, |row| {
            row.code(|entry: &GuardianEntry| entry.username.clone().unwrap_or_else(|| NONE.to_owned()))
        })
        .labelled(),
        Column::tells("status", "Status", ColumnWidth::Fixed(192), 0, |row| {
            row.drawn(|entry: &GuardianEntry| match entry.status {
                Some(status) => view! { <StatusBadge status/> }.into_any(),
                None => NONE.into_any(),
            })
        }),
    ],
};

fn cap(entry: &GuardianEntry) -> AnyView {
    if entry.status.is_none() {
        return ().into_any();
    }
    let has = entry.username.is_some();
    let says = format!("{} {}", entry.name, if has { "has an account" } else { "has no account" });
    view! { <span class="cap" data-has=has.then_some("")><CapDrawing has/><span class="vh">{says}</span></span> }
        .into_any()
}

fn students(entry: &GuardianEntry) -> AnyView {
    if entry.children.is_empty() {
        return view! { <span class="muted">"No student attached"</span> }.into_any();
    }
    entry
        .children
        .iter()
        .enumerate()
        .map(|(place, (person, name))| {
            let comma = (place > 0).then_some(", ");
            view! { {comma}<a class="nowrap" href=format!("/students/{person}?tab=contacts")><bdi>{name.clone()}</bdi></a> }
        })
        .collect_view()
        .into_any()
}
