//! Changing one's own email address: requesting a new one, confirming it, and undoing a change made by
//! someone else.

use backend::own_account::address::undo::UndoEmailView;
use domain::fields::{FieldError, FieldErrors};
use domain::own_account::address::{OwnAddress, WaitingAddress};
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::moment;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::field::TextField;
use crate::ui::icon::Icon;

/// Why the form is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressProblem {
    /// Nothing was typed.
    Missing,
    /// It is not an email address.
    Wrong,
    /// It is their current address.
    Same,
    /// Too many requests.
    Slowed,
}

impl AddressProblem {
    fn of(self, locale: Locale) -> FieldError {
        let sentence = match self {
            Self::Missing => td_string!(locale, own_account.address.missing),
            Self::Wrong => td_string!(locale, own_account.address.wrong),
            Self::Same => td_string!(locale, own_account.address.same),
            Self::Slowed => td_string!(locale, own_account.address.slowed),
        };
        FieldError::new("email", sentence)
    }
}

/// What was typed, and the problem with it.
pub type TypedAddress = (String, AddressProblem);

/// The person's address and the form for a new one, as HTML. `cancelled`: a pending change was just
/// cancelled.
pub fn own_address_page(
    page: FamilyPage,
    own: OwnAddress,
    cancelled: bool,
    typed: Option<TypedAddress>,
) -> String {
    render(move || view! { <OwnAddressPage page own cancelled typed /> })
}

#[component]
fn OwnAddressPage(
    page: FamilyPage,
    own: OwnAddress,
    cancelled: bool,
    typed: Option<TypedAddress>,
) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, own_account.address.title);
    let (value, problem) = typed.unzip();
    let errors: FieldErrors = problem.map(|problem| problem.of(locale)).into_iter().collect();
    let notice = cancelled.then(|| {
        view! {
            <div class="notice" role="status">
                <Icon name="info" />
                <p>{td_string!(locale, own_account.address.cancelled)}</p>
            </div>
        }
    });
    let present = own.present.unwrap_or_else(|| td_string!(locale, own_account.address.none).to_owned());
    view! {
        <AuthPage page title errors=errors.clone()>
            {notice}
            <p class="soft">{td_string!(locale, own_account.address.lead)}</p>
            <Fact name=td_string!(locale, own_account.address.current) value=present />
            {own.waiting.map(|waiting| view! { <Waiting locale waiting /> })}
            <form class="stack" method="post" action="/account/email" novalidate>
                <TextField
                    required=true
                    id="email"
                    label=td_string!(locale, own_account.address.new_address)
                    hint=td_string!(locale, own_account.address.new_address_hint)
                    value=value.unwrap_or_default()
                    kind="email"
                    autocomplete="email"
                    longest=254
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    <Icon name="send" />
                    {td_string!(locale, own_account.address.ask)}
                </button>
            </form>
            <Back locale />
        </AuthPage>
    }
    .into_any()
}

/// A change that is not confirmed yet, with a button to cancel it.
#[component]
fn Waiting(locale: Locale, waiting: WaitingAddress) -> impl IntoView {
    let address = String::from(waiting.address);
    let until = moment(locale, waiting.until);
    view! {
        <div class="notice" role="status">
            <Icon name="mail" />
            <p>{td_string!(locale, own_account.address.waiting, address = address, until = until)}</p>
        </div>
        <form method="post" action="/account/email/cancel">
            <button class="btn wide large" type="submit">
                {td_string!(locale, own_account.address.cancel)}
            </button>
        </form>
    }
}

#[component]
fn Fact(name: &'static str, value: String) -> impl IntoView {
    view! {
        <dl class="facts long">
            <div>
                <dt>{name}</dt>
                <dd>
                    <b>{value}</b>
                </dd>
            </div>
        </dl>
    }
}

#[component]
fn Back(locale: Locale) -> impl IntoView {
    view! {
        <a class="tap" href="/">
            {td_string!(locale, own_account.account.back)}
        </a>
    }
}

/// The page behind the link sent to the new address, as HTML.
pub fn confirm_page(page: FamilyPage, address: String) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.address.confirm_title);
        view! {
            <AuthPage page title=title>
                <p class="soft">{td_string!(locale, own_account.address.confirm_lead)}</p>
                <Fact name=td_string!(locale, own_account.address.new_address) value=address />
                <form method="post" action="/account/email/confirm">
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, own_account.address.confirm)}
                    </button>
                </form>
                <Back locale />
            </AuthPage>
        }
    })
}

/// The page after confirming, as HTML.
pub fn confirmed_page(page: FamilyPage, address: String) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.address.confirmed_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, own_account.address.confirmed)}</p>
                <Fact name=td_string!(locale, own_account.address.current) value=address />
                <a class="btn primary wide large" href="/">
                    {td_string!(locale, own_account.address.go_on)}
                </a>
            </AuthPage>
        }
    })
}

/// The page for a link that does not work for the person signed in with this username, as HTML.
pub fn confirm_ended_page(page: FamilyPage, username: String) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.address.ended_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, own_account.address.confirm_ended, username = username)}</p>
                <a class="btn wide large" href="/account/email">
                    {td_string!(locale, own_account.address.title)}
                </a>
                <Back locale />
            </AuthPage>
        }
    })
}

/// The page behind the link sent to the old address, as HTML.
pub fn undo_page(page: FamilyPage, undo: UndoEmailView) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.address.undo_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, own_account.address.undo_lead, name = undo.name)}</p>
                <p>{td_string!(locale, own_account.address.undo_what, address = undo.address)}</p>
                <form method="post" action="/email/undo">
                    <button class="btn danger wide large" type="submit">
                        <Icon name="shield-alert" />
                        {td_string!(locale, own_account.address.undo)}
                    </button>
                </form>
                <p class="soft">{td_string!(locale, own_account.address.undo_nothing)}</p>
            </AuthPage>
        }
    })
}

/// The page after undoing a change, as HTML, with a link to choose a new password if they have one.
pub fn undone_page(page: FamilyPage, undone: UndoEmailView) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.address.undone_title);
        let next = if undone.office_only {
            view! { <p>{td_string!(locale, own_account.address.undone_office_only)}</p> }.into_any()
        } else if undone.password_is_off {
            view! {
                <a class="btn primary wide large" href="/sign-in">
                    {td_string!(locale, sign_in.button)}
                </a>
            }
            .into_any()
        } else {
            view! {
                <p>{td_string!(locale, own_account.address.undone_password)}</p>
                <form method="post" action="/forgotten/password">
                    <input type="hidden" name="name" value=undone.username />
                    <button class="btn primary wide large" type="submit">
                        <Icon name="send" />
                        {td_string!(locale, recovery.forgotten.password_button)}
                    </button>
                </form>
            }
            .into_any()
        };
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, own_account.address.undone, address = undone.address)}</p>
                {next}
                <p class="soft">{td_string!(locale, own_account.address.undone_office)}</p>
            </AuthPage>
        }
    })
}

/// The page for an undo link that no longer works, as HTML.
pub fn undo_ended_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, own_account.address.ended_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, own_account.address.undo_ended)}</p>
                <a class="btn wide large" href="/sign-in">
                    {td_string!(locale, sign_in.button)}
                </a>
            </AuthPage>
        }
    })
}
