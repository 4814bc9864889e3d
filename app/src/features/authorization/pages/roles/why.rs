//! Why someone can or cannot do something.

use backend::authorization::roles::people::AccountHolder;
use backend::authorization::roles::why::PermissionAnswer;
use domain::authorization::permission::Permission;
use domain::ids::PersonId;
use domain::roll::school::SchoolView;
use leptos::prelude::*;

use super::{FindPerson, RoleTabs};
use crate::features::office::page::{OfficePage, render};
use crate::ui::field::SelectField;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// A question about permissions, complete or not.
#[derive(Debug, Clone, Default)]
pub struct PermissionQuestion {
    /// The search words.
    pub words: String,
    /// The search results.
    pub found: Vec<AccountHolder>,
    /// The person, with their name.
    pub person: Option<(PersonId, String)>,
    /// The permission.
    pub action: String,
    /// The school; `all` for all schools.
    pub school: String,
}

/// The question and, once it is complete, the answer, as HTML.
pub fn why_page(
    page: OfficePage,
    question: PermissionQuestion,
    schools: Vec<SchoolView>,
    answer: Option<PermissionAnswer>,
) -> String {
    render(page, "Check permissions", move || {
        let lead = "See what someone can do, and why.";
        view! {
            <PageHead title="Check permissions" lead=move || lead up=Some(("/roles", "Roles"))/>
            <RoleTabs current="/roles/why"/>
            {match question.person.clone() {
                None => view! {
                    <FindPerson action="/roles/why" to="/roles/why?person=" words=question.words found=question.found/>
                }.into_any(),
                Some((person, name)) => view! {
                    <Ask person name action=question.action school=question.school schools/>
                    {answer.map(|answer| view! { <Told answer person/> })}
                }.into_any(),
            }}
        }
    })
}

#[component]
fn Ask(
    person: PersonId,
    name: String,
    action: String,
    school: String,
    schools: Vec<SchoolView>,
) -> impl IntoView {
    let actions =
        Permission::ALL.map(|permission| (permission.slug().to_owned(), permission.label().to_owned()));
    let schools = schools.into_iter().map(|school| (school.id.to_string(), school.name));
    let schools = schools.chain([("all".to_owned(), "All schools".to_owned())]).collect();
    view! {
        <h2 class="gap-m"><bdi>{name}</bdi></h2>
        <p><a href="/roles/why">"Check someone else"</a></p>
        <form class="filters" method="get" action="/roles/why">
            <input type="hidden" name="person" value=person.to_string()/>
            <SelectField id="action" label="Permission" choices=actions.into() chosen=action grow=true/>
            <SelectField id="school" label="School" choices=schools chosen=school/>
            <button class="btn primary" type="submit">"Check"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Told(answer: PermissionAnswer, person: PersonId) -> impl IntoView {
    let (tone, title) =
        if answer.can { ("blue", "Yes, they can") } else { ("amber", "No, they can\u{2019}t") };
    view! {
        <Notice tone title>
            <p>{answer.reason}</p>
            {answer.remedy.map(|remedy| view! {
                <p><b>"What to do: "</b>{remedy}</p>
                <p><a href=format!("/roles/people/{person}")>"Roles of this person"</a></p>
            })}
        </Notice>
    }
    .into_any()
}
