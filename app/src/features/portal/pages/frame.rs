//! The frame of every portal page: the header, and a tab for each feature of the person's portal group.

use domain::portal::{PortalFeature, PortalFrameView};
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::family::{FamilyPage, OfficeLine};
use crate::ui::icon::Icon;

/// Who is viewing the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortalViewer {
    /// The person whose page it is.
    Owner,
    /// Staff: everything looks the same, but nothing can be changed.
    Preview,
}

impl PortalViewer {
    /// The target of a link. Links are disabled in a preview, because they would lead to the staff member's
    /// own pages.
    pub fn address(self, to: &'static str) -> &'static str {
        match self {
            Self::Owner => to,
            Self::Preview => "#main",
        }
    }
}

/// A feature's icon.
fn icon_of(feature: PortalFeature) -> &'static str {
    match feature {
        PortalFeature::Home => "house",
        PortalFeature::Access => "users",
        PortalFeature::Visits => "eye",
    }
}

/// A feature's name, as shown on its tab.
fn name_of(locale: Locale, feature: PortalFeature) -> &'static str {
    match feature {
        PortalFeature::Home => td_string!(locale, portal.tab.home),
        PortalFeature::Access => td_string!(locale, access.tab),
        PortalFeature::Visits => td_string!(locale, portal.tab.visits),
    }
}

/// The header, book and tabs. The tabs are links, so nothing needs a script.
#[component]
pub fn PortalFrame(
    /// The page of this request.
    page: FamilyPage,
    /// Who is viewing it.
    viewer: PortalViewer,
    /// The person's features.
    frame: PortalFrameView,
    /// The current page's feature.
    current: PortalFeature,
    /// The switch between children, for guardians.
    #[prop(optional, into)]
    switch: ViewFn,
    /// The contents of the book.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    // A bar with one entry would lead nowhere.
    let several = frame.group.features().len() > 1;
    let tabs = frame
        .group
        .features()
        .iter()
        .map(|feature| {
            view! {
                <a href=viewer.address(feature.path()) aria-current=(*feature == current).then_some("page")>
                    <Icon name=icon_of(*feature) />
                    {name_of(locale, *feature)}
                </a>
            }
        })
        .collect_view();
    view! {
        <div class="fam">
            <header class="fam-head">
                <div class="fam-bar">
                    <a class="brand" href=viewer.address(PortalFeature::Home.path())>
                        <Icon name="cap-has" />
                        {page.school}
                    </a>
                    <div class="tools">
                        {frame.works_here.then(|| view! {
                            <a class="tool" href=viewer.address("/")>
                                <Icon name="users" />
                                <span class="label">{td_string!(locale, portal.home.office)}</span>
                            </a>
                        })}
                        <button class="tool" type="button" data-theme-toggle hidden>
                            <Icon name="moon" />
                            <span class="vh">{td_string!(locale, family.theme)}</span>
                        </button>
                        <SignOut locale viewer />
                    </div>
                </div>
            </header>
            {switch.run()}
            <main class="book" id="main">
                {children()}
                <OfficeLine locale office=page.office />
            </main>
            {several.then(|| view! { <nav class="tabbar" aria-label=td_string!(locale, portal.home.tools)>{tabs}</nav> })}
        </div>
    }
    .into_any()
}

/// The sign-out button. In a preview it only says why it does nothing: there is no form to send.
#[component]
fn SignOut(locale: Locale, viewer: PortalViewer) -> impl IntoView {
    let face = view! {
        <Icon name="log-out" />
        <span>{td_string!(locale, family.sign_out)}</span>
    };
    match viewer {
        PortalViewer::Owner => view! {
            <form method="post" action="/sign-out">
                <button class="tool" type="submit">{face}</button>
            </form>
        }
        .into_any(),
        PortalViewer::Preview => view! {
            <button class="tool" type="button" popovertarget="not-in-preview">{face}</button>
        }
        .into_any(),
    }
}
