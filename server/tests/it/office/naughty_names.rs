//! Names that look like markup, templates, headers or log lines, wherever a name is shown, sent or recorded.

use std::io::Write;
use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use backend::testing::{active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::roll::name::PersonName;
use sqlx::PgPool;
use tracing_subscriber::EnvFilter;

use crate::browser::Browser;
use crate::recovery::forgetting::mailbox;
use crate::scene::{PASSWORD, Scene};

/// The suffix by which a name is found again.
const MARK: &str = "zq7vyw";

/// Imports keep them as they are, except for what [`domain::roll::name`] tidies.
const NAUGHTY: [&str; 10] = [
    "<svg onload=alert(1)>",
    "</script></title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "\" onfocus=alert(1) x=\"",
    "{{ 7 * 7 }}{% raw %}",
    "#eval(1) {$x} ${7*7}",
    "Ana\r\nBcc: everybody@example.org",
    "\u{1b}[2Jred\u{202e}desrever",
    "A\u{200b}\u{2060}da\u{feff}",
    "=HYPERLINK(\"https://evil.example\")",
];

/// What is logged, by every test of the process: a subscriber of one thread would miss call sites that
/// another thread reached first.
#[derive(Clone, Default)]
struct CapturedLog(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    lines: usize,
    with_a_name: String,
}

impl Write for CapturedLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let (line, mut heard) = (String::from_utf8_lossy(bytes), self.0.lock().unwrap());
        heard.lines += 1;
        if line.contains(MARK) {
            heard.with_a_name.push_str(&line);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_name_is_text_on_every_page_and_in_every_message_and_in_no_log(pool: PgPool) {
    let log = CapturedLog::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).expect("no other test listens");
    let scene = Scene::new(pool).await;
    let head = student(&scene.backend, &scene.school, "Ines", "Marchetti", "2000", None).await;
    active_account(&scene.backend, &scene.school, head, "i.marchetti", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, head, Role::Administrator).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("i.marchetti", PASSWORD).await;
    let mut pages = vec!["/students".to_owned(), "/accounts".to_owned(), format!("/roles?q={MARK}")];
    for (n, name) in NAUGHTY.iter().enumerate() {
        let (given, email) = (format!("{name} {MARK}"), format!("n{n}@example.org"));
        // As a row of an import reads it.
        let given = PersonName::new(&given, "", "Ade", "").expect("a name").given().to_owned();
        let person =
            student(&scene.backend, &scene.school, &given, "Ade", &format!("30{n}"), Some(&email)).await;
        active_account(&scene.backend, &scene.school, person, &format!("n{n}.ade"), PASSWORD).await;
        pages.extend([format!("/students/{person}"), format!("/students/{person}/preview")]);
        pages.push(format!("/roles/people/{person}"));
        let mut own = Browser::new(&scene.backend);
        own.sign_in(&format!("n{n}.ade"), PASSWORD).await;
        is_text(&own.get("/portal").await.body, name);
        Browser::at(&scene.backend, &format!("203.0.113.{n}"))
            .post("/forgotten/password", &[("name", &email)])
            .await;
    }
    let mut shown = 0;
    for page in &pages {
        let answer = browser.get(page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        shown += answer.body.matches(MARK).count();
        is_text(&answer.body, page);
    }
    assert!(shown > pages.len(), "the names were on the pages");

    let sent = mailbox(&scene).await;
    assert_eq!(sent.len(), NAUGHTY.len());
    assert!(sent.iter().any(|(.., text)| text.contains("{{ 7 * 7 }}{% raw %}")), "no template is filled in");
    for (recipient, subject, text) in sent {
        assert!(
            !recipient.contains(['\r', '\n']) && !subject.contains(['\r', '\n']),
            "{recipient} {subject}"
        );
        assert!(text.contains(MARK) && !text.contains("\nBcc:"), "{text}");
    }
    let html: Vec<String> = sqlx::query_scalar("SELECT body_html FROM mailbox")
        .fetch_all(scene.backend.database.raw())
        .await
        .unwrap();
    for html in &html {
        is_text(html, "the message");
    }
    let heard = log.0.lock().unwrap();
    assert!(heard.lines > 0 && heard.with_a_name.is_empty(), "{}", heard.with_a_name);
}

/// Checks that no part of a name is part of the page's markup.
fn is_text(body: &str, page: &str) {
    for markup in ["<svg onload", "<script>alert", "<img src=x", "\u{1b}", "\u{202e}"] {
        assert!(!body.contains(markup), "{page}: {markup:?} in {body}");
    }
    let title = body.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    assert!(!title.is_some_and(|title| title.contains('<')), "{page}: {title:?}");
    let mut tags = body.split('<').filter_map(|piece| piece.split('>').next());
    assert!(!tags.any(|tag| tag.contains("\" onfocus")), "{page}: a name ends an attribute: {body}");
}
