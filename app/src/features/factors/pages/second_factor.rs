//! The pages that ask for a second factor: during sign-in, and before a sensitive action.

use domain::factors::StepUpBy;
use domain::fields::{FieldError, FieldErrors};
use domain::ids::PendingFormId;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::waiting::{WaitingContents, WaitingView, WaitingWays};
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, PasskeyButton, PasskeyCeremony, PasswordField};
use crate::ui::field::TextField;

/// Why a form with a second factor is shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorProblem {
    /// Nothing was typed.
    Missing,
    /// The code is wrong, or was used before.
    Wrong,
    /// It is the code of a time a few minutes away: the clock of the phone is off.
    ClockOff,
    /// Too many attempts.
    Slowed,
}

impl FactorProblem {
    /// The error of a field.
    pub fn of(self, locale: Locale, field: &'static str) -> FieldError {
        let sentence = match self {
            Self::Missing => td_string!(locale, factors.second_factor.missing),
            Self::Wrong => td_string!(locale, factors.second_factor.wrong),
            Self::ClockOff => td_string!(locale, factors.second_factor.clock),
            Self::Slowed => td_string!(locale, factors.second_factor.slowed),
        };
        FieldError::new(field, sentence)
    }
}

/// The field for an app's code or a recovery code.
#[component]
pub fn FactorField(
    /// The language of the page.
    locale: Locale,
    /// The field's id and form name.
    #[prop(default = "code")]
    id: &'static str,
    /// The form's errors.
    errors: FieldErrors,
) -> impl IntoView {
    view! {
        <TextField
            required=true
            id
            label=td_string!(locale, factors.second_factor.code)
            hint=td_string!(locale, factors.second_factor.code_hint)
            value=""
                    autocomplete="one-time-code"
            class="input codebox"
            errors
        />
    }
}

/// The sign-in step as HTML. `passkeys` is whether the person has any; `next` is the path on this site to go
/// to afterwards.
pub fn second_factor_page(
    page: FamilyPage,
    passkeys: bool,
    next: Option<String>,
    problem: Option<FactorProblem>,
) -> String {
    render(move || view! { <SecondFactorPage page passkeys next problem /> })
}

#[component]
fn SecondFactorPage(
    page: FamilyPage,
    passkeys: bool,
    next: Option<String>,
    problem: Option<FactorProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = problem.map(|problem| problem.of(locale, "code")).into_iter().collect();
    let (title, lead) = if passkeys {
        (
            td_string!(locale, factors.second_factor.title_passkey),
            td_string!(locale, factors.second_factor.lead_passkey),
        )
    } else {
        (td_string!(locale, factors.second_factor.title), td_string!(locale, factors.second_factor.lead))
    };
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{lead}</p>
            <form class="stack" method="post" action="/sign-in/second-factor" novalidate>
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <FactorField locale errors />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, factors.second_factor.button)}
                </button>
                {passkeys
                    .then(|| {
                        view! {
                            <PasskeyButton
                                locale
                                ceremony=PasskeyCeremony::Get
                                options="/sign-in/second-factor/passkey"
                                label=td_string!(locale, factors.passkey.show)
                            />
                        }
                    })}
            </form>
            <p class="soft">{td_string!(locale, factors.second_factor.lost)}</p>
            <a class="tap" href="/sign-in">
                {td_string!(locale, factors.second_factor.start_again)}
            </a>
        </AuthPage>
    }
    .into_any()
}

/// What was requested before the step-up and continues after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum PendingRequest {
    /// Unknown.
    #[default]
    Nothing,
    /// A page on this site.
    Page(String),
    /// A pending form on this site.
    Form(PendingFormId),
}

/// The step-up page before a sensitive action, as HTML. `waits` is the pending form, if it is one.
pub fn step_up_page(
    page: FamilyPage,
    by: StepUpBy,
    pending: PendingRequest,
    waits: Option<WaitingView>,
    problem: Option<FactorProblem>,
) -> String {
    render(move || view! { <StepUpPage page by pending waits problem /> })
}

#[component]
fn StepUpPage(
    page: FamilyPage,
    by: StepUpBy,
    pending: PendingRequest,
    waits: Option<WaitingView>,
    problem: Option<FactorProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = problem
        .map(|problem| match by {
            StepUpBy::SecondFactor { .. } => problem.of(locale, "proof"),
            StepUpBy::Password => password_problem(locale, problem),
        })
        .into_iter()
        .collect();
    let title = td_string!(locale, factors.step_up.title);
    let field = match by {
        StepUpBy::SecondFactor { .. } => {
            view! { <FactorField id="proof" locale errors=errors.clone() /> }.into_any()
        }
        StepUpBy::Password => view! {
            <PasswordField
                locale
                id="proof"
                label=td_string!(locale, own_account.account.current)
                autocomplete="current-password"
                errors=errors.clone()
            />
        }
        .into_any(),
    };
    let kept = match pending {
        PendingRequest::Nothing => None,
        PendingRequest::Page(path) => Some(("next", path)),
        PendingRequest::Form(kept) => Some(("form", kept.to_string())),
    };
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    let ways = waits.clone().map(|waits| view! { <WaitingWays locale id=waits.id page=waits.page /> });
    let contents = waits.map(|waits| view! { <WaitingContents locale waits /> });
    view! {
        <AuthPage page title errors>
            <p class="soft">{td_string!(locale, factors.step_up.lead)}</p>
            {contents}
            <form class="stack" method="post" action="/account/step-up" novalidate>
                {kept}
                {field}
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, factors.step_up.button)}
                </button>
                {(by == StepUpBy::SecondFactor { passkeys: true })
                    .then(|| {
                        let label = td_string!(locale, factors.passkey.show);
                        view! { <OwnPasskey locale label name="proof_passkey" /> }
                    })}
            </form>
            {ways}
            <a class="tap" href="/">
                {td_string!(locale, own_account.account.back)}
            </a>
        </AuthPage>
    }
    .into_any()
}

/// The page after a step-up by signing in again, as HTML. Continue sends the pending form to `address`.
pub fn continue_page(page: FamilyPage, address: String, waits: WaitingView) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, factors.step_up.confirmed);
        let (id, back) = (waits.id, waits.page.clone());
        view! {
            <AuthPage page title=title>
                <p class="soft">{td_string!(locale, factors.step_up.waiting)}</p>
                <WaitingContents locale waits />
                <form class="stack" method="post" action=address>
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, factors.step_up.button)}
                    </button>
                </form>
                <WaitingWays locale id page=back />
                <a class="tap" href="/">
                    {td_string!(locale, own_account.account.back)}
                </a>
            </AuthPage>
        }
    })
}

/// The button for one of the signed-in person's passkeys.
#[component]
pub fn OwnPasskey(
    /// The language of the page.
    locale: Locale,
    /// The button's label.
    label: &'static str,
    /// The answer's name in the form.
    name: &'static str,
) -> impl IntoView {
    view! {
        <PasskeyButton locale ceremony=PasskeyCeremony::Get options="/account/passkey" label name />
    }
}

fn password_problem(locale: Locale, problem: FactorProblem) -> FieldError {
    let sentence = match problem {
        FactorProblem::Missing => td_string!(locale, own_account.account.current_missing),
        FactorProblem::Wrong | FactorProblem::ClockOff => {
            td_string!(locale, own_account.account.current_wrong)
        }
        FactorProblem::Slowed => td_string!(locale, own_account.account.current_slowed),
    };
    FieldError::new("proof", sentence)
}
