//! All office pages, in one list.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::SsrMode;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::path;

use crate::areas::{Accounts, Importing, Making, Operations, Outbox, People};
use crate::features::accounts::pages::new::NewAccountsWizard;
use crate::features::factors::components::StepUpDialog;
use crate::features::office::layout::{NotFound, Office};
use crate::features::roll::pages::Students;
use crate::ui::title::title_source;

/// The office.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=|title: String| format!("{} \u{2013} Greencap", title_source(&title))/>
        <Router>
            <Routes fallback=NotFound>
                <ParentRoute path=path!("") view=Frame ssr=SsrMode::Async>
                    <Route path=path!("imports") view=Importing::Imports/>
                    <Route path=path!("imports/:id") view=Importing::Import/>
                    <Route path=path!("staff") view=People::Staff/>
                    <Route path=path!("students") view=Students/>
                    <Route path=path!("students/:id") view=People::Student/>
                    <Route path=path!("accounts") view=Accounts::List/>
                    <Route path=path!("accounts/new") view=Making::Choose/>
                    <Route path=path!("accounts/new/review") view=Making::Review/>
                    <Route path=path!("accounts/paste") view=Making::Paste/>
                    <Route path=path!("accounts/batches") view=Making::Batches/>
                    <Route path=path!("accounts/batches/:batch") view=Making::Batch/>
                    <Route path=path!("mailbox") view=Outbox::Mailbox/>
                    <Route path=path!("mailbox/:message") view=Outbox::Message/>
                    <Route path=path!("operations/:id") view=Operations::Long/>
                    <Route path=path!("settings") view=Making::Usernames/>
                </ParentRoute>
            </Routes>
        </Router>
    }
}

/// The office frame, with the dialogs that features add to it.
#[component]
fn Frame() -> impl IntoView {
    NewAccountsWizard::provide();
    view! { <Office beside=|| view! { <StepUpDialog/> }/> }
}
