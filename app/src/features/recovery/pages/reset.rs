//! The page for choosing a new password after forgetting it, and the one for an expired link.

use domain::fields::FieldErrors;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage, NewPasswordField, PasswordOwner, PasswordProblem};
use crate::ui::icon::Icon;

/// How they got to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetBy {
    /// With a link from their email.
    Link,
    /// With a one-time code from the office, typed at sign-in.
    Code,
    /// With their own password, which is too short for their role.
    ShortPassword,
}

/// The form as HTML. `next` is the path on this site to go to afterwards.
pub fn reset_page(
    page: FamilyPage,
    by: ResetBy,
    owner: PasswordOwner,
    next: Option<String>,
    problem: Option<PasswordProblem>,
) -> String {
    render(move || view! { <ResetPage page by owner next problem /> })
}

/// The page for a link that no longer works.
pub fn reset_ended_page(page: FamilyPage) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, recovery.reset.ended_title);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, recovery.reset.ended)}</p>
                <a class="btn primary wide large" href="/forgotten/password">
                    <Icon name="send" />
                    {td_string!(locale, recovery.reset.resend)}
                </a>
                <a class="btn wide large" href="/sign-in">
                    {td_string!(locale, sign_in.button)}
                </a>
            </AuthPage>
        }
    })
}

#[component]
fn ResetPage(
    page: FamilyPage,
    by: ResetBy,
    owner: PasswordOwner,
    next: Option<String>,
    problem: Option<PasswordProblem>,
) -> impl IntoView {
    let locale = page.locale;
    let errors: FieldErrors = problem.map(|problem| problem.of(locale, "password")).into_iter().collect();
    let title = td_string!(locale, recovery.reset.title);
    let (action, lead) = match by {
        ResetBy::Link => ("/reset", td_string!(locale, recovery.reset.link_lead)),
        ResetBy::Code => ("/sign-in/new-password", td_string!(locale, recovery.reset.code_lead)),
        ResetBy::ShortPassword => ("/sign-in/new-password", td_string!(locale, recovery.reset.short_lead)),
    };
    view! {
        <AuthPage page title errors=errors.clone()>
            <p class="soft">{lead}</p>
            <dl class="facts">
                <div>
                    <dt>{td_string!(locale, recovery.reset.name)}</dt>
                    <dd>
                        <b>
                            <bdi>{owner.name.clone()}</bdi>
                        </b>
                    </dd>
                </div>
            </dl>
            <form class="stack" method="post" action=action novalidate>
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                <NewPasswordField
                    locale
                    label=td_string!(locale, recovery.reset.password)
                    owner
                    errors
                />
                <button class="btn primary wide large" type="submit">
                    {td_string!(locale, recovery.reset.save)}
                </button>
            </form>
        </AuthPage>
    }
    .into_any()
}
