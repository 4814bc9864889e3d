//! How long each kind of data is kept.

use backend::data_rights::schedule::KeptLine;
use domain::authorization::policy::Permission;
use domain::data_rights::settings::KEPT_PAGE;
use leptos::prelude::*;

use super::{DATA_RIGHTS, TABS};
use crate::features::office::page::{OfficePage, Tabs, render};
use crate::ui::page::PageHead;

/// The list, as HTML.
pub fn kept_page(page: OfficePage, lines: Vec<KeptLine>) -> String {
    const TITLE: &str = "How long data is kept";
    let changes = page.me.may(Permission::ManageSettings);
    render(page, TITLE, move || {
        let rows = lines
            .into_iter()
            .map(|line| {
                let chosen = line.is_chosen.then(|| {
                    let by = if changes {
                        view! { <a href=KEPT_PAGE.path>"Change"</a> }.into_any()
                    } else {
                        view! { <span class="muted">"Chosen in the settings."</span> }.into_any()
                    };
                    view! { " "{by} }
                });
                view! { <div><dt>{line.heading}</dt><dd>{line.kept}{chosen}</dd></div> }
            })
            .collect_view();
        view! {
            <PageHead title=TITLE up=Some(DATA_RIGHTS)
                lead=|| "Every night, what is older is deleted. What is not deleted by age is deleted or emptied when its person is erased, unless it has to stay."/>
            <Tabs name="Data rights" tabs=TABS current="/data-rights/kept"/>
            <dl class="facts gap-m">{rows}</dl>
        }
    })
}
