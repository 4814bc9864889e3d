//! The pages that ask for a second factor: in the middle of a sign-in, and before what would do most harm.

use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::family::{
    ErrorSummary, FamilyPage, FamilyShell, Gate, PasswordField, Problem, TextField, render,
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
    /// As the problem of the field with the code.
    pub fn of(self, locale: Locale) -> Problem {
        let sentence = match self {
            Self::Missing => td_string!(locale, access.second_factor.missing),
            Self::Wrong => td_string!(locale, access.second_factor.wrong),
            Self::Slowed => td_string!(locale, access.second_factor.slowed),
        };
        Problem::new("code", sentence)
    }
}

/// The field for a code of the app, or a recovery code.
#[component]
pub fn FactorField(
    /// The language of the page.
    locale: Locale,
    /// What is wrong with the form.
    problems: Vec<Problem>,
) -> impl IntoView {
    view! {
        <TextField
            id="code"
            label=td_string!(locale, access.second_factor.code)
            hint=td_string!(locale, access.second_factor.code_hint)
            autocomplete="one-time-code"
            class="input codebox"
            problems
        />
    }
}

/// The step of a sign-in as HTML. `next` is where to go afterwards: a path of this site.
pub fn second_factor_page(page: FamilyPage, next: Option<String>, problem: Option<FactorProblem>) -> String {
    render(move || view! { <SecondFactorPage page next problem /> })
}

#[component]
fn SecondFactorPage(page: FamilyPage, next: Option<String>, problem: Option<FactorProblem>) -> impl IntoView {
    let locale = page.locale;
    let problems: Vec<Problem> = problem.map(|problem| problem.of(locale)).into_iter().collect();
    let title = td_string!(locale, access.second_factor.title);
    view! {
        <FamilyShell page=page.clone() title=title wrong=!problems.is_empty()>
            <Gate page=page>
                <h1>{title}</h1>
                <ErrorSummary locale problems=problems.clone() />
                <p class="soft">{td_string!(locale, access.second_factor.lead)}</p>
                <form class="stack" method="post" action="/sign-in/second-factor" novalidate>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    <FactorField locale problems />
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, access.second_factor.button)}
                    </button>
                </form>
                <p class="soft">{td_string!(locale, access.second_factor.lost)}</p>
                <a class="tap" href="/sign-in">
                    {td_string!(locale, access.second_factor.start_again)}
                </a>
            </Gate>
        </FamilyShell>
    }
    .into_any()
}

/// With what someone proves themselves anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The second factor.
    SecondFactor,
    /// The password, where there is no second factor.
    Password,
}

/// The page before what would do most harm in a stranger's hands, as HTML. `next` is what was asked for.
pub fn prove_page(
    page: FamilyPage,
    asked: Asked,
    next: Option<String>,
    problem: Option<FactorProblem>,
) -> String {
    render(move || view! { <ProvePage page asked next problem /> })
}

#[component]
fn ProvePage(
    page: FamilyPage,
    asked: Asked,
    next: Option<String>,
    problem: Option<FactorProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let problems: Vec<Problem> = problem
        .map(|problem| match asked {
            Asked::SecondFactor => problem.of(locale),
            Asked::Password => password_problem(locale, problem),
        })
        .into_iter()
        .collect();
    let title = td_string!(locale, access.prove.title);
    let field = match asked {
        Asked::SecondFactor => view! { <FactorField locale problems=problems.clone() /> }.into_any(),
        Asked::Password => view! {
            <PasswordField
                locale
                id="code"
                label=td_string!(locale, access.account.present)
                autocomplete="current-password"
                problems=problems.clone()
            />
        }
        .into_any(),
    };
    view! {
        <FamilyShell page=page.clone() title=title wrong=!problems.is_empty()>
            <Gate page=page>
                <h1>{title}</h1>
                <ErrorSummary locale problems />
                <p class="soft">{td_string!(locale, access.prove.lead)}</p>
                <form class="stack" method="post" action="/account/prove" novalidate>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    {field}
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, access.prove.button)}
                    </button>
                </form>
                <a class="tap" href="/">
                    {td_string!(locale, access.account.back)}
                </a>
            </Gate>
        </FamilyShell>
    }
    .into_any()
}

fn password_problem(locale: Locale, problem: FactorProblem) -> Problem {
    let sentence = match problem {
        FactorProblem::Missing => td_string!(locale, access.account.present_missing),
        FactorProblem::Wrong => td_string!(locale, access.account.present_wrong),
        FactorProblem::Slowed => td_string!(locale, access.account.present_slowed),
    };
    Problem::new("code", sentence)
}
