//! An adult's addresses, for messages and for letters.

use backend::guardians::people::postal::PostalAddress;
use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::ids::{AutocreateId, PersonId};
use domain::record::StudentRecord;
use domain::roll::address::AddressKind;
use domain::roll::views::{AddressView, RemovedAddress};
use leptos::prelude::*;

use crate::features::office::layout::OfficeUser;
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::{Field, SelectField, TextField};
use crate::ui::time::TimeWords;

/// What was typed as an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedAddress {
    /// "email" or "phone" for a new one, or the id of the one that is corrected.
    pub which: String,
    /// The address.
    pub value: String,
}

/// The section with all addresses and the form for one.
#[component]
pub(super) fn AddressSection(
    person: PersonId,
    record: StudentRecord,
    typed: TypedAddress,
    errors: FieldErrors,
    postal: Option<PostalAddress>,
    run: Option<AutocreateId>,
) -> impl IntoView {
    let edits = OfficeUser::get().may(Permission::EditContacts);
    let choices =
        record.addresses.iter().map(|address| (address.id.to_string(), format!("Correct {}", address.value)));
    let choices: Vec<(String, String)> =
        [(AddressKind::Email, "New email address"), (AddressKind::Phone, "New phone number")]
            .map(|(kind, words)| (kind.slug().to_owned(), words.to_owned()))
            .into_iter()
            .chain(choices)
            .collect();
    let none = record.addresses.is_empty();
    let lines =
        record.addresses.into_iter().map(|address| view! { <Line person address edits/> }).collect_view();
    let removed =
        record.removed.into_iter().map(|address| view! { <Removed person address/> }).collect_view();
    let form = edits.then(|| view! {
        <ErrorSummary errors=errors.clone()/>
        <form class="filters gap-s" method="post" action=format!("/guardians/{person}/addresses") novalidate>
            {run.map(|run| view! { <input type="hidden" name="run" value=run.to_string()/> })}
            <SelectField id="which" label="Add or correct" choices chosen=typed.which/>
            <TextField id="value" label="Address" value=typed.value errors=errors.clone() grow=true/>
            <button class="btn" type="submit">"Save"</button>
        </form>
    });
    view! {
        <section class="gap-m" aria-labelledby="addresses-title" id="addresses">
            <div class="section-head"><h2 id="addresses-title" tabindex="-1">"Addresses"</h2></div>
            {none.then(|| view! { <p class="muted">"No email address and no phone number. They can still get a username and a printed code."</p> })}
            <dl class="facts">{lines}</dl>
            {removed}
            {form}
            <Postal person postal edits errors/>
        </section>
    }
    .into_any()
}

#[component]
fn Line(person: PersonId, address: AddressView, edits: bool) -> impl IntoView {
    let shared = match address.shared_with {
        0 => None,
        1 => Some("shared with 1 other person".to_owned()),
        others => Some(format!("shared with {others} other people")),
    };
    let label = Some(address.label.clone()).filter(|label| !label.is_empty());
    let first = address.primary.then(|| "messages go here".to_owned());
    let notes: Vec<String> = label.into_iter().chain(first).chain(shared).collect();
    let path = format!("/guardians/{person}/addresses/{}", address.id);
    let value = address.value.clone();
    let acts = [(!address.primary, "primary", "Send here"), (true, "remove", "Remove")]
        .into_iter()
        .filter(|(offered, ..)| *offered)
        .map(|(_, act, words)| view! {
            <button class="btn small" type="submit" name="act" value=act aria-label=format!("{words}: {value}")>{words}</button>
        })
        .collect_view();
    view! {
        <div>
            <dt>{if address.kind == AddressKind::Email { "Email" } else { "Phone" }}</dt>
            <dd>
                <span>{address.value}</span>
                {(!notes.is_empty()).then(|| view! { <span class="muted">{notes.join(", ")}</span> })}
                {edits.then(|| view! { <form class="row row-tight push" method="post" action=path>{acts}</form> })}
            </dd>
        </div>
    }
    .into_any()
}

/// An address that was just removed, and the button that brings it back.
#[component]
fn Removed(person: PersonId, address: RemovedAddress) -> impl IntoView {
    let words = TimeWords::here();
    let told = format!(
        "{} was removed {}. {}",
        address.value,
        words.at(address.removed_at),
        address.consequence(false)
    );
    view! {
        <form class="gap-s muted" method="post" action=format!("/guardians/{person}/addresses/{}", address.id)>
            {told}" "
            <button class="btn small" type="submit" name="act" value="restore" aria-label=format!("Undo removing {}", address.value)>"Undo"</button>
        </form>
    }
    .into_any()
}

#[component]
fn Postal(
    person: PersonId,
    postal: Option<PostalAddress>,
    edits: bool,
    errors: FieldErrors,
) -> impl IntoView {
    let PostalAddress { lines, postcode } = postal.unwrap_or_default();
    if !edits {
        let shown = format!("{lines}\n{postcode}").trim().replace('\n', ", ");
        return (!shown.is_empty())
            .then(|| view! { <dl class="facts"><div><dt>"Lives at"</dt><dd>{shown}</dd></div></dl> })
            .into_any();
    }
    let error = errors.of("lines").map(str::to_owned);
    view! {
        <form class="stack gap-s" method="post" action=format!("/guardians/{person}/postal") novalidate>
            <Field id="lines" label="Lives at" hint=Some("One line per line of the envelope.".to_owned()) error=Signal::stored(error)>
                <textarea class="input" id="lines" name="lines" rows="3" autocomplete="off">{lines}</textarea>
            </Field>
            <TextField id="postcode" label="Postcode" value=postcode errors/>
            <div class="row"><button class="btn" type="submit">"Save where they live"</button></div>
        </form>
    }
    .into_any()
}
