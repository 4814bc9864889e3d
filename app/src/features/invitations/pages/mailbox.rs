//! The mailbox: messages that were written while no mail server is configured, so that a first try needs none.

use domain::invitations::views::MailboxLine;
use leptos::prelude::*;

use crate::error::AppResult;
use crate::features::invitations::api::list_mailbox;
use crate::features::office::layout::Desk;
use crate::ui::listing::Listing;
use crate::ui::load::Load;
use crate::ui::notice::Notice;
use crate::ui::page::PageHead;

/// The messages, the latest first.
#[component]
pub fn Mailbox() -> impl IntoView {
    let q = RwSignal::new(String::new());
    let lines: Resource<AppResult<Vec<MailboxLine>>> =
        Resource::new(move || q.get(), |q| list_mailbox(q, None));
    view! {
        <PageHead
            title="Mailbox"
            lead=|| "Messages waiting for a mail server. Until one is set up, they are kept here."
        />
        <Notice tone="blue" title="Set up a mail server before families are invited">
            <p>"Set GREENCAP_SMTP_URL and restart Greencap. Until then no email is sent."</p>
        </Notice>
        <form class="filters" method="get" on:submit=|event| event.prevent_default()>
            <div class="field grow">
                <label for="m-q">"Recipient or subject"</label>
                <input class="input" id="m-q" type="search" autocomplete="off" prop:value=q on:input=move |event| q.set(event_target_value(&event))/>
            </div>
        </form>
        <Load resource=lines view=table/>
    }
}

fn table(lines: Vec<MailboxLine>) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="muted" role="status">"No messages. Invitations appear here a moment after they are sent."</p> }.into_any();
    }
    let words = Desk::get().0.with_value(crate::features::office::me::Me::words);
    view! {
        <Listing label="Messages" columns=&["Subject", "To", "Written"]>
                    {lines.into_iter().map(|line| view! {
                        <tr role="row">
                            <td role="cell" class="m"></td>
                            <th role="rowheader" scope="row"><a href=format!("/mailbox/{}", line.id)>{line.subject}</a></th>
                            <td role="cell">{line.recipient}</td>
                            <td role="cell">{words.short(line.at)}</td>
                        </tr>
                    }).collect_view()}
            </Listing>
    }
    .into_any()
}
