//! The office enters a guardian, attaches students and creates the account, with forms alone.

use axum::http::StatusCode;
use backend::testing::{active_account, guardian, member_of_staff, staff_role, student};
use domain::authorization::role::Role;
use sqlx::PgPool;

use crate::browser::Browser;
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

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_guardian_is_added_attached_and_invited_with_forms_alone(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let mut clerk = at_desk(&scene, "clerk", Role::AccountManager).await;
    assert!(clerk.get("/guardians").await.body.contains("There are no guardians yet"));

    let wrong = clerk.post("/guardians/new", &[("email", "mara"), ("family", "")]).await;
    assert!(wrong.body.contains("There is a problem") && wrong.body.contains("with one @"), "{}", wrong.body);
    let fields = [("email", "mara@home.example"), ("family", "Varga"), ("given", "Mara")];
    let added = clerk.post("/guardians/new", &fields).await;
    let page = added.location().unwrap().to_owned();
    assert!(page.ends_with("/modify?done=added"), "{}", added.body);
    let record = page.split("/modify").next().unwrap().to_owned();

    let modify = clerk.get(&page).await.body;
    assert!(modify.contains("<h1>Modify user<!></h1>") && modify.contains("User added."), "{modify}");
    let attach = format!("{record}/attach");
    let nobody = clerk.post(&attach, &[("student", "Z9"), ("relationship", "mother")]).await;
    assert!(nobody.body.contains("No student at your schools"), "{}", nobody.body);
    let facts = [("student", "A100"), ("relationship", "mother"), ("starts_on", "2026-09-01")];
    let attached = clerk.post(&attach, &facts).await;
    assert_eq!(attached.location(), Some(&*format!("{record}/modify?done=attached")), "{}", attached.body);

    let shown = clerk.get(&record).await.body;
    assert!(shown.contains("Ilse Varga") && shown.contains("Create account"), "{shown}");
    let created = clerk.post(&format!("{record}/account"), &[("username", "mara.varga")]).await;
    assert_eq!(created.location(), Some(&*format!("{record}?done=created")), "{}", created.body);
    let invited = clerk.post(&format!("{record}/invitation"), &[]).await;
    assert_eq!(invited.location(), Some(&*format!("{record}?done=invited")), "{}", invited.body);
    let listed = clerk.get("/guardians?q=ilse&account=with").await.body;
    assert!(listed.contains("Mara Varga") && listed.contains("mara.varga"), "{listed}");
    // The green cap leads to the preview, on the list, the record and the student's contacts.
    for page in ["/guardians".to_owned(), record.clone(), format!("/students/{ilse}?tab=contacts")] {
        let shown = clerk.get(&page).await.body;
        let cap = shown.split("Mara Varga has an account. Preview it").next().unwrap_or_default();
        let link = cap.rsplit("<a ").next().unwrap_or_default();
        assert!(link.contains(&format!("href=\"{record}/preview\"")), "{page}: {shown}");
    }

    let contacts = clerk.get(&format!("/students/{ilse}?tab=contacts")).await.body;
    assert!(contacts.contains("Mara Varga has an account") && contacts.contains("Everything"), "{contacts}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn somebody_who_may_be_known_is_asked_about_first(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let known =
        guardian(&scene.backend, &scene.school, "Mara", "Varga", Some("mara@home.example"), &[ilse]).await;
    let mut clerk = at_desk(&scene, "clerk", Role::AccountManager).await;
    let fields = [("email", "MARA@home.example"), ("family", "Varga"), ("given", "Mara")];
    let asked = clerk.post("/guardians/new", &fields).await;
    assert_eq!(asked.status, StatusCode::OK);
    assert!(
        asked.body.contains("This may be someone you already have")
            && asked.body.contains(&format!("/guardians/{known}"))
            && asked.body.contains("Add a second person"),
        "{}",
        asked.body
    );
    // The address that they have already is no reason to choose another logon before they are named.
    let by_email = clerk.post("/guardians/new", &[&fields[..], &[("logon", "email")]].concat()).await.body;
    assert!(
        by_email.contains("This may be someone you already have")
            && by_email.contains("Somebody else has this"),
        "{by_email}"
    );
    let mut sure = fields.to_vec();
    sure.push(("sure", "yes"));
    assert!(clerk.post("/guardians/new", &sure).await.location().is_some());
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_colleague_who_is_a_parent_is_attached_and_not_entered_twice(pool: PgPool) {
    // C13
    let scene = Scene::new(pool).await;
    let noor = student(&scene.backend, &scene.school, "Noor", "Idowu", "A102", None).await;
    let email = Some("t.idowu@school.example");
    let tunde = member_of_staff(&scene.backend, &scene.school, "Tunde", "Idowu", "IDO", email).await;
    let mut clerk = at_desk(&scene, "clerk", Role::AccountManager).await;
    let child = noor.to_string();
    let new = clerk.get(&format!("/guardians/new?child={child}")).await.body;
    assert!(new.contains("A contact of Noor Idowu"), "{new}");
    let facts = [("child", child.as_str()), ("relationship", "father"), ("starts_on", "2026-09-01")];
    let mut fields = facts.to_vec();
    fields.extend([("family", "Idowu"), ("given", "Tunde"), ("email", "tunde@home.example")]);
    let asked = clerk.post("/guardians/new", &fields).await.body;
    assert!(asked.contains("Member of staff") && asked.contains(&format!("/staff/{tunde}")), "{asked}");
    let known = tunde.to_string();
    let mut fields = facts.to_vec();
    fields.push(("known", known.as_str()));
    let attached = clerk.post("/guardians/new", &fields).await;
    assert_eq!(attached.location(), Some(&*format!("/students/{noor}?tab=contacts")), "{}", attached.body);
    let record = clerk.get(&format!("/guardians/{tunde}")).await.body;
    for shown in ["open their staff page", "Noor Idowu", "t.idowu@school.example"] {
        assert!(record.contains(shown), "{shown}: {record}");
    }
    assert!(!record.contains("tunde@home.example"), "the work address is unchanged: {record}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_contact_is_changed_ended_and_started_again_on_its_page(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let mara = guardian(&scene.backend, &scene.school, "Mara", "Varga", None, &[ilse]).await;
    let contact: uuid::Uuid = sqlx::query_scalar("SELECT id FROM contacts WHERE adult_id = $1")
        .bind(mara.0)
        .fetch_one(scene.backend.database.raw())
        .await
        .unwrap();
    let page = format!("/guardians/contacts/{contact}");
    let mut clerk = at_desk(&scene, "clerk", Role::AccountManager).await;
    let fields = [("relationship", "mother"), ("starts_on", "2026-09-01"), ("ends_on", "2026-08-01")];
    let wrong = clerk.post(&page, &fields).await;
    assert!(wrong.body.contains("The last day is before the first day."), "{}", wrong.body);
    let ended = clerk.post(&format!("{page}/end"), &[("reason", "order")]).await;
    assert_eq!(ended.location(), Some(&*format!("{page}?done=ended")), "{}", ended.body);
    let shown = clerk.get(&page).await.body;
    assert!(shown.contains("Ended by the office: a court order"), "{shown}");
    let record = clerk.get(&format!("/students/{ilse}?tab=contacts")).await.body;
    assert!(record.contains("Earlier contacts"), "{record}");
    let again = clerk.post(&format!("{page}/again"), &[]).await;
    assert_eq!(again.location(), Some(&*format!("{page}?done=again")), "{}", again.body);

    // Someone who may only look at the roll sees the contact, and no form.
    let mut viewer = at_desk(&scene, "viewer", Role::OfficeViewer).await;
    let looked = viewer.get(&page).await;
    assert!(looked.status == StatusCode::OK && !looked.body.contains("End this contact"), "{}", looked.body);
    let valid = [("relationship", "father"), ("starts_on", "2026-09-01")];
    assert_eq!(viewer.post(&page, &valid).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        viewer.post(&format!("{page}/end"), &[("reason", "order")]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(viewer.get("/guardians/new").await.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_new_user_gets_the_account_of_the_logon_type(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let mut clerk = at_desk(&scene, "clerk", Role::AccountManager).await;
    let form = clerk.get("/guardians/new").await.body;
    assert!(form.contains("Logon Type") && form.contains("Add user"), "{form}");

    let fields = [("family", "Varga"), ("given", "Piotr"), ("logon", "email"), ("email", "")];
    let wrong = clerk.post("/guardians/new", &fields).await.body;
    assert!(wrong.contains("There is no email address to sign in with."), "{wrong}");
    let fields = [("family", "Varga"), ("given", "Piotr"), ("logon", "password"), ("email", "")];
    assert!(clerk.post("/guardians/new", &fields).await.body.contains("Choose one of the options."));

    let fields = [("family", "Varga"), ("given", "Mara"), ("logon", "email"), ("email", "home@home.example")];
    let added = clerk.post("/guardians/new", &fields).await;
    let page = added.location().unwrap_or_else(|| panic!("{}", added.body)).to_owned();
    assert!(page.ends_with("/modify?done=added_account"), "{page}");
    let record = clerk.get(page.split("/modify").next().unwrap()).await.body;
    assert!(record.contains("Not invited") && record.contains("Send invitation code email"), "{record}");

    // C3: the mailbox is shared, so nobody signs in with it alone.
    let fields =
        [("family", "Varga"), ("given", "Piotr"), ("logon", "email"), ("email", "HOME@home.example")];
    let shared = clerk.post("/guardians/new", &fields).await.body;
    assert!(shared.contains("Somebody else has this email address too"), "{shared}");
    let fields = [
        ("family", "Varga"),
        ("given", "Piotr"),
        ("logon", "username"),
        ("email", "home@home.example"),
        ("sure", "yes"),
    ];
    let added = clerk.post("/guardians/new", &fields).await;
    assert!(added.location().is_some_and(|to| to.ends_with("done=added_account")), "{}", added.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_audit_log_leads_to_the_record_of_a_guardian(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let ilse = student(&scene.backend, &scene.school, "Ilse", "Varga", "A100", None).await;
    let mara = guardian(&scene.backend, &scene.school, "Mara", "Varga", None, &[ilse]).await;
    crate::scene::administrator_of_all(
        &scene.backend,
        &scene.school,
        "Ines",
        "Marchetti",
        ("9001", "i.marchetti"),
    )
    .await;
    let mut office = Browser::new(&scene.backend);
    office.sign_in("i.marchetti", PASSWORD).await;
    let details = [("family", "Varga"), ("given", "Maria"), ("language", "pl")];
    let saved = office.post(&format!("/guardians/{mara}/details"), &details).await;
    assert!(saved.location().is_some(), "{}", saved.body);
    let log = office.get("/audit").await.body;
    assert!(
        log.contains(&format!("/guardians/{mara}")) && !log.contains(&format!("/students/{mara}")),
        "{log}"
    );
}
