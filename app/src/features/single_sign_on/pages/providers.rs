//! The settings for single sign-on: the providers, and the schools that require one.

use backend::single_sign_on::providers::check::Checked;
use backend::single_sign_on::providers::list::{ProviderLine, ProviderView, RequiringSchool, SingleSignOn};
use domain::fields::FieldErrors;
use domain::single_sign_on::ProviderKind;
use domain::single_sign_on::settings::{SINGLE_SIGN_ON_PAGE, SignInAddresses};
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{SelectField, TextField};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The settings page as HTML.
pub fn providers_page(page: OfficePage, shown: SingleSignOn, errors: FieldErrors) -> String {
    const TITLE: &str = SINGLE_SIGN_ON_PAGE.name;
    let head = if errors.is_empty() { TITLE.to_owned() } else { format!("Error: {TITLE}") };
    render(page, head, move || {
        let sets = shown.sets;
        let providers = shown.providers.into_iter().map(|provider| (provider, sets));
        let rows = TableRows::new(LoadedRows::new(&PROVIDERS, providers));
        view! {
            <PageHead title=TITLE lead=|| SINGLE_SIGN_ON_PAGE.lead actions=move || sets.then(|| view! {
                    <a class="btn primary" href="/settings/single-sign-on/new"><Icon name="plus"/>"Add a provider"</a>
                })/>
            <SettingsFrame current=&SINGLE_SIGN_ON_PAGE>
                <ErrorSummary errors=errors.clone()/>
                <h2 class="gap-m">"Providers"</h2>
                <Table rows label="Providers" empty=|| view! {
                    <p class="muted">"No providers yet. Until you add one, people sign in with passwords."</p>
                }/>
                <Required schools=shown.schools sets/>
                <Addresses any=shown.addresses == SignInAddresses::Any sets/>
            </SettingsFrame>
        }
    })
}

/// The providers, each with whether the reader can change it.
static PROVIDERS: Kind<(ProviderLine, bool)> = Kind {
    about: About {
        slug: "providers",
        one: "provider",
        many: "providers",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(provider, _)| provider.id.0,
    name: |(provider, _)| provider.name.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.text(|(provider, _)| provider.name.clone())
        }),
        Column::tells("kind", "Kind", ColumnWidth::Grows(128), 1, |row| {
            row.text(|(provider, _)| provider.kind.label().to_owned())
        }),
        Column::tells("state", "State", ColumnWidth::Fixed(96), 0, |row| {
            row.text(|(provider, _)| if provider.enabled { "On" } else { "Off" }.to_owned())
        }),
        Column::tells("accounts", "Accounts", ColumnWidth::Fixed(144), 2, |row| {
            row.text(|(provider, _)| format!("{} linked", provider.linked))
        }),
        Column::acts(112, |row| {
            row.drawn(|(provider, sets)| {
                let change = sets.then(|| {
                    let href = format!("/settings/single-sign-on/{}", provider.id);
                    let label = format!("Change {}", provider.name);
                    view! { <a class="btn small" href=href aria-label=label>"Change"</a> }
                });
                change.into_any()
            })
        }),
    ],
};

/// The schools that require single sign-on.
#[component]
fn Required(schools: Vec<RequiringSchool>, sets: bool) -> impl IntoView {
    let lead = "If a school requires single sign-on, its people can no longer sign in with passwords or codes, and invitations lead to the provider. Passkeys work as a second factor only. Administrators of all schools keep their passwords, in case the provider is down. Make sure at least one of them has a password and a second factor.";
    let boxes = schools
        .into_iter()
        .map(|school| view! {
            <label class="choice">
                <input type="checkbox" name="school" value=school.id.to_string() checked=school.required disabled=!sets/>
                <span>{school.name}</span>
            </label>
        })
        .collect_view();
    view! {
        <h2 class="gap-m">"Who must use it"</h2>
        <form class="stack" method="post" action="/settings/single-sign-on/required">
            <p>{lead}</p>
            <fieldset class="field" id="schools" tabindex="-1">
                <legend>"Schools that require single sign-on"</legend>
                {boxes}
            </fieldset>
            {sets.then(|| view! { <div class="row"><button class="btn primary" type="submit">"Save"</button></div> })}
        </form>
    }
    .into_any()
}

/// By which addresses people are found the first time.
#[component]
fn Addresses(any: bool, sets: bool) -> impl IntoView {
    let lead = "The first time someone signs in with a provider, Greencap finds their account by the address that the provider confirms. An address that several people share always needs a code from a message to it.";
    view! {
        <h2 class="gap-m">"Which addresses count"</h2>
        <form class="stack" method="post" action="/settings/single-sign-on/addresses">
            <p>{lead}</p>
            <label class="choice">
                <input type="checkbox" name="any" value="yes" checked=any disabled=!sets/>
                <span>"Find people by any email address on their record, not only by the one that messages go to"</span>
            </label>
            {sets.then(|| view! { <div class="row"><button class="btn" type="submit">"Set addresses"</button></div> })}
        </form>
    }
    .into_any()
}

/// One provider as HTML: the redirect URI, the form and the check. `checked` is the result of a check, if one
/// was just run.
pub fn provider_page(
    page: OfficePage,
    shown: ProviderView,
    errors: FieldErrors,
    checked: Option<Checked>,
) -> String {
    let title = if shown.saved {
        format!("Single sign-on with {}", shown.form.name)
    } else {
        "Add a provider".to_owned()
    };
    let head = if errors.is_empty() { title.clone() } else { format!("Error: {title}") };
    render(page, head, move || {
        let lead = "Register Greencap with the provider first, using the address below. Then enter the details it gives you.";
        view! {
            <PageHead title=title.clone() lead=move || lead up=Some(("/settings/single-sign-on", "Single sign-on"))/>
            <SettingsFrame current=&SINGLE_SIGN_ON_PAGE>
                {checked.map(|checked| view! { <Outcome checked/> })}
                <ErrorSummary errors=errors.clone()/>
                <dl class="facts gap-m">
                    <div><dt>"Redirect URI (type \u{201c}Web\u{201d})"</dt><dd class="code">{shown.redirect_uri.clone()}</dd></div>
                </dl>
                <Form shown=shown.clone() errors/>
                {shown.saved.then(|| view! { <Further shown/> })}
            </SettingsFrame>
        }
    })
}

#[component]
fn Outcome(checked: Checked) -> impl IntoView {
    match checked {
        Checked::Answers { keys } => view! {
            <Notice tone="blue" title="The provider is working">
                <p>{format!("It publishes a sign-in address and {keys} {}. Sign in with it once to test the rest.", if keys == 1 { "key" } else { "keys" })}</p>
            </Notice>
        }
        .into_any(),
        Checked::Problem(problem) => view! {
            <Notice tone="red" title="This provider can\u{2019}t be used yet"><p>{problem}</p></Notice>
        }
        .into_any(),
    }
}

#[component]
fn Form(shown: ProviderView, errors: FieldErrors) -> impl IntoView {
    let kinds = ProviderKind::ALL.map(|kind| (kind.slug().to_owned(), kind.label().to_owned())).to_vec();
    let form = shown.form;
    let secret = if shown.saved {
        "Leave this empty to keep the current secret. If you change the issuer, enter the secret again."
    } else {
        "Enter the value, not its ID. It is stored encrypted and never shown again."
    };
    view! {
        <form class="stack gap-m" method="post" action=format!("/settings/single-sign-on/{}", shown.id) novalidate>
            <SelectField id="kind" label="Provider" choices=kinds chosen=form.kind errors=errors.clone()/>
            <TextField id="name" label="Name on the button, after \u{201c}Continue with\u{201d}" kind="text" value=form.name errors=errors.clone()/>
            <TextField id="issuer" label="Issuer" kind="text" value=form.issuer errors=errors.clone()
                hint="Microsoft: your directory (tenant) ID. Google: leave empty. Others: the issuer URL."/>
            <TextField id="client_id" label="Client ID" kind="text" value=form.client_id errors=errors.clone()
                hint="Microsoft calls this the application (client) ID."/>
            <TextField id="client_secret" label="Client secret" kind="password" value=form.client_secret errors=errors.clone() hint=secret/>
            <TextField id="domains" label="Email domains" kind="text" value=form.domains errors
                hint="The part after the @ in your addresses, separated by commas. Only people with these addresses can sign in with this provider. Without any, everyone proves their address by a code from a message the first time."/>
            <label class="choice">
                <input type="checkbox" name="trusts_second_factor" value="yes" checked=form.trusts_second_factor/>
                <span>"Accept a second factor from this provider. Otherwise Greencap asks for its own, as it always does when staff link their account."</span>
            </label>
            <label class="choice">
                <input type="checkbox" name="enabled" value="yes" checked=form.enabled/>
                <span>"People can sign in with this provider"</span>
            </label>
            <div class="row">
                <button class="btn primary" type="submit">"Save"</button>
                <a class="btn" href="/settings/single-sign-on">"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}

/// Actions on an existing provider.
#[component]
fn Further(shown: ProviderView) -> impl IntoView {
    let accounts =
        if shown.linked == 1 { "1 account is".to_owned() } else { format!("{} accounts are", shown.linked) };
    let again = format!(
        "{accounts} linked. Do this if you registered Greencap with the provider again and people are now refused. Nobody is signed out. At their next sign-in with the provider, people are found by their address and confirm their account, as they did the first time."
    );
    view! {
        <h2 class="gap-m">"Check"</h2>
        <form class="stack" method="post" action=format!("/settings/single-sign-on/{}/check", shown.id)>
            <p>"Connect to the provider and report any problems."</p>
            <div class="row"><button class="btn" type="submit">"Check"</button></div>
        </form>
        <h2 class="gap-m">"Ask everyone to link their account again"</h2>
        <form class="stack" method="post" action=format!("/settings/single-sign-on/{}/relink", shown.id)>
            <p>{again}</p>
            <div class="row"><button class="btn danger" type="submit">"Remove all links to this provider"</button></div>
        </form>
        <h2 class="gap-m">"Remove"</h2>
        <form class="stack" method="post" action=format!("/settings/single-sign-on/{}/remove", shown.id)>
            <p>"Nobody will be able to sign in with it. Accounts stay linked, in case you add the same provider again."</p>
            <div class="row"><button class="btn danger" type="submit">"Remove this provider"</button></div>
        </form>
    }
    .into_any()
}
