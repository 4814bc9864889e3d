//! What the office does to several guardians of the list at once.

use axum::http::StatusCode;
use backend::testing::{account, active_account, grant, guardian, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

/// Mara has an email address, Piotr has none, and Rosa signs in already.
struct Office {
    scene: Scene,
    clerk: Browser,
    ilse: PersonId,
    mara: PersonId,
    piotr: PersonId,
    rosa: PersonId,
}

async fn office(pool: PgPool) -> Office {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let ilse = student(backend, school, "Ilse", "Varga", "A100", None).await;
    let mara = guardian(backend, school, "Mara", "Varga", Some("mara@home.example"), &[ilse]).await;
    let piotr = guardian(backend, school, "Piotr", "Varga", None, &[ilse]).await;
    let rosa = guardian(backend, school, "Rosa", "Lind", Some("rosa@home.example"), &[ilse]).await;
    active_account(backend, school, rosa, "rosa.lind", PASSWORD).await;
    let clerk = student(backend, school, "Clerk", "Desk", "9100", None).await;
    active_account(backend, school, clerk, "clerk", PASSWORD).await;
    staff_role(backend, school, clerk, Role::AccountManager).await;
    let mut clerk = Browser::new(backend);
    clerk.sign_in("clerk", PASSWORD).await;
    Office { scene, clerk, ilse, mara, piotr, rosa }
}

/// The value of the hidden field with this name.
fn hidden(page: &str, name: &str) -> String {
    let marker = format!("name=\"{name}\" value=\"");
    let found = page.split(&marker).nth(1).and_then(|rest| rest.split('"').next());
    found.unwrap_or_else(|| panic!("no field {name} in {page}")).to_owned()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn accounts_are_created_invited_reminded_and_cancelled_together(pool: PgPool) {
    let Office { scene, mut clerk, mara, piotr, .. } = office(pool).await;
    let list = clerk.get("/guardians").await.body;
    assert!(
        list.contains("3 parents, carers and other contacts") && list.contains("Tick Mara Varga"),
        "{list}"
    );

    let all = [("all", "yes"), ("action", "create")];
    let asked = clerk.post("/guardians/bulk", &all).await;
    assert!(asked.body.contains("Create 2 accounts?"), "{}", asked.body);
    assert!(asked.body.contains("1 left out: already have an account"), "{}", asked.body);
    let seen = hidden(&asked.body, "seen");
    let stale = "0".repeat(64);
    let refused =
        clerk.post("/guardians/bulk/create", &[("all", "yes"), ("action", "create"), ("seen", &stale)]).await;
    assert!(refused.body.contains("Nothing was created"), "{}", refused.body);
    let created =
        clerk.post("/guardians/bulk/create", &[("all", "yes"), ("action", "create"), ("seen", &seen)]).await;
    let batch = created.location().unwrap_or_else(|| panic!("{}", created.body)).to_owned();
    assert!(batch.starts_with("/accounts/batches/"), "{batch}");
    let shown = clerk.get(&batch).await.body;
    assert!(shown.contains("Mara Varga") && shown.contains(&format!("/guardians/{mara}")), "{shown}");

    let invite = [("all", "yes"), ("action", "invite")];
    let asked = clerk.post("/guardians/bulk", &invite).await.body;
    assert!(asked.contains("Send 1 invitation code?"), "{asked}");
    assert!(asked.contains("1 left out: no email address"), "{asked}");
    assert!(asked.contains("1 left out: have already chosen a password"), "{asked}");
    let sent = clerk.post("/guardians/bulk/invitations", &invite).await;
    let told = sent.location().unwrap_or_else(|| panic!("{}", sent.body)).to_owned();
    assert!(clerk.get(&told).await.body.contains("1 invitation code queued."), "{told}");

    // It is on its way: neither a second first one nor a reminder goes out.
    let twice = clerk.post("/guardians/bulk", &invite).await.body;
    assert!(twice.contains("There is nobody to do this for") && twice.contains("on its way"), "{twice}");
    sqlx::query("UPDATE messages SET state = 'sent', sent_at = now() WHERE person_id = $1")
        .bind(mara.0)
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    let (mara, piotr) = (mara.to_string(), piotr.to_string());
    let both = [("guardian", mara.as_str()), ("guardian", piotr.as_str())];
    let first = clerk.post("/guardians/bulk", &[both[0], both[1], ("action", "invite")]).await.body;
    assert!(first.contains("an invitation was sent already"), "{first}");
    let again = clerk.post("/guardians/bulk", &[both[0], both[1], ("action", "resend")]).await.body;
    assert!(again.contains("There is nobody to do this for"), "{again}");
    let remind = [both[0], both[1], ("action", "remind")];
    assert!(clerk.post("/guardians/bulk", &remind).await.body.contains("Send 1 reminder?"));
    let reminded = clerk.post("/guardians/bulk/invitations", &remind).await;
    assert!(reminded.location().is_some_and(|to| to.ends_with("did=remind&many=1")), "{}", reminded.body);

    let cancel = [both[0], both[1], ("action", "cancel")];
    let asked = clerk.post("/guardians/bulk", &cancel).await.body;
    assert!(asked.contains("Cancel 1 invitation?") && asked.contains("1 left out: no invitation"), "{asked}");
    let cancelled = clerk.post("/guardians/bulk/invitations", &cancel).await;
    assert!(cancelled.location().is_some_and(|to| to.contains("did=cancel")), "{}", cancelled.body);
    let resend = [both[0], both[1], ("action", "resend")];
    assert!(clerk.post("/guardians/bulk", &resend).await.body.contains("Send 1 invitation code?"));
}

/// Confirms the simulation of a change of accounts.
async fn confirmed(clerk: &mut Browser, shown: &str) -> PageAnswer {
    let field = |name| hidden(shown, name).replace("&quot;", "\"");
    let fields = ["school", "selection", "among", "change", "seen"].map(|name| (name, field(name)));
    let form: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    clerk.post("/accounts/change/make", &form).await
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn accounts_are_disabled_and_enabled_and_codes_are_printed(pool: PgPool) {
    let Office { mut clerk, rosa, mara, .. } = office(pool).await;
    let (rosa, mara) = (rosa.to_string(), mara.to_string());
    let both = [("guardian", rosa.as_str()), ("guardian", mara.as_str())];
    let disable = [both[0], both[1], ("action", "disable")];
    let asked = clerk.post("/guardians/bulk", &disable).await.body;
    assert!(asked.contains("Disable 1 account?") && asked.contains("1: no account."), "{asked}");
    assert!(asked.contains("Rosa Lind") && asked.contains("Mara Varga"), "{asked}");
    let disabled = confirmed(&mut clerk, &asked).await;
    let made = clerk.get(disabled.location().unwrap()).await.body;
    assert!(made.contains("1 account disabled") && made.contains("Undo"), "{made}");
    let listed = clerk.get("/guardians?account=disabled").await.body;
    assert!(listed.contains("Rosa Lind") && !listed.contains("Mara Varga"), "{listed}");
    let asked = clerk.post("/guardians/bulk", &[both[0], ("action", "enable")]).await.body;
    confirmed(&mut clerk, &asked).await;
    let portal = clerk.post("/guardians/bulk", &[both[0], ("action", "portal_home_visits")]).await.body;
    assert!(portal.contains("Change 1 account?"), "{portal}");
    let cards = clerk.post("/guardians/bulk", &[both[0], ("action", "cards")]).await.body;
    assert!(cards.contains("name=\"among\" value=\"guardians\""), "{cards}");

    let codes = [both[0], both[1], ("action", "codes")];
    let asked = clerk.post("/guardians/bulk", &codes).await.body;
    assert!(
        asked.contains("Create 1 one-time code?") && asked.contains("1 left out: no active account"),
        "{asked}"
    );
    let codes = clerk.post("/guardians/bulk/accounts", &codes).await.body;
    assert!(
        codes.contains("Create 1 one-time code?") && codes.contains("1 skipped: no active account"),
        "{codes}"
    );
    let (school, selection) = (hidden(&codes, "school"), hidden(&codes, "selection"));
    let selection = selection.replace("&quot;", "\"");
    let made = [
        ("school", school.as_str()),
        ("selection", selection.as_str()),
        ("among", "guardians"),
        ("handout", "shown"),
    ];
    let slips = clerk.post("/accounts/codes/make", &made).await.body;
    assert!(slips.contains("rosa.lind") && slips.contains("Rosa Lind"), "{slips}");

    let file = clerk.post("/guardians/bulk/export", &[("all", "yes"), ("format", "csv")]).await;
    assert!(file.body.contains("Mara Varga,Ilse Varga,mara@home.example"), "{}", file.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn nothing_is_done_to_nobody_nor_by_those_who_may_not(pool: PgPool) {
    let Office { scene, mut clerk, rosa, .. } = office(pool).await;
    let nobody = clerk.post("/guardians/bulk", &[("action", "disable")]).await;
    assert!(nobody.body.contains("Tick the guardians first"), "{}", nobody.body);
    // It is said once, and what was chosen stays chosen.
    assert!(!nobody.body.contains("Nothing was done"), "{}", nobody.body);
    assert!(nobody.body.contains("<option value=\"disable\" selected"), "{}", nobody.body);
    let nothing = clerk.post("/guardians/bulk", &[("all", "yes"), ("action", "merge")]).await;
    assert!(nothing.body.contains("Choose what to do"), "{}", nothing.body);
    // A student is nobody's guardian: they are not disabled from here.
    let student = student(&scene.backend, &scene.school, "Tam", "Lone", "A199", None).await;
    active_account(&scene.backend, &scene.school, student, "tam.lone", PASSWORD).await;
    let tam = student.to_string();
    let other = clerk.post("/guardians/bulk", &[("guardian", &tam), ("action", "disable")]).await;
    assert!(other.body.contains("Tick the guardians first"), "{}", other.body);

    let viewer = backend::testing::student(&scene.backend, &scene.school, "Vera", "View", "9101", None).await;
    active_account(&scene.backend, &scene.school, viewer, "viewer", PASSWORD).await;
    staff_role(&scene.backend, &scene.school, viewer, Role::OfficeViewer).await;
    let mut viewer = Browser::new(&scene.backend);
    viewer.sign_in("viewer", PASSWORD).await;
    let rosa = rosa.to_string();
    for (path, action) in [
        ("/guardians/bulk/invitations", "invite"),
        ("/guardians/bulk/create", "create"),
        ("/guardians/bulk/accounts", "disable"),
        ("/guardians/bulk/export", "export"),
    ] {
        let refused = viewer.post(path, &[("guardian", &rosa), ("action", action)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    let asked = viewer.post("/guardians/bulk", &[("guardian", &rosa), ("action", "disable")]).await;
    assert_eq!(asked.status, StatusCode::FORBIDDEN);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_guardian_without_email_gets_in_with_a_printed_code(pool: PgPool) {
    let Office { scene, mut clerk, piotr, ilse, .. } = office(pool).await;
    grant(&scene.backend, &scene.school, piotr, ilse).await;
    let piotr = piotr.to_string();
    let record = format!("/guardians/{piotr}");
    let created = clerk.post(&format!("{record}/account"), &[("username", "piotr.varga")]).await;
    assert!(created.location().is_some(), "{}", created.body);
    assert!(clerk.get(&record).await.body.contains("Print an invitation code"));
    let print = [("guardian", piotr.as_str()), ("action", "print")];
    let asked = clerk.post("/guardians/bulk", &print).await.body;
    assert!(asked.contains("Print 1 invitation code?"), "{asked}");
    let slips = clerk.post("/guardians/bulk/accounts", &print).await.body;
    assert!(slips.contains("piotr.varga") && slips.contains("/activate"), "{slips}");
    assert!(slips.contains("<dt>Students<!></dt><dd>Ilse Varga<!></dd>"), "{slips}");
    let code = slips.split("<b class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let history = clerk.get(&record).await.body;
    assert!(history.contains("Invitation code printed by Clerk Desk"), "{history}");

    let mut own = Browser::new(&scene.backend);
    // As people type it: without the dash, in small letters.
    let by_hand = code.replace('-', " ").to_lowercase();
    let typed = [("username", " Piotr.Varga "), ("code", by_hand.as_str())];
    assert_eq!(own.post("/activate", &typed).await.location(), Some("/activate/check"));
    let wrong = [("username", "piotr.varga"), ("code", "AAAA-AAAA-AAAA")];
    assert_ne!(
        Browser::new(&scene.backend).post("/activate", &wrong).await.location(),
        Some("/activate/check")
    );
    // On to the question about the children, the password and the portal.
    let check = own.get("/activate/check").await.body;
    assert!(check.contains("Piotr") && check.contains("href=\"/activate/"), "{check}");
    let child = format!("child-{ilse}");
    let answered = own.post("/activate/children", &[(&child, "yes")]).await;
    assert_eq!(answered.location(), Some("/activate/password"), "{}", answered.body);
    let weak = own.post("/activate/password", &[("password", "short")]).await;
    assert!(weak.location().is_none() && weak.body.contains("Use at least 12 characters."), "{}", weak.body);
    let entered = own.post("/activate/password", &[("password", "kettle orbit mustard")]).await;
    assert_eq!(entered.location(), Some("/portal"), "{}", entered.body);
    assert!(own.get("/portal").await.body.contains("Ilse"));
    // From then on they sign in, and the code opens nothing any more.
    Browser::new(&scene.backend).sign_in("piotr.varga", "kettle orbit mustard").await;
    let again = Browser::new(&scene.backend).post("/activate", &typed).await;
    assert_ne!(again.location(), Some("/activate/check"), "{}", again.body);
    assert!(clerk.get("/guardians?q=piotr").await.body.contains("Active"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn students_without_email_get_printed_codes_too(pool: PgPool) {
    let Office { scene, mut clerk, piotr, .. } = office(pool).await;
    let lio = student(&scene.backend, &scene.school, "Lio", "Haddad", "A103", None).await;
    account(&scene.backend, &scene.school, lio, "lio.haddad").await;
    let adaeze = crate::recovery::forgetting::person_of(&scene, "a.okoronta").await;
    let selection =
        |people: &[PersonId]| serde_json::to_string(&Selection::People { ids: people.to_vec() }).unwrap();
    let school = scene.school.school.to_string();
    // A guardian is no student: nobody is printed a code by the list of another.
    let chosen = selection(&[lio, adaeze, piotr]);
    let form = [("school", school.as_str()), ("selection", chosen.as_str())];
    let asked = clerk.post("/accounts/print", &form).await.body;
    assert!(asked.contains("Print 1 invitation code?"), "{asked}");
    assert!(asked.contains("1 left out: no account that waits for a password"), "{asked}");
    let slips = clerk.post("/accounts/print/make", &form).await.body;
    assert!(slips.contains("lio.haddad") && slips.contains("href=\"/accounts\""), "{slips}");
    let code = slips.split("<b class=\"code\">").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let mut own = Browser::new(&scene.backend);
    let typed = [("username", "lio.haddad"), ("code", code)];
    assert_eq!(own.post("/activate", &typed).await.location(), Some("/activate/check"));
    let entered = own.post("/activate/password", &[("password", "kettle orbit mustard")]).await;
    assert_eq!(entered.location(), Some("/portal"), "{}", entered.body);

    let again = clerk.post("/accounts/print/make", &form).await.body;
    assert!(again.contains("None of these accounts waits for a password any more."), "{again}");
    let outdated = clerk.post("/accounts/print", &[("school", school.as_str()), ("selection", "?")]).await;
    assert!(outdated.body.contains("This page is out of date."), "{}", outdated.body);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn slips_tell_two_students_of_one_name_apart_by_group_and_are_in_its_order(pool: PgPool) {
    let Office { scene, mut clerk, .. } = office(pool).await;
    let mut ids = Vec::new();
    for (number, username, group) in [("A104", "james.allen", "10A"), ("A105", "james.allen2", "7B")] {
        let james = student(&scene.backend, &scene.school, "James", "Allen", number, None).await;
        account(&scene.backend, &scene.school, james, username).await;
        sqlx::query("UPDATE enrolments SET registration_group = $2 WHERE person_id = $1")
            .bind(james.0)
            .bind(group)
            .execute(scene.backend.database.raw())
            .await
            .unwrap();
        ids.push(james);
    }
    let selection = serde_json::to_string(&Selection::People { ids }).unwrap();
    let school = scene.school.school.to_string();
    let form = [("school", school.as_str()), ("selection", selection.as_str())];
    let slips = clerk.post("/accounts/print/make", &form).await.body;
    let place = |said: &str| slips.find(said).unwrap_or_else(|| panic!("{said} in {slips}"));
    assert!(place("<dt>Group<!></dt><dd>7B<!></dd>") < place("<dt>Group<!></dt><dd>10A<!></dd>"), "{slips}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_record_ends_sessions_and_tells_what_was_sent(pool: PgPool) {
    let Office { scene, mut clerk, rosa, mara, .. } = office(pool).await;
    let mut phone = Browser::new(&scene.backend);
    phone.sign_in("rosa.lind", PASSWORD).await;
    let record = format!("/guardians/{rosa}");
    let shown = clerk.get(&record).await.body;
    assert!(shown.contains("Signed in"), "{shown}");
    assert_eq!(shown.matches("Last sign-in").count(), 1, "{shown}");
    let signed_out = clerk.post(&format!("{record}/sessions"), &[("session", "")]).await;
    assert_eq!(signed_out.location(), Some(&*format!("{record}?done=signed_out")), "{}", signed_out.body);
    assert!(clerk.get(&record).await.body.contains("Not signed in anywhere."));
    let none = clerk.post(&format!("{record}/factors"), &[]).await;
    assert_ne!(none.status, StatusCode::INTERNAL_SERVER_ERROR, "{}", none.body);

    let mara_record = format!("/guardians/{mara}");
    assert!(clerk.get(&mara_record).await.body.contains("Nothing was sent to them yet."));
    clerk.post(&format!("{mara_record}/account"), &[("username", "mara.varga")]).await;
    clerk.post(&format!("{mara_record}/invitation"), &[]).await;
    let sent = clerk.get(&mara_record).await.body;
    assert!(sent.contains("Invitation code") && sent.contains("On its way, queued"), "{sent}");
    assert!(sent.contains("To <!>mara@home.example"), "{sent}");
}
