//! Every page of the office, in one list.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::features::accounts::pages::new::{ChooseStudents, ReviewUsernames};
use crate::features::accounts::pages::{Batch, Batches, UserAccounts};
use crate::features::imports::pages::{Import, Imports};
use crate::features::invitations::pages::{Mailbox, Message};
use crate::features::roll::pages::{StudentPage, Students};
use crate::features::settings::pages::UsernameSettings;
use crate::ui::layout::{NotFound, Office};

/// The office.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title| format!("{title} \u{2013} Greencap")/>
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=path!("") view=Office ssr=SsrMode::Async>
                    <Route path=path!("imports") view=Imports/>
                    <Route path=path!("imports/:id") view=Import/>
                    <Route path=path!("students") view=Students/>
                    <Route path=path!("students/:id") view=StudentPage/>
                    <Route path=path!("accounts") view=UserAccounts/>
                    <Route path=path!("accounts/new") view=ChooseStudents/>
                    <Route path=path!("accounts/new/review") view=ReviewUsernames/>
                    <Route path=path!("accounts/batches") view=Batches/>
                    <Route path=path!("accounts/batches/:batch") view=Batch/>
                    <Route path=path!("mailbox") view=Mailbox/>
                    <Route path=path!("mailbox/:message") view=Message/>
                    <Route path=path!("settings") view=UsernameSettings/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}
