//! Passwords on cards, through the pages: from the group to a pupil who is in.

use axum::http::StatusCode;
use backend::testing::{account, active_account, group, staff_role, student};
use domain::authorization::role::Role;
use domain::ids::{GroupId, PersonId};
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::browser::{Browser, PageAnswer};
use crate::scene::{PASSWORD, Scene};

const OWN: &str = "kettle orbit mustard";

/// A class of forty pupils of one surname and initial, and its tutor.
struct Class {
    scene: Scene,
    group: GroupId,
    tutor: Browser,
    people: Vec<PersonId>,
}

async fn class(pool: PgPool) -> Class {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let mut people = Vec::new();
    for number in 0..40 {
        let admission = format!("40{number:02}");
        let pupil = student(backend, school, &format!("Jo{number:02}"), "Smith", &admission, None).await;
        account(backend, school, pupil, &format!("j.smith{number}")).await;
        people.push(pupil);
    }
    let class = group(backend, school, "7A", &people).await;
    let odo = student(backend, school, "Odo", "Voss", "1054", None).await;
    active_account(backend, school, odo, "o.voss", PASSWORD).await;
    staff_role(backend, school, odo, Role::GroupTutor).await;
    sqlx::query("UPDATE staff_roles SET group_id = $1 WHERE person_id = $2")
        .bind(class.0)
        .bind(odo.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let mut tutor = Browser::new(backend);
    tutor.sign_in("o.voss", PASSWORD).await;
    Class { scene, group: class, tutor, people }
}

/// The values of the form of the question.
fn form_of(page: &PageAnswer) -> Vec<(String, String)> {
    let html = &page.body;
    ["school", "selection", "among", "group", "whom"]
        .into_iter()
        .filter_map(|name| {
            let input = html.split(&format!("name=\"{name}\" value=\"")).nth(1)?;
            let value = input.split('"').next()?.replace("&quot;", "\"");
            Some((name.to_owned(), value))
        })
        .collect()
}

impl Class {
    async fn make(&mut self, question: &PageAnswer, words: &str) -> PageAnswer {
        let mut form = form_of(question);
        form.push(("words".to_owned(), words.to_owned()));
        let form: Vec<(&str, &str)> =
            form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.tutor.post("/cards/make", &form).await
    }
}

/// Username and phrase of each line of the list.
fn lines(page: &str) -> Vec<(String, String)> {
    let rows = page.split("<tbody>").nth(1).unwrap_or_else(|| panic!("{page}"));
    rows.split("</tr>")
        .filter_map(|row| {
            let mut codes = row.split("<span class=\"code\">").skip(1);
            let mut code = || Some(codes.next()?.split('<').next()?.to_owned());
            Some((code()?, code()?))
        })
        .collect()
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn forty_pupils_of_one_name_get_cards_from_their_tutor_and_one_is_in(pool: PgPool) {
    let mut class = class(pool).await;
    let question = class.tutor.get(&format!("/cards/new?group={}", class.group)).await;
    assert_eq!(question.status, StatusCode::OK, "{}", question.body);
    assert!(question.body.contains("Make 40 passwords for 7A?"), "{}", question.body);
    assert_eq!(class.scene.count("SELECT count(*) FROM print_runs").await, 0, "asking makes none");

    let made = class.make(&question, "words").await;
    let printed = lines(&made.body);
    assert_eq!(printed.len(), 40, "{}", made.body);
    assert_eq!(made.body.matches("class=\"qr\"").count(), 40);
    assert!(made.body.contains("Download as CSV") && made.body.contains("Download as XLSX"));
    assert_eq!(made.headers["cache-control"], "no-store");

    // With the phrase, on the ordinary sign-in page.
    let (username, phrase) = &printed[7];
    let mut pupil = Browser::new(&class.scene.backend);
    let typed = [("name", username.as_str()), ("password", phrase.as_str())];
    let entered = pupil.post("/sign-in", &typed).await;
    assert_eq!(entered.location(), Some("/activate/password"), "{}", entered.body);
    let choosing = pupil.get("/activate/password").await;
    assert!(choosing.body.contains(username), "{}", choosing.body);
    let chosen = pupil.post("/activate/password", &[("password", OWN)]).await;
    assert_eq!(chosen.location(), Some("/portal"), "{}", chosen.body);
    Browser::new(&class.scene.backend).sign_in(username, OWN).await;
    let again = Browser::new(&class.scene.backend).post("/sign-in", &typed).await;
    assert_eq!(again.location(), None, "it works once");

    // The pile: one is used, and it is made void as a whole.
    let list = class.tutor.get("/cards").await.body;
    assert!(list.contains("Pile 1") && list.contains("39 not used"), "{list}");
    let address = list.split("href=\"/cards/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let address = format!("/cards/{address}");
    let pile = class.tutor.get(&address).await.body;
    for said in ["Used: 1. Not used: 39.", "Void the pile", "Renew unused passwords"] {
        assert!(pile.contains(said), "{said}: {pile}");
    }
    let voided = class.tutor.post(&format!("{address}/void"), &[]).await.body;
    assert!(voided.contains("39 cards are void. Nobody can use them any more."), "{voided}");
    let (username, phrase) = &printed[8];
    let typed = [("name", username.as_str()), ("password", phrase.as_str())];
    let late = Browser::new(&class.scene.backend).post("/sign-in", &typed).await;
    assert_eq!(late.location(), None, "{}", late.body);
    Browser::new(&class.scene.backend).sign_in(&printed[7].0, OWN).await;

    // Renewing gives new ones to those who had not used theirs.
    let pile = address.trim_start_matches("/cards/");
    let question = class.tutor.get(&format!("/cards/new?pile={pile}")).await;
    assert!(question.body.contains("Make 39 passwords for 7A?"), "{}", question.body);
    let made = class.make(&question, "pictures").await;
    assert!(made.body.contains("class=\"pictures\""), "{}", made.body);
    let (username, phrase) = lines(&made.body).into_iter().find(|line| line.0 == *username).unwrap();
    let typed = [("name", username.as_str()), ("password", phrase.as_str())];
    let entered = Browser::new(&class.scene.backend).post("/sign-in", &typed).await;
    assert_eq!(entered.location(), Some("/activate/password"));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_tutor_gets_nowhere_else_and_a_list_with_mistakes_makes_nothing(pool: PgPool) {
    let mut class = class(pool).await;
    let (backend, school) = (&class.scene.backend, &class.scene.school);
    let lio = student(backend, school, "Lio", "Haddad", "A103", None).await;
    account(backend, school, lio, "lio.haddad").await;
    let others = group(backend, school, "7B", &[lio]).await;
    let beyond = class.tutor.get(&format!("/cards/new?group={others}")).await;
    assert!(!beyond.body.contains("Haddad") && beyond.status != StatusCode::OK, "{}", beyond.body);
    let person = class.tutor.get(&format!("/cards/new?person={lio}")).await;
    assert!(person.body.contains("None of these people can be given a password"), "{}", person.body);
    assert!(!person.body.contains("Haddad"));
    let own = class.tutor.get(&format!("/cards/new?person={}", class.people[0])).await;
    assert!(own.body.contains("Make 1 password?"), "{}", own.body);

    let school = class.scene.school.school.to_string();
    let chosen = serde_json::to_string(&Selection::People { ids: vec![lio] }).unwrap();
    let form = [("school", school.as_str()), ("selection", chosen.as_str())];
    let nobody = class.tutor.post("/cards/make", &form).await.body;
    assert!(nobody.contains("None of these people can be given a password now."), "{nobody}");
    let outdated = class.tutor.post("/cards/make", &[("school", school.as_str()), ("selection", "?")]).await;
    assert!(outdated.body.contains("This page is out of date."), "{}", outdated.body);
    assert_eq!(class.tutor.get("/cards/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(class.tutor.get("/cards/new").await.location(), Some("/cards"));
    let empty = class.tutor.get("/cards").await.body;
    assert!(empty.contains("No passwords have been made yet."), "{empty}");
    assert_eq!(class.scene.count("SELECT count(*) FROM print_runs").await, 0);
}
