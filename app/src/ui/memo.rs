//! Values that are worked out from others.

use leptos::prelude::*;

/// In the browser worked out once, and anew when what it comes from has changed; on the server with every reading. There,
/// several threads draw parts of one page at once, and a memo of `reactive_graph` 0.2 is empty while one of them works it
/// out: another that reads it at that moment breaks off, and with it the page.
pub fn memo<T>(work_out: impl Fn() -> T + Send + Sync + 'static) -> Signal<T>
where
    T: PartialEq + Send + Sync + 'static,
{
    if cfg!(feature = "ssr") { Signal::derive(work_out) } else { Memo::new(move |_| work_out()).into() }
}
