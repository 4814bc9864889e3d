//! The question which group the chosen students join.

use backend::groups::list::GroupChoice;
use domain::ids::SchoolId;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::field::{SelectField, TextField};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page as HTML. `whose` are the school and the selection as JSON.
pub fn pick_page(
    page: OfficePage,
    whose: (SchoolId, String),
    groups: Vec<GroupChoice>,
    problem: Option<String>,
) -> String {
    let title = "Add to a teaching group";
    render(page, title, move || {
        let (school, selection) = whose;
        let none = groups.is_empty();
        let choices: Vec<(String, String)> = std::iter::once((String::new(), "Choose a group".to_owned()))
            .chain(groups.iter().map(|choice| (choice.id.to_string(), choice.label())))
            .collect();
        view! {
            <PageHead title lead=|| "Students can be in several groups. Those who are in it already, and those who have left the school, are left out." up=Some(("/students", "Students"))/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {if none {
                view! { <p>"There is no open group. "<a href="/groups/new">"Create a teaching group"</a></p> }.into_any()
            } else {
                view! {
                    <form class="stack" method="post" action="/groups/pick/add" novalidate>
                        <input type="hidden" name="school" value=school.to_string()/>
                        <input type="hidden" name="selection" value=selection/>
                        <SelectField id="group" label="Teaching group" choices=choices chosen=""/>
                        <TextField id="on" label="First day in the group" hint="Today if empty" kind="date" value=""/>
                        <div class="row"><button class="btn primary" type="submit">"Add to group"</button><a class="btn" href="/students">"Cancel"</a></div>
                    </form>
                }.into_any()
            }}
        }
    })
}
