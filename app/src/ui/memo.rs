//! Values that are worked out from others.

use leptos::prelude::*;

/// What [`memo`] answers with.
#[cfg(feature = "ssr")]
pub type Derived<T> = Signal<T>;
/// What [`memo`] answers with.
#[cfg(not(feature = "ssr"))]
pub type Derived<T> = Memo<T>;

/// In the browser, computed once and again when its sources change; on the server, with every read. There,
/// several threads draw parts of one page at once, and a memo of `reactive_graph` 0.2 is empty while one of them works it
/// out: another that reads it at that moment breaks off, and with it the page.
pub fn memo<T>(work_out: impl Fn() -> T + Send + Sync + 'static) -> Derived<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    #[cfg(feature = "ssr")]
    return Signal::derive(work_out);
    #[cfg(not(feature = "ssr"))]
    return boxed(Box::new(work_out));
}

/// Called through a pointer, so that the memos of one type of value are compiled once (decision 0009).
#[cfg(not(feature = "ssr"))]
fn boxed<T: PartialEq + Send + Sync + 'static>(work_out: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| work_out())
}
