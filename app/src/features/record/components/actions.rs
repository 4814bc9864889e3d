//! What the buttons on a record do to its account.

use domain::accounts::action::AccountAction;
use domain::ids::{AccountId, SchoolId};
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;

use super::Record;
use crate::features::accounts::api::change_state;
use crate::features::factors::api::remove_factors;
use crate::features::factors::components::with_step_up;
use crate::features::invitations::api::send_invitations;
use crate::features::office::layout::OfficeUser;
use crate::features::single_sign_on::api::remove_identities;
use crate::ui::toast::ToastRack;

/// Actions that run at once.
#[derive(Clone, Copy)]
pub(super) struct RecordActions {
    at: Record,
    account: AccountId,
    school: SchoolId,
    rack: ToastRack,
    /// The `id` of what has the focus afterwards.
    focus: &'static str,
}

impl RecordActions {
    /// Actions on this account; `focus` is the `id` of what has the focus afterwards.
    pub(super) fn to(at: Record, account: AccountId, focus: &'static str) -> Self {
        Self { at, account, school: OfficeUser::get().school(), rack: ToastRack::get(), focus }
    }

    /// Sends an invitation; to someone who was sent one that still works only if `again`.
    pub(super) fn invite(self, again: bool) {
        leptos::task::spawn_local(async move {
            let to = Recipients::Accounts { ids: vec![self.account], again };
            match send_invitations(self.school, to).await {
                Ok(report) => {
                    self.rack.say(report.sentence_of_one());
                    self.at.changed(self.focus);
                }
                Err(error) => self.at.failed(error),
            }
        });
    }

    /// Removes second factors.
    pub(super) fn remove_factors(self) {
        leptos::task::spawn_local(async move {
            match with_step_up(|| remove_factors(self.at.person)).await {
                Ok(()) => {
                    self.rack.say("Second factors removed.");
                    self.at.changed(self.focus);
                }
                Err(error) => self.at.failed(error),
            }
        });
    }

    /// Removes the identities linked for single sign-on.
    pub(super) fn remove_identities(self) {
        leptos::task::spawn_local(async move {
            match with_step_up(|| remove_identities(self.at.person)).await {
                Ok(()) => {
                    self.rack.say("Link removed.");
                    self.at.changed(self.focus);
                }
                Err(error) => self.at.failed(error),
            }
        });
    }

    /// Changes the account's state.
    pub(super) fn act(self, action: AccountAction) {
        leptos::task::spawn_local(async move {
            let only = || Selection::People { ids: vec![self.at.person] };
            match with_step_up(|| change_state(self.school, only(), action)).await {
                Ok(outcome) => {
                    self.rack.say(match outcome.left_alone.first() {
                        Some(left) => format!("Nothing was changed: {}.", left.reason),
                        None => format!("Account {}.", action.event().done()),
                    });
                    self.at.changed(self.focus);
                }
                Err(error) => self.at.failed(error),
            }
        });
    }
}
