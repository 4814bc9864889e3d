//! The three short pages for activating an account: code, check, password. And two for other cases: the
//! invitation has expired, and "check your email".

use chrono::NaiveDate;
use domain::fields::{FieldError, FieldErrors};
use domain::roll::office::OfficeContact;
use domain::single_sign_on::ProviderOffer;
use domain::when::long_day;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::features::single_sign_on::pages::visit::ProviderButtons;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, NewPasswordField, PasswordOwner, PasswordProblem, RuledSteps};
use crate::ui::field::TextField;
use crate::ui::icon::Icon;

/// Why the code form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeProblem {
    /// Some fields are empty.
    Missing {
        /// Whether the username is empty.
        username: bool,
        /// Whether the code is empty.
        code: bool,
    },
    /// The code does not belong to the username, or no longer works. All reasons get the same sentence.
    Refused,
}

/// What is shown about the invited person: just enough to recognise themselves.
#[derive(Debug, Clone)]
pub struct InvitedPerson {
    /// The name to address them by.
    pub name: String,
    /// Their username; shown only on the last page.
    pub username: String,
    /// Their school.
    pub school: String,
    /// How they reach its office.
    pub office: OfficeContact,
    /// The minimum length of their password.
    pub minimum: u32,
    /// Whether they choose a password; `false` if their school requires single sign-on.
    pub takes_password: bool,
    /// Whether they work in the office, where they arrive instead of in the portal.
    pub is_staff: bool,
}

/// The first page: username and code.
pub fn code_page(page: FamilyPage, username: String, problem: Option<CodeProblem>) -> String {
    render(move || view! { <CodePage page username problem /> })
}

/// The second page: "Is this you?" `next` is where "yes" leads; nowhere for people who sign in with a provider.
pub fn check_page(
    page: FamilyPage,
    invited: InvitedPerson,
    next: Option<&'static str>,
    providers: Vec<ProviderOffer>,
) -> String {
    render(move || view! { <CheckPage page invited next providers /> })
}

/// The third page: choose a password.
pub fn password_page(page: FamilyPage, invited: InvitedPerson, problem: Option<PasswordProblem>) -> String {
    render(move || view! { <PasswordPage page invited problem /> })
}

/// The page for an invitation that no longer works.
pub fn ended_page(page: FamilyPage) -> String {
    render(move || view! { <EndedPage page /> })
}

/// The page for an invitation to an account that can be used from a day on, or no longer.
pub fn outside_days_page(page: FamilyPage, opens_on: Option<NaiveDate>) -> String {
    render(move || {
        let locale = page.locale;
        let (title, sentence) = match opens_on {
            Some(day) => (
                td_string!(locale, invitations.activate.not_yet_title),
                td_string!(locale, invitations.activate.not_yet, day = long_day(day)),
            ),
            None => (
                td_string!(locale, invitations.activate.expired_title),
                td_string!(locale, sign_in.over).to_owned(),
            ),
        };
        view! { <AuthPage page title=title><p>{sentence}</p></AuthPage> }
    })
}

/// The page after "Send me a new code"; the same whether or not anything was sent.
pub fn resend_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, invitations.activate.resend_done_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, invitations.activate.resend_done)}</p>
                <p class="soft">{td_string!(locale, invitations.activate.resend_done_help)}</p>
                <a class="btn wide large" href="/activate">
                    <Icon name="key-round" />
                    {td_string!(locale, sign_in.have_code)}
                </a>
            </AuthPage>
        }
    })
}

/// The page after "This is not me".
pub fn not_me_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, invitations.activate.not_me_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, invitations.activate.not_me)}</p>
                <a class="btn wide large" href="/activate/check">
                    <Icon name="arrow-left" />
                    {td_string!(locale, invitations.activate.not_me_back)}
                </a>
                <a class="tap" href="/activate">
                    {td_string!(locale, sign_in.have_code)}
                </a>
            </AuthPage>
        }
    })
}

/// Says that someone is signed in in this browser, who is not the invited person: they have an account already.
#[component]
fn SomeoneElse(page: FamilyPage) -> impl IntoView {
    let locale = page.locale;
    page.signed_in.map(|name| {
        view! {
            <div class="notice" data-tone="amber" role="status">
                <Icon name="triangle-alert" />
                <p>
                    {td_string!(locale, invitations.activate.someone_else, name = name)}
                    " "
                    <a class="link" href="/portal">{td_string!(locale, invitations.activate.portal)}</a>
                </p>
            </div>
        }
    })
}

/// The three steps.
#[component]
pub fn Steps(
    /// The language of the page.
    locale: Locale,
    /// Which one this is, starting at 1.
    current: usize,
) -> impl IntoView {
    let names = vec![
        td_string!(locale, invitations.activate.steps_code),
        td_string!(locale, invitations.activate.steps_who),
        td_string!(locale, invitations.activate.steps_password),
    ];
    let label = td_string!(locale, invitations.activate.step, step = current);
    view! { <RuledSteps names label current /> }
}

#[component]
fn CodePage(page: FamilyPage, username: String, problem: Option<CodeProblem>) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = match problem {
        None => FieldErrors::default(),
        Some(CodeProblem::Refused) => {
            FieldErrors::one("code", td_string!(locale, invitations.activate.code_refused))
        }
        Some(CodeProblem::Missing { username, code }) => [
            username.then(|| {
                FieldError::new("username", td_string!(locale, invitations.activate.username_missing))
            }),
            code.then(|| FieldError::new("code", td_string!(locale, invitations.activate.code_missing))),
        ]
        .into_iter()
        .flatten()
        .collect(),
    };
    let title = td_string!(locale, invitations.activate.code_title);
    view! {
        <AuthPage
            page=page.clone()
            title
            above=view! { <Steps locale current=1 /> }.into_any()
            errors=errors.clone()
            arrival=true
        >
            <SomeoneElse page />
            <form class="stack" method="post" action="/activate" novalidate>
                <TextField
                    required=true
                    id="username"
                    label=td_string!(locale, invitations.activate.username)
                    hint=td_string!(locale, invitations.activate.username_hint)
                    value=username
                    autocomplete="username"
                    errors=errors.clone()
                />
                <TextField
                    required=true
                    id="code"
                    label=td_string!(locale, invitations.activate.code)
                    hint=td_string!(locale, invitations.activate.code_hint)
                    value=""
                    autocomplete="one-time-code"
                    class="input codebox"
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, family.next)}
                </button>
                <button class="btn wide large" type="submit" formaction="/activate/resend">
                    <Icon name="send" />
                    {td_string!(locale, invitations.activate.resend)}
                </button>
                <p class="muted">{td_string!(locale, invitations.activate.resend_hint)}</p>
            </form>
        </AuthPage>
    }
    .into_any()
}

#[component]
fn CheckPage(
    page: FamilyPage,
    invited: InvitedPerson,
    next: Option<&'static str>,
    providers: Vec<ProviderOffer>,
) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, invitations.activate.who_title);
    view! {
        <AuthPage page=page.clone() title above=view! { <Steps locale current=2 /> }.into_any() arrival=true>
            <SomeoneElse page />
            <p class="soft">{td_string!(locale, invitations.activate.who_text)}</p>
            <dl class="facts" data-went-on="/activate/here">
                <div>
                    <dt>{td_string!(locale, invitations.activate.who_name)}</dt>
                    <dd>
                        <b>{invited.name}</b>
                    </dd>
                </div>
                <div>
                    <dt>{td_string!(locale, invitations.activate.who_school)}</dt>
                    <dd>{invited.school}</dd>
                </div>
            </dl>
            {if let Some(next) = next {
                view! {
                    <a class="btn primary wide large" href=next>
                        {td_string!(locale, invitations.activate.who_yes)}
                    </a>
                }
                    .into_any()
            } else {
                view! { <p>{td_string!(locale, single_sign_on.invited)}</p> }.into_any()
            }}
            <ProviderButtons locale providers first=!invited.takes_password />
            <form method="post" action="/activate/not-me">
                <button class="btn wide large" type="submit">
                    {td_string!(locale, invitations.activate.who_no)}
                </button>
            </form>
        </AuthPage>
    }
    .into_any()
}

#[component]
fn PasswordPage(page: FamilyPage, invited: InvitedPerson, problem: Option<PasswordProblem>) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = problem.map(|problem| problem.of(locale, "password")).into_iter().collect();
    let title = td_string!(locale, invitations.activate.password_title);
    view! {
        <AuthPage
            page=page.clone()
            title
            above=view! { <Steps locale current=3 /> }.into_any()
            errors=errors.clone()
        >
            <SomeoneElse page />
            <form
                class="stack"
                method="post"
                action="/activate/password"
                novalidate
                data-went-on="/activate/here"
            >
                <NewPasswordField
                    locale
                    label=td_string!(locale, invitations.activate.password)
                    owner=PasswordOwner {
                        name: invited.name,
                        username: invited.username,
                        minimum: invited.minimum,
                    }
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    {if invited.is_staff {
                        td_string!(locale, invitations.activate.save_staff)
                    } else {
                        td_string!(locale, invitations.activate.save)
                    }}
                </button>
            </form>
        </AuthPage>
    }
    .into_any()
}

#[component]
fn EndedPage(page: FamilyPage) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, invitations.activate.expired_title);
    // Who opens their used link again is usually signed in here already.
    let to_portal = page.signed_in.clone().map(|name| {
        view! {
            <p>{td_string!(locale, invitations.activate.expired_signed_in, name = name)}</p>
            <a class="btn primary wide large" href="/">
                {td_string!(locale, invitations.activate.portal)}
            </a>
        }
    });
    let to_sign_in = to_portal.is_none().then(|| {
        view! {
            <p>{td_string!(locale, invitations.activate.expired_active)}</p>
            <a class="btn wide large" href="/sign-in">
                {td_string!(locale, sign_in.button)}
            </a>
        }
    });
    let resend = if to_portal.is_some() { "btn wide large" } else { "btn primary wide large" };
    view! {
        <AuthPage page title=title>
            <p>{td_string!(locale, invitations.activate.expired)}</p>
            {to_portal}
            <form class="stack" method="post" action="/activate/resend">
                <button class=resend type="submit">
                    <Icon name="send" />
                    {td_string!(locale, invitations.activate.resend)}
                </button>
                <p class="muted">{td_string!(locale, invitations.activate.resend_hint)}</p>
            </form>
            {to_sign_in}
        </AuthPage>
    }
    .into_any()
}
