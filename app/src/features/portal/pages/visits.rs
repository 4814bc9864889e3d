//! Who has viewed the person's account.

use domain::portal::{PortalFeature, PortalFrameView, PreviewVisit};
use leptos::prelude::*;
use leptos_i18n::td_string;

use super::frame::{PortalFrame, PortalViewer};
use super::home::VisitLines;
use crate::ui::document::render;
use crate::ui::family::{FamilyPage, FamilyShell};

/// All visits, as HTML.
pub fn visits_page(page: FamilyPage, frame: PortalFrameView, visits: Vec<PreviewVisit>) -> String {
    render(move || {
        let locale = page.locale;
        let title = td_string!(locale, portal.home.visits);
        view! {
            <FamilyShell page=page.clone() title=title>
                <PortalFrame page viewer=PortalViewer::Owner frame current=PortalFeature::Visits>
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
