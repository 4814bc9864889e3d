//! A message in the mailbox, as its recipient would see it.

use domain::ids::MessageId;
use domain::messages::views::MailboxMessage;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::invitations::api::open_mailbox;
use crate::ui::load::Load;
use crate::ui::page::PageHead;

/// A message.
#[component]
pub fn Message() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("message")).and_then(|id| id.parse::<MessageId>().ok());
    let message: Resource<AppResult<MailboxMessage>> = Resource::new(id, |id| async move {
        match id {
            Some(id) => open_mailbox(id).await,
            None => Err(AppError::new(ErrorKind::NotFound, "not_found", "Message not found.")),
        }
    });
    view! { <Load resource=message view=|message: MailboxMessage| view! { <Opened message/> }/> }
}

#[component]
fn Opened(message: MailboxMessage) -> impl IntoView {
    let line = message.line;
    let lead = format!("To {}.", line.recipient);
    view! {
        <PageHead title=line.subject up=Some(("/mailbox", "Mailbox")) lead=move || lead.clone()/>
        <h2>"Plain text"</h2>
        <div class="letter-text">
            {message.text.lines().map(|line| view! { <p>{linked(line)}</p> }).collect_view()}
        </div>
        <h2>"Formatted email"</h2>
        // A separate, sandboxed page, because messages may contain what our pages may not.
        <div class="letter-frame">
            <iframe title="The message" sandbox="" src=format!("/mailbox/{}/html", line.id)></iframe>
        </div>
    }
}

/// Turns web addresses in a line into links.
fn linked(line: &str) -> Vec<AnyView> {
    line.split_inclusive(' ')
        .map(|word| {
            let address = word.trim();
            if address.starts_with("https://") || address.starts_with("http://") {
                view! { <a href=address.to_owned() rel="external">{address.to_owned()}</a>" " }.into_any()
            } else {
                word.to_owned().into_any()
            }
        })
        .collect()
}
