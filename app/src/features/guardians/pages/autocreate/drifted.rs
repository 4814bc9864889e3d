//! What is shown when something has changed since a simulation: nothing was done, and what is left can be run.

use domain::guardians::autocreate::views::RunView;
use domain::operations::plan::PlanHash;
use leptos::prelude::*;

use super::{PATH, TITLE, path_of};
use crate::features::office::page::{OfficePage, render};
use crate::ui::icon::Icon;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page as HTML. `rest` is the hash of what is left.
pub fn drifted_page(page: OfficePage, run: RunView, changed: usize, rest: PlanHash) -> String {
    let made = page.me.words().at(run.at);
    render(page, "Something has changed", move || {
        let path = path_of(run.id);
        let title = match changed {
            0 => "Something has changed since the simulation".to_owned(),
            1 => "1 pair of adult and student has changed".to_owned(),
            many => format!("{many} pairs of adult and student have changed"),
        };
        view! {
            <PageHead title=TITLE lead=move || format!("The simulation was made {made}.") up=Some((PATH, "Rules and latest runs"))
                mark=|| view! { <Icon name="flask-conical"/> }/>
            <Notice tone="amber" title=title>
                <p>"Nothing has been created. What has changed is left out, and the next simulation shows it."</p>
            </Notice>
            <div class="row gap-m">
                <form method="post" action=format!("{path}/again")>
                    <button class="btn primary" type="submit"><Icon name="refresh-cw"/>"Run simulation again"</button>
                </form>
                <form method="post" action=format!("{path}/create")>
                    <input type="hidden" name="plan" value=rest.to_string()/>
                    <button class="btn" type="submit">"Create the rest"</button>
                </form>
                <a class="btn" href=path>"Back to the simulation"</a>
            </div>
        }
    })
}
