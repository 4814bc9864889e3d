//! A school's username pattern, with a preview for its own students.

use domain::accounts::naming::Naming;
use domain::accounts::plan::AccountPlan;
use domain::accounts::settings::USERNAMES_PAGE;
use domain::accounts::taken::TakenUsernames;
use domain::accounts::template::UsernameTemplate;
use domain::credentials::status::StatusGroup;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::accounts::api::{read_template, set_template};
use crate::features::accounts::components::{KnownCandidates, PatternEditor};
use crate::features::office::layout::OfficeUser;
use crate::ui::load::Load;
use crate::ui::memo::memo;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;
use crate::ui::toast::ToastRack;

/// The number of students in the preview.
const SHOWN: usize = 12;

/// The page for the username pattern.
#[component]
pub fn UsernameSettings() -> impl IntoView {
    let school = OfficeUser::get().school();
    let template: Resource<AppResult<UsernameTemplate>> =
        Resource::new(|| (), move |()| read_template(school));
    view! {
        <PageHead title=USERNAMES_PAGE.name lead=|| USERNAMES_PAGE.lead/>
        <SettingsFrame current=&USERNAMES_PAGE>
            <Load resource=template view=|template: UsernameTemplate| view! { <Edit template/> }/>
        </SettingsFrame>
    }
}

#[component]
fn Edit(template: UsernameTemplate) -> impl IntoView {
    let school = OfficeUser::get().school();
    let rack = ToastRack::get();
    let template = RwSignal::new(template);
    let matching = RollFilter {
        roll: vec![RollStatus::Current],
        status: vec![StatusGroup::NoAccount],
        ..RollFilter::default()
    };
    // Loaded only by the browser: a whole school would make the page too large.
    let naming = Signal::derive(move || Naming { template: template.get(), ..Naming::default() });
    let known = KnownCandidates::follow(school, Selection::Matching { filter: matching }, naming);
    let plan = memo(move || match known.found.get() {
        Some(found) => AccountPlan::make(&naming.get(), &found.people, &found.taken),
        None => AccountPlan::make(&naming.get(), &[], &TakenUsernames::default()),
    });
    let example = Signal::derive(move || {
        plan.with(|plan| {
            plan.rows
                .iter()
                .find_map(|row| row.username().map(|username| (row.name.clone(), username.to_string())))
        })
    });
    let save = Action::new(move |(): &()| set_template(school, template.get_untracked()));
    Effect::new(move || {
        if let Some(Ok(())) = save.value().get() {
            rack.say("Saved. New accounts will use this pattern.");
        }
    });
    view! {
        <div class="split three"><PatternEditor template example/></div>
        <h2 class="gap-l">"Usernames for students without an account"</h2>
        <dl class="facts">
            {move || plan.with(|plan| plan.rows.iter().take(SHOWN).map(|row| {
                let username = row.username().map_or_else(|| "to be chosen".to_owned(), ToString::to_string);
                view! { <div><dt>{row.who()}</dt><dd class="code">{username}</dd></div> }
            }).collect_view())}
        </dl>
        {move || save.value().get().and_then(Result::err).map(|error| view! { <ErrorNotice error/> })}
        <div class="actionbar bleed gap-l">
            <button class="btn primary" type="button" aria-busy=move || save.pending().get().then_some("true")
                on:click=move |_| { save.dispatch(()); }>"Save"</button>
        </div>
    }
}
