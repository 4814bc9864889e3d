//! Actions whose work only a browser can do.

use std::future::Future;

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;

/// An action whose future may hold what only a browser has, such as JavaScript values. `Action::new_local` is not
/// for pages that the server renders: it ties the whole action to the thread that made it, and the server may drop
/// it on another, which breaks the page off. Here nothing is tied to a thread before the action runs.
pub fn browser_action<I, O, F>(work: impl Fn(&I) -> F + Send + Sync + 'static) -> Action<I, O>
where
    I: Send + Sync + 'static,
    O: Send + Sync + 'static,
    F: Future<Output = O> + 'static,
{
    Action::new(move |input: &I| SendWrapper::new(work(input)))
}
