//! Whose account probably is that of a contact without one.

use backend::guardians::contacts::shown::ContactShown;
use domain::authorization::policy::Permission;
use domain::guardians::views::{ProbableAccount, SameReason};
use leptos::prelude::*;

use super::list::GUARDIANS_PAGE;
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, render};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page as HTML; `problem` is why nothing was linked.
pub fn matched_page(
    page: OfficePage,
    shown: ContactShown,
    probable: Vec<ProbableAccount>,
    problem: Option<String>,
) -> String {
    let title = format!("Does {} have an account?", shown.adult_name);
    render(page, title.clone(), move || {
        let manages = OfficeUser::get().may(Permission::ManageGuardians);
        let lead = format!(
            "Contact of {}. This record has no account, but these people have one.",
            shown.child_name
        );
        let back = format!("/students/{}?tab=contacts", shown.child);
        let own = format!("/guardians/{}#account", shown.adult);
        let nobody = probable.is_empty();
        let lines = probable.into_iter().map(|one| view! { <Probable one path=format!("/guardians/contacts/{}/account", shown.id) manages/> }).collect_view();
        view! {
            <PageHead title lead=move || lead.clone() up=Some(GUARDIANS_PAGE)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was linked"><p>{problem}</p></Notice> })}
            {nobody.then(|| view! { <p>"No account looks like theirs any more."</p> })}
            {lines}
            <p class="row gap-m">
                <a class="btn" href=own>"None of these: create an account"</a>
                <a class="btn" href=back>"Back to the student"</a>
            </p>
        }
    })
}

#[component]
fn Probable(one: ProbableAccount, path: String, manages: bool) -> impl IntoView {
    let ProbableAccount { person, name, username, email, reasons } = one;
    let link = manages.then(|| view! {
        <form class="gap-s" method="post" action=path>
            <input type="hidden" name="person" value=person.to_string()/>
            <p class="muted">"The student moves to this account with the same facts, and the record without an account is no longer their contact. You can undo it: both contacts are kept."</p>
            <button class="btn primary" type="submit" aria-label=format!("Link the student to {name}")>"Link to this account"</button>
        </form>
    });
    view! {
        <section class="gap-m">
            <div class="section-head"><h2><a href=format!("/guardians/{person}")><bdi>{name}</bdi></a></h2></div>
            <dl class="facts">
                <div><dt>"Username"</dt><dd><span class="code">{username}</span></dd></div>
                {email.map(|email| view! { <div><dt>"Email"</dt><dd>{email}</dd></div> })}
                <div><dt>"Why"</dt><dd>{SameReason::list(&reasons)}</dd></div>
            </dl>
            {link}
        </section>
    }
    .into_any()
}
