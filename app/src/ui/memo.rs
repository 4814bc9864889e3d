//! Derived values.

use leptos::prelude::*;

/// The result of [`memo`].
#[cfg(feature = "ssr")]
pub type Derived<T> = Signal<T>;
/// The result of [`memo`].
#[cfg(not(feature = "ssr"))]
pub type Derived<T> = Memo<T>;

/// In the browser, computed at first and whenever its sources change; on the server, at every read. There,
/// several threads render parts of one page at the same time, and a memo of `reactive_graph` 0.2 is empty
/// while one of them computes it: another thread that reads it then would fail, and with it the page.
pub fn memo<T>(work_out: impl Fn() -> T + Send + Sync + 'static) -> Derived<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    #[cfg(feature = "ssr")]
    return Signal::derive(work_out);
    #[cfg(not(feature = "ssr"))]
    return boxed(Box::new(work_out));
}

/// Called through a pointer, so that memos with the same type of value are compiled once (decision 0009).
#[cfg(not(feature = "ssr"))]
fn boxed<T: PartialEq + Send + Sync + 'static>(work_out: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| work_out())
}
