//! Importing staff, and the list of them, on a real PostgreSQL.

use std::fmt::Write as _;

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::imports::held::{ChoiceKind, HeldChoice, HeldDecision, HeldReason};
use domain::imports::kind::KindSlug;
use domain::imports::outcome::RowOutcome;
use domain::imports::views::{CommitOutcome, ImportState, ImportView};
use domain::imports::words;
use domain::lists::page::{Cursor, Order};
use domain::staff::import::STAFF;
use sqlx::PgPool;

use super::list::{PAGE, list};
use crate::imports::{commit, log, settle, simulate, stage, undo};
use crate::testing::{TestSchool, account, active_account, backend, member_of_staff, staff_role, student};
use crate::{Backend, Error};

struct Office {
    backend: Backend,
    school: TestSchool,
    actor: Actor,
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let actor = school.actor(&backend, Role::AccountManager);
        Self { backend, school, actor }
    }

    async fn check(&self, csv: &str) -> ImportView {
        let kind = KindSlug::from(&STAFF);
        let (backend, actor) = (&self.backend, &self.actor);
        let staged =
            stage::stage(backend, actor, &kind, self.school.school, "staff.csv", csv.into()).await.unwrap();
        simulate::simulate(backend, actor, staged.id).await.unwrap()
    }

    async fn import(&self, csv: &str) -> ImportView {
        let checked = self.check(csv).await;
        self.written(&checked).await
    }

    async fn written(&self, checked: &ImportView) -> ImportView {
        let (backend, actor) = (&self.backend, &self.actor);
        match commit::commit(backend, actor, checked.id, checked.plan.unwrap()).await.unwrap() {
            CommitOutcome::Done { import } => import,
            CommitOutcome::Drifted { differing, .. } => panic!("nobody else writes here: {differing:?}"),
            CommitOutcome::Queued { .. } | CommitOutcome::Waits => {
                panic!("so few rows are no job, and end nothing")
            }
        }
    }

    /// The log's message for each row.
    async fn log(&self, import: &ImportView) -> Vec<(RowOutcome, String)> {
        let page = log::page(&self.backend, &self.actor, import.id, None, 0, 100).await.unwrap();
        let lines = page.lines.into_iter().map(|named| named.line.line);
        lines.map(|line| (line.outcome, words::line(&STAFF, &line))).collect()
    }

    /// Everyone employed, as lines to compare.
    async fn staff(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws('|', e.staff_code, p.given_name, p.family_name, e.starts_on, e.ends_on,
                    (SELECT string_agg(a.value, ',' ORDER BY a.comparable) FROM addresses a
                     WHERE a.person_id = p.id AND a.is_primary))
             FROM employments e JOIN people p ON p.id = e.person_id ORDER BY e.staff_code",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

const FILE: &str = "Staff code,Forename,Surname,Email,Role,School,Start date\n\
    HOP,Grace,Hopper,g.hopper@school.example,Administrator,QUILL,2020-09-01\n\
    LOV,Ada,Lovelace,a.lovelace@school.example,Teacher,Quillmere School,2021-09-01\n\
    TUR,Alan,Turing,a.turing@school.example,Teacher,OTHER,\n\
    ,No,Code,,,,\n";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn staff_come_without_accounts_or_roles_and_not_onto_the_roll(pool: PgPool) {
    let office = Office::new(pool).await;
    let import = office.import(FILE).await;
    assert_eq!(
        office.staff().await,
        [
            "HOP|Grace|Hopper|2020-09-01|g.hopper@school.example",
            "LOV|Ada|Lovelace|2021-09-01|a.lovelace@school.example",
        ]
    );
    let outcomes: Vec<RowOutcome> =
        office.log(&import).await.into_iter().map(|(outcome, _)| outcome).collect();
    assert_eq!(outcomes, [RowOutcome::Added, RowOutcome::Added, RowOutcome::Skipped, RowOutcome::Rejected]);
    for made in [
        "SELECT count(*) FROM accounts",
        "SELECT count(*) FROM usernames",
        "SELECT count(*) FROM staff_roles",
        "SELECT count(*) FROM enrolments",
    ] {
        assert_eq!(office.count(made).await, 0, "{made}");
    }
    let again = office.import(FILE).await;
    assert_eq!((again.counts.unwrap().unchanged, again.counts.unwrap().changes()), (2, 0));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn changes_are_written_and_an_undo_takes_everything_back(pool: PgPool) {
    let office = Office::new(pool).await;
    let first = office.import(FILE).await;
    let before = office.staff().await;
    let second = office
        .import(
            "Staff code,Forename,Surname,Email,End date\n\
             HOP,Grace,Hopper,grace@school.example,31/08/2027\nNOE,Emmy,Noether,,\n",
        )
        .await;
    let log = office.log(&second).await;
    assert_eq!(
        log[0].1,
        "End date set to \u{201c}31 Aug 2027\u{201d}; Email changed from \u{201c}g.hopper@school.example\u{201d} to \u{201c}grace@school.example\u{201d}."
    );
    assert_eq!(office.staff().await.len(), 3);
    let undone = undo::undo(&office.backend, &office.actor, second.id).await.unwrap();
    assert_eq!(undone.state, ImportState::Undone);
    assert_eq!(office.staff().await, before);
    let ada = sqlx::query_scalar("SELECT id FROM people WHERE family_name = 'Lovelace'")
        .fetch_one(office.backend.database.raw())
        .await
        .map(domain::ids::PersonId)
        .unwrap();
    account(&office.backend, &office.school, ada, "a.lovelace").await;
    let refused = undo::undo(&office.backend, &office.actor, first.id).await.unwrap_err();
    assert!(matches!(refused, Error::Import(_)) && refused.to_string().contains("Ada Lovelace"), "{refused}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn somebody_with_the_same_name_and_email_is_not_made_twice_and_a_student_is_never_linked(pool: PgPool) {
    let office = Office::new(pool).await;
    let backend = &office.backend;
    let pupil = student(backend, &office.school, "Ada", "Lovelace", "1", Some("family@home.example")).await;
    sqlx::query(
        "WITH head AS (
             INSERT INTO people (id, organisation_id, given_name, family_name, search_key, sort_key, created_at, updated_at)
             VALUES (gen_random_uuid(), $1, 'Grace', 'Hopper', ' grace hopper', 'hopper grace', $2, $2) RETURNING id)
         INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
         SELECT gen_random_uuid(), $1, id, 'email', 'head@school.example', 'head@school.example', true, $2 FROM head",
    )
    .bind(office.school.organisation.0)
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
    let head = sqlx::query_scalar("SELECT id FROM people WHERE family_name = 'Hopper'")
        .fetch_one(backend.database.raw())
        .await
        .map(domain::ids::PersonId)
        .unwrap();
    staff_role(backend, &office.school, head, Role::Administrator).await;
    let import = office
        .import(
            "Staff code,Name,Email\nHOP,Grace Hopper,Head@school.example\nHO2,Grace Hopper,head@school.example\n\
             LOV,Ada Lovelace,family@home.example\n",
        )
        .await;
    let log = office.log(&import).await;
    assert!(log[0].1.contains("Linked to Grace Hopper"), "{log:?}");
    assert_eq!(log[1].0, RowOutcome::Held, "one person is employed once: {log:?}");
    assert_eq!(log[2].1, "New member of staff.");
    assert_eq!(office.count("SELECT count(*) FROM people WHERE family_name = 'Hopper'").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM people WHERE family_name = 'Lovelace'").await, 2);
    let employed: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM employments WHERE person_id = $1)")
        .bind(pupil.0)
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert!(!employed);
    // A file cannot change what is known about the head, and an undo does not remove the head.
    undo::undo(backend, &office.actor, import.id).await.unwrap();
    assert!(office.staff().await.is_empty());
    assert_eq!(office.count("SELECT count(*) FROM people WHERE family_name = 'Hopper'").await, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_of_another_school_is_claimed_by_a_file_and_a_file_does_not_find_out_who_is_there(
    pool: PgPool,
) {
    let mut office = Office::new(pool).await;
    let sibling = office.school.sibling(&office.backend, "NORTH", "North School").await;
    let backend = office.backend.clone();
    let teacher = member_of_staff(&backend, &sibling, "Tess", "Oak", "OAK", Some("tess@north.example")).await;
    account(&backend, &sibling, teacher, "t.oak").await;
    let head = student(&backend, &sibling, "Hal", "Elm", "9", Some("hal@north.example")).await;
    staff_role(&backend, &sibling, head, Role::Administrator).await;
    let parent = student(&backend, &sibling, "Pat", "Ash", "8", Some("pat@home.example")).await;
    sqlx::query("DELETE FROM enrolments").execute(backend.database.raw()).await.unwrap();
    let file = "Staff code,Name,Email\nA,Tess Oak,tess@north.example\nB,Hal Elm,hal@north.example\nC,Pat Ash,pat@home.example\n";

    office.actor = office.school.actor(&backend, Role::Administrator);
    let seen = office.import(file).await;
    for (outcome, said) in office.log(&seen).await {
        assert_eq!(
            (outcome, said.as_str()),
            (
                RowOutcome::Held,
                "Held back: someone at another school of your organisation has this address. Ask an administrator of all \
                 schools to import this row."
            )
        );
    }
    let page = log::page(&backend, &office.actor, seen.id, None, 0, 100).await.unwrap();
    let leave_out = vec![HeldChoice::of(ChoiceKind::LeaveOut)];
    let held: Vec<_> = page.lines.into_iter().filter_map(|line| line.line.line.held).collect();
    assert_eq!(held.len(), 3);
    assert!(held.iter().all(|held| held.people.is_empty() && held.choices == leave_out), "{held:?}");
    assert!(office.staff().await.len() == 1, "only the teacher, where she works");
    let checked = office.check(file).await;
    for person in [teacher, head, parent] {
        let choice = HeldChoice::about(ChoiceKind::ThisPerson, person);
        let refused =
            settle::settle(&backend, &office.actor, checked.id, HeldDecision::Row { row: 2, choice }).await;
        assert!(matches!(refused, Err(Error::Conflict { code: "not_offered", .. })), "{refused:?}");
    }

    // Who acts for all schools is asked.
    office.actor = Actor::system(office.school.organisation);
    let checked = office.check(file).await;
    let page = log::page(&backend, &office.actor, checked.id, None, 0, 100).await.unwrap();
    let asked: Vec<_> = page.lines.into_iter().filter_map(|line| line.line.line.held).collect();
    let shown: Vec<_> = asked
        .iter()
        .map(|held| (held.reason, held.people[0].name.as_str(), held.people[0].school.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            (HeldReason::OtherSchool, "Tess Oak", "North School"),
            (HeldReason::OtherSchool, "Hal Elm", "North School"),
            (HeldReason::KnownPerson, "Pat Ash", ""),
        ]
    );
    let decided = settle::settle(&backend, &office.actor, checked.id, HeldDecision::Proposals).await.unwrap();
    office.written(&decided).await;
    assert_eq!(office.staff().await.len(), 4);
    assert_eq!(office.count("SELECT count(*) FROM people").await, 3, "nobody is made twice");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_undo_does_not_readdress_an_account_whose_contacts_one_may_not_edit(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let backend = office.backend.clone();
    let otis =
        member_of_staff(&backend, &office.school, "Otis", "Warrender", "WAR", Some("otis@old.example")).await;
    active_account(&backend, &office.school, otis, "otis", "copper ladder fog").await;
    office.actor = Actor::system(office.school.organisation);
    let checked = office.check("Staff code,Name,Email\nWAR,Otis Warrender,otis@new.example\n").await;
    let decided = settle::settle(&backend, &office.actor, checked.id, HeldDecision::Proposals).await.unwrap();
    let import = office.written(&decided).await;
    assert!(office.staff().await[0].ends_with("otis@new.example"));
    // Contacts of staff are edited by who acts for all schools.
    let of_one = office.school.actor(&backend, Role::Administrator);
    let refused = undo::undo(&backend, &of_one, import.id).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "undo_beyond_reach", .. })), "{refused:?}");
    assert!(office.staff().await[0].ends_with("otis@new.example"), "nothing half done");
    undo::undo(&backend, &office.actor, import.id).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_list_finds_staff_by_name_or_code_at_their_school_alone(pool: PgPool) {
    let office = Office::new(pool).await;
    office.import(FILE).await;
    let found = async |words: &str| -> Vec<String> {
        let by = order("name", false);
        let page =
            list(&office.backend, &office.actor, office.school.school, words, &by, None).await.unwrap();
        page.rows.into_iter().map(|entry| entry.name).collect()
    };
    assert_eq!(found("").await, ["Grace Hopper", "Ada Lovelace"]);
    assert_eq!(found("lov").await, ["Ada Lovelace"]);
    assert_eq!(found("hopper grace").await, ["Grace Hopper"]);
    assert!(found("turing").await.is_empty());
    let stranger = TestSchool::new(&office.backend).await.actor(&office.backend, Role::Administrator);
    let by = order("name", false);
    assert!(list(&office.backend, &stranger, office.school.school, "", &by, None).await.is_err());
}

fn order(by: &str, descending: bool) -> Order {
    Order { by: by.to_owned(), descending }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_list_comes_in_the_order_of_a_column_page_by_page(pool: PgPool) {
    let office = Office::new(pool).await;
    let mut file = "Staff code,Forename,Surname\n".to_owned();
    for n in 0..=PAGE {
        writeln!(file, "C{:03},Given,Family{n:03}", PAGE - n).unwrap();
    }
    office.import(&file).await;
    let page = async |order: &Order, after: Option<&Cursor>| {
        list(&office.backend, &office.actor, office.school.school, "", order, after).await
    };
    let by_code = order("code", true);
    let first = page(&by_code, None).await.unwrap();
    assert_eq!((first.rows.len(), first.rows[0].staff_code.as_str()), (PAGE, "C050"));
    let last = page(&by_code, first.next.as_ref()).await.unwrap();
    assert_eq!((last.rows.len(), last.rows[0].staff_code.as_str(), last.next), (1, "C000", None));
    // A page of another order begins at the start of the list.
    let other = page(&order("code", false), first.next.as_ref()).await.unwrap();
    assert_eq!(other.rows[0].staff_code, "C000");
    assert!(page(&order("born_on", false), None).await.is_err());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_latest_of_several_employments_counts_and_a_code_of_who_has_left_can_be_given_away(pool: PgPool) {
    let office = Office::new(pool).await;
    let header = "Staff code,Forename,Surname,Email,Start date,End date\n";
    let old = "HOP,Grace,Hopper,g.hopper@school.example,2015-09-01,2018-07-20\n";
    let new = "HOP,Grace,Hopper,g.hopper@school.example,2022-09-01,2026-07-18\n";
    for rows in [[old, new], [new, old]] {
        let import = office.import(&format!("{header}{}", rows.concat())).await;
        assert_eq!(office.staff().await, ["HOP|Grace|Hopper|2022-09-01|2026-07-18|g.hopper@school.example"]);
        let log = office.log(&import).await;
        let earlier = log.iter().find(|(outcome, _)| *outcome == RowOutcome::Skipped).unwrap();
        assert!(earlier.1.starts_with("An earlier employment, from 1 Sep 2015 to 20 Jul 2018."), "{log:?}");
        undo::undo(&office.backend, &office.actor, import.id).await.unwrap();
    }
    office.import(&format!("{header}{new}")).await;
    let before = office.staff().await;
    let kind = KindSlug::from(&STAFF);
    let staged = stage::stage(
        &office.backend,
        &office.actor,
        &kind,
        office.school.school,
        "staff.csv",
        format!("{header}HOP,Zoe,Fir,z.fir@school.example,2026-09-01,\n").into_bytes(),
    );
    let checked = simulate::simulate(&office.backend, &office.actor, staged.await.unwrap().id).await.unwrap();
    let choice = HeldChoice::of(ChoiceKind::NewPerson);
    let decision = HeldDecision::Row { row: 2, choice };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, decision).await.unwrap();
    commit::commit(&office.backend, &office.actor, decided.id, decided.plan.unwrap()).await.unwrap();
    assert_eq!(
        office.staff().await,
        [
            "HOP|Zoe|Fir|2026-09-01|z.fir@school.example",
            "HOP (until 2026-07-18)|Grace|Hopper|2022-09-01|2026-07-18|g.hopper@school.example",
        ]
    );
    undo::undo(&office.backend, &office.actor, decided.id).await.unwrap();
    assert_eq!(office.staff().await, before);
}
