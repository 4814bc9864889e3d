//! Inviting a colleague, through the router.

use axum::http::StatusCode;
use backend::Backend;
use backend::authorization::roles::give::{RoleForm, give};
use backend::authorization::roles::kinds;
use backend::jobs::worker::run_once;
use backend::testing::{TestSchool, active_account, backend, member_of_staff, student};
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::command::greencap;

const PASSWORD: &str = "three green caps fly";

struct Scene {
    context: Backend,
    school: TestSchool,
    pool: PgPool,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (context, _) = backend(pool.clone());
        let school = TestSchool::new(&context).await;
        Self { context, school, pool }
    }

    /// Somebody with a role at a place, signed in.
    async fn office(&self, username: &str, role: &str, place: &str) -> Browser {
        let person = student(&self.context, &self.school, username, "Marchetti", username, None).await;
        active_account(&self.context, &self.school, person, username, PASSWORD).await;
        let form = RoleForm { role: role.to_owned(), place: place.to_owned(), ..RoleForm::default() };
        give(&self.context, &Actor::system(self.school.organisation), person, &form).await.unwrap();
        let mut browser = Browser::new(&self.context);
        browser.sign_in(username, PASSWORD).await;
        browser
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(&self.pool).await.unwrap()
    }
}

fn form<'a>(place: &'a str, role: &'a str, email: &'a str) -> [(&'static str, &'a str); 6] {
    [
        ("given", "Otto"),
        ("family", "Lind"),
        ("email", email),
        ("username", ""),
        ("role", role),
        ("place", place),
    ]
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_colleague_is_invited_activates_and_works_in_the_office(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = scene.office("i.marchetti", "administrator", "all").await;
    assert!(head.get("/roles").await.body.contains("/roles/invite"));
    let wrong =
        head.post("/roles/invite", &[("given", ""), ("email", "otto"), ("role", ""), ("place", "")]).await;
    for field in ["given", "email", "role", "place"] {
        assert!(wrong.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", wrong.body);
    }
    let place = scene.school.school.to_string();
    let invited = head.post("/roles/invite", &form(&place, "account_manager", "otto@example.org")).await;
    let page = invited.location().unwrap_or_else(|| panic!("{}", invited.body)).to_owned();
    assert!(page.ends_with("?done=invited"), "{page}");
    assert!(head.get(&page).await.body.contains("Invitation sent"));
    run_once(&scene.context).await.unwrap();
    let (text, subject): (String, String) =
        sqlx::query_as("SELECT body_text, subject FROM mailbox WHERE recipient LIKE '%otto@example.org%'")
            .fetch_one(&scene.pool)
            .await
            .unwrap();
    assert!(subject.contains("Quillmere School"), "{subject}");
    let link = text.lines().find_map(|line| line.split_once("/i/")).expect("a link").1.to_owned();
    let mut otto = Browser::new(&scene.context);
    otto.get(&format!("/i/{link}")).await;
    let chosen = otto.post("/activate/password", &[("password", "kettle orbit mustard")]).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.body);
    assert_eq!(otto.get("/accounts").await.status, StatusCode::OK);
    // The same again is not a second person.
    let again = head.post("/roles/invite", &form(&place, "account_manager", "OTTO@example.org")).await;
    assert!(again.body.contains("already has an account"), "{}", again.body);
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE given_name = 'Otto'").await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_gives_a_colleague_rights_they_do_not_have_and_nothing_is_left_behind(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let system = Actor::system(scene.school.organisation);
    let rights = [
        Permission::ManageRoles,
        Permission::ManageAccounts,
        Permission::SendInvitations,
        Permission::ViewRoll,
    ];
    let kind =
        kinds::save(&scene.context, &system, None, "Hires", rights.into_iter().collect()).await.unwrap();
    let place = scene.school.school.to_string();
    let mut hires = scene.office("h.hires", &kind.to_string(), &place).await;
    assert_eq!(hires.get("/roles/invite").await.status, StatusCode::OK);
    let more = hires.post("/roles/invite", &form(&place, "administrator", "otto@example.org")).await;
    assert!(more.location().is_none(), "a greater role");
    let wider = hires.post("/roles/invite", &form("all", &kind.to_string(), "otto@example.org")).await;
    assert_eq!(wider.status, StatusCode::FORBIDDEN, "at more schools");
    let own = hires.post("/roles/invite", &form(&place, &kind.to_string(), "otto@example.org")).await;
    assert!(own.location().is_some(), "{}", own.body);
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE given_name = 'Otto'").await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'reach_refused'").await, 1);

    // Roles alone do not open accounts.
    let kind =
        kinds::save(&scene.context, &system, None, "Roles", [Permission::ManageRoles].into_iter().collect())
            .await
            .unwrap();
    let mut roles = scene.office("r.roles", &kind.to_string(), &place).await;
    assert!(roles.get("/roles/invite").await.body.contains("Ask an administrator"));
    let refused = roles.post("/roles/invite", &form(&place, &kind.to_string(), "ben@example.org")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(scene.count("SELECT count(*) FROM accounts").await, 3);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_is_on_the_staff_list_is_invited_as_that_person_and_nobody_else(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = scene.office("i.marchetti", "administrator", "all").await;
    member_of_staff(&scene.context, &scene.school, "Otto", "Lind", "T1", Some("otto@example.org")).await;
    member_of_staff(&scene.context, &scene.school, "Una", "Berg", "T2", Some("una@example.org")).await;
    student(&scene.context, &scene.school, "Pia", "Lind", "7", Some("family@example.org")).await;
    let place = scene.school.school.to_string();
    let other = head.post("/roles/invite", &form(&place, "tutor", "una@example.org")).await;
    assert!(other.body.contains("who works here"), "{}", other.body);
    for email in ["otto@example.org", "family@example.org"] {
        let invited = head.post("/roles/invite", &form(&place, "tutor", email)).await;
        assert!(invited.location().is_some(), "{}", invited.body);
    }
    // The member of staff is the same person; who shares an address with a student is a new one.
    let named = "SELECT count(*) FROM people WHERE given_name = 'Otto'";
    assert_eq!(scene.count(named).await, 2);
    assert_eq!(scene.count("SELECT count(*) FROM accounts a JOIN employments e USING (person_id)").await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_invited_colleague_is_listed_under_staff_with_what_to_do_next(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = scene.office("i.marchetti", "administrator", "all").await;
    let place = scene.school.school.to_string();
    let invited = head.post("/roles/invite", &form(&place, "account_manager", "otto@example.org")).await;
    let at = invited.location().unwrap().to_owned();
    let person = at.strip_prefix("/roles/people/").unwrap().split('?').next().unwrap().to_owned();
    let page = format!("/staff/{person}");
    // From the confirmation to the invitation.
    assert!(head.get(&at).await.body.contains(&format!("href=\"{page}\"")));
    let listed = head.get("/staff").await.body;
    assert!(listed.contains(&page) && listed.contains("Queued"), "{listed}");
    let shown = head.get(&page).await.body;
    assert!(
        shown.contains("is not on its staff list") && shown.contains("on its way to otto@example.org"),
        "{shown}"
    );
    run_once(&scene.context).await.unwrap();
    assert!(head.get("/staff").await.body.contains("Invited"));
    let again = head.post(&format!("{page}/invitation"), &[("again", "yes")]).await;
    assert_eq!(again.location(), Some(&*format!("{page}?done=invited")), "{}", again.body);
    // A wrong username is changed as for everybody else.
    assert!(shown.contains(&format!("/accounts/rename?person={person}&amp;among=staff")), "{shown}");
    let rename = head.get(&format!("/accounts/rename?person={person}&among=staff")).await.body;
    assert!(rename.contains("Change the username of Otto Lind"), "{rename}");

    // Who has a role for all schools is shown to those who act for all of them.
    let everywhere = head.post("/roles/invite", &form("all", "office_viewer", "una@example.org")).await;
    let person = everywhere.location().unwrap().strip_prefix("/roles/people/").unwrap();
    let page = format!("/staff/{}", person.split('?').next().unwrap());
    assert!(head.get("/staff").await.body.contains(&page));
    let mut here = scene.office("o.here", "administrator", &place).await;
    assert!(!here.get("/staff").await.body.contains(&page));
    assert_eq!(here.get(&page).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_colleague_is_invited_and_listed_from_the_command_line(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let invite = |role: &'static str| {
        let pool = pool.clone();
        async move {
            let line = ["staff", "invite", "--school", "QUILL", "--given", "Otto", "--family", "Lind"];
            let rest = ["--email", "otto@example.org", "--role", role, "--json"];
            greencap(&pool, &[&line[..], &rest].concat()).await
        }
    };
    let unknown = invite("janitor").await;
    assert_eq!(unknown.status, Some(2), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("Account manager"), "{}", unknown.stderr);
    let invited = invite("Account manager").await;
    assert_eq!(invited.status, Some(0), "{}", invited.stderr);
    let told = invited.json();
    assert_eq!((&told["email"], &told["queued"]), (&json!("otto@example.org"), &json!(1)));
    let held = scene.count("SELECT count(*) FROM staff_roles WHERE role = 'account_manager'").await;
    assert_eq!(held, 1);
    let again = invite("account_manager").await;
    assert!(again.status == Some(2) && again.stderr.contains("already has an account"), "{}", again.stderr);
    assert_eq!(scene.count("SELECT count(*) FROM messages WHERE kind = 'invitation'").await, 1);

    let listed = greencap(&pool, &["staff", "list", "--school", "QUILL", "--json"]).await.json();
    let otto = listed["staff"].as_array().unwrap().iter().find(|line| line["name"] == "Otto Lind").unwrap();
    assert_eq!(
        (&otto["username"], &otto["status"], &otto["key"]),
        (&told["username"], &json!("queued"), &json!(""))
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_colleague_who_is_back_gets_the_closed_account_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut head = scene.office("i.marchetti", "administrator", "all").await;
    let place = scene.school.school.to_string();
    let invited = head.post("/roles/invite", &form(&place, "tutor", "otto@example.org")).await;
    assert!(invited.location().is_some(), "{}", invited.body);
    sqlx::query(
        "UPDATE accounts SET state = 'closed', closed_at = now()
         WHERE person_id = (SELECT id FROM people WHERE given_name = 'Otto')",
    )
    .execute(&scene.pool)
    .await
    .unwrap();
    let mut other = form(&place, "tutor", "otto@example.org");
    other[3].1 = "o.other";
    let refused = head.post("/roles/invite", &other).await;
    assert!(refused.body.contains("Their closed account is opened again as"), "{}", refused.body);
    let back = head.post("/roles/invite", &form(&place, "account_manager", "otto@example.org")).await;
    assert!(back.location().is_some(), "{}", back.body);
    let state =
        "SELECT count(*) FROM accounts WHERE state = 'created' AND reopened_at IS NOT NULL AND person_id IN
                 (SELECT id FROM people WHERE given_name = 'Otto')";
    assert_eq!(scene.count(state).await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE given_name = 'Otto'").await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM audit_events WHERE action = 'account_reopened'").await, 1);
    assert_eq!(scene.count("SELECT count(*) FROM invitations WHERE current").await, 1);
}
