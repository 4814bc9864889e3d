//! The areas of the office. Each is a separate part of the WebAssembly that a browser fetches when it first
//! opens one of the area's pages, so that the lists people start with do not bring the importer along
//! (decision 0009). What every page needs, such as the frame and the table, is in the main file.

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::features::accounts::pages::new::{ChooseStudents, ReviewUsernames};
use crate::features::accounts::pages::{Batch, Batches, PasteAccounts, UserAccounts};
use crate::features::imports::pages::{Import, Imports};
use crate::features::invitations::pages::{Mailbox, Message};
use crate::features::operations::pages::LongOperation;
use crate::features::record::pages::StudentPage;
use crate::features::settings::pages::UsernameSettings;
use crate::features::staff::pages::Staff;
use crate::ui::part::{PartUnavailable, page_not_fetched, part};

/// Defines an area with these pages. `load` names its part of the WebAssembly, `preload` fetches it without
/// showing anything.
macro_rules! area {
    ($(#[$doc:meta])* $area:ident, $load:ident, $preload:ident: $($name:ident => $page:ident),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is named after its page")]
        pub enum $area {
            $($name,)+
        }

        part!($load, $preload, (page: $area) match page {
            $($area::$name => view! { <$page/> }.into_any(),)+
        });

        impl ChooseView for $area {
            async fn choose(self) -> AnyView {
                match $load(self).await {
                    Ok(view) => view,
                    Err(PartUnavailable) => page_not_fetched(),
                }
            }

            async fn preload(&self) {
                // The server has every page. If fetching fails, it is retried when the page is shown.
                #[cfg(target_family = "wasm")]
                drop($preload().await);
            }
        }
    };
}

area! {
    /// Who has an account, and actions on accounts.
    Accounts, accounts, preload_accounts: List => UserAccounts
}
area! {
    /// Student records and the list of staff.
    People, people, preload_people: Student => StudentPage, Staff => Staff
}
area! {
    /// The three steps of creating accounts, a pasted list, the batches, and the username pattern.
    Making, making, preload_making:
    Choose => ChooseStudents, Review => ReviewUsernames, Batches => Batches, Batch => Batch, Usernames => UsernameSettings, Paste => PasteAccounts
}
area! {
    /// Importing files.
    Importing, importing, preload_importing: Imports => Imports, Import => Import
}
area! {
    /// Long operations.
    Operations, operations, preload_operations: Long => LongOperation
}
area! {
    /// Sent messages, if no mail server is set up.
    Outbox, outbox, preload_outbox: Mailbox => Mailbox, Message => Message
}

/// Fetches the part that contains the page at a path, so that it is ready when the browser takes over from
/// the server.
#[cfg(feature = "hydrate")]
pub async fn fetch(path: &str) -> Result<(), PartUnavailable> {
    let mut steps = path.split('/').filter(|step| !step.is_empty());
    match (steps.next(), steps.next()) {
        (Some("accounts"), None) => preload_accounts().await?,
        (Some("accounts"), Some(_)) | (Some("settings"), _) => preload_making().await?,
        (Some("students"), Some(_)) | (Some("staff"), _) => preload_people().await?,
        (Some("imports"), _) => preload_importing().await?,
        (Some("operations"), _) => preload_operations().await?,
        (Some("mailbox"), _) => preload_outbox().await?,
        // The list of students is in the main file.
        _ => {}
    }
    Ok(())
}
