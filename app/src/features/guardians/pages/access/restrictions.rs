//! The restrictions of a child, for those who may see them.

use backend::guardians::access::map::RestrictionLine;
use backend::guardians::access::restrictions::loosen::AskedLoosening;
use chrono::NaiveDate;
use domain::authorization::grant::PortalScope;
use domain::authorization::role::RoleValidity;
use domain::ids::{PersonId, RestrictionId};
use domain::when::{at_moment, long_day};
use leptos::prelude::*;

use super::period;

/// The restrictions, those that are over last.
#[component]
pub(super) fn Restrictions(
    child: PersonId,
    lines: Vec<RestrictionLine>,
    approvers: Vec<String>,
    today: NaiveDate,
) -> impl IntoView {
    let (over, standing): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|line| matches!(line.holds, RoleValidity::Ended(_)));
    let lines = standing
        .into_iter()
        .chain(over)
        .map(|line| view! { <Restriction child line approvers=approvers.clone() today/> })
        .collect::<Vec<_>>();
    let none = lines.is_empty().then(|| view! { <p class="muted">"None."</p> });
    view! {
        <h2 class="gap-m">"Restrictions"</h2>
        {none}
        {lines}
    }
    .into_any()
}

/// Whom a restriction is about.
pub(super) fn whom(line: &RestrictionLine) -> String {
    match &line.adult {
        Some(adult) => adult.clone(),
        None if line.but.is_empty() => "Every adult".to_owned(),
        None => format!("Every adult but {}", line.but.join(", ")),
    }
}

/// Who has to approve, or what to do where nobody can.
fn second_person(restriction: RestrictionId, approvers: &[String]) -> AnyView {
    if approvers.is_empty() {
        return view! {
            <span class="muted">
                "A second person has to approve, and nobody else can. Give a colleague a role that allows \u{201c}Record and lift restrictions\u{201d}, or ask the person who runs the server for: "
                <code>{format!("greencap guardians lift {restriction}")}</code>
            </span>
        }
        .into_any();
    }
    let names = approvers.join(", ");
    view! { <span class="muted">{format!("A second person has to approve. Who can: {names}.")}</span> }
        .into_any()
}

/// What was asked for, and what has to happen next. A second request would be refused.
fn stands(asked: &AskedLoosening, today: NaiveDate) -> AnyView {
    let verb = asked.verb;
    let next = match (asked.is_approved, asked.own) {
        (false, _) => "Waits for a second person. See ".to_owned(),
        (true, true) => format!("Approved. Choose {verb} under "),
        (true, false) => format!("Approved. The person who asked chooses {verb} under "),
    };
    let at = at_moment(asked.at.naive_local(), today);
    let told = format!("Asked to {} it {at}. {next}", verb.to_lowercase());
    view! { <p>{told}<a href="/approvals">"Approvals"</a>"."</p> }.into_any()
}

#[component]
fn Restriction(
    child: PersonId,
    line: RestrictionLine,
    approvers: Vec<String>,
    today: NaiveDate,
) -> impl IntoView {
    let whom = whom(&line);
    let family = PortalScope::FAMILY;
    let closed: Vec<&str> =
        line.scopes.iter().filter(|scope| family.contains(scope)).map(|scope| scope.label()).collect();
    let closed = if closed.len() == family.len() { "Everything".to_owned() } else { closed.join(", ") };
    let hides = line.scopes.contains(&PortalScope::Contacts);
    let closed = match (closed.is_empty(), hides) {
        (true, _) => "Contact details".to_owned(),
        (false, true) => format!("{closed}, and contact details"),
        (false, false) => closed,
    };
    let is_over = matches!(line.holds, RoleValidity::Ended(_));
    let state = match (line.lifted_on, line.holds) {
        (Some(day), _) => format!("Lifted on {}", long_day(day)),
        (None, RoleValidity::Now) => "In force".to_owned(),
        (None, RoleValidity::NotYet(_)) => "Begins later".to_owned(),
        (None, RoleValidity::Ended(_)) => "Over".to_owned(),
    };
    let overdue = line.review_on.is_some_and(|day| day <= today) && !is_over;
    let id = line.id;
    let review = format!("review-{id}");
    let actions = (!is_over).then(|| view! {
        <form class="row" method="post" action=format!("/students/{child}/access/review")>
            <input type="hidden" name="restriction" value=id.to_string()/>
            <label for=review.clone()>"Next review"</label>
            <input class="input" type="date" id=review.clone() name="review"
                value=line.review_on.map(|day| day.to_string()).unwrap_or_default()/>
            <button class="btn small" type="submit">"Set review date"</button>
        </form>
        {match &line.asked {
            Some(asked) => stands(asked, today),
            None => view! {
                <form class="row" method="post" action=format!("/students/{child}/access/lift")>
                    <input type="hidden" name="restriction" value=id.to_string()/>
                    <button class="btn small danger" type="submit" aria-label=format!("Ask to lift the restriction of {whom}")>"Ask to lift it"</button>
                    {second_person(id, &approvers)}
                </form>
            }.into_any(),
        }}
        <div class="row">
            <a class="btn small" href=format!("/students/{child}/access/change?restriction={id}")
                aria-label=format!("Change the restriction of {whom}")>"Change it"</a>
        </div>
    });
    view! {
        <section class="stack" aria-label=format!("Restriction: {whom}")>
            <dl class="facts long">
                <div><dt>"Who"</dt><dd><b>{whom.clone()}</b></dd></div>
                <div><dt>"State"</dt><dd>{state}{(!is_over).then(|| format!(", {}", period(line.since, line.until, line.holds)))}</dd></div>
                <div><dt>"Cannot see"</dt><dd>{closed}</dd></div>
                <div><dt>"Reason"</dt><dd>{line.reason.map_or("Unknown", |reason| reason.label())}</dd></div>
                <div><dt>"Reference"</dt><dd>{if line.reference.is_empty() { "None".to_owned() } else { line.reference.clone() }}</dd></div>
                <div><dt>"Review"</dt><dd>{line.review_on.map_or_else(|| "Not set".to_owned(), long_day)}{overdue.then_some(" (due)")}</dd></div>
                {line.effects.map(|done| view! { <div><dt>"What it ended"</dt><dd>{done.sentence()}</dd></div> })}
            </dl>
            {actions}
        </section>
    }
    .into_any()
}
