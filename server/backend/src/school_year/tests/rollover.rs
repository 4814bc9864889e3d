use std::collections::{BTreeMap, BTreeSet};

use domain::authorization::role::Role;
use domain::groups::name::GroupName;
use domain::ids::{AcademicYearId, GroupId, OperationId, PersonId};
use domain::school_year::exceptions::Exceptions;
use domain::school_year::rollover::{Ladder, NextStep};
use sqlx::PgPool;

use super::{Office, day};
use crate::groups::create::{NewGroup, insert};
use crate::groups::members::add;
use crate::school_year::rollover::{RollOver, RolloverEnd, commit, past, simulate, undo, years};
use crate::tenancy::target::School;
use crate::testing::{member_of_staff, student};
use crate::{Error, db};
use domain::authorization::permission::Permission;

fn year(name: &str) -> RollOver {
    RollOver::usual(name)
}

impl Office {
    async fn in_year(&self, name: &str, number: &str, year: &str, group: &str) -> PersonId {
        let person = student(&self.backend, &self.school, name, "Berg", number, None).await;
        sqlx::query("UPDATE enrolments SET year_group = $2, registration_group = $3 WHERE person_id = $1")
            .bind(person.0)
            .bind(year)
            .bind(group)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        person
    }

    /// A teaching group of 2026/27 with these members and a tutor.
    async fn teaching_group(&self, name: &str, members: &[PersonId]) -> GroupId {
        let entered = self
            .backend
            .enter(&self.manager, Permission::ManageGroups, School(self.school.school))
            .await
            .unwrap();
        let (mut transaction, at) = (entered.transaction, entered.at);
        let id: AcademicYearId = self.backend.new_id();
        sqlx::query(
            "INSERT INTO academic_years (id, organisation_id, school_id, name, starts_on, ends_on, created_at)
             VALUES ($1, $2, $3, '2026/27', '2026-09-01', '2027-08-31', $4)",
        )
        .bind(id.0)
        .bind(at.organisation.0)
        .bind(at.school.0)
        .bind(self.backend.now())
        .execute(&mut *transaction)
        .await
        .unwrap();
        let new =
            NewGroup { name: name.parse::<GroupName>().unwrap(), year: Some(id), courses: BTreeSet::new() };
        let group = insert(&self.backend, &mut transaction, &at, &new).await.unwrap();
        add(&self.backend, &mut transaction, at.organisation, group, (members, at.today)).await.unwrap();
        transaction.commit().await.unwrap();
        let tutor = member_of_staff(&self.backend, &self.school, "Tess", "Roe", name, None).await;
        sqlx::query(
            "INSERT INTO staff_roles (id, organisation_id, person_id, school_id, group_id, role, created_at)
             VALUES ($1, $2, $3, $4, $5, 'group_tutor', $6)",
        )
        .bind(self.backend.new_id::<uuid::Uuid>())
        .bind(self.school.organisation.0)
        .bind(tutor.0)
        .bind(self.school.school.0)
        .bind(group.0)
        .bind(self.backend.now())
        .execute(self.backend.database.raw())
        .await
        .unwrap();
        group
    }

    /// What students and groups are, in one text.
    async fn picture(&self) -> String {
        sqlx::query_scalar(
            "SELECT concat_ws('; ',
                (SELECT string_agg(concat_ws(' ', admission_number, year_group, registration_group, ends_on), ', '
                                   ORDER BY admission_number) FROM enrolments),
                (SELECT string_agg(concat_ws(' ', g.name, y.name, CASE WHEN g.closed_at IS NULL THEN 'open' ELSE 'closed' END,
                                   (SELECT count(*) FROM group_members m WHERE m.group_id = g.id AND m.ends_on IS NULL),
                                   (SELECT count(*) FROM staff_roles r WHERE r.group_id = g.id)), ', ' ORDER BY y.name)
                 FROM groups g JOIN academic_years y ON y.id = g.academic_year_id))",
        )
        .fetch_one(self.backend.database.raw())
        .await
        .unwrap()
    }

    async fn roll_over(&self, input: RollOver) -> OperationId {
        let school = self.school.school;
        let seen = simulate(&self.backend, &self.manager, school, &input).await.unwrap();
        match commit(&self.backend, &self.manager, school, input, seen.hash).await.unwrap() {
            RolloverEnd::Done(operation, _) => operation,
            _ => panic!("it did not run"),
        }
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_school_moves_up_and_back(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    let ana = office.in_year("Ana", "1", "10", "10A").await;
    let bem = office.in_year("Bem", "2", "11", "11B").await;
    let cleo = office.in_year("Cleo", "3", "9", "Oak").await;
    let next = office.in_year("Dario", "4", "9", "9C").await;
    office.change("UPDATE enrolments SET starts_on = '2027-09-01' WHERE person_id = $1", next).await;
    office.teaching_group("Maths", &[ana, bem, cleo]).await;
    let before = office.picture().await;

    let seen = simulate(backend, manager, school, &year("2026/27")).await.unwrap();
    assert_eq!((seen.moves, seen.leaves, seen.stays, seen.comes), (2, 1, 0, 1));
    assert_eq!((seen.groups[0].members, seen.groups[0].goes_on), (2, true));
    assert!(seen.too_early.as_deref().is_some_and(|said| said.contains("31 August 2027")), "{seen:?}");
    let refused = commit(backend, manager, school, year("2026/27"), seen.hash).await.err().unwrap();
    assert!(refused.to_string().contains("has not ended"), "{refused}");
    assert_eq!(office.picture().await, before);

    office.go_to("2027-09-01");
    let operation = office.roll_over(year("2026")).await;
    assert_eq!(
        office.picture().await,
        "1 11 11A, 2 11 11B 2027-08-31, 3 10 Oak, 4 9 9C; Maths 2026/27 closed 0 1, Maths 2027/28 open 2 1"
    );
    let again = simulate(backend, manager, school, &year("2026/27")).await.err().unwrap();
    assert!(again.to_string().contains("A year is rolled over once"), "{again}");
    let listed = years(backend, manager, school).await.unwrap();
    assert_eq!(
        listed.iter().map(|y| (y.name.as_str(), y.rolled_over)).collect::<Vec<_>>(),
        [("2027/28", false), ("2026/27", true)]
    );

    undo(backend, manager, school, operation).await.unwrap();
    assert_eq!(office.picture().await, before);
    assert!(past(backend, manager, school).await.unwrap()[0].undone_at.is_some());
    office.roll_over(year("2026/27")).await;
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_was_changed_since_keeps_it_and_used_groups_stop_an_undo(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    let ana = office.in_year("Ana", "1", "10", "10A").await;
    let bem = office.in_year("Bem", "2", "10", "10A").await;
    office.in_year("Cleo", "3", "11", "").await;
    office.teaching_group("Maths", &[ana]).await;
    office.go_to("2027-09-02");
    let operation = office.roll_over(year("2026/27")).await;
    office.change("UPDATE enrolments SET registration_group = '11Z' WHERE person_id = $1", bem).await;
    let group: uuid::Uuid = sqlx::query_scalar("SELECT id FROM groups WHERE closed_at IS NULL")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    office.go_to("2027-09-03");
    let mut transaction = backend.tenant_transaction(office.school.organisation).await.unwrap();
    add(backend, &mut transaction, office.school.organisation, GroupId(group), (&[bem], day("2027-09-03")))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    let refused = undo(backend, manager, school, operation).await.unwrap_err();
    assert!(refused.to_string().contains("Maths"), "{refused}");
    office.change("DELETE FROM group_members WHERE person_id = $1", bem).await;
    undo(backend, manager, school, operation).await.unwrap();
    let picture = office.picture().await;
    assert!(
        picture.starts_with("1 10 10A, 2 11 11Z, 3 11 ;") || picture.starts_with("1 10 10A, 2 11 11Z, 3 11;"),
        "{picture}"
    );
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_ladder_is_chosen_and_a_bad_one_is_refused_with_its_way(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    office.in_year("Ana", "1", "10", "10A").await;
    office.in_year("Bem", "2", "11", "11B").await;
    office.go_to("2027-09-01");
    let chosen = |ten: NextStep, eleven: NextStep| RollOver {
        ladder: Some(Ladder(BTreeMap::from([("10".to_owned(), ten), ("11".to_owned(), eleven)]))),
        ..year("2026/27")
    };
    let itself = chosen(NextStep::Moves { to: "10".to_owned() }, NextStep::Leaves);
    let refused = simulate(backend, manager, school, &itself).await.err().unwrap();
    assert!(refused.to_string().contains("moves to itself"), "{refused}");
    let unknown = simulate(backend, manager, school, &year("1999/2003")).await.err().unwrap();
    assert!(unknown.to_string().contains("There is no school year"), "{unknown}");
    office.roll_over(chosen(NextStep::Leaves, NextStep::Moves { to: "12".to_owned() })).await;
    assert!(
        office.picture().await.starts_with("1 10 10A 2027-08-31, 2 12 12B"),
        "{}",
        office.picture().await
    );
    let viewer = office.school.actor(backend, Role::GroupTutor);
    assert!(matches!(simulate(backend, &viewer, school, &year("2027/28")).await, Err(Error::Refused(_))));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_year_is_not_rolled_over_after_a_later_one_nor_long_after_it_ended(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    office.in_year("Ana", "1", "10", "10A").await;
    sqlx::query("UPDATE enrolments SET starts_on = '2024-09-01'")
        .execute(backend.database.raw())
        .await
        .unwrap();
    office.go_to("2026-12-01");
    for (name, words) in [
        ("2024/25", "There is no school year 2024/25 that can be rolled over"),
        ("1900/01", "There is no school year 1900/01"),
        ("2040/41", "There is no school year 2040/41"),
        ("", "Say which school year."),
    ] {
        let refused = simulate(backend, manager, school, &year(name)).await.err().unwrap();
        assert!(refused.to_string().contains(words), "{name}: {refused}");
    }
    office.roll_over(year("2025/26")).await;
    // A year before it that somebody records now.
    sqlx::query(
        "INSERT INTO academic_years (id, organisation_id, school_id, name, starts_on, ends_on, created_at)
         SELECT gen_random_uuid(), organisation_id, id, '2024/25', '2024-09-01', '2025-08-31', now() FROM schools",
    )
    .execute(backend.database.raw())
    .await
    .unwrap();
    let twice = simulate(backend, manager, school, &year("2024/25")).await.err().unwrap();
    assert!(twice.to_string().contains("2025/26 was rolled over already"), "{twice}");
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_student_repeats_the_year_or_leaves_while_the_others_move_up(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    for (name, number) in [("Ana", "1"), ("Bem", "2"), ("Cleo", "3")] {
        office.in_year(name, number, "10", "10A").await;
    }
    office.in_year("Dana", "4", "11", "11A").await;
    office.go_to("2027-09-02");
    let with = |stays: &str, leaves: &str| RollOver {
        exceptions: Exceptions::read(stays, leaves),
        ..year("2026/27")
    };
    for (stays, leaves, words) in [
        ("1 99", "", "Nobody who is on the roll at the end of 2026/27 has the admission number 99"),
        ("1", "1", "1 is among those who stay and those who leave"),
    ] {
        let refused = simulate(backend, manager, school, &with(stays, leaves)).await.err().unwrap();
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let seen = simulate(backend, manager, school, &with("1, 4", "2")).await.unwrap();
    assert_eq!((seen.moves, seen.leaves, seen.stays), (1, 1, 2));
    let operation = office.roll_over(with("1, 4", "2")).await;
    assert_eq!(office.picture().await, "1 10 10A, 2 10 10A 2027-08-31, 3 11 11A, 4 11 11A");
    assert_eq!(undo(backend, manager, school, operation).await.unwrap(), 2);
    assert_eq!(office.picture().await, "1 10 10A, 2 10 10A, 3 10 10A, 4 11 11A");
}
