//! The frame of every page of the portal: the head, and a tab for each feature that the person's portal group has.

use domain::portal::{PortalFeature, PortalFrameView};
use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::family::FamilyPage;
use crate::ui::icon::Icon;

/// Who looks at the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looking {
    /// The person whose page it is.
    Owner,
    /// Staff: everything looks the same, and nothing can be changed.
    Preview,
}

impl Looking {
    /// Where a link leads. In a preview nowhere: the pages there would be those of the person who previews.
    pub fn address(self, to: &'static str) -> &'static str {
        match self {
            Self::Owner => to,
            Self::Preview => "#main",
        }
    }
}

/// The drawing of a feature.
pub fn icon_of(feature: PortalFeature) -> &'static str {
    match feature {
        PortalFeature::Home => "house",
        PortalFeature::Visits => "eye",
    }
}

/// The name of a feature, as its tab shows it.
pub fn name_of(locale: Locale, feature: PortalFeature) -> &'static str {
    match feature {
        PortalFeature::Home => td_string!(locale, portal.tab.home),
        PortalFeature::Visits => td_string!(locale, portal.tab.visits),
    }
}

/// Head, book and tabs. The tabs are links, so nothing here needs a script.
#[component]
pub fn PortalFrame(
    /// Of this request.
    page: FamilyPage,
    /// To whom.
    looking: Looking,
    /// What the person has.
    frame: PortalFrameView,
    /// Which feature's page it is.
    current: PortalFeature,
    /// The leaves of the book.
    children: Children,
) -> impl IntoView {
    let locale = page.locale;
    let tabs = frame
        .group
        .features()
        .iter()
        .map(|feature| {
            view! {
                <a href=looking.address(feature.path()) aria-current=(*feature == current).then_some("page")>
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
                    <a class="brand" href=looking.address(PortalFeature::Home.path())>
                        <Icon name="cap-has" />
                        {page.school}
                    </a>
                    <div class="tools">
                        {frame.works_here.then(|| view! {
                            <a class="tool" href=looking.address("/")>
                                <Icon name="users" />
                                <span class="label">{td_string!(locale, portal.home.office)}</span>
                            </a>
                        })}
                        <button class="tool" type="button" data-theme-toggle hidden>
                            <Icon name="moon" />
                            <span class="vh">{td_string!(locale, family.theme)}</span>
                        </button>
                        <SignOut locale looking />
                    </div>
                </div>
            </header>
            <main class="book" id="main">
                {children()}
            </main>
            <nav class="tabbar" aria-label=td_string!(locale, portal.home.tools)>{tabs}</nav>
        </div>
    }
    .into_any()
}

/// The way out. In a preview it is a button that says why it does nothing: there is no form at all to send.
#[component]
fn SignOut(locale: Locale, looking: Looking) -> impl IntoView {
    let face = view! {
        <Icon name="log-out" />
        <span class="vh">{td_string!(locale, portal.home.sign_out)}</span>
    };
    match looking {
        Looking::Owner => view! {
            <form method="post" action="/sign-out">
                <button class="tool" type="submit">{face}</button>
            </form>
        }
        .into_any(),
        Looking::Preview => view! {
            <button class="tool" type="button" popovertarget="not-in-preview">{face}</button>
        }
        .into_any(),
    }
}
