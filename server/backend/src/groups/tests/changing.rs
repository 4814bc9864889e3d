//! Joining, moving and leaving.

use chrono::NaiveDate;
use domain::groups::members::MemberChange;
use domain::ids::OperationId;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;

use super::*;
use crate::record::record;

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

impl Office {
    async fn ask(
        &self,
        people: &[PersonId],
        change: MemberChange,
        on: NaiveDate,
    ) -> Result<ChangeEnd, Error> {
        let selection = Selection::People { ids: people.to_vec() };
        let input = ChangeMembers { selection, change, on };
        change::change(&self.backend, &self.actor, self.school.school, (input, READY)).await
    }

    async fn done(
        &self,
        people: &[PersonId],
        change: MemberChange,
        on: NaiveDate,
    ) -> (OperationId, usize, Vec<(String, u32)>) {
        match self.ask(people, change, on).await.unwrap() {
            ChangeEnd::Done { operation, changed, left_out } => {
                (operation, changed, left_out.into_iter().map(|left| (left.reason, left.count)).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    /// Every membership, as lines to compare.
    async fn memberships(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws(' ', g.name, p.given_name, m.starts_on, m.ends_on)
             FROM group_members m JOIN groups g ON g.id = m.group_id JOIN people p ON p.id = m.person_id
             ORDER BY g.name, p.given_name, m.starts_on",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn moving_ends_one_membership_and_begins_another_and_its_undo_leaves_no_trace(pool: PgPool) {
    let office = Office::new(pool).await;
    let (a, b) = (office.group("12A").await, office.group("12B").await);
    let people = office.students(&["Ann", "Bo"]).await;
    let (_, changed, left) = office.done(&people, MemberChange::Join { to: a }, day(9, 1)).await;
    assert_eq!((changed, left), (2, Vec::new()));
    let before = office.memberships().await;
    assert_eq!(before, ["12A Ann 2026-09-01", "12A Bo 2026-09-01"]);

    // Who is there already is left out, and said.
    let again = office.ask(&people, MemberChange::Join { to: a }, day(10, 1)).await.unwrap();
    assert!(
        matches!(&again, ChangeEnd::Nobody(left) if left[0].count == 2 && left[0].reason == "in the group already"),
        "{again:?}"
    );

    let change = MemberChange::Move { from: a, to: b };
    let (moved, changed, _) = office.done(&people[..1], change, day(10, 1)).await;
    assert_eq!(changed, 1);
    assert_eq!(
        office.memberships().await,
        ["12A Ann 2026-09-01 2026-09-30", "12A Bo 2026-09-01", "12B Ann 2026-10-01"]
    );
    let school = office.school.school;
    assert_eq!(change::undo(&office.backend, &office.actor, school, moved).await.unwrap(), 1);
    assert_eq!(office.memberships().await, before);
    let twice = change::undo(&office.backend, &office.actor, school, moved).await;
    assert_eq!(conflict(twice).0, "already_undone");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_change_on_which_another_was_built_is_not_undone(pool: PgPool) {
    let office = Office::new(pool).await;
    let (a, b, c) = (office.group("12A").await, office.group("12B").await, office.group("12C").await);
    let people = office.students(&["Ann"]).await;
    office.done(&people, MemberChange::Join { to: a }, day(9, 1)).await;
    let (first, ..) = office.done(&people, MemberChange::Move { from: a, to: b }, day(10, 1)).await;
    let (second, ..) = office.done(&people, MemberChange::Move { from: b, to: c }, day(10, 1)).await;
    // The move of the same day left nothing of the time in between.
    assert_eq!(office.memberships().await, ["12A Ann 2026-09-01 2026-09-30", "12C Ann 2026-10-01"]);
    let school = office.school.school;
    let (code, sentence) = conflict(change::undo(&office.backend, &office.actor, school, first).await);
    assert_eq!(code, "groups_changed_since");
    assert!(sentence.contains("Ann Roe"), "{sentence}");
    for operation in [second, first] {
        change::undo(&office.backend, &office.actor, school, operation).await.unwrap();
    }
    assert_eq!(office.memberships().await, ["12A Ann 2026-09-01"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_group_is_filled_from_registration_groups_and_nobody_joins_a_closed_one(pool: PgPool) {
    let office = Office::new(pool).await;
    let a = office.group("12A").await;
    office.students(&["Ann", "Bo", "Cy"]).await;
    sqlx::query("UPDATE enrolments SET registration_group = '12X' WHERE admission_number <> '3'")
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let filter = RollFilter { group: "12X".to_owned(), ..RollFilter::default() };
    let input = ChangeMembers {
        selection: Selection::Matching { filter },
        change: MemberChange::Join { to: a },
        on: day(11, 21),
    };
    let (backend, actor, school) = (&office.backend, &office.actor, office.school.school);
    let shown = change::simulate(backend, actor, school, &input).await.unwrap();
    let names: Vec<_> = shown.first.iter().map(|who| who.name.as_str()).collect();
    assert_eq!((names, shown.changes, shown.waits), (vec!["Ann Roe", "Bo Roe"], 2, false));
    let seen = ExpectedPlan::Plan(shown.hash);
    change::change(backend, actor, school, (input.clone(), seen)).await.unwrap();
    let again = change::simulate(backend, actor, school, &input).await.unwrap();
    let stays: Vec<_> = again.stays.iter().map(|stays| (stays.reason.as_str(), stays.first.len())).collect();
    assert_eq!((again.changes, stays), (0, vec![("in the group already", 2)]));
    let late = change::change(backend, actor, school, (input, seen)).await.unwrap();
    assert!(matches!(late, ChangeEnd::Drifted | ChangeEnd::Nobody(_)), "{late:?}");
    assert_eq!(office.names(actor, a).await, ["Ann Roe", "Bo Roe"]);

    edit::close(backend, actor, a, true).await.unwrap();
    let cy = office.students(&[]).await;
    let (code, sentence) = conflict(office.ask(&cy, MemberChange::Join { to: a }, day(11, 21)).await);
    assert_eq!(
        (code, sentence.as_str()),
        ("group_closed", "12A is closed. Open it first, or choose another group.")
    );
    let same = office.ask(&cy, MemberChange::Move { from: a, to: a }, day(11, 21)).await;
    assert_eq!(conflict(same).0, "same_group");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn leaving_a_group_before_the_first_day_withdraws_and_the_record_shows_every_group(pool: PgPool) {
    let office = Office::new(pool).await;
    let (a, b) = (office.group("12A").await, office.group("12B").await);
    let people = office.students(&["Ann"]).await;
    office.done(&people, MemberChange::Join { to: a }, day(9, 1)).await;
    office.done(&people, MemberChange::Join { to: b }, day(12, 1)).await;
    let (left, ..) = office.done(&people, MemberChange::Leave { from: b }, day(11, 30)).await;
    office.done(&people, MemberChange::Leave { from: a }, day(10, 1)).await;
    assert_eq!(office.memberships().await, ["12A Ann 2026-09-01 2026-09-30"]);
    change::undo(&office.backend, &office.actor, office.school.school, left).await.unwrap();
    let shown = record(&office.backend, &office.actor, people[0]).await.unwrap();
    let groups: Vec<_> = shown.groups.iter().map(|group| (group.name.as_str(), group.ended)).collect();
    assert_eq!(groups, [("12B", false), ("12A", true)]);
    let log: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM audit_events WHERE action IN ('group_joined', 'group_left', 'group_moved')",
    )
    .fetch_one(office.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(log, 5);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn somebody_moves_back_to_a_group_they_had_left_and_every_time_is_kept(pool: PgPool) {
    let office = Office::new(pool).await;
    let (a, b) = (office.group("12A").await, office.group("12B").await);
    let ann = office.students(&["Ann"]).await;
    office.done(&ann, MemberChange::Join { to: a }, day(9, 1)).await;
    office.done(&ann, MemberChange::Move { from: a, to: b }, day(10, 1)).await;
    let (_, changed, _) = office.done(&ann, MemberChange::Move { from: b, to: a }, day(11, 2)).await;
    assert_eq!(changed, 1);
    assert_eq!(
        office.memberships().await,
        ["12A Ann 2026-09-01 2026-09-30", "12A Ann 2026-11-02", "12B Ann 2026-10-01 2026-11-01"]
    );
    // A form that is saved without a change leaves everybody where they are.
    let form = GroupForm { name: "12A".to_owned(), ..GroupForm::default() };
    edit::edit(&office.backend, &office.actor, a, &form).await.unwrap();
    assert_eq!(office.names(&office.actor, a).await, ["Ann Roe"]);
    // A list of another group takes nobody out of this one.
    office.done(&ann, MemberChange::Join { to: b }, day(11, 10)).await;
    assert_eq!(office.names(&office.actor, a).await, ["Ann Roe"]);
}
