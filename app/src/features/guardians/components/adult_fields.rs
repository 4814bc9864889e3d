//! The fields that say who an adult is.

use domain::fields::FieldErrors;
use domain::guardians::adult::AdultForm;
use domain::guardians::form::YES;
use leptos::prelude::*;

use crate::ui::field::{SelectField, TextField};

/// Name, title and language, and the addresses of somebody new.
#[component]
pub fn AdultFields(
    /// What is in the fields.
    form: AdultForm,
    /// What is wrong with them.
    errors: FieldErrors,
    /// Whether the addresses are asked for too.
    #[prop(optional)]
    with_addresses: bool,
) -> impl IntoView {
    let kinds = vec![
        (String::new(), "A person".to_owned()),
        (YES.to_owned(), "An organisation, such as an authority that looks after children".to_owned()),
    ];
    let addresses = with_addresses.then(|| {
        view! {
            <TextField id="email" label="Email Address (Logon ID)" kind="email" value=form.email.clone() errors=errors.clone()
                hint="Messages go there. Leave it empty if they have none: they can still get a username and a printed code."/>
            <TextField id="phone" label="Mobile or phone (optional)" input_mode="tel" value=form.phone.clone() errors=errors.clone()/>
        }
    });
    view! {
        {addresses}
        <SelectField id="is_organisation" label="This is" choices=kinds chosen=form.is_organisation errors=errors.clone()/>
        <TextField id="title" label="Title (optional)" hint="Mr, Dr" value=form.title name_like=true errors=errors.clone()/>
        <TextField id="family" label="Last name, or the name of the organisation" value=form.family name_like=true errors=errors.clone()/>
        <TextField id="given" label="First name" value=form.given name_like=true errors=errors.clone()/>
        <TextField id="language" label="Language of messages" hint="A name or a code, such as Polish or pl. English if it is empty." value=form.language errors/>
    }
    .into_any()
}
