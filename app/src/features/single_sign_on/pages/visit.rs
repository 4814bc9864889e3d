//! Signing in with a provider: the buttons, "Verify your account", and the error pages.

use domain::fields::{FieldError, FieldErrors};
use domain::sign_in::steps::PersonChoice;
use domain::single_sign_on::{LinkedIdentity, ProviderOffer};
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::features::office::page::in_query;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::date;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::field::TextField;
use crate::ui::icon::Icon;

/// One link per provider. `next` is the path on this site to go to afterwards.
#[component]
pub fn ProviderButtons(
    /// The language of the page.
    locale: Locale,
    /// The providers.
    providers: Vec<ProviderOffer>,
    /// Where to go afterwards: a path on this site.
    #[prop(optional_no_strip)]
    next: Option<String>,
    /// Whether they are the main action on the page.
    #[prop(optional)]
    first: bool,
) -> impl IntoView {
    let class = if first { "btn primary wide large" } else { "btn wide large" };
    let next = next.map(|next| format!("?next={}", in_query(&next))).unwrap_or_default();
    providers
        .into_iter()
        .map(|offer| {
            view! {
                <a class=class href=format!("/sign-in/with/{}{next}", offer.provider)>
                    <Icon name="arrow-right" />
                    {td_string!(locale, single_sign_on.continue_with, provider = offer.name)}
                </a>
            }
        })
        .collect_view()
}

/// A person's linked identities, each with a button to remove it if another way to sign in remains.
#[component]
pub fn LinkedIdentities(
    /// The language of the page.
    locale: Locale,
    /// The identities; if empty, nothing is shown.
    identities: Vec<LinkedIdentity>,
) -> impl IntoView {
    (!identities.is_empty()).then(|| {
        let lines = identities
            .into_iter()
            .map(|linked| {
                let remove = td_string!(locale, factors.security.remove);
                let button = linked.removable.then(|| {
                    view! {
                        <button
                            class="btn"
                            type="submit"
                            name="identity"
                            value=linked.identity.to_string()
                            aria-label=format!("{remove}: {}", linked.provider)
                        >
                            {remove}
                        </button>
                    }
                });
                view! {
                    <li>
                        <Icon name="link-2" />
                        <div class="what">
                            <b>{linked.provider}</b>
                            <span>
                                {td_string!(
                                    locale,
                                    factors.security.linked_state,
                                    day = date(locale, linked.since)
                                )}
                            </span>
                        </div>
                        {button}
                    </li>
                }
            })
            .collect_view();
        view! {
            <h2>{td_string!(locale, factors.security.linked_title)}</h2>
            <form method="post" action="/account/security/identities/remove">
                <ul class="sessions" role="list">
                    {lines}
                </ul>
            </form>
        }
    })
}

/// The page for people who can only step up by signing in again, as HTML.
pub fn sign_in_again_page(page: FamilyPage, providers: Vec<ProviderOffer>, next: Option<String>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, factors.step_up.title);
        view! {
            <AuthPage page title=title>
                <p class="soft">{td_string!(locale, factors.step_up.provider)}</p>
                <ProviderButtons locale providers next first=true />
                <a class="tap" href="/">
                    {td_string!(locale, own_account.account.back)}
                </a>
            </AuthPage>
        }
    })
}

/// The account that an identity is about to be linked to.
#[derive(Debug, Clone)]
pub struct VerifyView {
    /// The provider's name.
    pub provider: String,
    /// Their account.
    pub person: PersonChoice,
    /// Their school.
    pub school: String,
}

/// The page "Verify your account", as HTML.
pub fn verify_page(page: FamilyPage, shown: VerifyView, next: Option<String>) -> String {
    render(move || view! { <VerifyPage page shown next /> })
}

#[component]
fn VerifyPage(page: FamilyPage, shown: VerifyView, next: Option<String>) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, single_sign_on.verify_title);
    view! {
        <AuthPage page title=title>
            <p class="soft">
                {td_string!(locale, single_sign_on.verify_lead, provider = shown.provider)}
            </p>
            <dl class="facts">
                <div>
                    <dt>{td_string!(locale, invitations.activate.who_name)}</dt>
                    <dd>
                        <b>
                            <bdi>{shown.person.name}</bdi>
                        </b>
                    </dd>
                </div>
                <div>
                    <dt>{td_string!(locale, single_sign_on.username)}</dt>
                    <dd class="code">{shown.person.username}</dd>
                </div>
                <div>
                    <dt>{td_string!(locale, invitations.activate.who_school)}</dt>
                    <dd>{shown.school}</dd>
                </div>
            </dl>
            <form method="post" action="/sign-in/verify">
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <button
                    class="btn primary wide large"
                    type="submit"
                    name="account"
                    value=shown.person.account.to_string()
                >
                    {td_string!(locale, invitations.activate.who_yes)}
                </button>
            </form>
            <form method="post" action="/sign-in/verify/not-me">
                <button class="btn wide large" type="submit">
                    {td_string!(locale, invitations.activate.who_no)}
                </button>
            </form>
        </AuthPage>
    }
    .into_any()
}

/// The page for people who have to sign in the way they did until now before an identity is linked, as HTML.
/// `back` leads to the provider.
pub fn sign_in_first_page(page: FamilyPage, provider: String, back: String) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, single_sign_on.first_title);
        let lead = td_string!(locale, single_sign_on.first_lead, provider = provider);
        view! {
            <AuthPage page title=title>
                <p>{lead}</p>
                <a class="btn primary wide large" href=format!("/sign-in?with=password&next={}", in_query(&back))>
                    {td_string!(locale, single_sign_on.first_sign_in)}
                </a>
                <form method="post" action="/sign-in/verify/not-me">
                    <button class="btn wide large" type="submit">
                        {td_string!(locale, invitations.activate.who_no)}
                    </button>
                </form>
            </AuthPage>
        }
    })
}

/// Why the form for a code is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerifyProblem {
    /// Nothing was typed.
    Missing,
    /// The code is wrong or no longer works.
    Wrong,
}

/// The form for the code sent to `address`, as HTML; the same whether or not anyone has that address.
pub fn verify_code_page(
    page: FamilyPage,
    address: String,
    next: Option<String>,
    problem: Option<VerifyProblem>,
) -> String {
    render(move || view! { <VerifyCodePage page address next problem /> })
}

#[component]
fn VerifyCodePage(
    page: FamilyPage,
    address: String,
    next: Option<String>,
    problem: Option<VerifyProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let problem = problem.map(|problem| match problem {
        VerifyProblem::Missing => td_string!(locale, single_sign_on.code_missing),
        VerifyProblem::Wrong => td_string!(locale, single_sign_on.code_wrong),
    });
    let errors: FieldErrors = problem.map(|sentence| FieldError::new("code", sentence)).into_iter().collect();
    let title = td_string!(locale, single_sign_on.code_title);
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{td_string!(locale, single_sign_on.code_lead, address = address)}</p>
            <form class="stack" method="post" action="/sign-in/verify/code" novalidate>
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <TextField
                    required=true
                    id="code"
                    label=td_string!(locale, single_sign_on.code)
                    hint=td_string!(locale, single_sign_on.code_hint)
                    value=""
                    autocomplete="one-time-code"
                    class="input codebox"
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, family.next)}
                </button>
                <button class="btn wide large" type="submit" formaction="/sign-in/verify/send">
                    <Icon name="send" />
                    {td_string!(locale, single_sign_on.send_again)}
                </button>
            </form>
            <p class="soft">{td_string!(locale, recovery.forgotten.office)}</p>
            <a class="tap" href="/sign-in">
                {td_string!(locale, single_sign_on.start_again)}
            </a>
        </AuthPage>
    }
    .into_any()
}

/// Why signing in with a provider failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProviderFailure {
    /// The provider with this name vouches for them, but no account matches.
    Unknown(String),
    /// The provider's answer is invalid.
    Unconfirmed,
    /// The provider's clock and ours differ by too much.
    Clock,
    /// The provider cannot be reached.
    Unreachable,
    /// They said that the account shown is not theirs.
    NotMe,
}

/// The page for the failure, as HTML.
pub fn provider_failure_page(page: FamilyPage, failure: ProviderFailure) -> String {
    render(move || {
        let locale = page.locale;
        let (title, text) = match failure {
            ProviderFailure::Unknown(provider) => (
                td_string!(locale, single_sign_on.unknown_title),
                td_string!(locale, single_sign_on.unknown, provider = provider),
            ),
            ProviderFailure::Unconfirmed => (
                td_string!(locale, single_sign_on.unconfirmed_title),
                td_string!(locale, single_sign_on.unconfirmed).to_owned(),
            ),
            ProviderFailure::Clock => (
                td_string!(locale, single_sign_on.unconfirmed_title),
                td_string!(locale, single_sign_on.clock).to_owned(),
            ),
            ProviderFailure::Unreachable => (
                td_string!(locale, single_sign_on.unreachable_title),
                td_string!(locale, single_sign_on.unreachable).to_owned(),
            ),
            ProviderFailure::NotMe => (
                td_string!(locale, invitations.activate.not_me_title),
                td_string!(locale, single_sign_on.not_me).to_owned(),
            ),
        };
        view! {
            <AuthPage page title=title>
                <p>{text}</p>
                <a class="btn wide large" href="/sign-in">
                    {td_string!(locale, single_sign_on.start_again)}
                </a>
            </AuthPage>
        }
    })
}
