//! The page where people who share an address and password choose who they are.

use domain::sign_in::steps::PersonChoice;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};
use crate::ui::icon::Icon;

/// The people as HTML, with a button each. `next` is the path on this site to go to afterwards.
pub fn who_page(page: FamilyPage, people: Vec<PersonChoice>, next: Option<String>) -> String {
    render(move || view! { <WhoPage page people next /> })
}

#[component]
fn WhoPage(page: FamilyPage, people: Vec<PersonChoice>, next: Option<String>) -> impl IntoView {
    let locale = page.locale;
    let title = td_string!(locale, sign_in.who.title);
    let people = people
        .into_iter()
        .map(|person| {
            view! {
                <button class="btn wide large person" type="submit" name="account" value=person.account.to_string()>
                    <Icon name="cap-has" />
                    <span>
                        <b>
                            <bdi>{person.name}</bdi>
                        </b>
                        <span class="code">{person.username}</span>
                        {person.school.map(|school| view! { <span class="at">{school}</span> })}
                    </span>
                </button>
            }
        })
        .collect_view();
    view! {
        <AuthPage page title=title>
            <p class="soft">{td_string!(locale, sign_in.who.lead)}</p>
            <form class="stack tight" method="post" action="/sign-in/who">
                {next.map(|next| view! { <input type="hidden" name="next" value=next /> })}
                {people}
            </form>
            <a class="tap" href="/sign-in">
                {td_string!(locale, sign_in.who.none)}
            </a>
        </AuthPage>
    }
    .into_any()
}
