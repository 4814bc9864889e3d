//! Who looked at one's account.

use domain::portal::Visit;
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::home::{Looking, PortalFrame, VisitLines};
use crate::ui::family::{FamilyPage, FamilyShell, render};

/// All visits, as HTML.
pub fn visits_page(page: FamilyPage, works_here: bool, visits: Vec<Visit>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, portal.home.visits);
        view! {
            <FamilyShell page=page.clone() title=title>
                <PortalFrame page looking=Looking::Owner works_here home=false>
                    <div class="page leaf">
                        <header class="fam-hello">
                            <h1>{title}</h1>
                            <p>{td_string!(locale, portal.home.visits_why)}</p>
                        </header>
                        <section class="bleed" aria-label=title>
                            <VisitLines locale visits />
                        </section>
                    </div>
                </PortalFrame>
            </FamilyShell>
        }
    })
}
