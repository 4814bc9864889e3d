//! An adult's children: what they are to each, what they see, and those that have ended.

use backend::guardians::contacts::of_adult::Children;
use domain::guardians::views::{ChildLine, ContactEnd, facts_in_words, relationship_in_words};
use domain::ids::PersonId;
use domain::when::long_day;
use leptos::prelude::*;

use crate::ui::icon::Icon;

/// The section with all of them. Students are detached on the page of the contact.
#[component]
pub fn ChildLines(
    /// The adult.
    person: PersonId,
    /// Their children.
    children: Children,
    /// Whether lines offer to detach.
    manages: bool,
) -> impl IntoView {
    let (live, ended): (Vec<_>, Vec<_>) = children.lines.into_iter().partition(|child| child.ended.is_none());
    let elsewhere = match children.elsewhere {
        0 => None,
        1 => Some("1 more student at a school that you do not see.".to_owned()),
        many => Some(format!("{many} more students at schools that you do not see.")),
    };
    let nobody = live.is_empty();
    let live = live.into_iter().map(|child| view! { <Line person child manages/> }).collect_view();
    let history = (!ended.is_empty()).then(|| {
        let lines = ended.into_iter().map(|child| view! { <Line person child manages/> }).collect_view();
        view! { <h3 class="gap-s">"Earlier"</h3><dl class="facts">{lines}</dl> }
    });
    view! {
        <section class="gap-m" aria-labelledby="students-title">
            <div class="section-head"><h2 id="students-title">"Students"</h2></div>
            {nobody.then(|| view! { <p class="muted">"No student is attached. They see nothing until one is."</p> })}
            <dl class="facts">{live}</dl>
            {elsewhere.map(|elsewhere| view! { <p class="muted">{elsewhere}</p> })}
            {history}
        </section>
    }
    .into_any()
}

#[component]
fn Line(person: PersonId, child: ChildLine, manages: bool) -> impl IntoView {
    let what = [relationship_in_words(&child.facts), facts_in_words(&child.facts)];
    let what = what.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(". ");
    let ended = child.ended.as_ref().map(ContactEnd::sentence);
    let is_over = ended.is_some();
    let access = format!("/guardians/{person}/access?child={}", child.child);
    let contact = format!("/guardians/contacts/{}", child.id);
    let words = if is_over || !manages { "Open" } else { "Change or detach" };
    let since = format!("Since {}.", long_day(child.facts.starts_on));
    view! {
        <div>
            <dt><a href=format!("/students/{}?tab=contacts", child.child)><bdi>{child.name.clone()}</bdi></a></dt>
            <dd>
                <span>{what}</span>
                <span class="muted">{child.place.clone()}</span>
                {match ended {
                    Some(ended) => view! { <span class="muted">{ended}</span> }.into_any(),
                    None => view! {
                        {child.sees.restricted.then(|| view! { <span class="status" data-tone="red"><Icon name="shield-alert"/>"Access is restricted"</span> })}
                        <span>"Sees: "<a href=access aria-label=format!("What they see of {}: {}", child.name, child.sees.sentence())>{child.sees.sentence()}</a></span>
                        <span class="muted">{since}</span>
                    }.into_any(),
                }}
                <a class="btn small push" href=contact aria-label=format!("{words}: {}", child.name)>{words}</a>
            </dd>
        </div>
    }
    .into_any()
}
