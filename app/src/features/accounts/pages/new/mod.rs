//! New: creates accounts for students in three steps. Going back keeps everything.

mod choose;
mod review;
mod rows;

use domain::accounts::naming::Naming;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

pub use choose::ChooseStudents;
pub use review::ReviewUsernames;

use crate::features::accounts::components::columns::WITHOUT_ACCOUNT;
use crate::ui::draft;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::table::Picks;

/// The choices made so far. Stored in the office frame, so that visiting another page loses nothing.
#[derive(Clone, Copy)]
pub struct NewAccountsWizard {
    /// The students.
    pub(super) picks: Picks,
    /// The filter they match, if they were chosen by filter.
    pub(super) matching: RwSignal<Option<RollFilter>>,
    /// The naming; `None` until the school's template is loaded.
    pub(super) naming: RwSignal<Option<Naming>>,
    /// Whether usernames are typed by hand.
    pub(super) manual: RwSignal<bool>,
}

impl NewAccountsWizard {
    /// Provides it to the pages inside; called once, in the layout.
    pub fn provide() {
        provide_context(Self {
            picks: Picks::default(),
            matching: RwSignal::new(None),
            naming: RwSignal::new(None),
            manual: RwSignal::new(false),
        });
    }
}

/// The choices that a reload keeps, besides the selection.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct WizardDraft {
    matching: Option<RollFilter>,
    naming: Option<Naming>,
    manual: bool,
}

impl NewAccountsWizard {
    /// Keeps the choices over a reload, on each page of the wizard. `ready` is called once they are back.
    pub(super) fn keep(self, ready: impl Fn() + 'static) {
        self.picks.keep(WITHOUT_ACCOUNT.about.slug);
        let read = move || {
            let (matching, naming, manual) = (self.matching.get(), self.naming.get(), self.manual.get());
            let draft = WizardDraft { matching, naming, manual };
            (self.picks.count() > 0).then(|| serde_json::to_string(&draft).ok()).flatten()
        };
        let bring_back = move |text: &str| {
            let WizardDraft { matching, naming, manual } = serde_json::from_str(text).unwrap_or_default();
            self.matching.set(matching);
            self.naming.set(naming);
            self.manual.set(manual);
            ready();
        };
        draft::keep("new accounts".to_owned(), Box::new(read), Box::new(bring_back));
    }

    /// The students as a selection for the server.
    fn selection(self) -> Selection {
        match self.matching.get_untracked() {
            Some(filter) => Selection::Matching { filter },
            None => Selection::People { ids: self.picks.ids() },
        }
    }
}

/// The person's place in the three steps.
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
                        view! { <span class="step-number" data-done=""><Icon name="check" small=true/><Hidden>"Done: "</Hidden></span> }.into_any()
                    } else {
                        view! { <span class="step-number" data-now=(step == now).then_some("")>{step}</span> }.into_any()
                    }}
                    <span class="label">{label}</span>
                </li>
            }).collect_view()}
        </ol>
    }
}
