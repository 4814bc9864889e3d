//! A headless browser: keeps cookies, sends forms, does not follow redirects.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use backend::Backend;
use http_body_util::BodyExt as _;
use serde_json::Value;
use tower::ServiceExt as _;

/// A complete response.
#[derive(Debug, Clone)]
pub struct PageAnswer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl PageAnswer {
    /// Where it redirects to, if it does.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(LOCATION)?.to_str().ok()
    }
}

/// One visitor.
#[derive(Clone)]
pub struct Browser {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    /// Its IP address and port.
    pub address: SocketAddr,
}

impl Browser {
    /// A visitor with an unrecognised browser.
    pub fn new(backend: &Backend) -> Self {
        let address = SocketAddr::from(([192, 0, 2, 1], 40_000));
        Self { router: server::http::router(backend.clone()), cookies: BTreeMap::new(), address }
    }

    /// A visitor at this address.
    pub fn at(backend: &Backend, address: &str) -> Self {
        let address = SocketAddr::new(address.parse().expect("an address"), 40_000);
        Self { address, ..Self::new(backend) }
    }

    pub async fn get(&mut self, path: &str) -> PageAnswer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> PageAnswer {
        self.send(Method::POST, path, Some(form), &[("sec-fetch-site", "same-origin")]).await
    }

    /// Signs in, and panics if that fails.
    pub async fn sign_in(&mut self, name: &str, password: &str) {
        let answer = self.post("/sign-in", &[("name", name), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }

    /// Calls a server function as the office does.
    pub async fn call(&mut self, endpoint: &str, arguments: &Value) -> PageAnswer {
        let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
        self.exchange(Method::POST, &format!("/api/{endpoint}"), &headers, arguments.to_string()).await
    }

    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: Option<&[(&str, &str)]>,
        headers: &[(&str, &str)],
    ) -> PageAnswer {
        let mut headers = headers.to_vec();
        let pairs: Vec<String> = form.map_or_else(Vec::new, |fields| {
            headers.push((CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"));
            fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect()
        });
        self.exchange(method, path, &headers, pairs.join("&")).await
    }

    /// Sends any request. A `host` among the headers replaces the usual one.
    pub async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> PageAnswer {
        let mut request = Request::builder().method(method).uri(path);
        if headers.iter().all(|(name, _)| *name != HOST.as_str()) {
            request = request.header(HOST, "localhost:3000");
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from(body)).expect("a right request");
        request.extensions_mut().insert(ConnectInfo(self.address));
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("text");
            let (name, value) =
                cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("name=value");
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.expect("the whole answer").to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        PageAnswer { status: parts.status, headers: parts.headers, body }
    }
}

/// Encodes a form field's value as browsers do (WHATWG URL, section 5.2), except for spaces.
fn encoded(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("writing to a String does not fail");
        }
        text
    })
}
