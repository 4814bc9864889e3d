//! The upload route and the downloads, through the real router.

use std::fmt::Write as _;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, COOKIE, HOST, LOCATION};
use axum::http::{Request, StatusCode};
use backend::Backend;
use backend::imports::simulate::simulate;
use backend::testing::{TestSchool, active_account, backend as testing_backend, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::ImportId;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use sqlx::PgPool;
use tower::ServiceExt as _;

use crate::browser::Browser;

const PASSWORD: &str = "violet lantern harbour 7391";
const FILE: &str = "Adm No,Forename\n1,Ada\n,Eve\n";

/// A school and someone signed in there.
pub(super) struct Office {
    pub(super) backend: Backend,
    pub(super) school: TestSchool,
    router: Router,
}

impl Office {
    pub(super) async fn new(pool: PgPool) -> Self {
        let (backend, _) = testing_backend(pool);
        let school = TestSchool::new(&backend).await;
        let router = server::http::router(backend.clone());
        Self { backend, school, router }
    }

    pub(super) async fn sign_in(&self, name: &str, role: Role) -> Browser {
        let person = student(&self.backend, &self.school, "Olive", "Moss", name, None).await;
        active_account(&self.backend, &self.school, person, name, PASSWORD).await;
        staff_role(&self.backend, &self.school, person, role).await;
        let mut browser = Browser::new(&self.backend);
        browser.sign_in(name, PASSWORD).await;
        browser
    }

    /// Sends the form of the import page, as a browser or as its script does.
    pub(super) async fn upload(
        &self,
        browser: &Browser,
        file: &[u8],
        accept: &str,
    ) -> (StatusCode, Option<String>, String) {
        self.upload_with(browser, file, accept, &[]).await
    }

    /// The same, with more fields.
    pub(super) async fn upload_with(
        &self,
        browser: &Browser,
        file: &[u8],
        accept: &str,
        more: &[(&str, &str)],
    ) -> (StatusCode, Option<String>, String) {
        let school = self.school.school.to_string();
        let mut body = String::new();
        for (name, value) in [("kind", "students"), ("school", school.as_str())].iter().chain(more) {
            write!(body, "--cut\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .expect("memory takes all");
        }
        body.push_str("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"roll.csv\"\r\nContent-Type: text/csv\r\n\r\n");
        let mut body = body.into_bytes();
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--cut--\r\n");
        let cookies: Vec<String> =
            browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = Request::post("/imports/upload")
            .header(HOST, "localhost:3000")
            .header("sec-fetch-site", "same-origin")
            .header(ACCEPT, accept)
            .header(COOKIE, cookies.join("; "))
            .header(CONTENT_TYPE, "multipart/form-data; boundary=cut")
            .body(Body::from(body))
            .expect("a right request");
        let (parts, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        let body = body.collect().await.expect("the whole answer").to_bytes();
        let location = parts.headers.get(LOCATION).map(|to| to.to_str().expect("text").to_owned());
        (parts.status, location, String::from_utf8_lossy(&body).into_owned())
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_form_is_led_to_its_import_whose_log_can_be_downloaded(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let (status, location, _) = office.upload(&browser, FILE.as_bytes(), "text/html").await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let page = location.expect("it leads on");
    let import: ImportId = page.trim_start_matches("/imports/").parse().expect("an import's page");
    let actor = office.school.actor(&office.backend, Role::AccountManager);
    simulate(&office.backend, &actor, import).await.expect("a good file");
    let log = browser.post(&format!("{page}/log"), &[("outcome", "rejected")]).await;
    assert_eq!(log.status, StatusCode::OK);
    assert!(log.headers[CONTENT_DISPOSITION].to_str().expect("text").starts_with("attachment"));
    assert_eq!(log.body.lines().count(), 2, "{}", log.body);
    let log = browser.post(&format!("{page}/log"), &[]).await;
    assert!(log.body.contains("1,Ada,2,Added,New student."), "{}", log.body);
    let noted: Vec<i64> = sqlx::query_scalar(
        "SELECT (details ->> 'rows')::bigint FROM audit_events WHERE action = 'import_log_exported' ORDER BY sequence",
    )
    .fetch_all(office.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(noted, [1, 2]);
    let template = browser.get("/imports/template.csv").await;
    assert!(template.body.starts_with("\u{feff}Admission number,Given name,"), "{}", template.body);
    let template = browser.get("/imports/template.xlsx?kind=guardians").await;
    assert_eq!(template.headers[CONTENT_DISPOSITION], "attachment; filename=\"guardians.xlsx\"");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_is_wrong_with_a_file_is_said_to_forms_and_to_scripts(pool: PgPool) {
    let office = Office::new(pool).await;
    let browser = office.sign_in("olive", Role::AccountManager).await;
    let (status, _, body) = office.upload(&browser, b"\x89PNG....", "text/html").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        body.starts_with("<!DOCTYPE html>") && body.contains("This is a picture, not a table."),
        "{body}"
    );
    assert!(body.contains(r#"href="/imports""#), "the way back: {body}");
    let (_, _, body) = office.upload(&browser, b"\x89PNG....", "application/json").await;
    assert!(body.contains(r#""code":"file_not_a_table""#), "{body}");
    let (_, _, body) = office.upload(&browser, &vec![b'x'; 33 * 1024 * 1024], "application/json").await;
    assert!(body.contains(r#""code":"file_too_large""#), "{body}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_may_not_import_can_neither_send_nor_download(pool: PgPool) {
    let office = Office::new(pool).await;
    let manager = office.sign_in("olive", Role::AccountManager).await;
    let (_, location, _) = office.upload(&manager, FILE.as_bytes(), "text/html").await;
    let log = format!("{}/log", location.expect("it leads on"));
    let mut viewer = office.sign_in("victor", Role::OfficeViewer).await;
    let (status, ..) = office.upload(&viewer, FILE.as_bytes(), "application/json").await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(viewer.post(&log, &[]).await.status, StatusCode::FORBIDDEN);
    let mut nobody = Browser::new(&office.backend);
    let (status, ..) = office.upload(&nobody, FILE.as_bytes(), "application/json").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.post(&log, &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_page_says_what_was_guessed_what_is_left_out_and_what_must_be_chosen(pool: PgPool) {
    const FILE: &str = "Adm No,Forename,Surname,Full name,Email,Email,Tutor email,Password,Pupil mobile (own),Status\n\
        1,Ada,Lee,Ada Lee,a@b.example,c@d.example,t@b.example,hunter2,07700 900118,Enrolled\n2,Bo,Li,Bo Li,,,,x,,On trial\n";
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let (_, location, _) = office.upload(&browser, FILE.as_bytes(), "text/html").await;
    let page = location.expect("it leads on");
    let body = browser.get(&page).await.body;
    for said in [
        "Left out: Full name, Tutor email, Password.",
        "2 columns are not clear. Choose what to import.",
        "1 column could only be guessed.",
        "May hold passwords, rights or ID numbers. Its values are not kept",
        "About someone or something else",
        "The parts of the name have their own columns",
        "Could be Email. Please choose",
        "On trial (1 row)",
        "Enrolled (1 row)",
    ] {
        assert!(body.contains(said), "{said} is not in {body}");
    }
    assert!(!body.contains("hunter2"), "{body}");

    let import = page.trim_start_matches("/imports/");
    let choices = ["admission_number", "given_name", "family_name", "", "?", "?", "", "", "phone", "status"];
    let choices = |second_email: &str| {
        let mut choices: Vec<Value> =
            choices.iter().map(|slug| if slug.is_empty() { Value::Null } else { (*slug).into() }).collect();
        if !second_email.is_empty() {
            (choices[4], choices[5]) = (Value::Null, second_email.into());
        }
        choices
    };
    let open = browser.call("imports/check", &json!({ "import": import, "choices": choices("") })).await;
    assert!(open.body.contains("Choose the one to import"), "{}", open.body);
    let asked =
        browser.call("imports/check", &json!({ "import": import, "choices": choices("email") })).await;
    assert!(asked.body.contains(r#""state":"staged""#), "a value must be asked about: {}", asked.body);
    let meanings = json!([{ "field": "status", "text": "On trial", "meaning": "skip" }]);
    let arguments = json!({ "import": import, "choices": choices("email"), "meanings": meanings });
    let checked = browser.call("imports/check", &arguments).await;
    assert!(
        checked.body.contains(r#""added":1"#) && checked.body.contains(r#""skipped":1"#),
        "{}",
        checked.body
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn choices_that_were_not_sent_go_along_when_the_file_is_read_again(pool: PgPool) {
    const FILE: &[u8] = b"Ref,Vorname,Stra\xDFe\n1,Ada,x\n2,J\xF6rg,y\n3,Zo\xEB,z\n";
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let (_, location, _) = office.upload(&browser, FILE, "text/html").await;
    let page = location.expect("it leads on");
    let body = browser.get(&page).await.body;
    assert!(body.contains("name=\"unsent\""), "the form of the other way to read it: {body}");
    let import = page.trim_start_matches("/imports/");
    let unsent = r#"{"columns":["admission_number","given_name","middle_name"],"dates":null,"meanings":[]}"#;
    let again = [("replaces", import), ("encoding", "ibm850"), ("unsent", unsent)];
    let (_, location, _) = office.upload_with(&browser, FILE, "text/html", &again).await;
    let body = browser.get(&location.expect("it leads on")).await.body;
    assert!(body.contains("You had matched \u{201c}Stra\u{df}e\u{201d} (Middle name)."), "{body}");
    assert!(
        !body.contains("Choose the column with the admission number")
            && body.contains("As in your last import"),
        "the other two are kept: {body}"
    );
    let broken = [("replaces", import), ("unsent", "{")];
    let (status, _, body) = office.upload_with(&browser, FILE, "application/json", &broken).await;
    assert!(
        status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("Reload the page"),
        "{status} {body}"
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_file_without_a_key_or_a_part_of_the_name_is_told_so_before_next(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut browser = office.sign_in("olive", Role::AccountManager).await;
    let (no_key, no_family, no_given, no_name) = (
        "Choose the column with the admission number.",
        "No column has the family name.",
        "No column has the given name.",
        "Choose the column with the given name, family name or full name.",
    );
    let all = [no_key, no_family, no_given, no_name];
    for (header, said) in [
        ("Adm No,Forename,Form", &[no_family][..]),
        ("Adm No,Surname,Form", &[no_given]),
        ("Form,Forename,Surname", &[no_key]),
        ("Adm No,Form,Year", &[no_name]),
        ("Adm No,Pupil name,Form", &[]),
        ("Adm No,Surname Forename,Form", &[]),
        ("Adm No,Surname,Forename", &[]),
        // What is still to be chosen is not missing.
        ("Adm No,Surname,Surname,Forename", &[]),
    ] {
        let file = format!("{header}\n1,Ada,Lee,Wu\n2,Ben,Pym,Ray\n");
        let (_, location, body) = office.upload(&browser, file.as_bytes(), "text/html").await;
        let body = browser.get(&location.unwrap_or_else(|| panic!("{header}: {body}"))).await.body;
        for sentence in all {
            assert_eq!(body.contains(sentence), said.contains(&sentence), "{header}: {sentence}");
        }
    }
}
