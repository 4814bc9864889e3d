//! The sign-in page, for students, guardians and staff.

use chrono::NaiveDate;
use domain::fields::{FieldError, FieldErrors};
use domain::single_sign_on::Offers;
use domain::when::long_day;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::features::single_sign_on::pages::visit::ProviderButtons;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, PasskeyButton, PasskeyCeremony, PasswordField};
use crate::ui::field::TextField;
use crate::ui::icon::Icon;

/// The contents of the page, besides the empty form.
#[derive(Debug, Clone, Default)]
pub struct SignInView {
    /// The name that was typed.
    pub name: String,
    /// Where to go afterwards: a path on this site.
    pub next: Option<String>,
    /// Why the form is shown again.
    pub problem: Option<SignInProblem>,
    /// The message above the form.
    pub reason: Option<SignInReason>,
    /// Whether passkeys can be used here.
    pub passkeys: bool,
    /// Whether the password form was requested although the school does not use passwords.
    pub by_password: bool,
}

/// Why the person is on this page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInReason {
    /// They have just signed out.
    SignedOut,
    /// The page they wanted requires signing in.
    Ended,
    /// Their session ended when they sent a form, which waits for them.
    Kept,
    /// Their session ended when they sent a form that they can simply send again.
    Unsent,
    /// They took too long to sign in.
    Again,
    /// They cancelled at a provider.
    Cancelled,
    /// Their account can be used from this day on, or no longer.
    OutsideDays(Option<NaiveDate>),
}

/// What the slug of [`SignInReason::OutsideDays`] begins with, before its day.
const OPENS: &str = "opens-";

impl SignInReason {
    /// The name in the page's address.
    pub fn slug(self) -> String {
        match self {
            Self::SignedOut => "signed-out".to_owned(),
            Self::Ended => "ended".to_owned(),
            Self::Kept => "kept".to_owned(),
            Self::Unsent => "unsent".to_owned(),
            Self::Again => "again".to_owned(),
            Self::Cancelled => "cancelled".to_owned(),
            Self::OutsideDays(None) => "over".to_owned(),
            Self::OutsideDays(Some(day)) => format!("{OPENS}{day}"),
        }
    }

    /// Reads the slug in the page's address.
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            "signed-out" => Some(Self::SignedOut),
            "again" => Some(Self::Again),
            "kept" => Some(Self::Kept),
            "unsent" => Some(Self::Unsent),
            "cancelled" => Some(Self::Cancelled),
            "over" => Some(Self::OutsideDays(None)),
            other => other.strip_prefix(OPENS)?.parse().ok().map(|day| Self::OutsideDays(Some(day))),
        }
    }

    fn sentence(self, locale: Locale) -> String {
        match self {
            Self::SignedOut => td_string!(locale, sign_in.signed_out).to_owned(),
            Self::Ended => td_string!(locale, sign_in.ended).to_owned(),
            Self::Kept => td_string!(locale, sign_in.kept).to_owned(),
            Self::Unsent => td_string!(locale, sign_in.unsent).to_owned(),
            Self::Again => td_string!(locale, sign_in.again).to_owned(),
            Self::Cancelled => td_string!(locale, sign_in.cancelled).to_owned(),
            Self::OutsideDays(day) => outside_days(locale, day),
        }
    }
}

/// What its owner is told of an account that can be used from a day on, or no longer.
pub(crate) fn outside_days(locale: Locale, opens_on: Option<NaiveDate>) -> String {
    match opens_on {
        None => td_string!(locale, sign_in.over).to_owned(),
        Some(day) => td_string!(locale, sign_in.not_yet, day = long_day(day)),
    }
}

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInProblem {
    /// Some fields are empty.
    Missing {
        /// Whether the name is empty.
        name: bool,
        /// Whether the password is empty.
        password: bool,
    },
    /// Refused. All reasons get the same sentence, so that it reveals nothing about an account.
    Refused,
    /// Refused for a passkey, with one sentence for all reasons.
    PasskeyRefused,
    /// The password was right, and the account can be used from this day on, or no longer.
    OutsideDays(Option<NaiveDate>),
    /// Too many attempts.
    Slowed,
    /// The server is too busy.
    Busy,
}

impl SignInProblem {
    fn sentences(self, locale: Locale) -> FieldErrors {
        match self {
            Self::Missing { name, password } => [
                name.then(|| FieldError::new("name", td_string!(locale, sign_in.name_missing))),
                password.then(|| FieldError::new("password", td_string!(locale, sign_in.password_missing))),
            ]
            .into_iter()
            .flatten()
            .collect(),
            Self::Refused => {
                FieldErrors::one("name", td_string!(locale, sign_in.refused)).and_marked("password")
            }
            Self::PasskeyRefused => FieldErrors::whole(td_string!(locale, sign_in.passkey_refused)),
            Self::OutsideDays(day) => FieldErrors::whole(outside_days(locale, day)),
            Self::Slowed => FieldErrors::whole(td_string!(locale, sign_in.slowed)),
            Self::Busy => FieldErrors::whole(td_string!(locale, sign_in.busy)),
        }
    }
}

/// The whole page as HTML.
pub fn sign_in_page(page: FamilyPage, shown: SignInView, offers: Offers) -> String {
    render(move || view! { <SignInPage page shown offers /> })
}

#[component]
fn SignInPage(page: FamilyPage, shown: SignInView, offers: Offers) -> impl IntoView {
    let locale = page.locale;
    // A passkey is accepted on its own wherever a password is.
    let own = offers.passwords || shown.by_password;
    let form = own.then(|| view! { <PasswordForm locale shown=shown.clone() offers=offers.clone() /> });
    let errors = shown.problem.map(|problem| problem.sentences(locale)).unwrap_or_default();
    let title = td_string!(locale, sign_in.title);
    let set_up = page.set_up;
    let passkey_next = shown.next.clone();
    let notice = shown.reason.map(|reason| {
        view! {
            <div class="notice" role="status">
                <Icon name="info" />
                <p>{reason.sentence(locale)}</p>
            </div>
        }
    });
    view! {
        <AuthPage page title errors arrival=true>
            {notice}
            {(!set_up).then(|| view! {
                <div class="notice" role="status">
                    <Icon name="info" />
                    <p>{td_string!(locale, sign_in.not_set_up)}</p>
                </div>
            })}
            <ProviderButtons
                locale
                providers=offers.providers.clone()
                next=shown.next.clone()
                first=form.is_none()
            />
            {form}
            {(!own)
                .then(|| {
                    view! {
                        <a class="tap" href="/sign-in?with=password">
                            {td_string!(locale, single_sign_on.password_instead)}
                        </a>
                    }
                })}
            <div class="or">
                <span>{td_string!(locale, sign_in.or)}</span>
            </div>
            {(shown.passkeys && own)
                .then(|| {
                    view! {
                        <form class="stack tight" method="post" action="/sign-in/passkey">
                            {passkey_next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                            <PasskeyButton
                                locale
                                ceremony=PasskeyCeremony::Get
                                options="/sign-in/passkey/options"
                                label=td_string!(locale, sign_in.passkey)
                            />
                        </form>
                    }
                })}
            <a class="btn wide large" href="/activate">
                <Icon name="key-round" />
                {td_string!(locale, sign_in.have_code)}
            </a>
        </AuthPage>
    }
    .into_any()
}

/// Name and password, below the providers if there are any.
#[component]
fn PasswordForm(locale: Locale, shown: SignInView, offers: Offers) -> impl IntoView {
    let errors = shown.problem.map(|problem| problem.sentences(locale)).unwrap_or_default();
    let or = (!offers.providers.is_empty()).then(|| {
        view! {
            <div class="or">
                <span>{td_string!(locale, single_sign_on.or_password)}</span>
            </div>
        }
    });
    let lead = (!offers.passwords).then(|| {
        view! { <p class="soft">{td_string!(locale, single_sign_on.password_lead)}</p> }
    });
    view! {
        {or}
        {lead}
        <form class="stack" method="post" action="/sign-in" novalidate>
            {shown.next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
            <TextField
                required=true
                id="name"
                label=td_string!(locale, sign_in.name)
                value=shown.name
                autocomplete="username"
                errors=errors.clone()
            />
            <PasswordField
                locale
                label=td_string!(locale, sign_in.password)
                autocomplete="current-password"
                errors
            />
            <button class="btn primary wide large" type="submit">
                {td_string!(locale, sign_in.button)}
            </button>
            <p class="row spread">
                <a class="tap" href="/forgotten/password">
                    {td_string!(locale, sign_in.forgotten_password)}
                </a>
                <a class="tap" href="/forgotten/username">
                    {td_string!(locale, sign_in.forgotten_username)}
                </a>
            </p>
        </form>
    }
    .into_any()
}
