//! The fields that say who an adult is.

use domain::authorization::policy::Permission;
use domain::fields::FieldErrors;
use domain::guardians::adult::{AdultForm, LogonType};
use domain::guardians::form::YES;
use leptos::prelude::*;

use crate::features::office::layout::OfficeUser;
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
    let makes_accounts = OfficeUser::get().may(Permission::ManageAccounts);
    let addresses = with_addresses.then(|| {
        view! {
            <TextField id="email" label="Email Address (Logon ID)" kind="email" value=form.email.clone() errors=errors.clone()
                hint="Messages go there. Leave it empty if they have none: they can still get a username and a printed code."/>
            {makes_accounts.then(|| view! {
                <SelectField id="logon" label="Logon Type" choices=logons() chosen=form.logon.clone() errors=errors.clone()
                    hint="How they sign in. The account is created with them, and nothing is sent."/>
            })}
            <TextField id="phone" label="Mobile or phone (optional)" input_mode="tel" value=form.phone.clone() errors=errors.clone()/>
        }
    });
    view! {
        {addresses}
        <SelectField id="is_organisation" label="This is" choices=kinds chosen=form.is_organisation errors=errors.clone()/>
        <TextField id="title" label="Title (optional)" hint="Mr, Dr" value=form.title name_like=true errors=errors.clone()/>
        <TextField id="family" label="Family name, or the name of the organisation" value=form.family name_like=true errors=errors.clone()/>
        <TextField id="given" label="Given name" value=form.given name_like=true errors=errors.clone()/>
        <TextField id="language" label="Language of messages" hint="A name or a code, such as Polish or pl. English if it is empty." value=form.language errors/>
    }
    .into_any()
}

fn logons() -> Vec<(String, String)> {
    LogonType::ALL.into_iter().map(|logon| (logon.slug().to_owned(), logon.label().to_owned())).collect()
}
