//! A person's own password and sessions, for both families and staff.

use domain::fields::{FieldError, FieldErrors};
use domain::sessions::device::{Browser, Device, System};
use domain::sessions::views::SessionLine;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::moment;
use crate::ui::family::{
    AuthPage, FamilyPage, NewPasswordField, PasswordField, PasswordOwner, PasswordProblem,
};
use crate::ui::icon::Icon;

/// Why the password form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangePasswordProblem {
    /// No current password was typed.
    PresentMissing,
    /// The current password is wrong.
    PresentWrong,
    /// Too many attempts.
    Slowed,
    /// There is a problem with the new password.
    New(PasswordProblem),
}

impl ChangePasswordProblem {
    fn of(self, locale: Locale) -> FieldError {
        let sentence = match self {
            Self::PresentMissing => td_string!(locale, own_account.account.current_missing),
            Self::PresentWrong => td_string!(locale, own_account.account.current_wrong),
            Self::Slowed => td_string!(locale, own_account.account.current_slowed),
            Self::New(problem) => return problem.of(locale, "password"),
        };
        FieldError::new("present", sentence)
    }
}

/// The form for a new password, as HTML.
pub fn change_page(page: FamilyPage, owner: PasswordOwner, problem: Option<ChangePasswordProblem>) -> String {
    render(move || view! { <ChangePage page owner problem /> })
}

/// The page for someone who has no password to change, as HTML.
pub fn no_password_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.account.password_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, own_account.account.no_password)}</p>
                <a class="btn wide large" href="/">
                    {td_string!(locale, own_account.account.back)}
                </a>
            </AuthPage>
        }
    })
}

/// Where the person is signed in, as HTML. `notice` is what was just done.
pub fn sessions_page(page: FamilyPage, sessions: Vec<SessionLine>, notice: Option<AccountNotice>) -> String {
    render(move || view! { <SessionsPage page sessions notice /> })
}

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountNotice {
    /// The password was changed.
    Changed,
    /// Sessions were ended.
    Ended,
}

impl AccountNotice {
    /// Reads the slug in the page's address.
    pub fn from_slug(slug: &str) -> Option<Self> {
        match slug {
            "changed" => Some(Self::Changed),
            "ended" => Some(Self::Ended),
            _ => None,
        }
    }

    fn sentence(self, locale: Locale) -> &'static str {
        match self {
            Self::Changed => td_string!(locale, own_account.account.changed),
            Self::Ended => td_string!(locale, own_account.account.ended),
        }
    }
}

#[component]
fn ChangePage(
    page: FamilyPage,
    owner: PasswordOwner,
    problem: Option<ChangePasswordProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = problem.map(|problem| problem.of(locale)).into_iter().collect();
    let title = td_string!(locale, own_account.account.password_title);
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{td_string!(locale, own_account.account.password_lead)}</p>
            <form class="stack" method="post" action="/account/password" novalidate>
                <PasswordField
                    locale
                    id="present"
                    label=td_string!(locale, own_account.account.current)
                    autocomplete="current-password"
                    errors=errors.clone()
                />
                <NewPasswordField
                    locale
                    label=td_string!(locale, own_account.account.password)
                    owner
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, own_account.account.save)}
                </button>
            </form>
            <a class="tap" href="/">
                {td_string!(locale, own_account.account.back)}
            </a>
        </AuthPage>
    }
    .into_any()
}

/// A device, in the owner's language.
fn device(locale: Locale, device: Device) -> String {
    let (browser, system) = (device.browser.map(Browser::name), device.system.map(System::name));
    match (browser, system) {
        (Some(browser), Some(system)) => {
            td_string!(locale, own_account.account.device, browser = browser, system = system)
        }
        (Some(known), None) | (None, Some(known)) => known.to_owned(),
        (None, None) => td_string!(locale, own_account.account.unknown).to_owned(),
    }
}

#[component]
fn SessionsPage(
    page: FamilyPage,
    sessions: Vec<SessionLine>,
    notice: Option<AccountNotice>,
) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, own_account.account.sessions_title);
    let others = sessions.iter().any(|session| !session.here);
    let notice = notice.map(|notice| {
        view! {
            <div class="notice" role="status">
                <Icon name="info" />
                <p>{notice.sentence(locale)}</p>
            </div>
        }
    });
    let lines = sessions.into_iter().map(|session| view! { <Line locale session /> }).collect_view();
    view! {
        <AuthPage page title=title>
            {notice}
            <p class="soft">{td_string!(locale, own_account.account.sessions_lead)}</p>
            <form method="post" action="/account/sessions/end">
                <ul class="sessions" role="list">{lines}</ul>
                {others
                    .then(|| {
                        view! {
                            <button class="btn wide large" type="submit" name="session" value="others">
                                <Icon name="log-out" />
                                {td_string!(locale, own_account.account.end_others)}
                            </button>
                        }
                    })}
            </form>
            <a class="btn wide large" href="/account/password">
                <Icon name="key-round" />
                {td_string!(locale, own_account.account.change)}
            </a>
            <a class="tap" href="/">
                {td_string!(locale, own_account.account.back)}
            </a>
        </AuthPage>
    }
    .into_any()
}

#[component]
fn Line(locale: Locale, session: SessionLine) -> impl IntoView {
    let name = device(locale, session.device);
    let used = moment(locale, session.last_seen_at);
    let source = session.source.map(|source| {
        view! { <span>{td_string!(locale, own_account.account.source, source = source)}</span> }
    });
    let since = moment(locale, session.since);
    let since = if let Some(provider) = session.provider {
        td_string!(locale, own_account.account.by_provider, when = since, provider = provider)
    } else {
        td_string!(locale, own_account.account.since, when = since)
    };
    let end = if session.here {
        view! { <b>{td_string!(locale, own_account.account.here)}</b> }.into_any()
    } else {
        view! {
            <button
                class="btn"
                type="submit"
                name="session"
                value=session.session.to_string()
                aria-label=td_string!(locale, own_account.account.end_of, device = name.as_str(), when = used.as_str())
            >
                {td_string!(locale, own_account.account.end)}
            </button>
        }
        .into_any()
    };
    view! {
        <li>
            <Icon name="monitor-smartphone" />
            <div class="what">
                <b>{name}</b>
                <span>{td_string!(locale, own_account.account.used, when = used)}</span>
                <span>{since}</span>
                {source}
            </div>
            {end}
        </li>
    }
    .into_any()
}
