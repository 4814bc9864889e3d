//! The organisation's settings: its name, time zone and office.

use backend::roll::organisation::details::{OrganisationForm, OrganisationView};
use backend::roll::organisation::time_zone::choices;
use domain::fields::FieldErrors;
use domain::roll::settings::ORGANISATION_PAGE;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::features::office::page::{OfficePage, render};
use crate::i18n::Locale;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{Field, TextField, described_by};
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;

/// The page as HTML. After a form with errors, the form contains what was typed.
pub fn organisation_settings_page(page: OfficePage, shown: OrganisationView, errors: FieldErrors) -> String {
    let name = ORGANISATION_PAGE.name;
    let head = if errors.is_empty() { name.to_owned() } else { format!("Error: {name}") };
    render(page, head, move || {
        let content = if shown.may_change {
            view! { <Form form=shown.form errors/> }.into_any()
        } else {
            view! { <Facts form=shown.form/> }.into_any()
        };
        view! {
            <PageHead title=name lead=move || ORGANISATION_PAGE.lead/>
            <SettingsFrame current=&ORGANISATION_PAGE>{content}</SettingsFrame>
        }
    })
}

#[component]
fn Form(form: OrganisationForm, errors: FieldErrors) -> impl IntoView {
    view! {
        <ErrorSummary errors=errors.clone()/>
        <form class="stack" method="post" action=ORGANISATION_PAGE.path novalidate>
            <OrganisationFields locale=Locale::en form errors/>
            <div class="row"><button class="btn primary" type="submit">"Save"</button></div>
        </form>
    }
    .into_any()
}

/// For people who may see the settings but not change them.
#[component]
fn Facts(form: OrganisationForm) -> impl IntoView {
    let fact = |name: &'static str, value: String| {
        let value = if value.is_empty() { "Not set".to_owned() } else { value };
        view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
    };
    view! {
        <dl class="facts long">
            {fact("Name", form.name)}
            {fact("Time zone", form.time_zone)}
            {fact("Phone number of the office", form.office_phone)}
            {fact("Email address of the office", form.office_email)}
        </dl>
        <p>"To change this, ask someone with a role for all schools."</p>
    }
    .into_any()
}

/// The fields of an organisation, for set-up and for its settings page.
#[component]
pub fn OrganisationFields(
    /// The page's language.
    locale: Locale,
    /// What was typed so far.
    form: OrganisationForm,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    view! {
        <TextField
            required=true
            id="name"
            label=td_string!(locale, setup.organisation.name)
            hint=td_string!(locale, setup.organisation.name_hint)
            value=form.name
            autocomplete="organization"
            name_like=true
            errors=errors.clone()
        />
        <TimeZoneField locale chosen=form.time_zone errors=errors.clone() />
        <TextField
            id="office_phone"
            kind="tel"
            label=td_string!(locale, setup.organisation.phone)
            value=form.office_phone
            errors=errors.clone()
        />
        <TextField
            id="office_email"
            kind="email"
            label=td_string!(locale, setup.organisation.email)
            hint=td_string!(locale, setup.organisation.email_hint)
            value=form.office_email
            errors
        />
    }
    .into_any()
}

/// The choice of a time zone. Without a choice yet, a script proposes the browser's.
#[component]
fn TimeZoneField(locale: Locale, chosen: String, errors: FieldErrors) -> impl IntoView {
    const ID: &str = "time_zone";
    let error = errors.of(ID).map(str::to_owned);
    let wrong = error.is_some();
    let names = choices();
    // A zone under an older name stays as it is.
    let other = (!chosen.is_empty() && !names.contains(&chosen.as_str())).then(|| chosen.clone());
    let options = names
        .into_iter()
        .map(str::to_owned)
        .chain(other)
        .map(|name| {
            let selected = name == chosen;
            view! { <option value=name.clone() selected=selected>{name.replace('_', " ")}</option> }
        })
        .collect_view();
    view! {
        <Field
            id=ID
            label=td_string!(locale, setup.organisation.time_zone)
            hint=Some(td_string!(locale, setup.organisation.time_zone_hint).to_owned())
            error=Signal::stored(error)
        >
            <select
                class="select"
                id=ID
                name=ID
                required
                data-time-zone=chosen.is_empty().then_some("")
                aria-invalid=wrong.then_some("true")
                aria-describedby=described_by(ID, true, wrong)
            >
                <option value="">{td_string!(locale, setup.organisation.time_zone_choose)}</option>
                {options}
            </select>
        </Field>
    }
    .into_any()
}
