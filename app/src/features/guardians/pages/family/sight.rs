//! Who sees a student's portal, for the student; and, around the day they come of age, who goes on seeing it.

use backend::guardians::of_age::choose::tick;
use backend::guardians::of_age::shown::{OwnSight, SeeingAdult};
use domain::portal::{PortalFeature, PortalFrameView};
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::part;
use crate::features::portal::pages::frame::{PortalFrame, PortalViewer};
use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::family::dates::date;
use crate::ui::family::{FamilyPage, FamilyShell};
use crate::ui::icon::Icon;

/// The page as HTML; `saved`: a choice was just saved.
pub fn sight_page(page: FamilyPage, frame: PortalFrameView, sight: OwnSight, saved: bool) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, access.sight.title);
        let notice = saved.then(|| {
            view! {
                <div class="notice" role="status">
                    <Icon name="circle-check" />
                    <p>{td_string!(locale, access.sight.saved)}</p>
                </div>
            }
        });
        let inside = if sight.adults.is_empty() {
            view! { <p class="in-page below">{td_string!(locale, access.sight.nobody)}</p> }.into_any()
        } else if let Some((day, has_come)) = sight.decides {
            let lead = if has_come {
                td_string!(locale, access.sight.decides_now).to_owned()
            } else {
                td_string!(locale, access.sight.decides_from, date = date(locale, day))
            };
            let ticks = sight
                .adults
                .iter()
                .map(|adult| view! { <Ticks locale adult=adult.clone() /> })
                .collect::<Vec<_>>();
            view! {
                <p class="in-page below">{lead}</p>
                <form class="stack in-page gap-s" method="post" action=PortalFeature::Access.path()>
                    {ticks}
                    <button class="btn primary wide large" type="submit">{td_string!(locale, access.sight.save)}</button>
                </form>
            }
            .into_any()
        } else {
            let lines = sight
                .adults
                .iter()
                .map(|adult| view! { <Line locale adult=adult.clone() /> })
                .collect::<Vec<_>>();
            view! { <ul class="lines" role="list">{lines}</ul> }.into_any()
        };
        view! {
            <FamilyShell page=page.clone() title=title>
                <PortalFrame page viewer=PortalViewer::Owner frame current=PortalFeature::Access>
                    <div class="page leaf">
                        <header class="fam-hello">
                            <h1>{title}</h1>
                            <p>{td_string!(locale, access.sight.lead)}</p>
                        </header>
                        {notice}
                        <section class="bleed" aria-label=title>
                            {inside}
                            <p class="in-page below">{td_string!(locale, access.sight.wrong)}</p>
                        </section>
                    </div>
                </PortalFrame>
            </FamilyShell>
        }
    })
}

fn sees(locale: Locale, adult: &SeeingAdult) -> String {
    if adult.sees.is_empty() {
        return td_string!(locale, access.sight.sees_nothing).to_owned();
    }
    let parts: Vec<&str> = adult.sees.iter().map(|scope| part(locale, *scope)).collect();
    td_string!(locale, access.sight.sees, parts = parts.join(", "))
}

#[component]
fn Line(locale: Locale, adult: SeeingAdult) -> impl IntoView {
    let sees = sees(locale, &adult);
    view! {
        <li>
            <span class="at">
                <Icon name="eye" />
            </span>
            <div class="what">
                <b><bdi>{adult.name}</bdi></b>
                <small>{sees}</small>
            </div>
        </li>
    }
    .into_any()
}

#[component]
fn Ticks(locale: Locale, adult: SeeingAdult) -> impl IntoView {
    let sees = sees(locale, &adult);
    let boxes = adult
        .offered
        .iter()
        .map(|scope| {
            let checked = adult.kept.contains(scope);
            view! {
                <label class="choice">
                    <input type="checkbox" name="keep" value=tick(adult.adult, *scope) checked=checked />
                    <span>{part(locale, *scope)}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class="field">
            <legend><b><bdi>{adult.name}</bdi></b></legend>
            <span class="hint">{sees}</span>
            {boxes}
        </fieldset>
    }
    .into_any()
}
