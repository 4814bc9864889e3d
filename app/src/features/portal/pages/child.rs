//! A child's page: the same for their guardian and for a preview.

use domain::guardians::family::{ChildSchool, FamilyChild};
use domain::portal::{PortalChildPage, PortalFeature};
use domain::roll::enrolment::year_beside_label;
use domain::roll::status::RollStatus;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::children::{ChildSwitch, FamilyWays};
use super::frame::{PortalFrame, PortalViewer};
use super::home::Fact;
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::date;
use crate::ui::family::{FamilyPage, FamilyShell};

/// The page as HTML, for the guardian.
pub fn child_page(page: FamilyPage, child: PortalChildPage) -> String {
    render(move || {
        let title = child.child.familiar.clone();
        view! {
            <FamilyShell page=page.clone() title>
                <Child page child viewer=PortalViewer::Owner ways=FamilyWays::own() />
            </FamilyShell>
        }
    })
}

/// The header, the switch and the book.
#[component]
pub fn Child(
    /// The page of this request.
    page: FamilyPage,
    /// The contents.
    child: PortalChildPage,
    /// Who is viewing it.
    viewer: PortalViewer,
    /// Where the links lead.
    ways: FamilyWays,
) -> impl IntoView {
    let locale = page.locale;
    let PortalChildPage { child, children, frame } = child;
    let person = child.person;
    let switch = move || {
        view! { <ChildSwitch locale children=children.clone() ways=ways.clone() current=Some(person) /> }
    };
    let sight = matches!(viewer, PortalViewer::Owner).then(|| {
        view! {
            <p class="in-page below">
                <a class="tap" href=format!("/portal/children/{person}/access")>
                    {td_string!(locale, access.own.title, name = child.familiar.clone())}
                </a>
            </p>
        }
    });
    let not_mine = match viewer {
        PortalViewer::Owner => format!("/portal/children/{person}/not-mine"),
        PortalViewer::Preview => viewer.address("").to_owned(),
    };
    view! {
        <PortalFrame page viewer frame current=PortalFeature::Home switch>
            <div class="page leaf">
                <header class="fam-hello">
                    <h1><bdi>{child.familiar.clone()}</bdi></h1>
                    <Where child=child.clone() />
                </header>
                <About locale child=child.clone() />
            </div>
            <div class="page leaf">
                {child.schools.into_iter().map(|school| view! { <AtSchool locale school /> }).collect_view()}
                <section class="bleed">
                    {sight}
                    <p class="in-page below">
                        <a class="tap" href=not_mine>
                            {td_string!(locale, portal.child.not_mine)}
                        </a>
                    </p>
                </section>
            </div>
        </PortalFrame>
    }
    .into_any()
}

/// The group and the school in one line.
#[component]
fn Where(child: FamilyChild) -> impl IntoView {
    child.schools.into_iter().next().map(|school| {
        let parts = [school.group, school.name].into_iter().filter(|part| !part.is_empty());
        view! { <p>{parts.collect::<Vec<_>>().join(", ")}</p> }
    })
}

#[component]
fn About(locale: Locale, child: FamilyChild) -> impl IntoView {
    let born = child.born_on.map(|day| date(locale, day)).unwrap_or_default();
    view! {
        <section class="bleed" aria-labelledby="about">
            <div class="sec-head in-page">
                <h2 id="about">{td_string!(locale, portal.child.about, name = child.familiar)}</h2>
            </div>
            <dl class="facts in-page">
                <Fact name=td_string!(locale, portal.home.name) value=child.name />
                <Fact name=td_string!(locale, portal.home.born) value=born />
            </dl>
            <p class="in-page below">{td_string!(locale, portal.home.wrong)}</p>
        </section>
    }
    .into_any()
}

#[component]
fn AtSchool(locale: Locale, school: ChildSchool) -> impl IntoView {
    let starts = (school.status == RollStatus::Future).then(|| date(locale, school.starts_on));
    let left = school
        .ends_on
        .filter(|_| school.status == RollStatus::Leaver)
        .map(|day| td_string!(locale, portal.child.left, date = date(locale, day)));
    view! {
        <section class="bleed" aria-label=school.name.clone()>
            <div class="sec-head in-page">
                <h2><bdi>{school.name.clone()}</bdi></h2>
            </div>
            <dl class="facts in-page">
                <Fact name=td_string!(locale, portal.home.year) value=year_beside_label(&school.year).to_owned() />
                <Fact name=td_string!(locale, portal.home.group) value=school.group />
                <Fact name=td_string!(locale, portal.home.starts) value=starts.unwrap_or_default() />
            </dl>
            {left.map(|left| view! { <p class="in-page below">{left}</p> })}
        </section>
    }
    .into_any()
}
