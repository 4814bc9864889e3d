//! The areas of the office. Each is a part of the WebAssembly of its own, which a browser fetches when the first of its
//! pages is opened; the lists, where a day begins, do not bring the importer along (decision 0009).

use leptos::prelude::*;
use leptos_router::ChooseView;

use crate::features::accounts::pages::new::{ChooseStudents, ReviewUsernames};
use crate::features::accounts::pages::{Batch, Batches, UserAccounts};
use crate::features::imports::pages::{Import, Imports};
use crate::features::invitations::pages::{Mailbox, Message};
use crate::features::operations::pages::LongOperation;
use crate::features::record::pages::StudentPage;
use crate::features::settings::pages::UsernameSettings;
use crate::features::staff::pages::Staff;

/// Makes an area of these pages. `load` names its part of the WebAssembly, `preload` fetches it without showing anything.
macro_rules! area {
    ($(#[$doc:meta])* $area:ident, $load:ident, $preload:ident: $($name:ident => $page:ident),+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(missing_docs, reason = "each is named after its page")]
        pub enum $area {
            $($name,)+
        }

        #[lazy]
        fn $load(page: $area) -> AnyView {
            match page {
                $($area::$name => view! { <$page/> }.into_any(),)+
            }
        }

        impl ChooseView for $area {
            async fn choose(self) -> AnyView {
                $load(self).await
            }

            async fn preload(&self) {
                // The server has every page at hand.
                #[cfg(target_family = "wasm")]
                $preload().await;
            }
        }
    };
}

area! {
    /// Who has an account, and what is done about it.
    Accounts, accounts, __preload_accounts: List => UserAccounts
}
area! {
    /// One student, and the staff.
    People, people, __preload_people: Student => StudentPage, Staff => Staff
}
area! {
    /// The three steps, what they made, and the pattern of usernames.
    Making, making, __preload_making:
    Choose => ChooseStudents, Review => ReviewUsernames, Batches => Batches, Batch => Batch, Usernames => UsernameSettings
}
area! {
    /// From a file to the roll.
    Importing, importing, __preload_importing: Imports => Imports, Import => Import
}
area! {
    /// A long operation.
    Operations, operations, __preload_operations: Long => LongOperation
}
area! {
    /// What was sent, where no mail server is set.
    Outbox, outbox, __preload_outbox: Mailbox => Mailbox, Message => Message
}
