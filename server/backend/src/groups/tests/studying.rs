//! Courses, years and groups.

use super::years::YearForm;
use super::*;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn choosing_a_course_takes_its_modules_and_a_changed_rule_reaches_open_groups(pool: PgPool) {
    let office = Office::new(pool).await;
    let statistics = office.course("Statistics 1", &[]).await.unwrap();
    let mechanics = office.course("Mechanics 1", &[]).await.unwrap();
    let maths = office.course("Mathematics Year 1", &[statistics]).await.unwrap();
    let (backend, actor, school) = (&office.backend, &office.actor, office.school.school);
    let form = GroupForm { name: "12A".to_owned(), courses: [maths].into(), ..GroupForm::default() };
    let id = create(backend, actor, school, &form).await.unwrap();
    let studied = async || {
        let page = group(backend, actor, id).await.unwrap();
        page.courses.into_iter().map(|course| (course.name, course.chosen)).collect::<Vec<_>>()
    };
    let named = |name: &str, chosen| (name.to_owned(), chosen);
    assert_eq!(studied().await, [named("Mathematics Year 1", true), named("Statistics 1", false)]);

    let changed = CourseForm {
        code: "MA1".to_owned(),
        name: "Mathematics Year 1".to_owned(),
        adds: [mechanics].into(),
    };
    course::save(backend, actor, school, (Some(maths), &changed)).await.unwrap();
    assert_eq!(studied().await, [named("Mathematics Year 1", true), named("Mechanics 1", false)]);

    // A closed group keeps what it studied.
    edit::close(backend, actor, id, true).await.unwrap();
    let nothing = CourseForm { adds: BTreeSet::new(), ..changed };
    course::save(backend, actor, school, (Some(maths), &nothing)).await.unwrap();
    assert_eq!(studied().await, [named("Mathematics Year 1", true), named("Mechanics 1", false)]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_rule_that_adds_itself_is_refused_with_its_way(pool: PgPool) {
    let office = Office::new(pool).await;
    let statistics = office.course("Statistics", &[]).await.unwrap();
    let maths = office.course("Maths", &[statistics]).await.unwrap();
    let further = office.course("Further maths", &[maths]).await.unwrap();
    let (backend, actor, school) = (&office.backend, &office.actor, office.school.school);
    let form = CourseForm { code: "S".to_owned(), name: "Statistics".to_owned(), adds: [further].into() };
    let sentence = wrong(course::save(backend, actor, school, (Some(statistics), &form)).await, "adds");
    assert_eq!(
        sentence,
        "Statistics would add itself: Statistics adds Further maths adds Maths adds Statistics. Leave out one of these steps."
    );
    let itself = CourseForm { adds: [statistics].into(), ..form };
    let sentence = wrong(course::save(backend, actor, school, (Some(statistics), &itself)).await, "adds");
    assert!(sentence.contains("Statistics adds Statistics"), "{sentence}");
    assert_eq!(
        wrong(office.course("maths", &[]).await, "name"),
        "Another course has this name. Choose another."
    );
    course::offer(backend, actor, school, (maths, false)).await.unwrap();
    let last = courses(backend, actor, school).await.unwrap().pop().unwrap();
    assert_eq!((last.name.as_str(), last.offered), ("Maths", false));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_group_named_like_another_of_its_year_is_refused_and_not_like_one_of_last_year(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, actor, school) = (&office.backend, &office.actor, office.school.school);
    let year = async |name: &str, from: &str, until: &str| {
        let form = YearForm { name: name.to_owned(), starts_on: from.to_owned(), ends_on: until.to_owned() };
        years::save(backend, actor, school, (None, &form)).await
    };
    let last = year("2025/26", "2025-09-01", "2026-08-31").await.unwrap();
    let this = year("2026/27", "2026-09-01", "2027-08-31").await.unwrap();
    assert!(wrong(year("2026/27", "2030-09-01", "2031-08-31").await, "name").contains("already a year"));
    assert!(wrong(year("More", "2027-08-31", "2028-08-31").await, "starts_on").contains("in another year"));
    assert!(wrong(year("Odd", "2029-08-31", "2029-08-31").await, "ends_on").contains("after the first day"));
    let form =
        |name: &str, year| GroupForm { name: name.to_owned(), year: Some(year), ..GroupForm::default() };
    create(backend, actor, school, &form("12A", last)).await.unwrap();
    let second = create(backend, actor, school, &form("12A", this)).await.unwrap();
    let (code, sentence) = conflict(create(backend, actor, school, &form(" 12a ", this)).await);
    assert_eq!(code, "group_name_taken");
    assert!(sentence.contains("12a"), "{sentence}");
    let (code, _) = conflict(edit::edit(backend, actor, second, &form("12A", last)).await);
    assert_eq!(code, "group_name_taken");
    edit::close(backend, actor, second, true).await.unwrap();
    let third = create(backend, actor, school, &form("12A", this)).await.unwrap();
    assert_eq!(conflict(edit::close(backend, actor, second, false).await).0, "group_name_taken");
    edit::edit(backend, actor, third, &form("12B", this)).await.unwrap();
    edit::close(backend, actor, second, false).await.unwrap();

    let filter = GroupFilter { words: "12".to_owned(), year: Some(this), ..GroupFilter::default() };
    let found = list(backend, actor, school, &filter, None).await.unwrap();
    let names: Vec<_> = found.page.rows.iter().map(|line| line.name.as_str()).collect();
    assert_eq!((names, found.own, found.tutor_wanted), (vec!["12A", "12B"], false, 3));
}
