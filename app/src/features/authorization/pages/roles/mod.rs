//! Roles: who has which, kinds of role, and why someone can or cannot do something.

mod holders;
mod invite;
mod kinds;
mod person;
mod why;

pub use holders::{holders_page, place};
pub use invite::invite_page;
pub use kinds::{KindForm, kind_page, kinds_page};
pub use person::person_page;
pub use why::{PermissionQuestion, why_page};

use backend::authorization::roles::holders::Holder;
use backend::authorization::roles::people::AccountHolder;
use domain::authorization::role::{RoleValidity, ValidityPeriod};
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::page::Tabs;
use crate::ui::field::TextField;

/// The tabs of these pages.
#[component]
fn RoleTabs(current: &'static str) -> impl IntoView {
    const TABS: &[(&str, &str)] = &[
        ("/roles", "People with roles"),
        ("/roles/kinds", "Roles and permissions"),
        ("/roles/why", "Check permissions"),
    ];
    view! { <Tabs name="Roles" tabs=TABS current/> }
}

/// The search for a person, and the results; a name links to `to` followed by the person's id.
#[component]
fn FindPerson(
    /// The page that runs the search.
    action: &'static str,
    /// Where a name links to, without the id.
    to: &'static str,
    /// What was typed.
    words: String,
    /// The search results.
    found: Vec<AccountHolder>,
) -> impl IntoView {
    let asked = !words.trim().is_empty();
    let nobody = asked && found.is_empty();
    let lines = found
        .into_iter()
        .map(|found| {
            view! {
                <li>
                    <a href=format!("{to}{}", found.person)><bdi>{found.name}</bdi></a>" "
                    <span class="code">{found.username}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <form class="filters" method="get" action=action role="search">
            <TextField id="q" label="Find someone with an account" kind="search" value=words grow=true/>
            <button class="btn" type="submit">"Find"</button>
        </form>
        {nobody.then(|| view! { <p role="status">"Nobody with an account has this name or username. Create accounts for students under User accounts, and invite colleagues here."</p> })}
        <ul>{lines}</ul>
    }
    .into_any()
}

/// From when until when someone holds a role.
pub fn in_words(held: &Holder) -> String {
    validity_period(held.term, held.holds)
}

/// "Until 31 July 2027", depending on whether it is valid today.
fn validity_period(term: ValidityPeriod, holds: RoleValidity) -> String {
    match (holds, term.from(), term.until()) {
        (RoleValidity::NotYet(day), _, None) => format!("From {}", long_day(day)),
        (RoleValidity::NotYet(from), _, Some(until)) => {
            format!("From {} until {}", long_day(from), long_day(until))
        }
        (RoleValidity::Ended(day), ..) => format!("Ended {}", long_day(day)),
        (RoleValidity::Now, _, Some(until)) => format!("Until {}", long_day(until)),
        (RoleValidity::Now, Some(from), None) => format!("Since {}", long_day(from)),
        (RoleValidity::Now, None, None) => "No end date".to_owned(),
    }
}
