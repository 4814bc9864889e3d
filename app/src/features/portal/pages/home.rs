//! The portal's home page: the same for its owner and for a preview.

use chrono::{DateTime, Datelike as _, FixedOffset, Timelike as _};
use domain::portal::{PortalFeature, PortalHome, PortalSchool, PreviewReason, PreviewVisit};
use domain::roll::enrolment::year_beside_label;
use domain::roll::status::RollStatus;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::children::{ChildSwitch, FamilyWays, YourChildren};
use super::frame::{PortalFrame, PortalViewer};
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::{date, month, short_month, weekday};
use crate::ui::family::{FamilyPage, FamilyShell};
use crate::ui::icon::Icon;

/// The home page as HTML, for its owner. `done` is what was just done, in the page's language.
pub fn home_page(page: FamilyPage, home: PortalHome, done: Option<&'static str>) -> String {
    render(move || {
        let title = td_string!(page.locale, portal.home.title);
        view! {
            <FamilyShell page=page.clone() title=title>
                <Portal page home viewer=PortalViewer::Owner ways=FamilyWays::own() done />
            </FamilyShell>
        }
    })
}

/// The header, book and tabs.
#[component]
pub fn Portal(
    /// The page of this request.
    page: FamilyPage,
    /// The contents.
    home: PortalHome,
    /// Who is viewing it.
    viewer: PortalViewer,
    /// The addresses of the children's pages.
    ways: FamilyWays,
    /// What was just done.
    #[prop(optional_no_strip)]
    done: Option<&'static str>,
) -> impl IntoView {
    let locale = page.locale;
    let visits = home.visits.clone();
    let family = home.guardian || !home.children.is_empty() || home.children_not_shown > 0;
    let switch = {
        let (children, ways) = (home.children.clone(), ways.clone());
        move || view! { <ChildSwitch locale children=children.clone() ways=ways.clone() current=None /> }
    };
    let about = {
        let home = home.clone();
        move || view! { <AboutYou locale home=home.clone() /> }
    };
    view! {
        <PortalFrame page viewer frame=home.frame.clone() current=PortalFeature::Home switch>
            <div class="page leaf">
                <Greeting locale now=home.now familiar=home.familiar.clone() />
                {done.map(|done| view! {
                    <div class="notice in-page" data-tone="blue" role="status">
                        <Icon name="circle-check" />
                        <p>{done}</p>
                    </div>
                })}
                {if family {
                    view! {
                        <YourChildren locale children=home.children.clone() hidden=home.children_not_shown viewer ways />
                    }
                        .into_any()
                } else {
                    about().into_any()
                }}
            </div>
            <div class="page leaf">
                {family.then(about)}
                <Schools locale schools=home.schools />
                <SigningIn locale viewer />
                <LatestVisits locale visits viewer />
            </div>
        </PortalFrame>
    }
    .into_any()
}

#[component]
fn Greeting(locale: Locale, now: DateTime<FixedOffset>, familiar: String) -> impl IntoView {
    let greeting = match now.hour() {
        4..12 => td_string!(locale, portal.home.morning, name = familiar),
        12..18 => td_string!(locale, portal.home.afternoon, name = familiar),
        _ => td_string!(locale, portal.home.evening, name = familiar),
    };
    let date = td_string!(
        locale,
        portal.home.date,
        weekday = weekday(locale, now.weekday()),
        day = now.day(),
        month = month(locale, now.date_naive())
    );
    view! {
        <header class="fam-hello">
            <h1>{greeting}</h1>
            <p>{date}</p>
        </header>
    }
    .into_any()
}

/// A line in a list of facts; nothing if the value is empty.
#[component]
pub fn Fact(
    /// What it is.
    name: &'static str,
    /// The value.
    value: String,
    /// Whether it is typed letter by letter, as usernames are.
    #[prop(optional)]
    code: bool,
) -> impl IntoView {
    (!value.is_empty()).then(|| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd class=code.then_some("code")>
                    <bdi>{value}</bdi>
                </dd>
            </div>
        }
    })
}

#[component]
fn AboutYou(locale: Locale, home: PortalHome) -> impl IntoView {
    let emails = if home.emails.is_empty() {
        vec![td_string!(locale, portal.home.no_email).to_owned()]
    } else {
        home.emails
    };
    view! {
        <section class="bleed" aria-labelledby="about">
            <div class="sec-head in-page">
                <h2 id="about">{td_string!(locale, portal.home.about)}</h2>
            </div>
            <dl class="facts in-page">
                <Fact name=td_string!(locale, portal.home.name) value=home.name />
                <Fact name=td_string!(locale, portal.home.preferred) value=home.preferred />
                <Fact name=td_string!(locale, portal.home.username) value=home.username code=true />
                <Fact
                    name=td_string!(locale, portal.home.born)
                    value=home.born_on.map(|day| date(locale, day)).unwrap_or_default()
                />
                <div>
                    <dt>{td_string!(locale, portal.home.email)}</dt>
                    <dd>{emails.into_iter().map(|email| view! { <bdi>{email}</bdi> }).collect_view()}</dd>
                </div>
            </dl>
            <p class="in-page below">{td_string!(locale, portal.home.wrong)}</p>
        </section>
    }
    .into_any()
}

#[component]
fn Schools(locale: Locale, schools: Vec<PortalSchool>) -> impl IntoView {
    (!schools.is_empty()).then(|| {
        let schools = schools.into_iter().map(|school| view! { <School locale school /> }).collect_view();
        view! {
            <section class="bleed" aria-labelledby="school">
                <div class="sec-head in-page">
                    <h2 id="school">{td_string!(locale, portal.home.school)}</h2>
                </div>
                {schools}
            </section>
        }
    })
}

#[component]
fn School(locale: Locale, school: PortalSchool) -> impl IntoView {
    let starts = (school.status == RollStatus::Future).then(|| date(locale, school.starts_on));
    let left = school
        .ends_on
        .filter(|_| school.status == RollStatus::Leaver)
        .map(|day| td_string!(locale, portal.home.left, date = date(locale, day)));
    view! {
        <dl class="facts in-page">
            <Fact name=td_string!(locale, portal.home.school_name) value=school.name />
            <Fact name=td_string!(locale, portal.home.year) value=year_beside_label(&school.year).to_owned() />
            <Fact name=td_string!(locale, portal.home.group) value=school.group />
            <Fact name=td_string!(locale, portal.home.admission) value=school.admission_number />
            <Fact name=td_string!(locale, portal.home.starts) value=starts.unwrap_or_default() />
        </dl>
        {left.map(|left| view! { <p class="in-page below">{left}</p> })}
    }
    .into_any()
}

/// Links to the person's own password, address and sessions. Disabled in a preview, where they would be the
/// staff member's.
#[component]
fn SigningIn(locale: Locale, viewer: PortalViewer) -> impl IntoView {
    let lines = [
        ("key-round", "/account/password", td_string!(locale, portal.home.password)),
        ("mail", "/account/email", td_string!(locale, portal.home.address)),
        ("lock", "/account/security", td_string!(locale, portal.home.security)),
        ("monitor-smartphone", "/account/sessions", td_string!(locale, portal.home.sessions)),
    ]
    .into_iter()
    .map(|(icon, to, words)| {
        let to = viewer.address(to);
        view! {
            <li>
                <span class="at">
                    <Icon name=icon />
                </span>
                <div class="what">
                    <a href=to>{words}</a>
                </div>
            </li>
        }
    })
    .collect_view();
    view! {
        <section class="bleed" aria-labelledby="signing-in">
            <div class="sec-head in-page">
                <h2 id="signing-in">{td_string!(locale, portal.home.signing_in)}</h2>
            </div>
            <ul class="lines" role="list">{lines}</ul>
        </section>
    }
    .into_any()
}

/// The latest visits, and a link to all of them.
#[component]
fn LatestVisits(locale: Locale, visits: Vec<PreviewVisit>, viewer: PortalViewer) -> impl IntoView {
    let more = (!visits.is_empty()).then(|| {
        let to = viewer.address(PortalFeature::Visits.path());
        view! { <p class="in-page below"><a class="tap" href=to>{td_string!(locale, portal.home.all_visits)}</a></p> }
    });
    view! {
        <section class="bleed" aria-labelledby="visits">
            <div class="sec-head in-page">
                <h2 id="visits">{td_string!(locale, portal.home.visits)}</h2>
            </div>
            <VisitLines locale visits />
            {more}
        </section>
    }
    .into_any()
}

/// Who at the school has viewed the account: no preview is secret.
#[component]
pub fn VisitLines(
    /// The language of the page.
    locale: Locale,
    /// The visits, latest first.
    visits: Vec<PreviewVisit>,
) -> impl IntoView {
    if visits.is_empty() {
        return view! { <p class="in-page below">{td_string!(locale, portal.home.no_visits)}</p> }.into_any();
    }
    let lines = visits
        .into_iter()
        .map(|visit| {
            let day = visit.at.date_naive();
            let by = visit.by.map_or_else(
                || td_string!(locale, portal.home.visit).to_owned(),
                |name| td_string!(locale, portal.home.visit_by, name = name),
            );
            view! {
                <li>
                    <span class="at">
                        {short_month(locale, day)}
                        <b>{day.day()}</b>
                    </span>
                    <div class="what">
                        <b><bdi>{by}</bdi></b>
                        <small>{reason(locale, visit.reason)}</small>
                    </div>
                    <span class="tail">
                        <time datetime=visit.at.to_rfc3339()>{visit.at.format("%H:%M").to_string()}</time>
                    </span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="lines" role="list">{lines}</ul> }.into_any()
}

fn reason(locale: Locale, reason: PreviewReason) -> &'static str {
    match reason {
        PreviewReason::Helping => td_string!(locale, portal.reason.helping),
        PreviewReason::Checking => td_string!(locale, portal.reason.checking),
        PreviewReason::Problem => td_string!(locale, portal.reason.problem),
        PreviewReason::Training => td_string!(locale, portal.reason.training),
    }
}
