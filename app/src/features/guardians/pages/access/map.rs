//! The access map of a child.

use backend::guardians::access::map::{AccessMap, AdultAccess, GrantLine};
use chrono::NaiveDate;
use domain::authorization::role::RoleValidity;
use domain::ids::PersonId;
use domain::when::long_day;
use leptos::prelude::*;

use super::period;
use super::restrictions::Restrictions;
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// Who can see what of a child, as HTML. `told` is what a restriction ended that was just recorded; `problem` why nothing was
/// changed.
pub fn map_page(page: OfficePage, map: AccessMap, told: Option<String>, problem: Option<String>) -> String {
    let title = format!("Who sees {}", map.name);
    let head = if problem.is_some() { format!("Error: {title}") } else { title.clone() };
    render(page, head, move || {
        let child = map.child;
        let rows: Vec<MapRow> = map
            .adults
            .iter()
            .map(|adult| MapRow { child, adult: adult.clone(), may_manage: map.may_manage })
            .collect();
        let may_restrict = map.may_restrict;
        let lead = "What the adults of this student see in the portal, on what ground, and when they last looked. Students always see their own.";
        view! {
            <PageHead title lead=move || lead up=Some(("/students", "Students")) actions=move || view! {
                <a class="btn" href=format!("/students/{child}") rel="external">"Open record"</a>
                {may_restrict.then(|| view! {
                    <a class="btn" href=format!("/students/{child}/access/restrict")>"Record a restriction"</a>
                })}
            }/>
            {told.map(|told| view! { <Notice tone="blue" title="Restriction recorded"><p>{told}</p></Notice> })}
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {(!map.shared_mailboxes.is_empty()).then(|| view! {
                <Notice tone="amber" title="Somebody who must not see this student shares a mailbox">
                    <p>{shared(&map.shared_mailboxes)}</p>
                </Notice>
            })}
            {map.of_age.map(|(day, has_come)| view! { <p>{of_age(day, has_come)}</p> })}
            <Table rows=TableRows::new(LoadedRows::new(&ADULTS, rows)) label="Adults" empty=|| view! {
                <p class="muted">"No adult sees anything of this student. Add a contact on the student\u{2019}s record first."</p>
            }/>
            <p class="muted">"Staff see the record by their roles: see "<a href="/roles">"Roles"</a>". Guardians never see each other\u{2019}s contact details."</p>
            {may_restrict.then(|| view! { <Restrictions child lines=map.restrictions approvers=map.approvers today=map.today/> })}
        }
    })
}

/// What becomes of a mailbox that a restricted adult reads too.
fn shared(people: &[String]) -> String {
    format!(
        "It is also the mailbox of: {}. While the restriction is in force, nothing is sent to them there, and it resets no password of theirs. Enter an email address of their own on their records.",
        people.join(", ")
    )
}

/// What coming of age means for the table.
fn of_age(day: NaiveDate, has_come: bool) -> String {
    let day = long_day(day);
    if has_come {
        format!(
            "The student is of age: since {day} only their consent, or a court, opens their portal to adults."
        )
    } else {
        format!(
            "From {day} on the student decides. What is not by a court order ends then, unless the student lets the adult keep it."
        )
    }
}

/// An adult in the table.
#[derive(Debug, Clone, PartialEq)]
struct MapRow {
    child: PersonId,
    adult: AdultAccess,
    may_manage: bool,
}

static ADULTS: Kind<MapRow> = Kind {
    about: About {
        slug: "access-map",
        one: "adult",
        many: "adults",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| row.adult.adult.0,
    name: |row| row.adult.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("adult", "Adult", ColumnWidth::Grows(160), |row| {
            row.drawn(|row| {
                let path = format!("/guardians/{}", row.adult.adult);
                view! { <a href=path>{row.adult.name.clone()}</a> }.into_any()
            })
        }),
        Column::tells("relationship", "Relationship", ColumnWidth::Grows(160), 0, |row| {
            row.text(|row| relationship(&row.adult))
        }),
        Column::tells("sees", "Sees", ColumnWidth::Grows(272), 0, |row| row.drawn(|row| sees(&row.adult))),
        Column::tells("account", "Account", ColumnWidth::Fixed(128), 2, |row| {
            row.text(|row| account(&row.adult).to_owned())
        }),
        Column::tells("looked", "Last looked", ColumnWidth::Fixed(160), 1, |row| {
            row.text(|row: &MapRow| row.adult.last_looked.map_or_else(|| "Never".to_owned(), long_day))
        })
        .labelled(),
        Column::acts(112, |row| row.drawn(change)),
    ],
};

fn relationship(adult: &AdultAccess) -> String {
    let Some(relationship) = adult.relationship else { return "No contact any more".to_owned() };
    match adult.responsible {
        Some(true) => format!("{}, has parental responsibility", relationship.label()),
        Some(false) => format!("{}, no parental responsibility", relationship.label()),
        None => relationship.label().to_owned(),
    }
}

fn account(adult: &AdultAccess) -> &'static str {
    match (adult.has_account, adult.signs_in) {
        (_, true) => "Signs in",
        (true, false) => "Not active",
        (false, _) => "No account",
    }
}

fn sees(adult: &AdultAccess) -> AnyView {
    let restricted = adult.is_restricted.then(|| {
        view! { <span class="row"><Icon name="ban"/><b>"Access is restricted"</b></span> }
    });
    if adult.grants.is_empty() && !adult.is_restricted {
        return view! { <span class="muted">"Nothing"</span> }.into_any();
    }
    let open = grouped(&adult.grants)
        .into_iter()
        .map(|(scopes, why)| view! { <span>{scopes}<br/><small class="muted">{why}</small></span><br/> })
        .collect_view();
    view! { {restricted}{open} }.into_any()
}

/// Parts with the same ground and days are said together.
fn grouped(grants: &[GrantLine]) -> Vec<(String, String)> {
    let mut groups: Vec<(Vec<&str>, String)> = Vec::new();
    for grant in grants {
        let ended = matches!(grant.holds, RoleValidity::Ended(_));
        let why = format!("{}, {}", grant.ground.label(), period(grant.since, grant.until, grant.holds));
        let why = if ended { format!("{why} (ended)") } else { why };
        match groups.iter_mut().find(|(_, other)| *other == why) {
            Some((scopes, _)) => scopes.push(grant.scope.label()),
            None => groups.push((vec![grant.scope.label()], why)),
        }
    }
    groups.into_iter().map(|(scopes, why)| (scopes.join(", "), why)).collect()
}

fn change(row: &MapRow) -> AnyView {
    let path = format!("/guardians/{}/access?child={}", row.adult.adult, row.child);
    let label = format!("Change what {} sees", row.adult.name);
    row.may_manage.then(|| view! { <a class="btn small" href=path aria-label=label>"Change"</a> }).into_any()
}
