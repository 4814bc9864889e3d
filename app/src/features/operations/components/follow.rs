//! Follows a long operation in the browser: by server-sent events, or by polling on networks that block them.

use std::time::Duration;

use domain::ids::OperationId;
use domain::operations::progress::OperationProgress;
use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

use crate::features::operations::api::read_operation;

/// How often to poll the server if events do not arrive.
const EVERY: Duration = Duration::from_secs(2);

/// Keeps `now` up to date until the operation has finished or the page is left.
pub(super) fn follow(now: RwSignal<OperationProgress>) {
    let following = StoredValue::new(None::<SendWrapper<ProgressStream>>);
    Effect::new(move || {
        let (id, over) = now.with_untracked(|now| (now.id, now.stage.is_over()));
        if over {
            return;
        }
        match ProgressStream::begin(id, now) {
            Some(begun) => following.set_value(Some(SendWrapper::new(begun))),
            None => ask_again(id, now),
        }
    });
}

/// A stream of events, closed when the part of the page that follows it is removed.
struct ProgressStream {
    source: EventSource,
    // The browser calls these while the stream is open.
    _heard: Closure<dyn Fn(MessageEvent)>,
    _lost: Closure<dyn Fn()>,
}

impl ProgressStream {
    fn begin(id: OperationId, now: RwSignal<OperationProgress>) -> Option<Self> {
        let source = EventSource::new(&format!("/operations/{id}/events")).ok()?;
        let heard = Closure::<dyn Fn(MessageEvent)>::new({
            let source = source.clone();
            move |event: MessageEvent| {
                let text = event.data().as_string().unwrap_or_default();
                // Not readable by this page's version: polling will report that the page is out of date.
                let Ok(told) = serde_json::from_str::<OperationProgress>(&text) else { return };
                if told.stage.is_over() {
                    source.close();
                }
                let _ = now.try_update(|now| *now = told);
            }
        });
        let lost = Closure::<dyn Fn()>::new({
            let source = source.clone();
            move || {
                // Otherwise the browser reconnects automatically.
                if source.ready_state() == EventSource::CLOSED {
                    ask_again(id, now);
                }
            }
        });
        source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        source.set_onerror(Some(lost.as_ref().unchecked_ref()));
        Some(Self { source, _heard: heard, _lost: lost })
    }
}

impl Drop for ProgressStream {
    fn drop(&mut self) {
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}

/// Polls until the operation has finished or the page was left. Without an answer it continues: the
/// connection may be restored.
fn ask_again(id: OperationId, now: RwSignal<OperationProgress>) {
    set_timeout(
        move || {
            leptos::task::spawn_local(async move {
                let told = read_operation(id).await;
                let over = told.as_ref().is_ok_and(|told| told.stage.is_over());
                let here = match told {
                    Ok(told) => now.try_update(|now| *now = told).is_some(),
                    Err(_) => now.try_get_untracked().is_some(),
                };
                if here && !over {
                    ask_again(id, now);
                }
            });
        },
        EVERY,
    );
}
