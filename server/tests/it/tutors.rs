//! A tutor at every address of the office, with the ids of another tutor's group: the answer is that of what does not exist.

use axum::http::{Method, StatusCode};
use backend::testing::{active_account, group, member_of_staff, student, tutor_role};
use server::http::{Access, declared};
use sqlx::PgPool;

use crate::browser::Browser;
use crate::neighbours::{Ids, calls, form};
use crate::scene::{PASSWORD, Scene};

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_tutor_gets_nowhere_with_the_ids_of_another_group(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let (backend, school) = (&scene.backend, &scene.school);
    let mara = member_of_staff(backend, school, "Mara", "Lind", "MLI", None).await;
    active_account(backend, school, mara, "m.lind", PASSWORD).await;
    let ann = student(backend, school, "Ann", "Roe", "1", None).await;
    active_account(backend, school, ann, "a.roe", PASSWORD).await;
    let bo = student(backend, school, "Bodhi", "Quist", "2", None).await;
    active_account(backend, school, bo, "b.quist", PASSWORD).await;
    let (own, other) =
        (group(backend, school, "12A", &[ann]).await, group(backend, school, "12B", &[bo]).await);
    sqlx::query("UPDATE groups SET kind = 'teaching'").execute(backend.database.raw()).await.unwrap();
    tutor_role(backend, school, mara, own).await;
    let mut tutor = Browser::new(backend);
    tutor.sign_in("m.lind", PASSWORD).await;
    assert!(tutor.get(&format!("/groups/{own}")).await.body.contains("Ann Roe"));
    assert_eq!(tutor.get(&format!("/students/{ann}/preview")).await.status, StatusCode::OK);

    let here = school.school.to_string();
    let nothing = Ids { school: here.clone(), ..Ids::of_nothing(backend) };
    let theirs = Ids { person: bo.to_string(), group: other.to_string(), ..nothing.clone() };
    let mut wrong = Vec::new();
    for path in
        declared(backend).into_iter().filter(|route| matches!(route.requires.access, Access::Holds(_)))
    {
        let path = path.path;
        for method in [Method::GET, Method::POST] {
            let mut answers = Vec::new();
            for ids in [&theirs, &nothing] {
                let filled = ids.fill(&path);
                let form = form(ids, &here, &filled);
                let form: Vec<(&str, &str)> =
                    form.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let own_site = [("sec-fetch-site", "same-origin")];
                let answer = tutor.send(method.clone(), &filled, Some(&form), &own_site).await;
                if answer.body.contains("Bodhi") || answer.body.contains("b.quist") {
                    wrong.push(format!("{method} {path} names a pupil of another group"));
                }
                answers.push(ids.essence(answer));
            }
            if answers[0] != answers[1] {
                wrong.push(format!("{method} {path}: {} and {}", answers[0].0, answers[1].0));
            }
        }
    }
    for ((endpoint, there), (_, nowhere)) in calls(&theirs).into_iter().zip(calls(&nothing)) {
        let answer = theirs.essence(tutor.call(endpoint, &there).await);
        if answer.1.contains("Bodhi") || answer != nothing.essence(tutor.call(endpoint, &nowhere).await) {
            wrong.push(format!("{endpoint}: {answer:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let query = "SELECT count(*) FROM accounts WHERE username = 'b.quist' AND state = 'active'";
    assert_eq!(scene.count(query).await, 1);
}
