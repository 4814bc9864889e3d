//! "This is not my child": which one, if there are several, and a page that says what will happen before it does.

use domain::guardians::family::FamilyChild;
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::ui::document::render;
use crate::ui::family::{AuthPage, FamilyPage};

/// The page that asks which child is meant.
pub fn which_page(page: FamilyPage, children: Vec<FamilyChild>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, portal.child.not_mine_who);
        let choices = children
            .into_iter()
            .map(|child| {
                let to = format!("/portal/children/{}/not-mine", child.person);
                let school = child.schools.into_iter().next().map(|school| {
                    view! { ", " <bdi>{school.name}</bdi> }
                });
                view! { <a class="btn wide large" href=to><span><bdi>{child.familiar}</bdi>{school}</span></a> }
            })
            .collect_view();
        view! {
            <AuthPage page title=title>
                {choices}
                <a class="tap" href="/portal">
                    {td_string!(locale, portal.child.not_mine_no)}
                </a>
            </AuthPage>
        }
    })
}

/// The page that says what will happen to one.
pub fn not_mine_page(page: FamilyPage, child: FamilyChild) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, portal.child.not_mine_title, name = child.familiar.as_str());
        let action = format!("/portal/children/{}/not-mine", child.person);
        let back = format!("/portal/children/{}", child.person);
        view! {
            <AuthPage page title=title>
                <p>{td_string!(locale, portal.child.not_mine_text)}</p>
                <form method="post" action=action>
                    <button class="btn primary wide large" type="submit">
                        {td_string!(locale, portal.child.not_mine_yes, name = child.familiar)}
                    </button>
                </form>
                <a class="btn wide large" href=back>
                    {td_string!(locale, portal.child.not_mine_no)}
                </a>
            </AuthPage>
        }
    })
}

/// What the home page says after it was done.
pub fn done_words(page: &FamilyPage) -> &'static str {
    td_string!(page.locale, portal.child.not_mine_done)
}
