//! The form that invites a colleague.

use backend::authorization::roles::people::RoleOffer;
use backend::setup::colleague::ColleagueForm;
use domain::fields::FieldErrors;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{SelectField, TextField};
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The form as HTML; `form` is what was typed before, `problem` why nothing was changed.
pub fn invite_page(
    page: OfficePage,
    offer: RoleOffer,
    form: ColleagueForm,
    errors: FieldErrors,
    problem: Option<String>,
) -> String {
    const TITLE: &str = "Invite a colleague";
    const LEAD: &str = "They get an email with a link, choose a password and can then work in the office. You can only give permissions you have.";
    let title = if errors.is_empty() { TITLE.to_owned() } else { format!("Error: {TITLE}") };
    render(page, title, move || {
        let content = if offer.kinds.is_empty() || (offer.places.is_empty() && !offer.everywhere) {
            view! { <p class="muted">"You need permission to create accounts and send invitations where you give roles. Ask an administrator."</p> }.into_any()
        } else {
            view! { <Form offer form errors/> }.into_any()
        };
        view! {
            <PageHead title=TITLE lead=|| LEAD up=Some(("/roles", "Roles"))/>
            {problem.map(|problem| view! { <Notice tone="red" title="Nobody was invited"><p>{problem}</p></Notice> })}
            {content}
        }
    })
}

#[component]
fn Form(offer: RoleOffer, form: ColleagueForm, errors: FieldErrors) -> impl IntoView {
    let kinds = offer.kinds.iter().map(|kind| (kind.key.text(), kind.name.clone()));
    let kinds = std::iter::once((String::new(), "Choose a role".to_owned())).chain(kinds).collect();
    let everywhere = offer.everywhere.then(|| ("all".to_owned(), "All schools".to_owned()));
    let places = offer.places.iter().map(|choice| (choice.value(), choice.name.clone()));
    let places = places.chain(everywhere).collect();
    view! {
        <ErrorSummary errors=errors.clone()/>
        <form class="stack" method="post" action="/roles/invite" novalidate>
            <TextField required=true id="given" label="Given name" value=form.given name_like=true errors=errors.clone()/>
            <TextField id="family" label="Family name (optional)" value=form.family name_like=true errors=errors.clone()/>
            <TextField required=true id="email" kind="email" label="Email address" value=form.email errors=errors.clone()/>
            <TextField id="username" label="Username (optional)" value=form.username
                hint="Leave empty to make one by the school\u{2019}s pattern." errors=errors.clone()/>
            <SelectField id="role" label="Role" choices=kinds chosen=form.role errors=errors.clone()/>
            <SelectField id="place" label="Where" choices=places chosen=form.place errors/>
            <p class="muted">"See what each role allows under "<a href="/roles/kinds">"Roles and permissions"</a>"."</p>
            <div class="row"><button class="btn primary" type="submit">"Send invitation"</button></div>
        </form>
    }
    .into_any()
}
