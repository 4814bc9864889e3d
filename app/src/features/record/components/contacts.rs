//! A student's contacts: who they are, what they see, and the sign of their account.

use domain::authorization::policy::Permission;
use domain::guardians::views::{ContactLine, relationship_in_words};
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use leptos::prelude::*;

use super::contact_columns::CONTACTS;
use crate::features::office::autocreate_link::autocreate_of;
use crate::features::office::layout::OfficeUser;
use crate::ui::icon::Icon;
use crate::ui::table::{LoadedRows, Table, TableRows};

/// The tab "Contacts".
#[component]
pub fn Contacts(
    /// The student.
    student: PersonId,
    /// Their contacts, those that have ended last.
    contacts: Vec<ContactLine>,
) -> impl IntoView {
    let user = OfficeUser::get();
    let manages = user.may(Permission::ManageGuardians);
    let (live, ended): (Vec<_>, Vec<_>) = contacts.into_iter().partition(|contact| contact.ended.is_none());
    let count = user.may(Permission::ViewAccounts).then(|| {
        let with = live.iter().filter(|contact| contact.username.is_some()).count();
        format!("{with} of {} have an account.", live.len())
    });
    let add = format!("/guardians/new?child={student}");
    let again = add.clone();
    let autocreate = autocreate_of(&Selection::People { ids: vec![student] });
    let rows = live.into_iter().map(|contact| (contact, student)).collect::<Vec<_>>();
    view! {
        <div class="section-head plain gap-m">
            <h2>"Guardians and other contacts"</h2>
            {count.map(|count| view! { <span class="muted">{count}</span> })}
            <span class="row row-tight">
                <a class="btn small" href=format!("/students/{student}/access") rel="external"><Icon name="eye" small=true/>"Who can see what"</a>
                {manages.then(|| view! { <a class="btn small" href=autocreate rel="external"><Icon name="users" small=true/>"Create guardian accounts\u{2026}"</a> })}
                {manages.then(|| view! { <a class="btn small" href=add rel="external"><Icon name="plus" small=true/>"Add contact"</a> })}
            </span>
        </div>
        <Table rows=TableRows::new(LoadedRows::new(&CONTACTS, rows)) label="Contacts" empty=move || view! {
            <div class="empty">
                <p><b>"This student has no contacts"</b></p>
                {manages.then(|| view! { <p><a class="btn primary" href=again.clone() rel="external">"Add contact"</a></p> })}
            </div>
        }/>
        {(!ended.is_empty()).then(|| view! { <Earlier ended manages/> }.into_any())}
    }
    .into_any()
}

/// Contacts that have ended stay as a record.
#[component]
fn Earlier(ended: Vec<ContactLine>, manages: bool) -> impl IntoView {
    let lines = ended
        .into_iter()
        .map(|contact| {
            let what = relationship_in_words(&contact.facts);
            let how = contact.ended.as_ref().map(domain::guardians::views::ContactEnd::sentence);
            let name = contact.name.clone();
            view! {
                <div>
                    <dt><bdi>{contact.name}</bdi></dt>
                    <dd>
                        <span>{what}</span>
                        <span class="muted">{how}</span>
                        {manages.then(|| view! {
                            <a class="btn small push" href=format!("/guardians/contacts/{}", contact.id) rel="external"
                                aria-label=format!("Open {name}, a contact that has ended")>"Open"</a>
                        })}
                    </dd>
                </div>
            }
            .into_any()
        })
        .collect_view();
    view! {
        <section class="gap-m" aria-labelledby="earlier-title">
            <div class="section-head"><h2 id="earlier-title">"Earlier contacts"</h2></div>
            <dl class="facts">{lines}</dl>
        </section>
    }
    .into_any()
}
