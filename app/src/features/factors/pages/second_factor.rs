//! The pages that ask for a second factor: in the middle of a sign-in, and before what would do most harm.

use domain::factors::StepUpBy;
use domain::ids::KeptFormId;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::family::{
    AuthPage, FamilyPage, PasskeyButton, PasskeyDeed, PasswordField, Problem, TextField, render,
};

/// Why a form with a second factor comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FactorProblem {
    /// Nothing was typed.
    Missing,
    /// It is another one, or was used already.
    Wrong,
    /// Too many tries.
    Slowed,
}

impl FactorProblem {
    /// As the problem of a field.
    pub fn of(self, locale: Locale, field: &'static str) -> Problem {
        let sentence = match self {
            Self::Missing => td_string!(locale, factors.second_factor.missing),
            Self::Wrong => td_string!(locale, factors.second_factor.wrong),
            Self::Slowed => td_string!(locale, factors.second_factor.slowed),
        };
        Problem::new(field, sentence)
    }
}

/// The field for a code of the app, or a recovery code.
#[component]
pub fn FactorField(
    /// The language of the page.
    locale: Locale,
    /// Its id and its name in the form.
    #[prop(default = "code")]
    id: &'static str,
    /// What is wrong with the form.
    problems: Vec<Problem>,
) -> impl IntoView {
    view! {
        <TextField
            id
            label=td_string!(locale, factors.second_factor.code)
            hint=td_string!(locale, factors.second_factor.code_hint)
            autocomplete="one-time-code"
            class="input codebox"
            problems
        />
    }
}

/// The step of a sign-in as HTML. `passkeys` is whether they have some; `next` is where to go afterwards: a path of this site.
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
    let problems: Vec<Problem> = problem.map(|problem| problem.of(locale, "code")).into_iter().collect();
    let (title, lead) = if passkeys {
        (
            td_string!(locale, factors.second_factor.title_passkey),
            td_string!(locale, factors.second_factor.lead_passkey),
        )
    } else {
        (td_string!(locale, factors.second_factor.title), td_string!(locale, factors.second_factor.lead))
    };
    view! {
        <AuthPage page title problems=problems.clone()>
            <p class="soft">{lead}</p>
            <form class="stack" method="post" action="/sign-in/second-factor" novalidate>
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <FactorField locale problems />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, factors.second_factor.button)}
                </button>
                {passkeys
                    .then(|| {
                        view! {
                            <PasskeyButton
                                locale
                                deed=PasskeyDeed::Get
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

/// What was asked for before the proof, and goes on after it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Interrupted {
    /// Nothing that is known.
    #[default]
    Nothing,
    /// A page of this site.
    Page(String),
    /// A form of this site that was sent, and is kept.
    Form(KeptFormId),
}

/// The page before what would do most harm in a stranger's hands, as HTML.
pub fn prove_page(
    page: FamilyPage,
    by: StepUpBy,
    interrupted: Interrupted,
    problem: Option<FactorProblem>,
) -> String {
    render(move || view! { <ProvePage page by interrupted problem /> })
}

#[component]
fn ProvePage(
    page: FamilyPage,
    by: StepUpBy,
    interrupted: Interrupted,
    problem: Option<FactorProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let problems: Vec<Problem> = problem
        .map(|problem| match by {
            StepUpBy::SecondFactor { .. } => problem.of(locale, "proof"),
            StepUpBy::Password => password_problem(locale, problem),
        })
        .into_iter()
        .collect();
    let title = td_string!(locale, factors.prove.title);
    let field = match by {
        StepUpBy::SecondFactor { .. } => {
            view! { <FactorField id="proof" locale problems=problems.clone() /> }.into_any()
        }
        StepUpBy::Password => view! {
            <PasswordField
                locale
                id="proof"
                label=td_string!(locale, own_account.account.present)
                autocomplete="current-password"
                problems=problems.clone()
            />
        }
        .into_any(),
    };
    let kept = match interrupted {
        Interrupted::Nothing => None,
        Interrupted::Page(path) => Some(("next", path)),
        Interrupted::Form(kept) => Some(("form", kept.to_string())),
    };
    let kept = kept.map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
    view! {
        <AuthPage page title problems>
            <p class="soft">{td_string!(locale, factors.prove.lead)}</p>
            <form class="stack" method="post" action="/account/prove" novalidate>
                {kept}
                {field}
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, factors.prove.button)}
                </button>
                {(by == StepUpBy::SecondFactor { passkeys: true })
                    .then(|| {
                        let label = td_string!(locale, factors.passkey.show);
                        view! { <OwnPasskey locale label name="proof_passkey" /> }
                    })}
            </form>
            <a class="tap" href="/">
                {td_string!(locale, own_account.account.back)}
            </a>
        </AuthPage>
    }
    .into_any()
}

/// The page for whoever proved who they are by signing in once more, as HTML: what they sent before goes on to `address`
/// when they say so.
pub fn go_on_page(page: FamilyPage, address: String) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, factors.prove.proven);
        view! {
            <AuthPage page title=title>
                <p class="soft">{td_string!(locale, factors.prove.waiting)}</p>
                <form class="stack" method="post" action=address>
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, factors.prove.button)}
                    </button>
                </form>
                <a class="tap" href="/">
                    {td_string!(locale, own_account.account.back)}
                </a>
            </AuthPage>
        }
    })
}

/// The button for one of the passkeys of whoever is signed in.
#[component]
pub fn OwnPasskey(
    /// The language of the page.
    locale: Locale,
    /// The words on it.
    label: &'static str,
    /// The name of the answer in the form.
    name: &'static str,
) -> impl IntoView {
    view! {
        <PasskeyButton locale deed=PasskeyDeed::Get options="/account/passkey" label name />
    }
}

fn password_problem(locale: Locale, problem: FactorProblem) -> Problem {
    let sentence = match problem {
        FactorProblem::Missing => td_string!(locale, own_account.account.present_missing),
        FactorProblem::Wrong => td_string!(locale, own_account.account.present_wrong),
        FactorProblem::Slowed => td_string!(locale, own_account.account.present_slowed),
    };
    Problem::new("proof", sentence)
}
