//! Where new students go: into a new teaching group, or into one that exists.

use backend::groups::list::GroupChoice;
use domain::authorization::permission::Permission;
use leptos::prelude::*;

use super::GROUPS_PAGE;
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, render};
use crate::ui::field::SelectField;
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page as HTML.
pub fn students_page(page: OfficePage, groups: Vec<GroupChoice>, problem: Option<&'static str>) -> String {
    render(page, "Create students", move || {
        let manages = OfficeUser::get().may(Permission::ManageGroups);
        let none = groups.is_empty();
        let choices: Vec<(String, String)> = std::iter::once((String::new(), "Choose a group".to_owned()))
            .chain(groups.iter().map(|choice| (choice.id.to_string(), choice.label())))
            .collect();
        view! {
            <PageHead title="Create students" lead=|| "Accounts for students are created in a teaching group. Its tutors manage them." up=Some(GROUPS_PAGE)/>
            {problem.map(|problem| view! { <Notice tone="red" title=problem><p>"Then continue."</p></Notice> })}
            {manages.then(|| view! {
                <h2 class="gap-m">"In a new teaching group"</h2>
                <p>"Name it, select the courses and add tutors. Then paste the students."</p>
                <p class="row"><a class="btn primary" href="/groups/new?then=students"><Icon name="plus"/>"Create student accounts in new teaching group"</a></p>
            })}
            <h2 class="gap-m">"In an existing teaching group"</h2>
            {if none {
                view! { <p class="muted">"There is no open group yet."</p> }.into_any()
            } else {
                view! {
                    <form class="filters" method="post" action="/groups/students" novalidate>
                        <SelectField id="group" label="Teaching group" choices=choices chosen="" grow=true/>
                        <button class="btn" type="submit">"Create student accounts in existing teaching group"</button>
                    </form>
                }.into_any()
            }}
        }
    })
}
