//! The step-up dialog, and calling server functions that may need it.

use std::cell::RefCell;

use domain::factors::{PasskeyAnswer, PasskeyChallenge, PresentedFactor, ProofOutcome, StepUpBy};
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::error::{AppResult, ErrorKind};
use crate::features::factors::api::{challenge_passkey, how_to_step_up, step_up};
use crate::ui::dialog::Dialog;
use crate::ui::field::TextField;
use crate::ui::icon::Icon;
use crate::ui::part::{CHECK_THE_CONNECTION, PartUnavailable, fetched, part};
use crate::ui::passkey;

thread_local! {
    /// The dialog of this page. A browser has one thread and one page in it.
    static ASKING: RefCell<Option<StepUpDialog>> = const { RefCell::new(None) };
}

/// Calls a server function. If the answer is that a step-up is required, opens the dialog and then calls it
/// again.
pub async fn with_step_up<T, F: Future<Output = AppResult<T>>>(call: impl Fn() -> F) -> AppResult<T> {
    match call().await {
        Err(error) if error.kind == ErrorKind::StepUpRequired => {
            let dialog = ASKING.with_borrow(Clone::clone);
            match dialog {
                Some(dialog) if dialog.ask().await => call().await,
                _ => Err(error),
            }
        }
        end => end,
    }
}

#[derive(Clone, Copy)]
struct StepUpDialog {
    open: RwSignal<bool>,
    confirmed: RwSignal<bool>,
    /// Resumes whatever waits for the answer. Empty on the server, where any thread may drop it.
    answer: StoredValue<Option<SendWrapper<js_sys::Function>>>,
}

impl StepUpDialog {
    /// Opens the dialog and waits until it is closed; true if the person confirmed who they are.
    async fn ask(self) -> bool {
        let closed =
            js_sys::Promise::new(&mut |resolve, _| self.answer.set_value(Some(SendWrapper::new(resolve))));
        self.confirmed.set(false);
        self.open.set(true);
        // This promise is never rejected.
        let _ = JsFuture::from(closed).await;
        self.confirmed.get_untracked()
    }

    fn closed(self) {
        if let Some(answer) = self.answer.try_update_value(Option::take).flatten() {
            // Resolving a promise cannot fail.
            let _ = answer.call0(&wasm_bindgen::JsValue::NULL);
        }
    }
}

/// The dialog; occurs once, in the office frame.
#[component]
pub fn StepUpDialog() -> impl IntoView {
    let dialog = StepUpDialog {
        open: RwSignal::new(false),
        confirmed: RwSignal::new(false),
        answer: StoredValue::new(None),
    };
    Effect::new(move || {
        ASKING.set(Some(dialog));
        if !dialog.open.get() {
            dialog.closed();
        }
    });
    view! {
        <Dialog open=dialog.open title="Confirm it\u{2019}s you">
            {fetched(content(dialog))}
        </Dialog>
    }
}

async fn content(dialog: StepUpDialog) -> AnyView {
    ask(dialog).await.unwrap_or_else(|PartUnavailable| view! { <NotAsked dialog/> }.into_any())
}

// The dialog's contents, which few visits need.
part!(ask, preload_ask, (dialog: StepUpDialog) view! { <Ask dialog/> }.into_any());

/// Shown if the dialog's contents could not be loaded. Opening it again retries.
#[component]
fn NotAsked(dialog: StepUpDialog) -> impl IntoView {
    view! {
        <p role="alert">{CHECK_THE_CONNECTION}</p>
        <footer><button class="btn" type="button" on:click=move |_| dialog.open.set(false)>"Close"</button></footer>
    }
}

#[component]
fn Ask(dialog: StepUpDialog) -> impl IntoView {
    let by = RwSignal::new(None::<AppResult<Option<StepUpBy>>>);
    Effect::new(move || {
        leptos::task::spawn_local(async move {
            by.try_set(Some(how_to_step_up().await));
        });
    });
    view! {
        {move || by.get().map(|by| match by {
            Ok(Some(by)) => view! { <Proving dialog by/> }.into_any(),
            Ok(None) => view! { <SignInAgain dialog/> }.into_any(),
            Err(error) => view! { <crate::ui::notice::ErrorNotice error/> }.into_any(),
        })}
    }
}

/// For people who can only sign in with a provider: they leave this page, sign in and come back to it.
#[component]
fn SignInAgain(dialog: StepUpDialog) -> impl IntoView {
    let location = window().location();
    let here = [location.pathname(), location.search()].map(Result::unwrap_or_default).concat();
    let away = format!("/account/step-up?next={}", String::from(js_sys::encode_uri_component(&here)));
    view! {
        <p>"Sign in again to continue, then try again."</p>
        <footer>
            // Not part of the office application.
            <a class="btn primary" href=away rel="external">"Sign in again"</a>
            <button class="btn" type="button" on:click=move |_| dialog.open.set(false)>"Cancel"</button>
        </footer>
    }
}

#[component]
fn Proving(dialog: StepUpDialog, by: StepUpBy) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let (label, hint, kind, autocomplete) = match by {
        StepUpBy::SecondFactor { .. } => (
            "Code",
            "The 6-digit code from your app, or one of your recovery codes.",
            "text",
            "one-time-code",
        ),
        StepUpBy::Password => ("Password", "", "password", "current-password"),
    };
    let judge = move |shown: PresentedFactor| async move {
        let complaint = match step_up(shown).await {
            Ok(ProofOutcome::Right) => {
                dialog.confirmed.set(true);
                dialog.open.set(false);
                return;
            }
            Ok(ProofOutcome::Wrong) => match by {
                StepUpBy::SecondFactor { .. } => {
                    "This code is wrong or has been used. Wait for the next one and try again.".to_owned()
                }
                StepUpBy::Password => "This password is wrong. Check it and try again.".to_owned(),
            },
            Ok(ProofOutcome::ClockOff) => "This code belongs to another time: the clock of your phone is a few minutes off. Set it to change by itself, wait for a new code and try again.".to_owned(),
            Ok(ProofOutcome::Slowed) => "Too many attempts. Wait a few minutes and try again.".to_owned(),
            Err(error) => error.message,
        };
        wrong.try_set(Some(complaint));
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            judge(PresentedFactor::Code(typed.get_untracked())).await;
            busy.try_set(false);
        });
    };
    let show_passkey = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let complaint = match challenge_passkey().await {
                Ok(PasskeyChallenge { token, options }) => match passkey::answer(&options).await {
                    Ok(credential) => {
                        judge(PresentedFactor::Passkey(PasskeyAnswer { token, credential })).await;
                        None
                    }
                    // Declined, timed out, or no passkey for this site: the browser has shown which.
                    Err(_) => Some("The passkey did not work. Try again, or enter a code.".to_owned()),
                },
                Err(error) => Some(error.message),
            };
            if complaint.is_some() {
                wrong.try_set(complaint);
            }
            busy.try_set(false);
        });
    };
    let passkeys = by == StepUpBy::SecondFactor { passkeys: true };
    // A successful step-up closes the dialog before its last change is drawn.
    let is_busy = move || busy.try_get().unwrap_or_default().then_some("true");
    view! {
        <form class="stack" on:submit=send novalidate>
            <p>"Confirm it\u{2019}s you to continue."</p>
            <TextField id="step-up" label hint kind autocomplete value=typed error=wrong/>
            <footer>
                <button class="btn primary" type="submit" aria-busy=is_busy>"Continue"</button>
                {passkeys.then(|| view! {
                    <button class="btn" type="button" on:click=show_passkey><Icon name="fingerprint"/>"Use a passkey"</button>
                })}
                <button class="btn" type="button" on:click=move |_| dialog.open.set(false)>"Cancel"</button>
            </footer>
        </form>
    }
}
