//! What is requested from issuers and what is accepted, with a test site on this machine.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sqlx::PgPool;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::testing::backend;

const DISCOVERY: &str = "/.well-known/openid-configuration";

struct Answer {
    status: u16,
    headers: String,
    body: String,
}

/// A site that acts as issuer.
#[derive(Clone)]
struct Site {
    url: String,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    asked: Arc<AtomicUsize>,
}

impl Site {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let site = Self { url, answers: Arc::default(), asked: Arc::default() };
        let (issuer, keys) =
            (site.url.clone(), json!({ "keys": [{ "kty": "RSA", "kid": "one", "n": "AQAB", "e": "AQAB" }] }));
        site.says(DISCOVERY, &metadata(&issuer, &issuer));
        site.says("/keys", &keys);
        let serving = site.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serving.asked.fetch_add(1, Ordering::SeqCst);
                serving.answer(stream).await;
            }
        });
        site
    }

    fn says(&self, path: &str, body: &Value) {
        self.answers_with(path, 200, "", body.to_string());
    }

    fn answers_with(&self, path: &str, status: u16, headers: &str, body: String) {
        let answer = Answer { status, headers: headers.to_owned(), body };
        self.answers.lock().unwrap().insert(path.to_owned(), answer);
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    async fn answer(&self, mut stream: TcpStream) {
        let mut request = vec![0; 4096];
        let read = stream.read(&mut request).await.unwrap_or_default();
        let request = String::from_utf8_lossy(&request[..read]).into_owned();
        let path = request.split(' ').nth(1).unwrap_or_default();
        let text = self.answers.lock().unwrap().get(path).map_or_else(
            || "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned(),
            |Answer { status, headers, body }| {
                let length = body.len();
                format!(
                    "HTTP/1.1 {status} Answer\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close\r\n{headers}\r\n{body}"
                )
            },
        );
        // The client may have read enough and closed the connection.
        let _ = stream.write_all(text.as_bytes()).await;
    }
}

fn metadata(issuer: &str, at: &str) -> Value {
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{at}/authorize"),
        "token_endpoint": format!("{at}/token"),
        "jwks_uri": format!("{at}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
    })
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_an_issuer_publishes_is_asked_for_once_an_hour_and_once_a_minute_for_new_keys(pool: PgPool) {
    let (backend, clock) = backend(pool);
    let site = Site::start().await;
    // Two requests: the metadata and the keys.
    Issuers::of(&backend, &site.url).await.unwrap();
    for _ in 0..3 {
        Issuers::of(&backend, &site.url).await.unwrap();
        Issuers::again(&backend, &site.url).await.unwrap();
    }
    assert_eq!(site.asked(), 2);
    clock.advance(LOOKS_AGAIN);
    Issuers::of(&backend, &site.url).await.unwrap();
    assert_eq!(site.asked(), 2);
    Issuers::again(&backend, &site.url).await.unwrap();
    assert_eq!(site.asked(), 4);
    Issuers::refreshed(&backend, &site.url).await.unwrap();
    assert_eq!(site.asked(), 6);
    clock.advance(HOLDS);
    Issuers::of(&backend, &site.url).await.unwrap();
    assert_eq!(site.asked(), 8);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_site_that_is_not_what_it_should_be_is_not_used_and_nothing_else_is_asked_for_it(pool: PgPool) {
    let (backend, _) = backend(pool);
    let (site, inside) = (Site::start().await, Site::start().await);
    let problem = async |what: &str| {
        let problem = Issuers::refreshed(&backend, &site.url).await.map(|_| ()).unwrap_err().0;
        assert!(problem.contains(what), "{what}: {problem}");
    };
    site.answers_with(DISCOVERY, 302, &format!("location: {}{DISCOVERY}\r\n", inside.url), String::new());
    problem("it returned 302").await;
    site.says(DISCOVERY, &metadata(&inside.url, &site.url));
    problem("own address is different").await;
    site.says(DISCOVERY, &json!({ "issuer": site.url }));
    problem("does not return OpenID Connect configuration").await;
    site.answers_with(DISCOVERY, 200, "", " ".repeat(1024 * 1024));
    problem("its response is too long").await;
    site.says(DISCOVERY, &metadata(&site.url, "http://169.254.169.254"));
    problem("does not start with https://").await;
    let mut elsewhere = metadata(&site.url, &site.url);
    elsewhere["token_endpoint"] = json!("http://token.example/");
    site.says(DISCOVERY, &elsewhere);
    problem("addresses that start with https://").await;
    site.says(DISCOVERY, &metadata(&site.url, &site.url));
    site.says("/keys", &json!({ "keys": [] }));
    problem("publishes no keys").await;
    assert_eq!(inside.asked(), 0, "no redirect is followed");
}
