//! Teaching groups, through the router.

use axum::http::StatusCode;
use backend::testing::{active_account, member_of_staff, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

/// An office with Ines, who manages accounts, Mara, who teaches, and three pupils.
struct Office {
    scene: Scene,
    ines: Browser,
    mara: PersonId,
    pupils: Vec<PersonId>,
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let scene = Scene::new(pool).await;
        let (backend, school) = (&scene.backend, &scene.school);
        let ines = student(backend, school, "Ines", "Marchetti", "9001", None).await;
        active_account(backend, school, ines, "i.marchetti", PASSWORD).await;
        staff_role(backend, school, ines, Role::AccountManager).await;
        let mara = member_of_staff(backend, school, "Mara", "Lind", "MLI", None).await;
        active_account(backend, school, mara, "m.lind", PASSWORD).await;
        let mut pupils = Vec::new();
        for (number, given) in ["Ann", "Bo", "Cy"].into_iter().enumerate() {
            pupils.push(student(backend, school, given, "Roe", &number.to_string(), None).await);
        }
        let mut browser = Browser::new(backend);
        browser.sign_in("i.marchetti", PASSWORD).await;
        Self { scene, ines: browser, mara, pupils }
    }

    async fn one(&self, query: &'static str) -> String {
        sqlx::query_scalar(query).fetch_one(self.scene.backend.database.raw()).await.unwrap()
    }
}

/// Where a form led.
fn led(answer: &PageAnswer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    answer.location().unwrap_or_default().to_owned()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_group_is_made_filled_changed_and_a_move_is_undone_with_forms_alone(pool: PgPool) {
    let mut office = Office::new(pool).await;
    for (name, code) in [("Statistics", "ST"), ("Maths", "MA")] {
        let statistics = office.one("SELECT coalesce(max(id::text), '') FROM courses").await;
        let form = [("name", name), ("code", code), ("adds", statistics.as_str())];
        assert_eq!(led(&office.ines.post("/courses/new", &form).await), "/courses?done=saved");
    }
    let courses = office.ines.get("/courses").await.body;
    assert!(courses.contains("Maths") && !courses.contains(".wasm"), "{courses}");
    let statistics = office.one("SELECT id::text FROM courses WHERE code = 'ST'").await;
    let maths = office.one("SELECT id::text FROM courses WHERE code = 'MA'").await;
    let circle = [("name", "Statistics"), ("code", "ST"), ("adds", maths.as_str())];
    let refused = office.ines.post(&format!("/courses/{statistics}"), &circle).await.body;
    assert!(
        refused.contains("Statistics would add itself: Statistics adds Maths adds Statistics."),
        "{refused}"
    );

    let year = [("name", "2026/27"), ("starts_on", "2026-09-01"), ("ends_on", "2027-08-31")];
    assert_eq!(led(&office.ines.post("/groups/years", &year).await), "/groups/years?done=saved");
    let start = office.ines.get("/groups/students").await.body;
    assert!(start.contains("Create student accounts in new teaching group"), "{start}");
    assert!(
        office
            .ines
            .post("/groups/students", &[("group", "")])
            .await
            .body
            .contains("Choose a teaching group.")
    );

    let mara = office.mara.to_string();
    let year = office.one("SELECT id::text FROM academic_years").await;
    let form = [
        ("name", "12A"),
        ("year", year.as_str()),
        ("course", maths.as_str()),
        ("tutor", mara.as_str()),
        ("then", "students"),
    ];
    let to = led(&office.ines.post("/groups/new", &form).await);
    let group = to.strip_prefix("/accounts/paste?group=").expect("on to its students");
    let page = format!("/groups/{group}");
    let twice = office.ines.post("/groups/new", &form).await.body;
    assert!(twice.contains("There is already a teaching group called 12A"), "{twice}");
    let other = led(&office.ines.post("/groups/new", &[("name", "12B")]).await).replace("?done=created", "");
    let shown = office.ines.get(&page).await.body;
    assert!(shown.contains("Mara Lind") && shown.contains("Statistics"), "{shown}");

    let choice = office.ines.get(&format!("{page}/add?q=roe")).await.body;
    assert!(choice.contains("3 students match") && choice.contains("Ann Roe"), "{choice}");
    let all = [("action", "join"), ("all", "yes"), ("q", "roe"), ("on", "2026-09-01")];
    let filled = led(&office.ines.post(&format!("{page}/members"), &all).await);
    assert!(filled.contains("did=join&many=3"), "{filled}");
    assert!(office.ines.get(&filled).await.body.contains("3 students added."));
    let nobody = office.ines.post(&format!("{page}/members"), &[("action", "move")]).await.body;
    assert!(nobody.contains("Tick the students first."), "{nobody}");

    let ann = office.pupils[0].to_string();
    let target = other.trim_start_matches("/groups/").to_owned();
    let form = [("action", "move"), ("student", ann.as_str()), ("to", target.as_str()), ("on", "")];
    let moved = led(&office.ines.post(&format!("{page}/members"), &form).await);
    assert!(office.ines.get(&moved).await.body.contains("1 student moved to another group."));
    assert!(office.ines.get(&other).await.body.contains("Ann Roe"));
    let operation = moved.split("operation=").nth(1).unwrap().to_owned();
    let school = office.scene.school.school.to_string();
    let undo = [("school", school.as_str()), ("group", page.trim_start_matches("/groups/"))];
    let undone = led(&office.ines.post(&format!("/groups/changes/{operation}/undo"), &undo).await);
    assert!(office.ines.get(&undone).await.body.contains("Undone."));
    assert!(!office.ines.get(&other).await.body.contains("Ann Roe"));

    let selection = format!("{{\"kind\":\"people\",\"ids\":[\"{ann}\"]}}");
    let form = [("school", school.as_str()), ("selection", selection.as_str())];
    assert!(office.ines.post("/groups/pick", &form).await.body.contains("12A, 2026/27"));
    assert!(office.ines.post("/groups/pick/show", &form).await.body.contains("Choose a teaching group."));
    let from = page.trim_start_matches("/groups/");
    let form = [form[0], form[1], ("group", target.as_str()), ("from", from)];
    let shown = office.ines.post("/groups/pick/show", &form).await.body;
    assert!(shown.contains("Move 1 student?") && shown.contains("Ann Roe"), "{shown}");
    let seen = shown.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = [form[0], form[1], form[2], form[3], ("seen", seen)];
    let moved = led(&office.ines.post("/groups/pick/make", &form).await);
    assert!(moved.contains("did=move&many=1"), "{moved}");
    let again = office.ines.post("/groups/pick/make", &form).await.body;
    assert!(again.contains("Nobody changes groups") && again.contains("Nothing was changed"), "{again}");

    // What can be done with accounts is offered for the ticked members and for all of them.
    let nobody = office.ines.post(&format!("{page}/accounts"), &[("whom", "ticked")]).await.body;
    assert!(nobody.contains("Tick the students first."), "{nobody}");
    let all = office.ines.post(&format!("{page}/accounts"), &[("whom", "all")]).await.body;
    assert!(all.contains("What do you want to do with 2 accounts?") && all.contains("/groups/pick"), "{all}");
    let mara = office.ines.get(&format!("/staff/{}", office.mara)).await.body;
    assert!(mara.contains("Tutor of") && mara.contains(&page), "{mara}");
    let list = office.ines.post("/groups/export", &[("q", "12A"), ("format", "csv")]).await.body;
    assert!(list.contains("12A,2026/27,Maths,Mara Lind,2") && !list.contains("12B"), "{list}");

    let file = office.ines.post(&format!("{page}/export"), &[("format", "csv")]).await;
    assert!(file.body.contains("Bo Roe") && file.body.contains("12A"), "{}", file.body);
    let closed = led(&office.ines.post(&format!("{page}/close"), &[("action", "close")]).await);
    assert!(office.ines.get(&closed).await.body.contains("Open this group"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_tutor_signs_in_to_their_groups_and_gets_nowhere_else(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let mara = office.mara.to_string();
    let own = led(&office.ines.post("/groups/new", &[("name", "12A"), ("tutor", mara.as_str())]).await);
    let other = led(&office.ines.post("/groups/new", &[("name", "12B")]).await);
    let (own, other) = (own.replace("?done=created", ""), other.replace("?done=created", ""));
    for (page, pupil) in [(&own, 0), (&other, 1)] {
        let pupil = office.pupils[pupil].to_string();
        let form = [("action", "join"), ("student", pupil.as_str()), ("on", "2026-09-01")];
        led(&office.ines.post(&format!("{page}/members"), &form).await);
    }
    let mut tutor = Browser::new(&office.scene.backend);
    tutor.sign_in("m.lind", PASSWORD).await;
    assert_eq!(tutor.get("/").await.location(), Some("/groups"));
    let list = tutor.get("/groups").await.body;
    assert!(list.contains("My groups") && list.contains("12A") && !list.contains("12B"), "{list}");
    for hidden in ["/guardians", "/staff", "/courses", "/imports", "/settings", "/groups/new"] {
        assert!(!list.contains(&format!("href=\"{hidden}\"")), "{hidden}");
    }
    let page = tutor.get(&own).await.body;
    assert!(page.contains("Ann Roe") && !page.contains("Bo Roe"), "{page}");
    assert!(!page.contains("Add tutor") && !page.contains("Remove from group"), "{page}");
    assert!(page.contains("Change all accounts"), "{page}");
    let offered = tutor.post(&format!("{own}/accounts"), &[("whom", "all")]).await.body;
    assert!(offered.contains("with 1 account?") && !offered.contains("/groups/pick"), "{offered}");
    let ann = office.pupils[0].to_string();
    let bo = office.pupils[1].to_string();
    let ticked = [("student", ann.as_str()), ("student", bo.as_str())];
    let offered = tutor.post(&format!("{other}/accounts"), &ticked).await;
    assert_eq!(offered.status, StatusCode::NOT_FOUND, "{}", offered.body);
    assert_eq!(tutor.get(&other).await.status, StatusCode::NOT_FOUND);
    let bo = office.pupils[1];
    assert_eq!(tutor.get(&format!("/students/{bo}/preview")).await.status, StatusCode::NOT_FOUND);
    for forbidden in
        [format!("{own}/edit"), format!("{own}/add"), "/courses".to_owned(), "/groups/years".to_owned()]
    {
        assert_eq!(tutor.get(&forbidden).await.status, StatusCode::FORBIDDEN, "{forbidden}");
    }
    let mine = [("tutor", mara.as_str())];
    for posted in ["/tutors", "/tutors/remove", "/close", "/members"] {
        assert_eq!(
            tutor.post(&format!("{own}{posted}"), &mine).await.status,
            StatusCode::FORBIDDEN,
            "{posted}"
        );
    }
    let choice = tutor.get("/groups/students").await.body;
    assert!(
        choice.contains("12A") && !choice.contains("12B") && !choice.contains("new teaching group"),
        "{choice}"
    );

    // While a group is closed, its tutors do not see it.
    led(&office.ines.post(&format!("{own}/close"), &[("action", "close")]).await);
    assert_ne!(tutor.get(&own).await.status, StatusCode::OK);
    led(&office.ines.post(&format!("{own}/close"), &[("action", "open")]).await);
    assert_eq!(tutor.get(&own).await.status, StatusCode::OK);

    // Who no longer tutors the group loses it from the next request.
    led(&office.ines.post(&format!("{own}/tutors/remove"), &mine).await);
    assert_ne!(tutor.get(&own).await.status, StatusCode::OK);
}
