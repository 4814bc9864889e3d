//! What a guardian sees of a child, and why.

use backend::guardians::access::family::{OwnAccess, OwnGrant};
use domain::authorization::grant::{GrantGround, PortalScope};
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

/// The page as HTML.
pub fn own_page(page: FamilyPage, frame: PortalFrameView, own: OwnAccess) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, access.own.title, name = own.name.clone());
        let comes = own.decides_from.map(|day| {
            td_string!(locale, access.own.comes_of_age, name = own.name.clone(), date = date(locale, day))
        });
        let lines = grouped(&own.grants)
            .into_iter()
            .map(|(grant, scopes)| view! { <Line locale grant scopes /> })
            .collect::<Vec<_>>();
        view! {
            <FamilyShell page=page.clone() title=title.clone()>
                <PortalFrame page viewer=PortalViewer::Owner frame current=PortalFeature::Home>
                    <div class="page leaf">
                        <header class="fam-hello">
                            <h1>{title.clone()}</h1>
                            <p>{td_string!(locale, access.own.lead)}</p>
                            {comes.map(|words| view! { <p>{words}</p> })}
                        </header>
                        <section class="bleed" aria-label=title>
                            <ul class="lines" role="list">{lines}</ul>
                            <p class="in-page below">
                                <a class="tap" href="/portal">{td_string!(locale, access.own.back)}</a>
                            </p>
                        </section>
                    </div>
                    <div class="page leaf">
                        <section class="bleed" aria-labelledby="not-mine">
                            <div class="sec-head in-page">
                                <h2 id="not-mine">{td_string!(locale, access.own.not_mine, name = own.name.clone())}</h2>
                            </div>
                            <p class="in-page below">
                                {td_string!(locale, access.own.not_mine_lead, name = own.name.clone())}
                            </p>
                            <form class="in-page below" method="post" action=format!("/portal/children/{}/access", own.child)>
                                <button class="btn" type="submit">{td_string!(locale, access.own.not_mine_button)}</button>
                            </form>
                        </section>
                    </div>
                </PortalFrame>
            </FamilyShell>
        }
    })
}

/// Parts with the same ground and days are said together: the first of them, and all.
fn grouped(grants: &[OwnGrant]) -> Vec<(OwnGrant, Vec<PortalScope>)> {
    let mut groups: Vec<(OwnGrant, Vec<PortalScope>)> = Vec::new();
    let why = |grant: &OwnGrant| (grant.ground, grant.since, grant.until);
    for grant in grants {
        match groups.iter_mut().find(|(first, _)| why(first) == why(grant)) {
            Some((_, scopes)) => scopes.push(grant.scope),
            None => groups.push((*grant, vec![grant.scope])),
        }
    }
    groups
}

#[component]
fn Line(locale: Locale, grant: OwnGrant, scopes: Vec<PortalScope>) -> impl IntoView {
    let parts = scopes.into_iter().map(|scope| part(locale, scope)).collect::<Vec<_>>().join(", ");
    let ground = match grant.ground {
        GrantGround::ParentalResponsibility => td_string!(locale, access.ground.responsibility),
        GrantGround::Relation => td_string!(locale, access.ground.relation),
        GrantGround::Consent => td_string!(locale, access.ground.consent),
        GrantGround::Order => td_string!(locale, access.ground.order),
    };
    let since = td_string!(locale, access.own.since, date = date(locale, grant.since));
    let until = grant.until.map(|day| td_string!(locale, access.own.until, date = date(locale, day)));
    let when = std::iter::once(since).chain(until).collect::<Vec<_>>().join(", ");
    view! {
        <li>
            <span class="at">
                <Icon name="eye" />
            </span>
            <div class="what">
                <b>{parts}</b>
                <small>{ground}<br />{when}</small>
            </div>
        </li>
    }
    .into_any()
}
