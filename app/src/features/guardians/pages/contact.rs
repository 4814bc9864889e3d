//! One contact: what an adult is to a child, how it ends, and starts again.

use backend::guardians::contacts::shown::ContactShown;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::ending::EndReason;
use domain::guardians::form::ContactForm;
use leptos::prelude::*;

use super::list::GUARDIANS_PAGE;
use crate::features::guardians::components::ContactFields;
use crate::features::office::layout::OfficeUser;
use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::SelectField;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The page as HTML; `form` is what is in the fields, `problem` why nothing was changed.
pub fn contact_page(
    page: OfficePage,
    shown: ContactShown,
    form: ContactForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    let name = format!("{}, contact of {}", shown.adult_name, shown.child_name);
    let title = if errors.is_empty() { name.clone() } else { format!("Error: {name}") };
    render(page, title, move || {
        let manages = OfficeUser::get().may(Permission::ManageGuardians);
        let path = format!("/guardians/contacts/{}", shown.id);
        let (adult, child) =
            (format!("/guardians/{}", shown.adult), format!("/students/{}?tab=contacts", shown.child));
        let ended = shown.ended.as_ref().map(domain::guardians::views::ContactEnd::sentence);
        let sees = shown.sees.sentence();
        let access = format!("/guardians/{}/access?child={}", shown.adult, shown.child);
        let restricted = shown.sees.restricted;
        let lead = match &ended {
            Some(ended) => format!("{ended}."),
            None => format!("Sees of the student: {}.", sees.to_lowercase()),
        };
        view! {
            <PageHead title=name.clone() lead=move || lead.clone() up=Some(GUARDIANS_PAGE)/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nothing was changed"><p>{problem}</p></Notice> })}
            {restricted.then(|| view! { <Notice tone="amber" title="Access is restricted"><p>"A restriction is in force for this student. It wins over everything that is chosen here."</p></Notice> })}
            <p class="row">
                <a class="btn" href=adult><bdi>{shown.adult_name.clone()}</bdi></a>
                <a class="btn" href=child><bdi>{shown.child_name.clone()}</bdi></a>
                <a class="btn" href=access>"What they see"</a>
            </p>
            {match (manages, ended.is_some()) {
                (true, true) => view! { <Again path/> }.into_any(),
                (true, false) => view! { <Change path form errors/> }.into_any(),
                (false, _) => ().into_any(),
            }}
        }
    })
}

#[component]
fn Again(path: String) -> impl IntoView {
    view! {
        <form class="stack gap-m" method="post" action=format!("{path}/again")>
            <p>"This contact is kept as a record. If you start it again, they get the access that the school gives such adults, unless a restriction is in force."</p>
            <div><button class="btn" type="submit">"Start this contact again"</button></div>
        </form>
    }
    .into_any()
}

#[component]
fn Change(path: String, form: ContactForm, errors: FieldErrors) -> impl IntoView {
    let reasons = EndReason::CHOICES
        .into_iter()
        .map(|reason| (reason.slug().to_owned(), reason.label().to_owned()))
        .collect::<Vec<_>>();
    view! {
        <ErrorSummary errors=errors.clone()/>
        <form class="stack gap-m" method="post" action=path.clone() novalidate>
            <ContactFields form errors=errors.clone()/>
            <p class="muted">"Access does not grow by this: change it under \u{201c}What they see\u{201d}. It ends with the last day. An import does not overwrite what you change here, unless you ask it to."</p>
            <div class="row"><button class="btn primary" type="submit">"Save"</button></div>
        </form>
        <h2 class="gap-m">"End this contact"</h2>
        <form class="stack gap-s" method="post" action=format!("{path}/end")>
            <p>"They see nothing of this student any more, at once. Other students stay as they are. The contact is kept as a record, so that an import does not bring it back unasked."</p>
            <SelectField id="reason" label="Reason" choices=reasons chosen=EndReason::NoLonger.slug() errors/>
            <div><button class="btn danger" type="submit">"End this contact"</button></div>
        </form>
    }
    .into_any()
}
