//! The mailbox: messages written while no mail server is configured, so that trying out Greencap does not
//! need one.

use domain::messages::views::{MailRoute, MailboxLine};
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::invitations::api::{list_mailbox, read_mail_route};
use crate::ui::live::live;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, Paged, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The messages, latest first.
#[component]
pub fn Mailbox() -> impl IntoView {
    let q = RwSignal::new(String::new());
    let route: Resource<AppResult<MailRoute>> = Resource::new(|| (), |()| read_mail_route());
    let rows = TableRows::new(Paged::new(&MESSAGES, move || q.get(), list_mailbox));
    view! {
        <PageHead
            title="Mailbox"
            lead=|| "Messages that were written while Greencap had no mail server."
        />
        <Transition>{live(move || route.get().and_then(Result::ok).map(notice))}</Transition>
        <form class="filters" method="get" on:submit=|event| event.prevent_default()>
            <div class="field grow">
                <label for="m-q">"Recipient or subject"</label>
                <input class="input" id="m-q" type="search" autocomplete="off" prop:value=q on:input=move |event| q.set(event_target_value(&event))/>
            </div>
        </form>
        <Table rows label="Messages" empty=|| view! {
            <p class="muted" role="status">"There are no messages here."</p>
        }/>
    }
}

/// Where messages go now.
fn notice(route: MailRoute) -> impl IntoView {
    let (title, text) = match route {
        MailRoute::Mailbox => (
            "Set up a mail server before you invite families",
            "Set GREENCAP_SMTP_URL and restart Greencap. Until then no email is sent.",
        ),
        MailRoute::Server => (
            "Messages are sent by email",
            "A mail server is set up. The messages below are from before, and were not sent.",
        ),
        MailRoute::OtherProcess => (
            "Messages are sent by email, but not by this server",
            "Another process, such as greencap worker, has a mail server and sends them. This one has none: set GREENCAP_SMTP_URL for it too.",
        ),
    };
    view! { <Notice tone="blue" title=title><p>{text}</p></Notice> }
}

/// The messages.
static MESSAGES: Kind<MailboxLine> = Kind {
    about: About {
        slug: "mailbox",
        one: "message",
        many: "messages",
        margin: "",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |line| line.id.0,
    name: |line| line.subject.clone(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("subject", "Subject", ColumnWidth::Grows(224), |row| {
            row.link(row.of(|line| line.subject.clone()), row.of(|line| format!("/mailbox/{}", line.id)))
        }),
        Column::tells("to", "To", ColumnWidth::Grows(224), 1, |row| row.long(|line| line.recipient.clone())),
        Column::tells("written", "Written", ColumnWidth::Fixed(128), 2, |row| {
            let words = TimeWords::here();
            row.of(move |line| words.short(line.at)).into_any()
        }),
    ],
};
