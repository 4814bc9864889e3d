//! Roles and permissions.

use backend::authorization::roles::kinds::{RoleKey, RoleKind};
use domain::authorization::permission::{Permission, PermissionSet};
use domain::fields::FieldErrors;
use domain::ids::CustomRoleId;
use leptos::prelude::*;

use super::RoleTabs;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// All kinds of role with their permissions, as HTML; `makes` is whether the reader can create some.
pub fn kinds_page(page: OfficePage, kinds: Vec<RoleKind>, makes: bool) -> String {
    render(page, "Roles and permissions", move || {
        let lead = "What each role allows. You can add roles of your own.";
        let kinds = kinds.into_iter().map(|kind| view! { <Kind kind makes/> }).collect_view();
        view! {
            <PageHead title="Roles and permissions" lead=move || lead up=Some(("/roles", "Roles"))
                actions=move || makes.then(|| view! { <a class="btn primary" href="/roles/kinds/new"><Icon name="plus"/>"New role"</a> })/>
            <RoleTabs current="/roles/kinds"/>
            {kinds}
        }
    })
}

#[component]
fn Kind(kind: RoleKind, makes: bool) -> impl IntoView {
    let edit = match kind.key {
        RoleKey::Custom(id) if makes => {
            let label = format!("Change {}", kind.name);
            Some(
                view! { <a class="btn small" href=format!("/roles/kinds/{id}") aria-label=label>"Change"</a> },
            )
        }
        _ => None,
    };
    let people = match kind.holders {
        0 => "Nobody has this role.".to_owned(),
        1 => "1 person has this role.".to_owned(),
        many => format!("{many} people have this role."),
    };
    let allows = kind.permissions.iter().map(|right| view! { <li>{right.label()}</li> }).collect_view();
    view! {
        <section class="gap-m">
            <div class="section-head"><h2>{kind.name}</h2>{edit}</div>
            <p class="muted">{people}</p>
            <ul>{allows}</ul>
        </section>
    }
    .into_any()
}

/// The contents of the form for a kind of role.
#[derive(Debug, Clone, Default)]
pub struct KindForm {
    /// The role to change; `None` for a new one.
    pub id: Option<CustomRoleId>,
    /// Its name.
    pub name: String,
    /// Its permissions.
    pub permissions: PermissionSet,
}

/// The form for a kind of role, as HTML; `offered` is what the reader may give.
pub fn kind_page(
    page: OfficePage,
    form: KindForm,
    offered: PermissionSet,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    let title = if form.id.is_some() { "Change a role" } else { "New role" };
    let head = if errors.is_empty() { title.to_owned() } else { format!("Error: {title}") };
    render(page, head, move || {
        let action = form.id.map_or_else(|| "/roles/kinds/new".to_owned(), |id| format!("/roles/kinds/{id}"));
        let remove = form.id.map(|id| {
            view! {
                <form method="post" action=format!("/roles/kinds/{id}/remove")>
                    <button class="btn danger" type="submit">"Delete this role"</button>
                </form>
            }
        });
        let lead = match form.id {
            Some(_) => "Changes apply straight away to everyone with this role.",
            None => {
                "Choose what the role allows. You can only give permissions that you have for all schools."
            }
        };
        let boxes = offered
            .iter()
            .map(|right| view! {
                <label class="choice">
                    <input type="checkbox" name="allow" value=right.slug() checked=form.permissions.contains(right)/>
                    <span>{right.label()}{right.spans_schools().then_some(" (only if the role is given for all schools)")}{right.caution().map(|caution| view! { <span class="hint">{caution}</span> })}</span>
                </label>
            })
            .collect_view();
        let wrong = errors.of("permissions").is_some();
        view! {
            <PageHead title lead=move || lead up=Some(("/roles/kinds", "Roles and permissions"))/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            <ErrorSummary errors=errors.clone()/>
            <form class="stack" method="post" action=action novalidate>
                <TextField id="name" label="Name" kind="text" value=form.name.clone() errors=errors.clone()/>
                <fieldset class="field" id="permissions" tabindex="-1" data-invalid=wrong.then_some("")>
                    <legend>"What it allows"</legend>
                    {boxes}
                </fieldset>
                <div class="row"><button class="btn primary" type="submit">"Save"</button><a class="btn" href="/roles/kinds">"Cancel"</a></div>
            </form>
            {remove}
        }
    })
}

impl KindForm {
    /// Reads what was typed and ticked from the names and values of the form.
    pub fn from_pairs(id: Option<CustomRoleId>, pairs: &[(String, String)]) -> Self {
        let name =
            pairs.iter().find(|(key, _)| key == "name").map(|(_, name)| name.clone()).unwrap_or_default();
        let permissions = pairs
            .iter()
            .filter(|(key, _)| key == "allow")
            .filter_map(|(_, slug)| Permission::from_slug(slug))
            .collect();
        Self { id, name, permissions }
    }
}
