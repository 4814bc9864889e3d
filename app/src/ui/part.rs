//! Parts of the program that a browser fetches when it first needs them (decision 0009), and what is shown if
//! one cannot be fetched.

use std::future::Future;
use std::pin::Pin;

use leptos::__reexports::send_wrapper::SendWrapper;
use leptos::prelude::*;
use leptos_meta::Title;

use super::page::PageHead;

/// A part could not be fetched: the network is down, or the server has a newer build. It is fetched again the
/// next time it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartUnavailable;

#[cfg(feature = "hydrate")]
impl From<leptos::wasm_split::SplitLoaderError> for PartUnavailable {
    fn from(_: leptos::wasm_split::SplitLoaderError) -> Self {
        Self
    }
}

/// Defines a function whose contents are in a separate part of the WebAssembly:
/// `part!(draw, preload, (page: Page) view! { … })`. `draw` fetches the part and returns the view or an
/// error; `preload` only fetches it. The server always has every part.
///
/// Leptos's `#[lazy]` splits in the same way, but ends the program if the part cannot be fetched.
// rustfmt would indent the attribute inside once more with every run.
#[rustfmt::skip]
macro_rules! part {
    ($draw:ident, $preload:ident, ($argument:ident: $type:ty) $body:expr) => {
        #[cfg(feature = "hydrate")]
        #[leptos::wasm_split::wasm_split($draw, wasm_split_path = ::leptos::wasm_split, preload($preload), fallible)]
        fn $draw($argument: $type) -> Result<AnyView, $crate::ui::part::PartUnavailable> {
            Ok($body)
        }

        #[cfg(not(feature = "hydrate"))]
        async fn $draw($argument: $type) -> Result<AnyView, $crate::ui::part::PartUnavailable> {
            leptos::prefetch_lazy_fn_on_server(stringify!($draw));
            Ok($body)
        }
    };
}
pub(crate) use part;

/// The page shown if a part could not be fetched.
pub fn page_not_fetched() -> AnyView {
    view! { <PageNotFetched/> }.into_any()
}

/// Shows the contents of a part within an interactive page. Browser only.
pub fn fetched(view: impl Future<Output = AnyView> + 'static) -> AnyView {
    fn boxed(view: SendWrapper<Pin<Box<dyn Future<Output = AnyView>>>>) -> AnyView {
        view! { <Suspense fallback=|| ()>{Suspend::new(view)}</Suspense> }.into_any()
    }
    boxed(SendWrapper::new(Box::pin(view)))
}

/// What to say about a part that could not be fetched while the rest of the page works.
pub const CHECK_THE_CONNECTION: &str =
    "The server could not be reached. Nothing was changed. Check your connection and try again.";

/// What to do if a part could not be fetched.
pub const CHECK_THE_NETWORK: &str = "Check your internet connection, then reload the page.";

#[component]
fn PageNotFetched() -> impl IntoView {
    let reload = |_| {
        // A browser that does not reload still shows a page that says what to do.
        let _ = window().location().reload();
    };
    view! {
        <Title text="Page not loaded"/>
        <PageHead title="This page could not be loaded" lead=|| CHECK_THE_NETWORK/>
        <p><button class="btn primary" type="button" on:click=reload>"Reload page"</button></p>
    }
}
