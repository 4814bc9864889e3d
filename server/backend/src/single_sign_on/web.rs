//! HTTP requests to providers. Administrators choose which hosts this server contacts, so requests go only to
//! what they named, over https, without following redirects, and with limits on time and size.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use thiserror::Error;
use tokio::sync::OnceCell;
use url::{Host, Url};

/// How long a provider may take to answer, including the connection. A sign-in asks it at most four times.
const TIME_LIMIT: Duration = Duration::from_secs(4);

/// The most bytes read from a response; keys and tokens have a few thousand.
const BODY_LIMIT: usize = 256 * 1024;

/// Why there is no response. The sentence is for administrators.
#[derive(Debug, Error)]
pub(super) enum WebError {
    /// A URL that must not be requested.
    #[error("it uses an address that does not start with https://")]
    NotSecure,
    /// No response in time, no connection, or an untrusted certificate.
    #[error("it does not respond: check the address, and that this server can reach it")]
    NoAnswer(#[source] Box<reqwest::Error>),
    /// More than [`BODY_LIMIT`].
    #[error("its response is too long")]
    TooLong,
    /// A response that is not valid HTTP.
    #[error("its response cannot be read")]
    Unreadable,
}

/// The HTTP client, created when the first provider is contacted.
#[derive(Default, Clone)]
pub(super) struct Web(Arc<OnceCell<reqwest::Client>>);

/// A client for one provider.
pub(super) struct ProviderClient {
    web: Web,
    /// Whether plain http on this machine is allowed, for development and tests.
    loopback: bool,
}

impl<'c> AsyncHttpClient<'c> for ProviderClient {
    type Error = WebError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, WebError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.web.ask(self.loopback, request))
    }
}

impl Web {
    /// The client, for OpenID Connect.
    pub(super) fn asking(&self, loopback: bool) -> ProviderClient {
        ProviderClient { web: self.clone(), loopback }
    }

    async fn ask(&self, loopback: bool, request: HttpRequest) -> Result<HttpResponse, WebError> {
        let url: Url = request.uri().to_string().parse().map_err(|_| WebError::NotSecure)?;
        if !is_safe(&url, loopback) {
            return Err(WebError::NotSecure);
        }
        let client = self.0.get_or_try_init(async || client()).await.map_err(no_answer)?;
        let request = reqwest::Request::try_from(request).map_err(no_answer)?;
        let mut response = client.execute(request).await.map_err(no_answer)?;
        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.extend(response.headers().clone());
        }
        let mut body = Vec::new();
        while let Some(part) = response.chunk().await.map_err(no_answer)? {
            if body.len() + part.len() > BODY_LIMIT {
                return Err(WebError::TooLong);
            }
            body.extend_from_slice(&part);
        }
        answer.body(body).map_err(|_| WebError::Unreadable)
    }
}

fn no_answer(error: reqwest::Error) -> WebError {
    WebError::NoAnswer(Box::new(error))
}

/// Uses the machine's certificates. Ignores proxies from the environment, because configuration is read in
/// one place.
fn client() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(TIME_LIMIT)
        .no_proxy()
        .user_agent("Greencap")
        .build()
}

/// Whether a URL may be requested, or shown to browsers: https or, if `loopback`, plain http on this machine.
pub(super) fn is_safe(url: &Url, loopback: bool) -> bool {
    let here = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    let plain = loopback && url.scheme() == "http" && here;
    (url.scheme() == "https" || plain) && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_is_asked_and_plain_http_on_this_machine_alone_where_it_is_allowed() {
        let safe = |text: &str, loopback| is_safe(&text.parse().unwrap(), loopback);
        assert!(safe("https://login.example/keys", false));
        assert!(safe("http://127.0.0.1:4000/keys", true) && safe("http://[::1]/keys", true));
        assert!(!safe("http://127.0.0.1:4000/keys", false));
        for never in [
            "http://login.example/",
            "http://localhost/",
            "http://127.0.0.1.example/",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
            "https://user:secret@login.example/",
        ] {
            assert!(!safe(never, true), "{never}");
        }
    }
}
