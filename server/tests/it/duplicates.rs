//! Likely duplicates in the office, with forms alone, and from the command line.

use axum::http::StatusCode;
use backend::guardians::duplicates::search::search;
use backend::jobs::worker::run_once;
use backend::testing::{active_account, grant, guardian, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::command::greencap;
use crate::scene::{PASSWORD, Scene};

/// Somebody with a role at the school, at the desk.
async fn at_desk(scene: &Scene, username: &str, role: Role) -> Browser {
    let person = student(&scene.backend, &scene.school, username, "Desk", username, None).await;
    active_account(&scene.backend, &scene.school, person, username, PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, role).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in(username, PASSWORD).await;
    browser
}

/// The same mother twice, each with a child whose profile she sees.
async fn twice(scene: &Scene) -> [PersonId; 2] {
    let mut both = Vec::new();
    for (child, number) in [("Ada", "1"), ("Ben", "2")] {
        let child = student(&scene.backend, &scene.school, child, "Varga", number, None).await;
        let mara =
            guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@home.test"), &[child]).await;
        grant(&scene.backend, &scene.school, mara, child).await;
        both.push(mara);
    }
    [both[0], both[1]]
}

/// What follows a text, up to a quotation mark.
fn after<'a>(body: &'a str, text: &str) -> &'a str {
    let rest = body.split(text).nth(1).unwrap_or_else(|| panic!("{text} in {body}"));
    rest.split('"').next().unwrap_or_default()
}

/// The first pair of the board, by the link to its merge.
fn first_pair(board: &str) -> String {
    let links = board.split("href=\"/guardians/duplicates/").skip(1);
    let pairs = links.filter_map(|link| link.split('"').next()?.split_once("/merge"));
    pairs.map(|(pair, _)| pair.to_owned()).next().expect("a link to a merge")
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_duplicate_is_found_answered_merged_and_taken_back_with_forms_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, again] = twice(&scene).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let empty = head.get("/guardians/duplicates").await.body;
    assert!(empty.contains("Nothing to answer.") && !empty.contains(".wasm"), "{empty}");
    let asked = head.post("/guardians/duplicates/search", &[]).await;
    assert_eq!(asked.location(), Some("/guardians/duplicates?done=asked"));
    run_once(&scene.backend).await.unwrap();

    let board = head.get("/guardians/duplicates").await.body;
    assert!(
        board.contains("Very likely the same person")
            && board.contains("Same email address")
            && board.contains("Ada Varga (QUILL)"),
        "{board}"
    );
    let pair = first_pair(&board);
    let page = format!("/guardians/duplicates/{pair}/merge");
    let later = head.post(&format!("/guardians/duplicates/{pair}/answer"), &[("answer", "later")]).await;
    assert_eq!(later.location(), Some("/guardians/duplicates?done=answered"));
    assert!(head.get("/guardians/duplicates?show=later").await.body.contains(&pair));

    let (first, second) = (mara.to_string(), again.to_string());
    let shown = head.get(&format!("{page}?stays={first}")).await.body;
    assert!(
        shown.contains("Who sees what, before and afterwards") && !shown.contains("A second person"),
        "{shown}"
    );
    let hash = after(&shown, "name=\"plan\" value=\"").to_owned();
    // The style sheet hides the form that merges while another choice is made than the one that is shown.
    assert!(shown.contains("data-preview") && shown.contains("data-when=\"shown\""), "{shown}");
    assert!(shown.contains("to see this merge first."), "{shown}");
    let other = head.get(&format!("{page}?stays={second}")).await.body;
    assert_ne!(after(&other, "name=\"plan\" value=\""), hash, "each choice has its own plan");
    let run = format!("{page}/run");
    let changed = head.post(&run, &[("stays", &*second), ("plan", &*hash)]).await;
    assert!(
        changed.body.contains("Something changed since this page was shown."),
        "{} {}",
        changed.status,
        changed.body
    );
    let merged = head.post(&run, &[("stays", &*first), ("plan", &*hash)]).await;
    assert_eq!(merged.location(), Some("/guardians/duplicates?done=merged"), "{}", merged.body);

    let merges = head.get("/guardians/duplicates/merges").await.body;
    let undo =
        format!("/guardians/duplicates/merges/{}", after(&merges, "href=\"/guardians/duplicates/merges/"));
    assert_eq!(head.get(&undo).await.status, StatusCode::OK);
    assert_eq!(head.post(&undo, &[]).await.location(), Some("/guardians/duplicates/merges?done=undone"));
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE merged_into IS NOT NULL").await, 0);
    let twice = head.post(&undo, &[]).await;
    assert!(twice.body.contains("This has already been undone."), "{}", twice.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_merge_that_shows_a_login_more_is_asked_for_on_the_page(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let [mara, _] = twice(&scene).await;
    active_account(&scene.backend, &scene.school, mara, "mara", PASSWORD).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    search(&scene.backend, scene.school.organisation).await.unwrap();
    let board = head.get("/guardians/duplicates").await.body;
    let pair = first_pair(&board);
    let page = format!("/guardians/duplicates/{pair}/merge");
    let shown = head.get(&page).await.body;
    assert!(
        shown.contains("A second person has to agree") && shown.contains("New for this account"),
        "{shown}"
    );
    let (stays, hash) = (mara.to_string(), after(&shown, "name=\"plan\" value=\"").to_owned());
    let asked = head.post(&format!("{page}/run"), &[("stays", &*stays), ("plan", &*hash)]).await;
    assert_eq!(asked.location(), Some("/approvals?done=asked"), "{}", asked.body);
    assert_eq!(scene.count("SELECT count(*) FROM people WHERE merged_into IS NOT NULL").await, 0);
    let mut other = at_desk(&scene, "deputy", Role::Administrator).await;
    let waiting = other.get("/approvals").await.body;
    assert!(waiting.contains("whose account then sees more of a child"), "{waiting}");
    let review = after(&waiting, "href=\"/guardians/duplicates/").replace("&amp;", "&");
    assert!(review.starts_with(&*pair), "{review}");
    let seen = other.get(&format!("/guardians/duplicates/{review}")).await.body;
    assert!(seen.contains("New for this account"), "{seen}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_record_is_split_with_a_form_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ada = student(&scene.backend, &scene.school, "Ada", "Varga", "1", None).await;
    let ben = student(&scene.backend, &scene.school, "Ben", "Varga", "2", None).await;
    let mara =
        guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@home.test"), &[ada, ben]).await;
    let mut head = at_desk(&scene, "head", Role::Administrator).await;
    let page = format!("/guardians/{mara}/split");
    let offered = head.get(&page).await.body;
    assert!(offered.contains("<bdi>Ben Varga") && offered.matches("(mother)").count() == 2, "{offered}");
    let nothing = head.post(&page, &[("given", "Maria"), ("family", "Varga")]).await;
    assert!(nothing.body.contains("Choose what belongs to the new person."), "{}", nothing.body);
    let ben = ben.to_string();
    let done = head.post(&page, &[("given", "Maria"), ("family", "Varga"), ("child", &*ben)]).await;
    let record = done.location().unwrap_or_else(|| panic!("{}", done.body)).to_owned();
    let new = head.get(&record).await.body;
    assert!(record.ends_with("?done=split") && new.contains("This is the new person."), "{record}: {new}");
    // They get an account of their own with one press.
    let username = after(&new, "aria-describedby=\"username-hint\" value=\"");
    let account = record.replace("?done=split", "/account");
    let made = head.post(&account, &[("username", username), ("reviewed", "")]).await;
    assert!(made.location().is_some_and(|to| to.ends_with("?done=created")), "{}", made.body);
    assert!(
        head.get("/guardians/duplicates/merges")
            .await
            .body
            .contains("Maria Varga was split off from Mara Varga")
    );
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_does_not_manage_guardians_sees_no_duplicates(pool: PgPool) {
    let scene = Scene::new(pool).await;
    twice(&scene).await;
    search(&scene.backend, scene.school.organisation).await.unwrap();
    let mut tutor = at_desk(&scene, "tutor", Role::Tutor).await;
    for page in ["/guardians/duplicates", "/guardians/duplicates/merges"] {
        let shown = tutor.get(page).await;
        assert!(
            shown.status == StatusCode::FORBIDDEN && !shown.body.contains("Varga"),
            "{page}: {}",
            shown.status
        );
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_command_line_finds_duplicates_and_says_that_somebody_has_to_answer(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let none = greencap(&pool, &["guardians", "duplicates", "--all", "--json"]).await;
    assert_eq!((none.status, &none.json()["open"]), (Some(0), &serde_json::json!(0)), "{}", none.stderr);
    twice(&scene).await;
    let found = greencap(&pool, &["guardians", "duplicates", "--school", "QUILL", "--json"]).await;
    assert_eq!(found.status, Some(3), "{}", found.stderr);
    assert_eq!(found.json()["pairs"][0]["people"][0]["name"], "Mara Varga");
    let everywhere = greencap(&pool, &["guardians", "duplicates", "--json"]).await;
    assert_eq!((everywhere.status, &everywhere.json()["open"]), (Some(3), &serde_json::json!(1)));
    for wrong in [&["--school", "NOPE"][..], &["--school", "QUILL", "--all"], &["--scool", "QUILL"]] {
        let refused = greencap(&pool, &[&["guardians", "duplicates"][..], wrong].concat()).await;
        assert_eq!(refused.status, Some(2), "{wrong:?}: {}", refused.stderr);
        assert!(!refused.stderr.is_empty());
    }
}
