//! A person's own second factors, for both families and staff.

mod app;
mod codes;
mod passkey;
mod removal;

use domain::factors::{FactorsView, SecondFactorDuty};
use domain::single_sign_on::LinkedIdentity;
use leptos::prelude::*;
use leptos_i18n::td_string;

pub use super::security::app::{AppSecret, app_page};
pub use super::security::codes::{codes_page, renew_page};
pub use super::security::passkey::{PasskeyProblem, passkey_page};
pub use super::security::removal::{FactorRemovalView, RemovalProblem, remove_page};
use crate::features::single_sign_on::pages::visit::LinkedIdentities;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::date;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::icon::Icon;

/// What was just done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityNotice {
    /// A second factor was set up.
    Added,
    /// A second factor was removed.
    Removed,
    /// The setup expired before the first code was entered.
    Late,
    /// An identity at a provider was removed.
    Unlinked,
}

impl SecurityNotice {
    /// Reads the slug in the page's address.
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
            Self::Added => td_string!(locale, factors.security.added),
            Self::Removed => td_string!(locale, factors.security.removed),
            Self::Late => td_string!(locale, factors.security.late),
            Self::Unlinked => td_string!(locale, factors.security.linked_removed),
        }
    }
}

/// A person's second factors, as HTML. `notice` is what was just done.
pub fn security_page(
    page: FamilyPage,
    factors: FactorsView,
    passkeys_possible: bool,
    identities: Vec<LinkedIdentity>,
    duty: SecondFactorDuty,
    notice: Option<SecurityNotice>,
) -> String {
    render(move || view! { <SecurityPage page factors passkeys_possible identities duty notice /> })
}

#[component]
fn SecurityPage(
    page: FamilyPage,
    factors: FactorsView,
    passkeys_possible: bool,
    identities: Vec<LinkedIdentity>,
    duty: SecondFactorDuty,
    notice: Option<SecurityNotice>,
) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, factors.security.title);
    let notice = notice.map(|notice| {
        view! {
            <div class="notice" role="status">
                <Icon name="info" />
                <p>{notice.sentence(locale)}</p>
            </div>
        }
    });
    let urged = match duty {
        SecondFactorDuty::Overdue => Some(td_string!(locale, factors.security.overdue).to_owned()),
        SecondFactorDuty::Due(until) => {
            let day = date(locale, until);
            Some(td_string!(locale, factors.security.due, day = day))
        }
        SecondFactorDuty::Kept | SecondFactorDuty::Offered => None,
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
            Some(day) => td_string!(locale, factors.security.passkey_used, day = date(locale, day)),
            None => td_string!(locale, factors.security.passkey_unused).to_owned(),
        };
        view! {
            <Line
                icon="fingerprint"
                name=passkey.name
                state=used
                to=format!("/account/security/passkeys/{}/remove", passkey.id)
                action=td_string!(locale, factors.security.remove)
            />
        }
    });
    let passkeys = passkeys.collect_view();
    let add = passkeys_possible.then(|| {
        view! {
            <Line
                icon="fingerprint"
                name=td_string!(locale, factors.security.passkey)
                state=td_string!(locale, factors.security.passkey_what)
                to="/account/security/passkey"
                action=td_string!(locale, factors.security.add)
            />
        }
    });
    let codes = factors.any().then(|| {
        let left = td_string!(locale, factors.security.codes_left, count = factors.recovery_codes);
        view! {
            <Line
                icon="file-text"
                name=td_string!(locale, factors.security.codes)
                state=left
                to="/account/security/recovery-codes"
                action=td_string!(locale, factors.security.codes_renew)
            />
        }
    });
    view! {
        <AuthPage page title=title>
            {notice}
            {urged}
            <p class="soft">{td_string!(locale, factors.security.lead)}</p>
            <ul class="sessions" role="list">
                <App locale set_up=factors.app />
                {passkeys}
                {add}
                {codes}
            </ul>
            <LinkedIdentities locale identities />
            {(duty != SecondFactorDuty::Overdue)
                .then(|| view! { <a class="tap" href="/">{td_string!(locale, own_account.account.back)}</a> })}
        </AuthPage>
    }
    .into_any()
}

#[component]
fn App(locale: Locale, set_up: bool) -> impl IntoView {
    let (state, to, action) = if set_up {
        (
            td_string!(locale, factors.security.app_on),
            "/account/security/app/remove",
            td_string!(locale, factors.security.remove),
        )
    } else {
        (
            td_string!(locale, factors.security.app_off),
            "/account/security/app",
            td_string!(locale, factors.security.set_up),
        )
    };
    view! {
        <Line icon="monitor-smartphone" name=td_string!(locale, factors.security.app) state to action />
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

#[component]
fn Back(locale: Locale) -> impl IntoView {
    view! {
        <a class="tap no-print" href="/account/security">
            {td_string!(locale, own_account.account.back)}
        </a>
    }
}
