//! The columns of a student's contacts.

use domain::authorization::policy::Permission;
use domain::credentials::status::AccountStatus;
use domain::guardians::views::{ContactLine, facts_in_words, relationship_in_words};
use domain::ids::PersonId;
use domain::when::long_day;
use leptos::prelude::*;

use crate::features::office::layout::OfficeUser;
use crate::ui::cap::CapDrawing;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::status::StatusBadge;
use crate::ui::table::{About, Column, ColumnWidth, Kind, RowLayout};

/// One contact, and the student whose contact it is.
type Row = (ContactLine, PersonId);

/// A student's contacts.
pub(super) static CONTACTS: Kind<Row> = Kind {
    about: About {
        slug: "contacts",
        one: "contact",
        many: "contacts",
        margin: "Account",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(contact, _)| contact.id.0,
    name: |(contact, _)| contact.name.clone(),
    mark: Some(|row| row.drawn(cap)),
    flag: None,
    columns: &[
        Column::names("name", "Name", ColumnWidth::Grows(160), |row| row.drawn(name)),
        Column::tells("relationship", "Relationship", ColumnWidth::Grows(192), 1, |row| {
            row.drawn(relationship)
        }),
        Column::tells("address", "Email or mobile", ColumnWidth::Grows(208), 2, |row| row.drawn(addresses))
            .on_phones(),
        Column::tells("status", "Status", ColumnWidth::Fixed(192), 0, |row| row.drawn(status)),
        Column::tells("sees", "Sees", ColumnWidth::Grows(128), 3, |row| {
            row.text(|(contact, _): &Row| contact.sees.sentence())
        })
        .labelled(),
        Column::acts(160, |row| row.drawn(acts)),
    ],
};

/// What the cap says, and what choosing it does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// They have an account.
    Has,
    /// They have none, and the reader can create it.
    Create,
    /// Somebody else's account probably is theirs.
    Other,
    /// A restriction keeps them out.
    Restricted,
    /// They have none.
    Without,
}

fn sign(contact: &ContactLine) -> Sign {
    let manages = OfficeUser::get().may(Permission::ManageAccounts);
    match contact {
        _ if contact.sees.restricted => Sign::Restricted,
        _ if contact.username.is_some() => Sign::Has,
        _ if !contact.probable.is_empty() => Sign::Other,
        _ if contact.status.is_some() && manages => Sign::Create,
        _ => Sign::Without,
    }
}

fn account_path(contact: &ContactLine) -> String {
    format!("/guardians/{}#account", contact.adult)
}

fn preview_path(contact: &ContactLine) -> String {
    format!("/guardians/{}/preview", contact.adult)
}

fn match_path(contact: &ContactLine) -> String {
    format!("/guardians/contacts/{}/account", contact.id)
}

fn cap((contact, student): &Row) -> AnyView {
    if contact.status.is_none() {
        return ().into_any();
    }
    let (name, sign) = (&contact.name, sign(contact));
    let (badge, says, href) = match sign {
        Sign::Has if OfficeUser::get().may(Permission::PreviewAccount) => {
            (None, format!("{name} has an account. Preview it"), Some(preview_path(contact)))
        }
        Sign::Has => (None, format!("{name} has an account"), None),
        Sign::Create => {
            (Some("plus"), format!("{name} has no account. Create it"), Some(account_path(contact)))
        }
        Sign::Other => {
            let says = format!("{name} probably has an account under another logon. Check it");
            (Some("link-2"), says, Some(match_path(contact)))
        }
        Sign::Restricted => {
            let says = format!("Access is restricted for {name}. See access");
            (Some("ban"), says, Some(format!("/students/{student}/access")))
        }
        Sign::Without => (None, format!("{name} has no account"), None),
    };
    let has = sign == Sign::Other || contact.username.is_some();
    let inside = view! {
        <CapDrawing has/>
        {badge.map(|badge| view! { <span class="badge"><Icon name=badge/></span> })}
        <span class="vh">{says}</span>
    };
    match href {
        Some(href) => {
            view! { <a class="cap" href=href rel="external" data-has=has.then_some("")>{inside}</a> }
                .into_any()
        }
        None => view! { <span class="cap" data-has=has.then_some("")>{inside}</span> }.into_any(),
    }
}

fn name((contact, _): &Row) -> AnyView {
    let href = format!("/guardians/{}", contact.adult);
    view! {
        <a href=href rel="external"><bdi>{contact.name.clone()}</bdi></a>
        {contact.is_organisation.then(|| view! { " "<span class="muted">"Organisation"</span> })}
    }
    .into_any()
}

fn relationship((contact, _): &Row) -> AnyView {
    let change = OfficeUser::get().may(Permission::ManageGuardians).then(|| {
        let label = format!("Change what {} is to this student", contact.name);
        view! { " "<a class="nowrap" href=format!("/guardians/contacts/{}", contact.id) rel="external" aria-label=label>"Change"</a> }
    });
    view! {
        <span>{relationship_in_words(&contact.facts)}</span>{change}
        <br/>
        <span class="muted">{facts_in_words(&contact.facts)}</span>
        <br/>
        <span class="muted">{format!("Since {}", long_day(contact.facts.starts_on))}</span>
    }
    .into_any()
}

fn addresses((contact, _): &Row) -> AnyView {
    if contact.addresses_hidden {
        return view! { <span class="where"><Icon name="eye-off" small=true/>"Contact details hidden"</span> }
            .into_any();
    }
    let email = contact.email.clone().map(|email| {
        let shared = match contact.email_shared_with {
            0 => None,
            1 => Some("Shared with 1 other person".to_owned()),
            many => Some(format!("Shared with {many} other people")),
        };
        view! {
            <span class="where"><Icon name="mail" small=true/><Hidden>"Email: "</Hidden><span class="addr" title=email.clone()>{email.clone()}</span></span>
            {shared.map(|shared| view! { <span class="muted">{shared}</span><br/> })}
        }
    });
    let phone = contact.phone.clone().map(|phone| {
        view! { <span class="where"><Icon name="message-square-text" small=true/><Hidden>"Phone: "</Hidden><span class="addr">{phone}</span></span> }
    });
    if email.is_none() && phone.is_none() {
        return view! { <span class="muted">"None"</span> }.into_any();
    }
    view! { {email}{phone} }.into_any()
}

fn status((contact, _): &Row) -> AnyView {
    let Some(status) = contact.status else { return "\u{2013}".into_any() };
    let badge = |tone: &'static str, icon: &'static str, words: &'static str| {
        view! { <span class="status" data-tone=tone><Icon name=icon/>{words}</span> }.into_any()
    };
    match sign(contact) {
        Sign::Restricted => badge("red", "shield-alert", "Access is restricted"),
        Sign::Other => {
            let email = contact.probable.first().and_then(|probable| probable.email.clone());
            view! {
                {badge("amber", "link-2", "Other logon")}
                <br/><span class="muted">{email.map(|email| format!("Uses {email}"))}</span>
            }
            .into_any()
        }
        Sign::Create | Sign::Without
            if contact.email.is_none() && !contact.addresses_hidden && status == AccountStatus::NoAccount =>
        {
            badge("amber", "mail-x", "No email")
        }
        _ => view! { <StatusBadge status/> }.into_any(),
    }
}

fn acts((contact, student): &Row) -> AnyView {
    let user = OfficeUser::get();
    let name = &contact.name;
    let button = |href: String, icon: &'static str, words: &'static str| {
        let label = format!("{words}: {name}");
        view! { <a class="btn small" href=href rel="external" aria-label=label><Icon name=icon small=true/>{words}</a> }
            .into_any()
    };
    match sign(contact) {
        Sign::Restricted => button(format!("/students/{student}/access"), "eye", "See access"),
        Sign::Other => button(match_path(contact), "link-2", "Check match"),
        Sign::Create if contact.email.is_none() && user.may(Permission::EditContacts) => {
            button(format!("/guardians/{}#addresses", contact.adult), "pencil", "Add email")
        }
        Sign::Create => button(account_path(contact), "plus", "Create account"),
        Sign::Has if user.may(Permission::PreviewAccount) => button(preview_path(contact), "eye", "Preview"),
        Sign::Has | Sign::Without => ().into_any(),
    }
}
