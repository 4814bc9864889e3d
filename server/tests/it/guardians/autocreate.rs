//! Autocreate in the office and on the command line.

use axum::http::StatusCode;
use backend::testing::{active_account, guardian, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::command::greencap;
use crate::recovery::forgetting::mailbox;
use crate::scene::{PASSWORD, Scene};

async fn manager(scene: &Scene) -> Browser {
    let person = student(&scene.backend, &scene.school, "Odo", "Voss", "1054", None).await;
    active_account(&scene.backend, &scene.school, person, "o.voss", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, person, Role::AccountManager).await;
    let mut browser = Browser::new(&scene.backend);
    browser.sign_in("o.voss", PASSWORD).await;
    browser
}

/// The value of a hidden field.
fn hidden(page: &PageAnswer, name: &str) -> String {
    let field = page.body.split(&format!("type=\"hidden\" name=\"{name}\" value=\"")).nth(1);
    field.unwrap_or_else(|| panic!("{}", page.body)).split('"').next().unwrap().to_owned()
}

const RULES: &[(&str, &str)] = &[
    ("relationship", "mother"),
    ("relationship", "father"),
    ("create", "on"),
    ("attach", "on"),
    ("tell_new_account", "on"),
    ("simulation", "on"),
];

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_office_simulates_creates_exactly_that_and_undoes_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let tam = student(&scene.backend, &scene.school, "Tam", "Varga", "A101", None).await;
    guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@example.test"), &[ilse, tam]).await;

    let rules = office.get("/guardians/autocreate").await;
    for words in ["Autocreate guardian accounts", "Run simulation", "Foster carer"] {
        assert!(rules.body.contains(words), "{words}: {}", rules.body);
    }
    let wrong = office.post("/guardians/autocreate", &[("create", "on")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("Choose at least one relationship."), "{}", wrong.body);

    // The groups are those that the school has, and several can be ticked.
    assert!(rules.body.contains("name=\"group\" value=\"7A\""), "{}", rules.body);
    let gone = office.post("/guardians/autocreate", &[RULES, &[("group", "13Z")]].concat()).await;
    assert!(gone.body.contains("A registration group that you chose has no students"), "{}", gone.body);

    let made = office.post("/guardians/autocreate", &[RULES, &[("group", "7A")]].concat()).await;
    let path = made.location().unwrap_or_else(|| panic!("{}", made.body)).to_owned();
    let rules = office.get(&format!("/guardians/autocreate?run={}", path.rsplit('/').next().unwrap())).await;
    assert!(rules.body.contains("value=\"7A\" checked"), "{}", rules.body);
    let seen = office.get(&path).await;
    for words in
        ["Nothing has been created", "Mara Varga", "mara@example.test", "Will create 1", "Change rules"]
    {
        assert!(seen.body.contains(words), "{words}: {}", seen.body);
    }
    for part in ["create", "attach", "skipped", "has", "alone", "changed"] {
        let page = office.get(&format!("{path}?show={part}&q=mar&after=0")).await;
        assert_eq!(page.status, StatusCode::OK, "{part}: {}", page.body);
    }
    assert!(office.get(&format!("{path}?q=nobody")).await.body.find("mara@example.test").is_none());

    // While Simulation is ticked, nothing is created.
    let plan = hidden(&seen, "plan");
    let create = format!("{path}/create");
    let again = office.post(&create, &[("plan", &plan), ("simulation", "on")]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_eq!(scene.count("SELECT count(*) FROM access_grants").await, 0);
    let done = office.post(&create, &[("plan", &plan)]).await;
    let shown = office.get(done.location().unwrap_or_else(|| panic!("{}", done.body))).await;
    assert!(shown.body.contains("Undo the run"), "{}", shown.body);
    // What was done is not said to be ahead.
    assert!(shown.body.contains("Created 1") && !shown.body.contains("Will create"), "{}", shown.body);
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await, 1);

    // Complaint C1: one invitation, which names both children.
    let mails = mailbox(&scene).await;
    let [(_, _, text)] = mails.as_slice() else { panic!("{mails:?}") };
    assert!(text.contains("With it you see Ilse Varga and Tam Varga."), "{text}");

    let file = office.post(&format!("{path}/download"), &[("format", "csv")]).await;
    assert!(file.body.contains("Mara Varga"), "{}", file.body);
    let undone = office.post(&format!("{path}/undo"), &[]).await;
    assert!(undone.location().is_some_and(|to| to.ends_with("done=undone")), "{}", undone.body);
    assert_eq!(scene.count("SELECT count(*) FROM accounts WHERE batch_id IS NOT NULL").await, 0);
    let seen = office.get(&path).await;
    assert!(seen.body.contains("Planned: create 1") && !seen.body.contains("Will create"), "{}", seen.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn what_has_changed_is_shown_and_the_rest_can_be_created(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let mut office = manager(&scene).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let mara =
        guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    guardian(&scene.backend, &scene.school, "Piotr", "Varga", Some("piotr@example.test"), &[ilse]).await;
    let made = office.post("/guardians/autocreate", RULES).await;
    let path = made.location().unwrap().to_owned();
    let plan = hidden(&office.get(&path).await, "plan");
    sqlx::query("UPDATE contacts SET no_portal = true WHERE adult_id = $1")
        .bind(mara.0)
        .execute(&pool)
        .await
        .unwrap();
    let create = format!("{path}/create");
    let drifted = office.post(&create, &[("plan", &plan)]).await;
    assert_eq!(drifted.status, StatusCode::CONFLICT);
    assert!(drifted.body.contains("1 pair of adult and student has changed"), "{}", drifted.body);
    let rest = hidden(&drifted, "plan");
    let done = office.post(&create, &[("plan", &rest)]).await;
    let shown = office.get(done.location().unwrap_or_else(|| panic!("{}", done.body))).await;
    assert!(shown.body.contains("1 changed since the simulation and left out"), "{}", shown.body);

    // Somebody signs in: the undo is refused by name, and the access can be ended.
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = now() WHERE batch_id IS NOT NULL")
        .execute(&pool)
        .await
        .unwrap();
    let refused = office.post(&format!("{path}/undo"), &[]).await;
    assert!(refused.body.contains("Piotr Varga has activated the account"), "{}", refused.body);
    assert!(refused.body.contains("End the access of this run"), "{}", refused.body);
    let ended = office.post(&format!("{path}/end-access"), &[]).await;
    assert!(ended.location().is_some_and(|to| to.ends_with("done=ended")), "{}", ended.body);
    assert_eq!(scene.count("SELECT count(*) FROM access_grants WHERE stopped_at IS NULL").await, 0);
}

/// The first address on a page that begins like this.
fn link(page: &PageAnswer, begins: &str) -> String {
    let href = page.body.split(&format!("href=\"{begins}")).nth(1).unwrap_or_else(|| panic!("{}", page.body));
    format!("{begins}{}", href.split('"').next().unwrap()).replace("&amp;", "&")
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn who_waits_for_a_decision_is_compared_and_the_answer_makes_the_simulation_again(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let lio = student(&scene.backend, &scene.school, "Lio", "Varga", "A101", None).await;
    for (given, child) in [("Mara", ilse), ("Maria", lio)] {
        guardian(&scene.backend, &scene.school, given, "Varga", Some("home@example.test"), &[child]).await;
    }
    let run = office.post("/guardians/autocreate", RULES).await.location().unwrap().to_owned();
    let seen = office.get(&run).await;
    for words in
        ["2 wait for a person to decide", "who is on record already: same email address", "All, by family"]
    {
        assert!(seen.body.contains(words), "{words}: {}", seen.body);
    }
    for part in ["held", "families"] {
        assert!(office.get(&format!("{run}?show={part}")).await.body.contains("Maria Varga"), "{part}");
    }
    let compare = link(&seen, "/guardians/duplicates/");
    let pair = office.get(&compare).await;
    for words in ["They are two people", "Back to the simulation", "same email address"] {
        assert!(pair.body.contains(words), "{words}: {}", pair.body);
    }
    let answer = format!("{}/answer", compare.split("/merge").next().unwrap());
    let asked_by = hidden(&pair, "run");
    let done = office.post(&answer, &[("answer", "two_people"), ("run", &asked_by)]).await;
    let again = done.location().unwrap_or_else(|| panic!("{}", done.body)).to_owned();
    assert_ne!(again.split('?').next(), run.split('?').next(), "another simulation");
    let seen = office.get(&again).await;
    for words in ["Your answer was saved, and the simulation was run again.", "Will create 2"] {
        assert!(seen.body.contains(words), "{words}: {}", seen.body);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn merging_the_two_from_a_simulation_leads_back_to_it(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    for (child, number) in [("Ilse", "A100"), ("Lio", "A101")] {
        let child = student(&scene.backend, &scene.school, child, "Varga", number, None).await;
        guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@example.test"), &[child]).await;
    }
    let run = office.post("/guardians/autocreate", RULES).await.location().unwrap().to_owned();
    let compare = link(&office.get(&run).await, "/guardians/duplicates/");
    let page = office.get(&compare).await;
    let fields = ["stays", "plan", "run"].map(|name| (name, hidden(&page, name)));
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let merge = format!("{}/run", compare.split('?').next().unwrap());
    let done = office.post(&merge, &fields).await;
    let seen = office.get(done.location().unwrap_or_else(|| panic!("{}", done.body))).await;
    for words in [
        "The two records are one now, and the simulation was run again.",
        "Will create 1",
        "2 students attached",
    ] {
        assert!(seen.body.contains(words), "{words}: {}", seen.body);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn rows_lead_to_the_order_and_to_what_is_missing(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let mara = guardian(&scene.backend, &scene.school, "Mara", "Varga", None, &[ilse]).await;
    let dan = guardian(&scene.backend, &scene.school, "Dan", "Pyne", Some("dan@example.test"), &[ilse]).await;
    sqlx::query(
        "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
         SELECT gen_random_uuid(), organisation_id, child_id, adult_id, '{profile}', '2026-01-01', now()
         FROM contacts WHERE adult_id = $1",
    )
    .bind(dan.0)
    .execute(&pool)
    .await
    .unwrap();
    let mut head = manager(&scene).await;
    let run = head.post("/guardians/autocreate", RULES).await.location().unwrap().to_owned();
    let seen = head.get(&format!("{run}?show=skipped")).await;
    assert!(
        seen.body.contains("View order") && seen.body.contains(&format!("/students/{ilse}/access")),
        "{}",
        seen.body
    );
    // An email is added on the record, which leads back.
    let seen = head.get(&run).await;
    let record = link(&seen, &format!("/guardians/{mara}?run="));
    let record = record.split('#').next().unwrap().to_owned();
    let shown = head.get(&record).await;
    assert!(shown.body.contains("Back to the simulation"), "{}", shown.body);
    let asked_by = hidden(&shown, "run");
    let new = [("which", "email"), ("value", "mara@example.test"), ("run", &*asked_by)];
    let saved = head.post(&format!("/guardians/{mara}/addresses"), &new).await;
    let shown = head.get(saved.location().unwrap_or_else(|| panic!("{}", saved.body))).await;
    assert!(shown.body.contains("Run simulation again"), "{}", shown.body);
    let again = head.post(&format!("/guardians/autocreate/{asked_by}/again"), &[]).await;
    assert!(head.get(again.location().unwrap()).await.body.contains("mara@example.test"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_list_of_students_and_a_record_lead_to_the_accounts_of_their_guardians(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut office = manager(&scene).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let lio = student(&scene.backend, &scene.school, "Lio", "Haddad", "A101", None).await;
    for (given, child) in [("Mara", ilse), ("Nadia", lio)] {
        let email = format!("{}@example.test", given.to_lowercase());
        guardian(&scene.backend, &scene.school, given, "Varga", Some(&email), &[child]).await;
    }
    for (page, words) in [
        ("/students?q=ilse".to_owned(), "found by \u{201c}ilse\u{201d}"),
        (format!("/students/{ilse}?tab=contacts"), "1 selected student"),
    ] {
        let rules = link(&office.get(&page).await, "/guardians/autocreate?students=");
        let rules = office.get(&rules).await;
        assert!(rules.body.contains(words), "{page}: {}", rules.body);
        let chosen = hidden(&rules, "students").replace("&quot;", "\"");
        let form = [RULES, &[("students", &*chosen)]].concat();
        let made = office.post("/guardians/autocreate", &form).await;
        let seen = office.get(made.location().unwrap_or_else(|| panic!("{}", made.body))).await;
        assert!(seen.body.contains("Mara Varga") && !seen.body.contains("Nadia Varga"), "{}", seen.body);
    }
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_command_simulates_and_creates_with_the_exit_statuses_of_an_import(pool: PgPool) {
    let scene = Scene::new(pool.clone()).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    let asked = ["guardians", "autocreate", "--school", "QUILL", "--json"];
    let simulated = greencap(&pool, &[&asked[..], &["--simulate"]].concat()).await;
    assert_eq!(simulated.status, Some(0), "{}", simulated.stderr);
    assert_eq!(simulated.json()["accounts"], 1);
    let said = greencap(&pool, &["guardians", "autocreate", "--school", "QUILL", "--simulate"]).await.stdout;
    for words in [
        "2 students, 1 contact, 1 family",
        "1 account would be created, 0 students attached, 1 message. 1 child has no adult.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(scene.count("SELECT count(*) FROM access_grants").await, 0);
    let log = std::env::temp_dir().join(format!("autocreate-{ilse}.jsonl"));
    let path = log.to_str().unwrap();
    let done = greencap(&pool, &[&asked[..], &["--message", "none", "--log", path]].concat()).await;
    let lines = std::fs::read_to_string(&log).unwrap();
    std::fs::remove_file(&log).unwrap();
    let line: serde_json::Value = serde_json::from_str(lines.trim()).unwrap();
    assert_eq!(
        (line["student"].as_str(), line["outcome"].as_str()),
        (Some(&*ilse.to_string()), Some("create"))
    );
    assert_eq!(line["adult_name"], "Mara Varga");
    assert_eq!((done.status, done.json()["state"].as_str()), (Some(0), Some("applied")), "{}", done.stderr);
    assert_eq!(scene.count("SELECT count(*) FROM messages").await, 0);
    // Somebody who may be on record twice is left to a person.
    guardian(&scene.backend, &scene.school, "M", "Varga", Some("mara@example.test"), &[ilse]).await;
    let held = greencap(&pool, &asked).await;
    assert_eq!((held.status, held.json()["held"].as_u64()), (Some(3), Some(1)), "{}", held.stderr);
    assert_eq!(greencap(&pool, &["guardians", "autocreate", "--school", "NOPE"]).await.status, Some(2));
}
