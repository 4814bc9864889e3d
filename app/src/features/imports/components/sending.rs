//! Sending a file from the page, for the first time or to have it read in another way.
//!
//! The server does not keep the file. Where the page still has it from the step before, it sends it again; otherwise the
//! form asks for it.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::error::{AppError, ErrorKind};
use crate::ui::fetch::{self, FormFile};

thread_local! {
    /// The page of the last import, and its file.
    static SENT: std::cell::RefCell<Option<(String, FormFile)>> = const { std::cell::RefCell::new(None) };
}

/// Remembers the file of an import for as long as this page is open.
fn remember(page: String, file: Option<FormFile>) {
    SENT.with(|sent| *sent.borrow_mut() = file.map(|file| (page, file)));
}

/// The file of an import, if it was sent from this page.
pub(super) fn remembered(page: &str) -> Option<FormFile> {
    SENT.with(|sent| sent.borrow().as_ref().filter(|(of, _)| of == page).map(|(_, file)| file.clone()))
}

/// A form that sends a file. Without WebAssembly it is an ordinary form; with it, errors are shown on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileForm {
    /// Whether the file is on its way.
    pub(super) busy: RwSignal<bool>,
    /// Why it was refused.
    pub(super) problem: RwSignal<Option<AppError>>,
}

impl FileForm {
    pub(super) fn new() -> Self {
        Self { busy: RwSignal::new(false), problem: RwSignal::new(None) }
    }

    /// What the field of the file says. The notice above it has the full explanation; this marks the field, unless
    /// another one is wrong.
    pub(super) fn complaint(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            let error = self.problem.get()?;
            if error.kind == ErrorKind::SignedOut {
                // Nothing is wrong with the file: it can be sent again after signing in.
                return None;
            }
            match error.fields.0.as_slice() {
                [] => Some("This file was not imported.".to_owned()),
                fields => {
                    fields.iter().find(|field| field.field == "file").map(|field| field.message.clone())
                }
            }
        })
    }

    /// Sends the form, and goes to the page of its import. `read_before` is the page of the import of the same file,
    /// read in another way.
    pub(super) fn sends(self, read_before: Option<String>) -> impl Fn(SubmitEvent) + 'static {
        let navigate = use_navigate();
        move |event: SubmitEvent| {
            use wasm_bindgen::JsCast as _;
            event.prevent_default();
            let Some(form) = event.target().and_then(|it| it.dyn_into::<web_sys::HtmlFormElement>().ok())
            else {
                return;
            };
            if self.busy.get_untracked() {
                return;
            }
            self.busy.set(true);
            self.problem.set(None);
            let navigate = navigate.clone();
            let replace = read_before.is_some();
            let kept = read_before.as_deref().and_then(remembered);
            leptos::task::spawn_local(async move {
                let file = kept.or_else(|| fetch::file_of(&form));
                match fetch::post_form::<String>(&form, file.as_ref()).await {
                    Ok(page) => {
                        remember(page.clone(), file);
                        navigate(&page, NavigateOptions { replace, ..NavigateOptions::default() });
                    }
                    // The answer may arrive after the page was left.
                    Err(error) => drop(self.problem.try_set(Some(error))),
                }
                self.busy.try_set(false);
            });
        }
    }
}
