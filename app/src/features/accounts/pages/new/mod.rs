//! New: from students without an account to accounts, in three steps. Going back loses nothing.

mod choose;
mod review;
mod rows;

use domain::accounts::naming::Naming;
use leptos::prelude::*;
use leptos_router::components::Outlet;

pub use choose::ChooseStudents;
pub use review::ReviewUsernames;

use crate::features::roll::components::register::Picks;
use crate::ui::icon::{Hidden, Icon};

/// What was chosen so far; lives as long as the person stays within the steps.
#[derive(Clone, Copy)]
pub(super) struct Wizard {
    /// The students.
    pub(super) picks: Picks,
    /// How they are to be named; none until the school's template is known.
    pub(super) naming: RwSignal<Option<Naming>>,
    /// Whether usernames are typed.
    pub(super) manual: RwSignal<bool>,
}

/// Keeps what was chosen while the person moves between the steps.
#[component]
pub fn NewAccounts() -> impl IntoView {
    provide_context(Wizard {
        picks: Picks::default(),
        naming: RwSignal::new(None),
        manual: RwSignal::new(false),
    });
    view! { <Outlet/> }
}

/// Where the person stands in the three steps.
#[component]
pub fn Steps(
    /// 1 to 3.
    now: usize,
) -> impl IntoView {
    let steps = ["Choose students", "Generate and review", "Send invitations"];
    view! {
        <ol class="steps" aria-label="Progress">
            {steps.into_iter().zip(1..).map(|(label, step)| view! {
                <li aria-current=(step == now).then_some("step") data-done=(step < now).then_some("")>
                    {if step < now {
                        view! { <span class="mark-n" data-done=""><Icon name="check" small=true/><Hidden>"Done: "</Hidden></span> }.into_any()
                    } else {
                        view! { <span class="mark-n" data-now=(step == now).then_some("")>{step}</span> }.into_any()
                    }}
                    <span class="label">{label}</span>
                </li>
            }).collect_view()}
        </ol>
    }
}
