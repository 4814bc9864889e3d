//! One-time codes for a whole class.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use backend::testing::{account, active_account, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::forgetting::{mailbox, person_of};
use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

/// Adaeze and Bem, who share a mailbox; Cleo, who has none; Dina, who has not activated her account; and the
/// head, who is also on the roll.
struct Class {
    people: Vec<PersonId>,
    manager: Browser,
}

impl Class {
    async fn new(scene: &Scene) -> Self {
        let Scene { backend, school, .. } = scene;
        let bem = student(backend, school, "Bem", "Okoronta", "1050", Some("ada@example.org")).await;
        active_account(backend, school, bem, "b.okoronta", PASSWORD).await;
        let cleo = student(backend, school, "Cleo", "Ade", "1051", None).await;
        active_account(backend, school, cleo, "c.ade", PASSWORD).await;
        let dina = student(backend, school, "Dina", "Ade", "1052", Some("dina@example.org")).await;
        account(backend, school, dina, "d.ade").await;
        let head = student(backend, school, "Ines", "Marchetti", "1053", Some("ines@example.org")).await;
        active_account(backend, school, head, "i.marchetti", PASSWORD).await;
        staff_role(backend, school, head, Role::Administrator).await;
        let manager = student(backend, school, "Odo", "Voss", "1054", None).await;
        active_account(backend, school, manager, "o.voss", PASSWORD).await;
        staff_role(backend, school, manager, Role::AccountManager).await;
        let people = vec![person_of(scene, "a.okoronta").await, bem, cleo, dina, head];
        let mut browser = Browser::new(backend);
        browser.sign_in("o.voss", PASSWORD).await;
        Self { people, manager: browser }
    }

    async fn send(&mut self, scene: &Scene, to: &str, handout: &str) -> PageAnswer {
        let selection = serde_json::to_string(&Selection::People { ids: self.people.clone() }).unwrap();
        let school = scene.school.school.to_string();
        let form = [("school", school.as_str()), ("selection", &selection), ("handout", handout)];
        self.manager.post(to, &form).await
    }
}

/// Where typing a code instead of the password redirects to.
async fn typed(scene: &Scene, username: &str, code: &str) -> Option<String> {
    let form = [("name", username), ("password", code)];
    Browser::new(&scene.backend).post("/sign-in", &form).await.location().map(str::to_owned)
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn each_of_a_class_gets_a_code_of_their_own_by_email_or_on_paper(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut class = Class::new(&scene).await;
    let asked = class.send(&scene, "/accounts/codes", "").await;
    for sentence in [
        "Create 3 one-time codes?",
        "1 skipped: no active account. 1 skipped: more permissions than you have.",
        "No email address: 1.",
        "Send 2 by email",
        "Show 3 to print",
    ] {
        assert!(asked.body.contains(sentence), "{sentence}: {}", asked.body);
    }
    assert_eq!(mailbox(&scene).await.len(), 0, "asking makes none");

    let queued = class.send(&scene, "/accounts/codes/make", "emailed").await;
    assert!(queued.body.contains("One-time codes queued: 2"), "{}", queued.body);
    let sent = mailbox(&scene).await;
    let mut emailed = BTreeSet::new();
    for username in ["a.okoronta", "b.okoronta"] {
        let own: Vec<_> = sent.iter().filter(|(_, _, text)| text.contains(username)).collect();
        let [(recipient, _, text)] = own.as_slice() else { panic!("{username}: {sent:?}") };
        assert!(recipient.contains("ada@example.org"));
        let code = text.lines().find_map(|line| line.strip_prefix("Your code: ")).unwrap();
        assert_eq!(typed(&scene, username, code).await.as_deref(), Some("/sign-in/new-password"));
        emailed.insert((username, code.to_owned()));
    }
    assert_eq!(emailed.iter().map(|(_, code)| code).collect::<BTreeSet<_>>().len(), 2);

    let shown = class.send(&scene, "/accounts/codes/make", "shown").await;
    let codes: Vec<&str> =
        shown.body.split("<b class=\"code\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 3, "{}", shown.body);
    // By name: Adaeze, Bem, Cleo.
    for (username, code) in ["a.okoronta", "b.okoronta", "c.ade"].into_iter().zip(codes) {
        assert_eq!(
            typed(&scene, username, code).await.as_deref(),
            Some("/sign-in/new-password"),
            "{username}"
        );
    }
    for (username, code) in &emailed {
        assert_eq!(typed(&scene, username, code).await, None, "a newer code replaces an older one");
    }
    assert!(!shown.body.contains("i.marchetti") && !shown.body.contains("d.ade"));
    Browser::new(&scene.backend).sign_in("a.okoronta", PASSWORD).await;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn codes_for_a_class_are_on_the_record_and_made_by_staff_who_manage_portal_access(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut class = Class::new(&scene).await;
    let mut pupil = Browser::new(&scene.backend);
    pupil.sign_in("c.ade", PASSWORD).await;
    for path in ["/accounts/codes", "/accounts/codes/make"] {
        assert_eq!(pupil.post(path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    class.send(&scene, "/accounts/codes/make", "shown").await;
    let written: Vec<serde_json::Value> =
        sqlx::query_scalar("SELECT details FROM audit_events WHERE action = 'reset_code_made'")
            .fetch_all(scene.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(written, vec![serde_json::json!({ "handed_out": "shown", "together": 3 }); 3]);
    let nonsense = [("school", scene.school.school.to_string()), ("selection", "x".to_owned())];
    let nonsense: Vec<(&str, &str)> = nonsense.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = class.manager.post("/accounts/codes", &nonsense).await;
    assert!(refused.body.contains("This page is out of date"), "{}", refused.body);
}
