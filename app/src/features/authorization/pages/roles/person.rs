//! One person's roles: what they have, and giving one more.

use backend::authorization::roles::give::GiveForm;
use backend::authorization::roles::holders::Holder;
use backend::authorization::roles::people::PersonRoles;
use domain::fields::FieldErrors;
use leptos::prelude::*;

use super::validity_period;
use crate::features::office::desk::{DeskPage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{SelectField, TextField};
use crate::ui::listing::Listing;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The roles of one person, as HTML; `form` is what was typed before, `problem` why nothing happened.
pub fn person_page(
    page: DeskPage,
    shown: PersonRoles,
    form: GiveForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    let name = shown.found.name.clone();
    let title = if errors.is_empty() { name.clone() } else { format!("Error: {name}") };
    render(page, title, move || {
        let person = shown.found.person;
        let lead = format!("Roles of {}, who signs in as {}.", name, shown.found.username);
        let roles = shown.roles.clone();
        view! {
            <PageHead title=name.clone() lead=move || lead.clone() up=Some(("/roles", "Roles"))
                actions=move || view! { <a class="btn" href=format!("/roles/why?person={person}")>"Check permissions"</a> }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {if roles.is_empty() {
                view! { <p class="muted">"No roles. This person can see their own portal, but not the office."</p> }.into_any()
            } else {
                view! { <RoleTable roles name=name.clone()/> }.into_any()
            }}
            {if shown.kinds.is_empty() {
                view! { <p class="muted">"You can\u{2019}t change your own roles, or give permissions you don\u{2019}t have. Ask another administrator."</p> }.into_any()
            } else {
                view! { <Give shown=shown.clone() form errors/> }.into_any()
            }}
            <SecondFactors shown/>
        }
    })
}

/// What they have besides the password, and how to remove it if it was lost.
#[component]
fn SecondFactors(shown: PersonRoles) -> impl IntoView {
    let remove = shown.may_remove_factors.then(|| view! {
        <form class="stack" method="post" action=format!("/roles/people/{}/second-factors", shown.found.person)>
            <p class="muted">"Remove these if they have lost their phone and their recovery codes. They can then sign in with their password alone. Staff must set up new ones."</p>
            <div><button class="btn danger" type="submit">"Remove second factors"</button></div>
        </form>
    });
    view! {
        <h2 class="gap-m">"Second factors"</h2>
        <p>{shown.factors.sentence()}</p>
        {remove}
    }
    .into_any()
}

#[component]
fn RoleTable(roles: Vec<Holder>, name: String) -> impl IntoView {
    let rows = roles
        .into_iter()
        .map(|held| {
            let school = held.place.unwrap_or_else(|| "All schools".to_owned());
            let take = held.may_take.then(|| {
                let label = format!("Remove {} at {school} from {name}", held.role);
                view! {
                    <form method="post" action="/roles/take">
                        <input type="hidden" name="id" value=held.id.to_string()/>
                        <button class="btn small" type="submit" aria-label=label>"Remove"</button>
                    </form>
                }
            });
            view! {
                <tr role="row">
                    <td role="cell" class="m"></td>
                    <th role="rowheader" scope="row">{held.role}</th>
                    <td role="cell">{school.clone()}</td>
                    <td role="cell">{validity_period(held.term, held.holds)}</td>
                    <td role="cell"><bdi>{held.given_by.unwrap_or_else(|| "Command line".to_owned())}</bdi></td>
                    <td role="cell">{take}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Listing label="Roles" columns=&["Role", "Where", "When", "Given by"] acts=true>{rows}</Listing>
    }
    .into_any()
}

#[component]
fn Give(shown: PersonRoles, form: GiveForm, errors: FieldErrors) -> impl IntoView {
    let kinds = shown.kinds.iter().map(|kind| (kind.key.text(), kind.name.clone()));
    let kinds = std::iter::once((String::new(), "Choose a role".to_owned())).chain(kinds).collect();
    let everywhere = shown.everywhere.then(|| ("all".to_owned(), "All schools".to_owned()));
    let places = shown.places.iter().map(|choice| (choice.value(), choice.name.clone()));
    let places = places.chain(everywhere).collect();
    view! {
        <h2 class="gap-m">"Give a role"</h2>
        <ErrorSummary errors=errors.clone()/>
        <form method="post" action=format!("/roles/people/{}", shown.found.person) novalidate>
            <div class="filters">
                <SelectField id="role" label="Role" choices=kinds chosen=form.role errors=errors.clone()/>
                <SelectField id="place" label="Where" choices=places chosen=form.place errors=errors.clone()/>
                <TextField id="from" label="First day (optional)" kind="date" value=form.from errors=errors.clone()/>
                <TextField id="until" label="Last day (optional)" kind="date" value=form.until errors/>
                <button class="btn primary" type="submit">"Give"</button>
            </div>
        </form>
        <p class="muted">"If they already have this role there, its dates will change. See what each role allows under "<a href="/roles/kinds">"Roles and permissions"</a>"."</p>
    }
    .into_any()
}
