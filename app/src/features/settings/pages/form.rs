//! A settings page as a plain form. Its fields, texts and validation come from the declarations of its
//! settings.

use backend::settings::{SettingField, SettingsView};
use domain::fields::FieldErrors;
use domain::registry::scope_of;
use domain::settings::{SettingScope, SettingsPage};
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;

/// The page as HTML. After a form with errors, the fields in `shown` contain what was typed.
pub fn settings_page(
    page: OfficePage,
    settings: &'static SettingsPage,
    shown: SettingsView,
    errors: FieldErrors,
) -> String {
    let name = settings.name;
    let head = if errors.is_empty() { name.to_owned() } else { format!("Error: {name}") };
    let school = (scope_of(settings) == SettingScope::School).then(|| page.me.school.name.clone());
    render(page, head, move || {
        let whose = school.map(|school| view! { <p>{format!("For {school}. Each school has its own.")}</p> });
        let SettingsView { fields, may_change } = shown;
        let content = if may_change {
            view! { <Form settings fields errors/> }.into_any()
        } else {
            view! { <Facts fields/> }.into_any()
        };
        view! {
            <PageHead title=name lead=move || settings.lead/>
            <SettingsFrame current=settings>{whose}{content}</SettingsFrame>
        }
    })
}

#[component]
fn Form(settings: &'static SettingsPage, fields: Vec<SettingField>, errors: FieldErrors) -> impl IntoView {
    let inputs = fields
        .into_iter()
        .map(|SettingField { slug, label, hint, value }| {
            let errors = errors.clone();
            view! { <TextField id=slug label hint value errors/> }
        })
        .collect_view();
    view! {
        <ErrorSummary errors/>
        <form class="stack" method="post" action=settings.path novalidate>
            {inputs}
            <div class="row"><button class="btn primary" type="submit">"Save"</button></div>
        </form>
    }
    .into_any()
}

/// For people who may see the settings but not change them.
#[component]
fn Facts(fields: Vec<SettingField>) -> impl IntoView {
    let facts = fields
        .into_iter()
        .map(|field| {
            let value = if field.value.is_empty() { "Not set".to_owned() } else { field.value };
            view! { <div><dt>{field.label}</dt><dd>{value}</dd></div> }
        })
        .collect_view();
    view! {
        <dl class="facts long">{facts}</dl>
        <p>"To change this, ask someone with a role for all schools."</p>
    }
    .into_any()
}
