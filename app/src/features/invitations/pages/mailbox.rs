//! The mailbox: messages written while no mail server is configured, so that trying out Greencap does not
//! need one.

use domain::messages::views::MailboxLine;
use leptos::prelude::*;

use crate::features::invitations::api::list_mailbox;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, Paged, RowLayout, Table, TableRows};
use crate::ui::time::TimeWords;

/// The messages, latest first.
#[component]
pub fn Mailbox() -> impl IntoView {
    let q = RwSignal::new(String::new());
    let rows = TableRows::new(Paged::new(&MESSAGES, move || q.get(), list_mailbox));
    view! {
        <PageHead
            title="Mailbox"
            lead=|| "Messages are kept here until a mail server is set up."
        />
        <Notice tone="blue" title="Set up a mail server before you invite families">
            <p>"Set GREENCAP_SMTP_URL and restart Greencap. Until then no email is sent."</p>
        </Notice>
        <form class="filters" method="get" on:submit=|event| event.prevent_default()>
            <div class="field grow">
                <label for="m-q">"Recipient or subject"</label>
                <input class="input" id="m-q" type="search" autocomplete="off" prop:value=q on:input=move |event| q.set(event_target_value(&event))/>
            </div>
        </form>
        <Table rows label="Messages" empty=|| view! {
            <p class="muted" role="status">"No messages. Invitations appear here a moment after they are sent."</p>
        }/>
    }
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
