//! One person's roles, and a form to give another.

use backend::authorization::roles::give::RoleForm;
use backend::authorization::roles::holders::Holder;
use backend::authorization::roles::people::PersonRoles;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use leptos::prelude::*;

use super::holders::place;
use super::validity_period;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{SelectField, TextField};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The roles of one person, as HTML; `form` is what was typed before, `problem` why nothing was changed.
pub fn person_page(
    page: OfficePage,
    shown: PersonRoles,
    form: RoleForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    let name = shown.found.name.clone();
    let title = if errors.is_empty() { name.clone() } else { format!("Error: {name}") };
    let (here, staff) = (page.me.school.id, page.me.may(Permission::ViewRoll));
    render(page, title, move || {
        let person = shown.found.person;
        let lead = format!("Roles of {}, who signs in as {}.", name, shown.found.username);
        let waits = shown.found.state.waits_for_password();
        let listed = shown.roles.iter().any(|held| held.school.is_none_or(|school| school == here));
        let invited = (waits && staff && listed).then(|| view! {
            <p class="gap-s">"They have not chosen a password yet. "<a href=format!("/staff/{person}")>"See their invitation"</a></p>
        });
        let roles = shown.roles.iter().map(|held| (held.clone(), name.clone())).collect::<Vec<_>>();
        view! {
            <PageHead title=name.clone() lead=move || lead.clone() up=Some(("/roles", "Roles"))
                actions=move || view! { <a class="btn" href=format!("/roles/why?person={person}")>"Check permissions"</a> }/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {invited}
            <Table rows=TableRows::new(LoadedRows::new(&ROLES, roles)) label="Roles" empty=|| view! {
                <p class="muted">"No roles. This person can see their own portal, but not the office."</p>
            }/>
            {if shown.kinds.is_empty() {
                view! { <p class="muted">"You can\u{2019}t change your own roles, or give permissions you don\u{2019}t have. Ask another administrator."</p> }.into_any()
            } else {
                view! { <Give shown=shown.clone() form errors/> }.into_any()
            }}
            <SecondFactors shown/>
        }
    })
}

/// Their second factors, and how to remove them if they were lost.
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

/// The roles of one person, each with the person's name.
static ROLES: Kind<(Holder, String)> = Kind {
    about: About {
        slug: "roles-of-person",
        one: "role",
        many: "roles",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(held, _)| held.id.0,
    name: |(held, _)| held.role.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("role", "Role", ColumnWidth::Grows(160), |row| row.text(|(held, _)| held.role.clone())),
        Column::tells("where", "Where", ColumnWidth::Grows(160), 0, |row| row.text(|(held, _)| place(held))),
        Column::tells("when", "When", ColumnWidth::Grows(160), 1, |row| {
            row.text(|(held, _)| validity_period(held.term, held.holds))
        }),
        Column::tells("given-by", "Given by", ColumnWidth::Grows(160), 2, |row| {
            row.drawn(|(held, _)| {
                view! { <bdi>{held.given_by.clone().unwrap_or_else(|| "Command line".to_owned())}</bdi> }
                    .into_any()
            })
        }),
        Column::acts(112, |row| row.drawn(take)),
    ],
};

fn take((held, name): &(Holder, String)) -> AnyView {
    let take = held.may_take.then(|| {
        let label = format!("Remove {} at {} from {name}", held.role, place(held));
        view! {
            <form method="post" action="/roles/take">
                <input type="hidden" name="id" value=held.id.to_string()/>
                <button class="btn small" type="submit" aria-label=label>"Remove"</button>
            </form>
        }
    });
    take.into_any()
}

#[component]
fn Give(shown: PersonRoles, form: RoleForm, errors: FieldErrors) -> impl IntoView {
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
