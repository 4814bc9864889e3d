//! One's own second factors. For everyone: families and staff.

use domain::access::factors::{Duty, FactorsView, PasskeyName};
use domain::access::single_sign_on::LinkedIdentity;
use domain::ids::PasskeyId;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::second_factor::{FactorField, FactorProblem, OwnPasskey};
use super::single_sign_on::LinkedIdentities;
use crate::i18n::Locale;
use crate::ui::family::dates::date;
use crate::ui::family::qr::QrCode;
use crate::ui::family::{
    ErrorSummary, FamilyPage, FamilyShell, Gate, PasskeyButton, PasskeyDeed, PasswordField, Problem,
    TextField, render,
};
use crate::ui::icon::Icon;

/// What has just happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecuritySaid {
    /// A second factor was set up.
    Added,
    /// A second factor was taken away.
    Removed,
    /// What was shown has waited too long for its first code.
    Late,
    /// An identity at a provider was removed.
    Unlinked,
}

impl SecuritySaid {
    /// Reads the word in the address of the page.
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            "added" => Some(Self::Added),
            "removed" => Some(Self::Removed),
            "late" => Some(Self::Late),
            "unlinked" => Some(Self::Unlinked),
            _ => None,
        }
    }

    fn sentence(self, locale: Locale) -> &'static str {
        match self {
            Self::Added => td_string!(locale, access.security.added),
            Self::Removed => td_string!(locale, access.security.removed),
            Self::Late => td_string!(locale, access.security.late),
            Self::Unlinked => td_string!(locale, access.security.linked_removed),
        }
    }
}

/// The second factors of someone as HTML. `said` is what has just happened.
pub fn security_page(
    page: FamilyPage,
    factors: FactorsView,
    passkeys_possible: bool,
    identities: Vec<LinkedIdentity>,
    duty: Duty,
    said: Option<SecuritySaid>,
) -> String {
    render(move || view! { <SecurityPage page factors passkeys_possible identities duty said /> })
}

#[component]
fn SecurityPage(
    page: FamilyPage,
    factors: FactorsView,
    passkeys_possible: bool,
    identities: Vec<LinkedIdentity>,
    duty: Duty,
    said: Option<SecuritySaid>,
) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, access.security.title);
    let notice = said.map(|said| {
        view! {
            <div class="notice" role="status">
                <Icon name="info" />
                <p>{said.sentence(locale)}</p>
            </div>
        }
    });
    let urged = match duty {
        Duty::Overdue => Some(td_string!(locale, access.security.overdue).to_owned()),
        Duty::Due(until) => {
            let day = date(locale, until);
            Some(td_string!(locale, access.security.due, day = day))
        }
        Duty::Kept | Duty::Offered => None,
    };
    let urged = urged.map(|sentence| {
        view! {
            <div class="notice" data-tone="amber">
                <Icon name="triangle-alert" />
                <p>{sentence}</p>
            </div>
        }
    });
    let passkeys = factors.passkeys.clone().into_iter().map(|passkey| {
        let used = match passkey.last_used {
            Some(day) => td_string!(locale, access.security.passkey_used, day = date(locale, day)),
            None => td_string!(locale, access.security.passkey_unused).to_owned(),
        };
        view! {
            <Line
                icon="fingerprint"
                name=passkey.name
                state=used
                to=format!("/account/security/passkeys/{}/remove", passkey.id)
                action=td_string!(locale, access.security.remove)
            />
        }
    });
    let passkeys = passkeys.collect_view();
    let add = passkeys_possible.then(|| {
        view! {
            <Line
                icon="fingerprint"
                name=td_string!(locale, access.security.passkey)
                state=td_string!(locale, access.security.passkey_what)
                to="/account/security/passkey"
                action=td_string!(locale, access.security.add)
            />
        }
    });
    let codes = factors.any().then(|| {
        let left = td_string!(locale, access.security.codes_left, count = factors.recovery_codes);
        view! {
            <Line
                icon="file-text"
                name=td_string!(locale, access.security.codes)
                state=left
                to="/account/security/recovery-codes"
                action=td_string!(locale, access.security.codes_renew)
            />
        }
    });
    view! {
        <FamilyShell page=page.clone() title=title>
            <Gate page=page>
                <h1>{title}</h1>
                {notice}
                {urged}
                <p class="soft">{td_string!(locale, access.security.lead)}</p>
                <ul class="sessions" role="list">
                    <App locale set_up=factors.app />
                    {passkeys}
                    {add}
                    {codes}
                </ul>
                <LinkedIdentities locale identities />
                {(duty != Duty::Overdue)
                    .then(|| view! { <a class="tap" href="/">{td_string!(locale, access.account.back)}</a> })}
                {(duty == Duty::Overdue)
                    .then(|| {
                        view! {
                            <form method="post" action="/sign-out">
                                <button class="btn wide large" type="submit">
                                    <Icon name="log-out" />
                                    {td_string!(locale, access.security.sign_out)}
                                </button>
                            </form>
                        }
                    })}
            </Gate>
        </FamilyShell>
    }
    .into_any()
}

#[component]
fn App(locale: Locale, set_up: bool) -> impl IntoView {
    let name = td_string!(locale, access.security.app);
    if set_up {
        view! {
            <Line
                icon="monitor-smartphone"
                name
                state=td_string!(locale, access.security.app_on)
                to="/account/security/app/remove"
                action=td_string!(locale, access.security.remove)
            />
        }
    } else {
        view! {
            <Line
                icon="monitor-smartphone"
                name
                state=td_string!(locale, access.security.app_off)
                to="/account/security/app"
                action=td_string!(locale, access.security.set_up)
            />
        }
    }
}

#[component]
fn Line(
    icon: &'static str,
    #[prop(into)] name: String,
    #[prop(into)] state: String,
    #[prop(into)] to: String,
    action: &'static str,
) -> impl IntoView {
    let label = format!("{action}: {name}");
    view! {
        <li>
            <Icon name=icon />
            <div class="what">
                <b>
                    <bdi>{name}</bdi>
                </b>
                <span>{state}</span>
            </div>
            <a class="btn" href=to aria-label=label>
                {action}
            </a>
        </li>
    }
}

/// What an authenticator app has to be told.
#[derive(Debug, Clone)]
pub struct AppSecret {
    /// For the QR code.
    pub uri: String,
    /// To be typed.
    pub secret: String,
}

/// Setting up an app as HTML: the QR code, the secret as text, and the field for the first code.
pub fn app_page(page: FamilyPage, secret: AppSecret, problem: Option<FactorProblem>) -> String {
    render(move || view! { <AppPage page secret problem /> })
}

#[component]
fn AppPage(page: FamilyPage, secret: AppSecret, problem: Option<FactorProblem>) -> impl IntoView {
    let locale = page.locale;
    let problems: Vec<Problem> = problem.map(|problem| problem.of(locale, "code")).into_iter().collect();
    let title = td_string!(locale, access.security.app_title);
    view! {
        <FamilyShell page=page.clone() title=title wrong=!problems.is_empty()>
            <Gate page=page>
                <h1>{title}</h1>
                <ErrorSummary locale problems=problems.clone() />
                <ol class="numbered">
                    <li>{td_string!(locale, access.security.app_install)}</li>
                    <li>
                        <p>{td_string!(locale, access.security.app_scan)}</p>
                        <QrCode text=secret.uri label=td_string!(locale, access.security.app_qr) />
                        <p class="soft">
                            {td_string!(locale, access.security.app_type)} " "
                            <span class="code">{secret.secret}</span>
                        </p>
                    </li>
                    <li>
                        <form class="stack" method="post" action="/account/security/app" novalidate>
                            <TextField
                                id="code"
                                label=td_string!(locale, access.security.app_code)
                                autocomplete="one-time-code"
                                class="input codebox"
                                problems
                            />
                            <button class="btn primary wide large" type="submit">
                                {td_string!(locale, access.security.app_save)}
                            </button>
                        </form>
                    </li>
                </ol>
                <Back locale />
            </Gate>
        </FamilyShell>
    }
    .into_any()
}

#[component]
fn Back(locale: Locale) -> impl IntoView {
    view! {
        <a class="tap no-print" href="/account/security">
            {td_string!(locale, access.account.back)}
        </a>
    }
}

/// The question before new recovery codes, as HTML.
pub fn renew_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, access.security.renew_title);
        view! {
            <FamilyShell page=page.clone() title=title>
                <Gate page=page>
                    <h1>{title}</h1>
                    <p>{td_string!(locale, access.security.renew)}</p>
                    <form method="post" action="/account/security/recovery-codes">
                        <button class="btn primary wide large" type="submit">
                            {td_string!(locale, access.security.codes_renew)}
                        </button>
                    </form>
                    <Back locale />
                </Gate>
            </FamilyShell>
        }
    })
}

/// New recovery codes as HTML: shown this once.
pub fn codes_page(page: FamilyPage, codes: Vec<String>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, access.security.codes_title);
        let codes = codes.into_iter().map(|code| view! { <li class="code">{code}</li> }).collect_view();
        view! {
            <FamilyShell page=page.clone() title=title>
                <Gate page=page>
                    <h1>{title}</h1>
                    <p>{td_string!(locale, access.security.codes_lead)}</p>
                    <ol class="codes" role="list">
                        {codes}
                    </ol>
                    <button class="btn wide large no-print" type="button" data-print hidden>
                        <Icon name="printer" />
                        {td_string!(locale, access.security.print)}
                    </button>
                    <a class="btn primary wide large no-print" href="/account/security?said=added">
                        {td_string!(locale, access.security.codes_kept)}
                    </a>
                </Gate>
            </FamilyShell>
        }
    })
}

/// Why the form that takes a second factor away comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovalProblem {
    /// No password was typed.
    PasswordMissing,
    /// The password is another one.
    PasswordWrong,
    /// Something about the code.
    Code(FactorProblem),
}

/// What is taken away, and how its owner can show a second factor.
#[derive(Debug, Clone)]
pub struct Removing {
    /// The passkey and its name; none for the app.
    pub passkey: Option<(PasskeyId, String)>,
    /// Whether there are passkeys to show.
    pub has_passkeys: bool,
    /// Whether the password is asked for too.
    pub asks_for_password: bool,
}

/// The form that takes a second factor away, as HTML.
pub fn remove_page(page: FamilyPage, removing: Removing, problem: Option<RemovalProblem>) -> String {
    render(move || view! { <RemovePage page removing problem /> })
}

#[component]
fn RemovePage(page: FamilyPage, removing: Removing, problem: Option<RemovalProblem>) -> impl IntoView {
    let locale = page.locale;
    let problem = problem.map(|problem| match problem {
        RemovalProblem::PasswordMissing => {
            Problem::new("present", td_string!(locale, access.account.present_missing))
        }
        RemovalProblem::PasswordWrong => {
            Problem::new("present", td_string!(locale, access.account.present_wrong))
        }
        RemovalProblem::Code(problem) => problem.of(locale, "code"),
    });
    let problems: Vec<Problem> = problem.into_iter().collect();
    let (title, action) = match removing.passkey {
        None => (
            td_string!(locale, access.security.remove_title).to_owned(),
            "/account/security/app/remove".to_owned(),
        ),
        Some((id, name)) => (
            td_string!(locale, access.security.remove_passkey_title, name = name),
            format!("/account/security/passkeys/{id}/remove"),
        ),
    };
    view! {
        <FamilyShell page=page.clone() title=title.clone() wrong=!problems.is_empty()>
            <Gate page=page>
                <h1>{title}</h1>
                <ErrorSummary locale problems=problems.clone() />
                <p class="soft">{td_string!(locale, access.security.remove_lead)}</p>
                <form class="stack" method="post" action=action novalidate>
                    {removing
                        .asks_for_password
                        .then(|| {
                            let label = td_string!(locale, access.account.present);
                            let autocomplete = "current-password";
                            view! { <PasswordField locale id="present" label autocomplete problems=problems.clone() /> }
                        })}
                    <FactorField locale problems=problems.clone() />
                    <button class="btn danger wide large" type="submit">
                        {td_string!(locale, access.security.remove)}
                    </button>
                    {removing
                        .has_passkeys
                        .then(|| {
                            let label = td_string!(locale, access.security.remove_with_passkey);
                            view! { <OwnPasskey locale label name="passkey" /> }
                        })}
                </form>
                <Back locale />
            </Gate>
        </FamilyShell>
    }
    .into_any()
}

/// Why the form for a passkey comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasskeyProblem {
    /// The name was not taken.
    Name,
    /// The answer of the browser was not taken.
    Refused,
}

/// Adding a passkey, as HTML.
pub fn passkey_page(page: FamilyPage, name: String, problem: Option<PasskeyProblem>) -> String {
    render(move || view! { <AddPasskeyPage page name problem /> })
}

#[component]
fn AddPasskeyPage(page: FamilyPage, name: String, problem: Option<PasskeyProblem>) -> impl IntoView {
    let locale = page.locale;
    let sentence = problem.map(|problem| match problem {
        PasskeyProblem::Name => td_string!(locale, access.passkey.name_wrong),
        PasskeyProblem::Refused => td_string!(locale, access.passkey.refused),
    });
    let problems: Vec<Problem> =
        sentence.map(|sentence| Problem::new("name", sentence)).into_iter().collect();
    let title = td_string!(locale, access.passkey.title);
    view! {
        <FamilyShell page=page.clone() title=title wrong=!problems.is_empty()>
            <Gate page=page>
                <h1>{title}</h1>
                <ErrorSummary locale problems=problems.clone() />
                <p class="soft">{td_string!(locale, access.passkey.lead)}</p>
                <form class="stack" method="post" action="/account/security/passkey" novalidate>
                    <TextField
                        id="name"
                        label=td_string!(locale, access.passkey.name)
                        hint=td_string!(locale, access.passkey.name_hint)
                        value=name
                        autocomplete="off"
                        name_like=true
                        longest=PasskeyName::LONGEST
                        problems
                    />
                    <PasskeyButton
                        locale
                        deed=PasskeyDeed::Create
                        options="/account/security/passkey/options"
                        label=td_string!(locale, access.passkey.create)
                        primary=true
                    />
                    <noscript>
                        <p>{td_string!(locale, access.passkey.no_script)}</p>
                    </noscript>
                </form>
                <Back locale />
            </Gate>
        </FamilyShell>
    }
    .into_any()
}
