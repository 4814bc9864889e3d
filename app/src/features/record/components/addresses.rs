//! A student's delivery addresses, edited in place.

use domain::authorization::policy::Permission;
use domain::credentials::FOUND_WITHIN_DAYS;
use domain::credentials::state::AccountState;
use domain::credentials::status::AccountStatus;
use domain::ids::{AddressId, PersonId};
use domain::roll::address::AddressKind;
use domain::roll::views::{AddressView, RemovedAddress, RollAccount};
use leptos::prelude::*;

use super::Record;
use super::actions::RecordActions;
use crate::error::{AppError, AppResult, ErrorKind};
use crate::features::factors::components::with_step_up;
use crate::features::office::layout::OfficeUser;
use crate::features::roll::api::{
    add_address, choose_address, edit_address, remove_address, restore_address,
};
use crate::ui::dialog::Dialog;
use crate::ui::field::TextField;
use crate::ui::focus::focus_when_drawn;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::status::StatusBadge;
use crate::ui::toast::ToastRack;

/// The id of the section's heading.
const HEADING: &str = "addresses-title";

fn add_id(kind: AddressKind) -> String {
    format!("add-{}", kind.slug())
}

fn edit_id(address: AddressId) -> String {
    format!("edit-{address}")
}

fn undo_id(address: AddressId) -> String {
    format!("undo-{address}")
}

/// The address being edited.
#[derive(Debug, Clone, PartialEq, Eq)]
enum EditedAddress {
    Nothing,
    New(AddressKind),
    One(AddressView),
}

/// The section of the record with all addresses, and the field to add or correct one.
#[component]
pub fn Addresses(
    at: Record,
    addresses: Vec<AddressView>,
    /// Those that were removed a short while ago.
    removed: Vec<RemovedAddress>,
    /// The account that invitations are for, if there is one.
    account: Option<RollAccount>,
    /// Whether the signed-in person may change them.
    edits: bool,
) -> impl IntoView {
    let editing = RwSignal::new(EditedAddress::Nothing);
    let in_use = account.as_ref().is_some_and(|account| {
        matches!(
            account.standing.state,
            AccountState::Active | AccountState::Locked | AccountState::Suspended
        )
    });
    let without = !addresses.iter().any(|address| address.kind == AddressKind::Email);
    view! {
        <section aria-labelledby=HEADING id="addresses">
            <div class="section-head">
                <h2 id=HEADING tabindex="-1">"Delivery addresses"</h2>
                {edits.then(|| view! {
                    <span class="row row-tight">
                        {[(AddressKind::Email, "Add email"), (AddressKind::Phone, "Add phone")].map(|(kind, words)| view! {
                            <button class="btn small" id=add_id(kind) type="button" on:click=move |_| editing.set(EditedAddress::New(kind))>
                                <Icon name="plus" small=true/>{words}
                            </button>
                        })}
                    </span>
                })}
            </div>
            {without.then(|| view! {
                <p class="status" data-tone="amber"><Icon name="mail-x"/>"No email address. You can\u{2019}t send invitations by email."</p>
            })}
            {corrected(at, account)}
            <dl class="facts">
                {addresses.into_iter().map(|address| view! { <Address at address edits in_use editing/> }.into_any()).collect_view()}
            </dl>
            {(edits && in_use).then(|| view! {
                <p class="muted">{format!("If you correct, replace or remove the email address that messages go to, a password chosen from a message sent there in the last {FOUND_WITHIN_DAYS} days stops working too.")}</p>
            })}
            {removed.into_iter().map(|address| view! { <Removed at address in_use/> }.into_any()).collect_view()}
            {move || match editing.get() {
                EditedAddress::Nothing => None,
                EditedAddress::New(kind) => Some(view! { <Typing at editing kind old=None/> }.into_any()),
                EditedAddress::One(old) => Some(view! { <Typing at editing kind=old.kind old=Some(old)/> }.into_any()),
            }}
        </section>
    }
}

/// After a correction, that the invitation has to be sent again, and the button that does.
fn corrected(at: Record, account: Option<RollAccount>) -> Option<AnyView> {
    let user = OfficeUser::get();
    let account = account?;
    let now = user.0.with_value(|me| me.now);
    if AccountStatus::of(Some(&account.standing), now) != AccountStatus::AddressCorrected {
        return None;
    }
    let actions = RecordActions::to(at, account.id, HEADING);
    let button = user.may(Permission::SendInvitations).then(|| view! {
        <button class="btn small" type="button" on:click=move |_| actions.invite(false)><Icon name="send" small=true/>"Send again"</button>
    });
    Some(
        view! {
            <div class="row gap-s">
                <StatusBadge status=AccountStatus::AddressCorrected/>
                <span class="muted">"The invitation sent to the old address no longer works."</span>
                {button}
            </div>
        }
        .into_any(),
    )
}

#[component]
fn Address(
    at: Record,
    address: AddressView,
    edits: bool,
    in_use: bool,
    editing: RwSignal<EditedAddress>,
) -> impl IntoView {
    let (id, value) = (address.id, address.value.clone());
    let shared = match address.shared_with {
        0 => None,
        1 => Some("shared with 1 other person".to_owned()),
        others => Some(format!("shared with {others} other people")),
    };
    let notes: Vec<String> =
        address.primary.then(|| "invitations go here".to_owned()).into_iter().chain(shared).collect();
    let change =
        move |work: fn(PersonId, AddressId) -> Work, done: &'static str, focus: fn(AddressId) -> String| {
            let rack = ToastRack::get();
            leptos::task::spawn_local(async move {
                match work(at.person, id).await {
                    Ok(_) => {
                        rack.say(done);
                        at.changed(focus(id));
                    }
                    Err(error) => at.failed(error),
                }
            });
        };
    let named = StoredValue::new(value.clone());
    let primary = address.primary;
    let old = address.clone();
    // Undo brings the address back, but not the password.
    let asks_first = in_use && primary && address.kind == AddressKind::Email;
    let asking = RwSignal::new(false);
    let remove = move || {
        asking.set(false);
        change(
            |person, id| Box::pin(with_step_up(move || remove_address(person, id))),
            "Address removed.",
            undo_id,
        );
    };
    view! {
        <div>
            <dt>{if address.kind == AddressKind::Email { "Email" } else { "Phone" }}</dt>
            <dd>
                <span>{value}</span>
                {(!notes.is_empty()).then(|| view! { <span class="muted">{notes.join(", ")}</span> })}
                {edits.then(|| view! {
                    <span class="row row-tight push">
                        <button class="btn small" id=edit_id(id) type="button" on:click=move |_| editing.set(EditedAddress::One(old.clone()))>
                            "Edit"<Hidden>" "{named.get_value()}</Hidden>
                        </button>
                        {(!primary).then(|| view! {
                            <button class="btn small" type="button"
                                on:click=move |_| change(|person, id| Box::pin(with_step_up(move || choose_address(person, id))), "Messages now go to this address.", edit_id)>
                                "Send here"<Hidden>": "{named.get_value()}</Hidden>
                            </button>
                        })}
                        <button class="btn small" type="button"
                            on:click=move |_| if asks_first { asking.set(true) } else { remove() }>
                            "Remove"<Hidden>" "{named.get_value()}</Hidden>
                        </button>
                    </span>
                })}
                {(edits && asks_first).then(|| view! {
                    <Dialog open=asking title=Signal::derive(move || format!("Remove {}?", named.get_value()))>
                        <p>{format!("Messages no longer go there. A password chosen from a message sent there in the last {FOUND_WITHIN_DAYS} days stops working, and Undo does not bring it back.")}</p>
                        <footer>
                            <button class="btn danger" type="button" on:click=move |_| remove()>"Remove the address"</button>
                            <button class="btn" type="button" on:click=move |_| asking.set(false)>"Back"</button>
                        </footer>
                    </Dialog>
                })}
            </dd>
        </div>
    }
}

/// An address that was just removed: what that ended, and the button that brings it back.
#[component]
fn Removed(at: Record, address: RemovedAddress, in_use: bool) -> impl IntoView {
    let rack = ToastRack::get();
    let now = OfficeUser::get().0.with_value(crate::features::office::me::Me::words);
    let id = address.id;
    let undo = move |_| {
        leptos::task::spawn_local(async move {
            match with_step_up(move || restore_address(at.person, id)).await {
                Ok(_) => {
                    // The message that it was removed is no longer true.
                    rack.say_instead("Address restored.");
                    at.changed(edit_id(id));
                }
                Err(error) => match error.fields.0.first() {
                    Some(field) => rack.say(field.message.clone()),
                    None => at.failed(error),
                },
            }
        });
    };
    let told = address.consequence(in_use);
    view! {
        <p class="gap-s muted">
            {format!("{} was removed {}. ", address.value, now.at(address.removed_at))}{told}" "
            <button class="btn small" id=undo_id(id) type="button" on:click=undo>"Undo"<Hidden>" removing "{address.value.clone()}</Hidden></button>
        </p>
    }
}

/// A running change.
type Work = std::pin::Pin<Box<dyn Future<Output = AppResult<Vec<AddressView>>>>>;

/// The field for a new address or for editing one.
#[component]
fn Typing(
    at: Record,
    editing: RwSignal<EditedAddress>,
    kind: AddressKind,
    old: Option<AddressView>,
) -> impl IntoView {
    let value = RwSignal::new(old.as_ref().map(|old| old.value.clone()).unwrap_or_default());
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let id = old.as_ref().map(|old| old.id);
    // The button that opened the field.
    let opener = StoredValue::new(id.map_or_else(|| add_id(kind), edit_id));
    Effect::new(move || focus_when_drawn(kind.slug().to_owned()));
    let cancel = move |_| {
        editing.set(EditedAddress::Nothing);
        focus_when_drawn(opener.get_value());
    };
    let rack = ToastRack::get();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let typed = value.get_untracked();
        leptos::task::spawn_local(async move {
            let saved = match id {
                Some(id) => with_step_up(|| edit_address(at.person, id, typed.clone())).await,
                None => with_step_up(|| add_address(at.person, kind, typed.clone())).await,
            };
            busy.try_set(false);
            match saved {
                Ok(_) => {
                    rack.say(if id.is_some() { "Address changed." } else { "Address added." });
                    at.changed(opener.get_value());
                }
                Err(AppError { kind: ErrorKind::Invalid, fields, .. })
                    if fields.of(kind.slug()).is_some() =>
                {
                    wrong.try_set(fields.of(kind.slug()).map(str::to_owned));
                }
                Err(error) => at.failed(error),
            }
        });
    };
    view! {
        <form class="stack gap-s" novalidate=true on:submit=save>
            {match kind {
                AddressKind::Email => view! { <TextField id="email" label="Email" input_mode="email" value error=wrong/> }.into_any(),
                AddressKind::Phone => view! { <TextField id="phone" label="Phone" hint="7 to 15 digits, with or without a leading +." input_mode="tel" value error=wrong/> }.into_any(),
            }}
            <p class="row">
                <button class="btn primary" type="submit" aria-busy=move || busy.get().to_string()>
                    {move || if busy.get() { "Saving\u{2026}" } else { "Save" }}
                </button>
                <button class="btn" type="button" on:click=cancel>"Cancel"</button>
            </p>
        </form>
    }
}
