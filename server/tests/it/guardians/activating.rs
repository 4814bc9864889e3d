//! From a guardian's invitation to their home: the children are named, and each is asked about.

use axum::http::StatusCode;
use backend::guardians::contacts::attach::attach;
use backend::invitations::send::send;
use backend::testing::{TestSchool, account, contact_facts, grant, guardian, student};
use domain::authorization::actor::Actor;
use domain::guardians::relationship::Relationship;
use domain::ids::{AccountId, PersonId};
use domain::invitations::views::Recipients;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::recovery::forgetting::mailbox;
use crate::scene::Scene;

const CHOSEN: &str = "kettle orbit mustard";
const ASKED: &str = "/portal/are-these-yours";

/// Nkechi Obi, who was invited and has children at two schools.
struct Invited {
    scene: Scene,
    mother: PersonId,
    children: [PersonId; 2],
    link: String,
}

async fn invited(pool: PgPool) -> Invited {
    let scene = Scene::new(pool).await;
    let other: TestSchool = scene.school.sibling(&scene.backend, "OTHER", "Little Quillmere").await;
    let chidera = student(&scene.backend, &scene.school, "Chidera", "Obi", "2001", None).await;
    let tobenna = student(&scene.backend, &other, "Tobenna", "Obi", "2002", None).await;
    let children = [chidera, tobenna];
    let email = Some("nkechi@example.org");
    let mother = guardian(&scene.backend, &scene.school, "Nkechi", "Obi", email, &children).await;
    for child in children {
        grant(&scene.backend, &scene.school, mother, child).await;
    }
    let account = account(&scene.backend, &scene.school, mother, "n.obi").await;
    let link = invite(&scene, account).await;
    Invited { scene, mother, children, link }
}

async fn invite(scene: &Scene, account: AccountId) -> String {
    let system = Actor::system(scene.school.organisation);
    let recipients = Recipients::Accounts { ids: vec![account], again: true };
    send(&scene.backend, &system, scene.school.school, recipients).await.expect("works");
    let id: Uuid = sqlx::query_scalar("SELECT id FROM invitations WHERE account_id = $1 AND current")
        .bind(account.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .expect("works");
    format!("/i/{}", scene.backend.keys.invitations.secrets(id).link)
}

impl Invited {
    /// Opens the link, and answers.
    async fn answer(
        &self,
        browser: &mut Browser,
        answers: &[(PersonId, &str)],
    ) -> crate::browser::PageAnswer {
        let fields: Vec<_> =
            answers.iter().map(|(child, answer)| (format!("child-{child}"), *answer)).collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        browser.post("/activate/children", &fields).await
    }

    async fn open_grants(&self) -> i64 {
        self.scene.count("SELECT count(*) FROM access_grants WHERE stopped_at IS NULL").await
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_activation_names_the_children_and_leads_home_to_them(pool: PgPool) {
    let invited = invited(pool).await;
    let mut browser = Browser::new(&invited.scene.backend);
    browser.get(&invited.link).await;
    let check = browser.get("/activate/check").await;
    assert!(
        check.body.contains("Nkechi") && check.body.contains("href=\"/activate/children\""),
        "{}",
        check.body
    );
    assert!(!check.body.contains("Chidera"), "people who are not the mother learn no child's name here");

    let asked = browser.get("/activate/children").await;
    assert_eq!(asked.status, StatusCode::OK);
    for told in ["Are these your children?", "Chidera", "Quillmere School", "Tobenna", "Little Quillmere"] {
        assert!(asked.body.contains(told), "{told}: {}", asked.body);
    }
    for more in ["Obi", "2001", "2002", "7A", "n.obi", "nkechi@example.org"] {
        assert!(!asked.body.contains(more), "{more} is told to anyone who opens the link");
    }
    let early = browser.get("/activate/password").await;
    assert_eq!(early.location(), Some("/activate/children"), "the question comes before the password");
    let early = browser.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!(early.location(), Some("/activate/children"));

    let [chidera, tobenna] = invited.children;
    let half = invited.answer(&mut browser, &[(chidera, "yes")]).await;
    assert!(
        half.body.contains("Say whether Tobenna is your child.") && half.body.contains("checked"),
        "{}",
        half.body
    );
    let answered = invited.answer(&mut browser, &[(chidera, "yes"), (tobenna, "yes")]).await;
    assert_eq!(answered.location(), Some("/activate/password"), "{}", answered.body);
    assert_eq!(invited.open_grants().await, 2);

    let entered = browser.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, Some("/portal")));
    let home = browser.get("/portal").await;
    for child in invited.children {
        assert!(home.body.contains(&format!("/portal/children/{child}")), "{}", home.body);
    }
    assert!(home.body.contains("Little Quillmere") && home.body.contains("Quillmere School"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_child_who_is_attached_after_the_answer_is_asked_about_too(pool: PgPool) {
    let invited = invited(pool).await;
    let (backend, school) = (&invited.scene.backend, &invited.scene.school);
    let mut browser = Browser::new(backend);
    browser.get(&invited.link).await;
    let answers = invited.children.map(|child| (child, "yes"));
    invited.answer(&mut browser, &answers).await;
    let third = student(backend, school, "Ifeoma", "Obi", "2003", None).await;
    let facts = contact_facts(Relationship::Mother, backend.now().date_naive());
    let office = Actor::system(school.organisation);
    attach(backend, &office, invited.mother, third, facts).await.expect("works");
    let early = browser.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!(early.location(), Some("/activate/children"));
    assert!(browser.get("/activate/children").await.body.contains("Ifeoma"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_child_who_is_not_theirs_is_stopped_at_once_and_the_office_gets_a_task(pool: PgPool) {
    let invited = invited(pool).await;
    let mut browser = Browser::new(&invited.scene.backend);
    browser.get(&invited.link).await;
    let [chidera, tobenna] = invited.children;
    let answered = invited.answer(&mut browser, &[(chidera, "no"), (tobenna, "yes")]).await;
    assert_eq!(answered.location(), Some("/activate/password"), "{}", answered.body);
    assert_eq!(invited.open_grants().await, 1, "the other child stays");
    assert_eq!(invited.scene.count("SELECT count(*) FROM office_tasks WHERE done_at IS NULL").await, 1);
    // The invitation still works, and is not asked about again.
    assert_eq!(browser.get("/activate/children").await.location(), Some("/activate/check"));
    browser.post("/activate/password", &[("password", CHOSEN)]).await;
    let home = browser.get("/portal").await;
    assert!(home.body.contains("Tobenna") && !home.body.contains("Chidera"), "{}", home.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_says_no_to_every_child_has_an_account_and_is_told_what_to_do(pool: PgPool) {
    let invited = invited(pool).await;
    let mut browser = Browser::new(&invited.scene.backend);
    browser.get(&invited.link).await;
    let answers = invited.children.map(|child| (child, "no"));
    invited.answer(&mut browser, &answers).await;
    browser.post("/activate/password", &[("password", CHOSEN)]).await;
    let home = browser.get("/portal").await;
    assert!(home.body.contains("No child is connected to your account"), "{}", home.body);
    assert!(home.body.contains("Contact the school office"));
    let _ = invited.mother;
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nobody_answers_without_the_invitation_and_a_page_that_is_only_fetched_changes_nothing(pool: PgPool) {
    let invited = invited(pool).await;
    let mut stranger = Browser::new(&invited.scene.backend);
    assert_eq!(stranger.get("/activate/children").await.location(), Some("/activate"));
    let answers = invited.children.map(|child| (child, "no"));
    assert_eq!(invited.answer(&mut stranger, &answers).await.location(), Some("/activate"));
    let mut scanner = Browser::new(&invited.scene.backend);
    scanner.get(&invited.link).await;
    scanner.get("/activate/children").await;
    assert_eq!(invited.open_grants().await, 2);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_came_in_without_an_answer_is_asked_before_the_portal_shows_a_child(pool: PgPool) {
    let invited = invited(pool).await;
    let mut browser = Browser::new(&invited.scene.backend);
    browser.get(&invited.link).await;
    let [chidera, tobenna] = invited.children;
    invited.answer(&mut browser, &[(chidera, "yes"), (tobenna, "yes")]).await;
    browser.post("/activate/password", &[("password", CHOSEN)]).await;
    assert_eq!(browser.get("/portal").await.status, StatusCode::OK);
    // As single sign-on leaves the account of somebody who was never asked.
    sqlx::query("UPDATE accounts SET asks_children = true WHERE person_id = $1")
        .bind(invited.mother.0)
        .execute(invited.scene.backend.database.raw())
        .await
        .expect("works");
    for page in
        ["/portal", &format!("/portal/children/{chidera}"), &format!("/portal/children/{chidera}/access")]
    {
        assert_eq!(browser.get(page).await.location(), Some(ASKED), "{page}");
    }
    let asked = browser.get(ASKED).await;
    assert!(asked.body.contains("Chidera") && asked.body.contains("Tobenna"), "{}", asked.body);
    assert_eq!(asked.body.matches("<h1").count(), 1);
    let (first, second) = (format!("child-{chidera}"), format!("child-{tobenna}"));
    let half = browser.post(ASKED, &[(&first, "no")]).await;
    assert!(half.body.contains("Say whether Tobenna is your child."), "{}", half.body);
    assert_eq!(invited.open_grants().await, 2);
    let answered = browser.post(ASKED, &[(&first, "no"), (&second, "yes")]).await;
    assert_eq!(answered.location(), Some("/portal"), "{}", answered.body);
    assert_eq!(invited.open_grants().await, 1);
    assert_eq!(invited.scene.count("SELECT count(*) FROM office_tasks WHERE done_at IS NULL").await, 1);
    let home = browser.get("/portal").await;
    assert!(home.body.contains("Tobenna") && !home.body.contains("Chidera"), "{}", home.body);
    assert_eq!(browser.get(ASKED).await.location(), Some("/portal"), "it is asked once");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_invitation_has_a_way_out_for_each_child_and_one_that_is_over_is_not_named(pool: PgPool) {
    let invited = invited(pool).await;
    let gone = student(&invited.scene.backend, &invited.scene.school, "Ebele", "Obi", "2003", None).await;
    grant(&invited.scene.backend, &invited.scene.school, invited.mother, gone).await;
    sqlx::query(
        "UPDATE access_grants SET starts_on = '2020-01-01', ends_on = '2020-02-01' WHERE child_id = $1",
    )
    .bind(gone.0)
    .execute(invited.scene.backend.database.raw())
    .await
    .expect("works");
    let (_, _, mail) = mailbox(&invited.scene).await.pop().expect("a message");
    for child in invited.children {
        let link =
            backend::guardians::access::not_mine::link::link(&invited.scene.backend, invited.mother, child);
        assert!(mail.contains(&link), "{link} in {mail}");
    }
    assert!(mail.contains("Chidera Obi and Tobenna Obi") && !mail.contains("Ebele"), "{mail}");
}
