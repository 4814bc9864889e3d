//! A guardian's children: the list on the home page, and the switch between them above every page.

use domain::guardians::family::{ChildSchool, FamilyChild};
use domain::ids::PersonId;
use domain::roll::enrolment::year_in_words;
use domain::roll::status::RollStatus;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::frame::PortalViewer;
use crate::i18n::Locale;
use crate::ui::family::dates::date;
use crate::ui::icon::Icon;

/// The addresses of the home page and of the children's pages. Those of a preview stay inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyWays {
    home: String,
    children: String,
}

impl FamilyWays {
    /// A guardian's own.
    pub fn own() -> Self {
        Self { home: "/portal".to_owned(), children: "/portal/children".to_owned() }
    }

    /// Those of the preview at a path.
    pub fn preview(path: &str) -> Self {
        Self { home: path.to_owned(), children: format!("{path}/children") }
    }

    /// The page of a child.
    pub fn of(&self, child: PersonId) -> String {
        format!("{}/{child}", self.children)
    }
}

/// The circle with a child's initials, in the shade of their place among the children.
#[component]
fn Initials(initials: String, place: usize) -> impl IntoView {
    let shade = ["", "2", "3"][place % 3];
    view! { <span class="initials" data-k=shade aria-hidden="true">{initials}</span> }
}

/// The switch: all children, and a tab for each.
#[component]
pub fn ChildSwitch(
    /// The language of the page.
    locale: Locale,
    /// The children.
    children: Vec<FamilyChild>,
    /// Where the links lead.
    ways: FamilyWays,
    /// The child whose page this is; none on the home page.
    current: Option<PersonId>,
) -> impl IntoView {
    (!children.is_empty()).then(|| {
        let tabs = children
            .into_iter()
            .enumerate()
            .map(|(place, child)| {
                let here = (current == Some(child.person)).then_some("page");
                view! {
                    <a href=ways.of(child.person) aria-current=here>
                        <Initials initials=child.initials place />
                        <bdi>{child.familiar}</bdi>
                    </a>
                }
            })
            .collect_view();
        view! {
            <nav class="kids" aria-label=td_string!(locale, portal.child.switch)>
                <a href=ways.home.clone() aria-current=current.is_none().then_some("page")>
                    <Icon name="users" />
                    {td_string!(locale, portal.child.all)}
                </a>
                {tabs}
            </nav>
        }
        .into_any()
    })
}

/// The children on the home page, what the reader can see of them, and the way to say that one is not theirs.
#[component]
pub fn YourChildren(
    /// The language of the page.
    locale: Locale,
    /// The children.
    children: Vec<FamilyChild>,
    /// How many a preview leaves out.
    hidden: usize,
    /// Who is viewing the page.
    viewer: PortalViewer,
    /// Where the links lead.
    ways: FamilyWays,
) -> impl IntoView {
    let left_out = (hidden > 0).then(|| {
        view! { <p class="in-page below">{td_string!(locale, portal.child.not_shown, count = hidden)}</p> }
    });
    if children.is_empty() {
        let none = (hidden == 0)
            .then(|| view! { <p class="in-page below">{td_string!(locale, portal.child.none)}</p> });
        let title = if hidden == 0 {
            td_string!(locale, portal.child.none_title)
        } else {
            td_string!(locale, portal.child.yours)
        };
        return view! {
            <section class="bleed" aria-labelledby="children">
                <div class="sec-head in-page">
                    <h2 id="children">{title}</h2>
                </div>
                {none}
                {left_out}
            </section>
        }
        .into_any();
    }
    let lines = children
        .into_iter()
        .enumerate()
        .map(|(place, child)| view! { <ChildLine locale child place ways=ways.clone() /> })
        .collect_view();
    view! {
        <section class="bleed" aria-labelledby="children">
            <div class="sec-head in-page">
                <h2 id="children">{td_string!(locale, portal.child.yours)}</h2>
            </div>
            <ul class="lines" role="list">{lines}</ul>
            {left_out}
        </section>
        <section class="bleed" aria-labelledby="can-see">
            <div class="sec-head in-page">
                <h2 id="can-see">{td_string!(locale, portal.child.see)}</h2>
            </div>
            <p class="in-page below">{td_string!(locale, portal.child.see_profile)}</p>
            <p class="in-page below">
                <a class="tap" href=viewer.address("/portal/not-mine")>
                    {td_string!(locale, portal.child.someone)}
                </a>
            </p>
        </section>
    }
    .into_any()
}

/// A year in words: "Year 7", or the name that it has.
fn year_of(locale: Locale, year: &str) -> Option<String> {
    let has_name = year_in_words(year) == year;
    (!year.is_empty()).then(|| {
        if has_name { year.to_owned() } else { format!("{} {year}", td_string!(locale, portal.home.year)) }
    })
}

/// A child: their group beside the name, their school below, and what is unusual about their place there on the right.
#[component]
fn ChildLine(locale: Locale, child: FamilyChild, place: usize, ways: FamilyWays) -> impl IntoView {
    let to = ways.of(child.person);
    let group = child.schools.first().map(|school| school.group.clone()).filter(|group| !group.is_empty());
    let tail = child.schools.first().and_then(|school| standing(locale, school));
    let schools = if child.schools.is_empty() {
        view! { <small>{td_string!(locale, portal.child.no_school)}</small> }.into_any()
    } else {
        let lines = child.schools.into_iter().map(|school| {
            let year = year_of(locale, &school.year).map(|year| view! { ", " <bdi>{year}</bdi> });
            view! { <small><bdi>{school.name}</bdi>{year}</small> }
        });
        lines.collect_view().into_any()
    };
    view! {
        <li>
            <span class="at">
                <Initials initials=child.initials place />
            </span>
            <div class="what">
                <a href=to>
                    <bdi>{child.familiar}</bdi>
                    {group.map(|group| view! { ", " <bdi>{group}</bdi> })}
                </a>
                {schools}
            </div>
            <span class="tail">{tail}</span>
        </li>
    }
}

/// What is to be said of a child who is not at the school today.
fn standing(locale: Locale, school: &ChildSchool) -> Option<String> {
    match school.status {
        RollStatus::Current => None,
        RollStatus::Future => {
            Some(td_string!(locale, portal.child.starts, date = date(locale, school.starts_on)))
        }
        RollStatus::Leaver => Some(match school.ends_on {
            Some(day) => td_string!(locale, portal.child.left, date = date(locale, day)),
            None => td_string!(locale, portal.child.left_beside).to_owned(),
        }),
    }
}
