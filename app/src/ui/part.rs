//! Parts of the program that a browser fetches when they are first needed (decision 0009), and what stands instead of
//! one that did not come.

use std::future::Future;
use std::pin::Pin;

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use leptos_meta::Title;

use super::page::PageHead;

/// A part could not be fetched: the network is away, or the server has another build by now. The next time that it is
/// needed it is asked for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotFetched;

#[cfg(feature = "hydrate")]
impl From<leptos::wasm_split::SplitLoaderError> for NotFetched {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Makes a function that draws something a part of the WebAssembly of its own: `part!(draw, preload, (page: Page) view! { … })`.
/// `draw` fetches the part and answers with the view, or that it did not come; `preload` only fetches it. The server has
/// every part at hand.
///
/// Leptos's `#[lazy]` makes the same cut, and ends the program where the part does not come.
// rustfmt indents the attribute within once more with every run.
#[rustfmt::skip]
macro_rules! part {
    ($draw:ident, $preload:ident, ($argument:ident: $type:ty) $body:expr) => {
        #[cfg(feature = "hydrate")]
        #[leptos::wasm_split::wasm_split($draw, wasm_split_path = ::leptos::wasm_split, preload($preload), fallible)]
        fn $draw($argument: $type) -> Result<AnyView, $crate::ui::part::NotFetched> {
            Ok($body)
        }

        #[cfg(not(feature = "hydrate"))]
        async fn $draw($argument: $type) -> Result<AnyView, $crate::ui::part::NotFetched> {
            leptos::prefetch_lazy_fn_on_server(stringify!($draw));
            Ok($body)
        }
    };
}
pub(crate) use part;

/// The page whose part did not come.
pub fn page_not_fetched() -> AnyView {
    view! { <PageNotFetched/> }.into_any()
}

/// What comes with a part, within a page that has come alive. Browser only.
pub fn fetched(view: impl Future<Output = AnyView> + 'static) -> AnyView {
    fn boxed(view: SendWrapper<Pin<Box<dyn Future<Output = AnyView>>>>) -> AnyView {
        view! { <Suspense fallback=|| ()>{Suspend::new(view)}</Suspense> }.into_any()
    }
    boxed(SendWrapper::new(Box::pin(view)))
}

/// What is said of a part that did not come while the page goes on.
pub const CHECK_THE_CONNECTION: &str =
    "The server could not be reached. Nothing was changed. Check your connection and try again.";

/// What to do where a part did not come.
pub const CHECK_THE_NETWORK: &str = "Check your internet connection, then reload the page.";

#[component]
fn PageNotFetched() -> impl IntoView {
    let reload = |_| {
        // A browser that does not reload stays at a page that says what to do.
        let _ = window().location().reload();
    };
    view! {
        <Title text="Page not loaded"/>
        <PageHead title="This page could not be loaded" lead=|| CHECK_THE_NETWORK/>
        <p><button class="btn primary" type="button" on:click=reload>"Reload page"</button></p>
    }
}
