//! Where an adult is signed in, and what they lost: forms for staff who manage portal access.

use chrono::Utc;
use domain::ids::PersonId;
use domain::record::help::SignInRemedy;
use domain::sessions::views::SessionLine;
use leptos::prelude::*;

use crate::features::record::components::device;
use crate::ui::icon::Icon;
use crate::ui::time::TimeWords;

/// The sessions, each with a button that ends it.
#[component]
pub(super) fn Sessions(person: PersonId, lines: Vec<SessionLine>) -> impl IntoView {
    let words = TimeWords::here();
    let path = format!("/guardians/{person}/sessions");
    let several = lines.len() > 1;
    let none = lines.is_empty();
    let each = path.clone();
    let lines = lines
        .into_iter()
        .map(|line| {
            let name = device(line.device);
            let used = words.short(line.last_seen_at.with_timezone(&Utc));
            let since = words.short(line.since.with_timezone(&Utc));
            let with = line.provider.map(|name| format!(" with {name}"));
            let label = format!("Sign out {name}, last used {used}");
            view! {
                <li>
                    <Icon name="monitor-smartphone"/>
                    <div class="what">
                        <b>{name}</b>
                        <span>{format!("Last used {used}, signed in {since}{}", with.unwrap_or_default())}</span>
                        {line.source.map(|source| view! { <span>"From "<span class="code">{source}</span></span> })}
                    </div>
                    <form method="post" action=each.clone()>
                        <button class="btn small" type="submit" name="session" value=line.session.to_string() aria-label=label>"Sign out"</button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="gap-m" aria-labelledby="sessions-title" id="sessions">
            <div class="section-head"><h2 id="sessions-title" tabindex="-1">"Signed in"</h2></div>
            {none.then(|| view! { <p class="muted">"Not signed in anywhere."</p> })}
            <ul class="sessions" role="list">{lines}</ul>
            {several.then(|| view! {
                <form method="post" action=path><button class="btn" type="submit" name="session" value=""><Icon name="log-out"/>"Sign out everywhere"</button></form>
            })}
        </section>
    }
    .into_any()
}

/// What helps somebody who lost their second factors or linked the wrong account, behind a question.
#[component]
pub(super) fn Lost(person: PersonId, remedies: Vec<SignInRemedy>) -> impl IntoView {
    let offered = [
        (
            SignInRemedy::RemoveFactors,
            "factors",
            "They can then sign in with their password alone, until they set up new ones. They will be signed out everywhere and told by email.",
        ),
        (
            SignInRemedy::RemoveIdentities,
            "identities",
            "Do this if the wrong account was linked. They will be signed out everywhere and told by email. The next person who signs in with the address on record can link again.",
        ),
    ];
    offered
        .into_iter()
        .filter(|(remedy, ..)| remedies.contains(remedy))
        .map(|(remedy, what, means)| {
            view! {
                <details class="gap-s">
                    <summary>{remedy.label()}</summary>
                    <form class="stack gap-s" method="post" action=format!("/guardians/{person}/{what}")>
                        <p>{means}</p>
                        <div><button class="btn danger" type="submit">{remedy.label()}</button></div>
                    </form>
                </details>
            }
        })
        .collect_view()
        .into_any()
}
