//! Contacts on a real PostgreSQL.

use chrono::NaiveDate;
use domain::authorization::actor::{Actor, ActorKind};
use domain::authorization::role::Role;
use domain::guardians::access::NotOpened;
use domain::guardians::contact::ContactFacts;
use domain::guardians::ending::{EndReason, EndedFor};
use domain::guardians::relationship::Relationship;
use domain::guardians::views::SameReason;
use domain::ids::PersonId;
use sqlx::PgPool;

use super::attach::{Attached, attach};
use super::change::change;
use super::end::{end, start_again};
use super::link::link;
use super::shown::{contact, contacts_of, with_probable};
use crate::guardians::people::shown::guardian;
use crate::testing::{self, TestSchool, account, contact_facts, member_of_staff, student};
use crate::{Backend, Error};

struct Family {
    backend: Backend,
    school: TestSchool,
    clerk: Actor,
    ilse: PersonId,
    tam: PersonId,
}

impl Family {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let clerk = school.actor(&backend, Role::AccountManager);
        let ilse = student(&backend, &school, "Ilse", "Varga", "A100", None).await;
        let tam = student(&backend, &school, "Tam", "Varga", "A101", None).await;
        Self { backend, school, clerk, ilse, tam }
    }

    /// An adult who is nobody's contact yet, whom the school's office added.
    async fn adult(&self, given: &str, family: &str, email: Option<&str>) -> PersonId {
        let person = testing::guardian(&self.backend, &self.school, given, family, email, &[]).await;
        sqlx::query("UPDATE people SET added_at_school = $2 WHERE id = $1")
            .bind(person.0)
            .bind(self.school.school.0)
            .execute(self.backend.database.raw())
            .await
            .unwrap();
        person
    }

    async fn attach(&self, adult: PersonId, child: PersonId, facts: ContactFacts) -> crate::Result<Attached> {
        attach(&self.backend, &self.clerk, adult, child, facts).await
    }

    async fn restrict(&self, adult: PersonId, child: PersonId) {
        sqlx::query(
            "INSERT INTO access_restrictions (id, organisation_id, child_id, adult_id, scopes, starts_on, created_at)
             VALUES ($1, $2, $3, $4, '{profile}', '2026-11-01', $5)",
        )
        .bind(self.backend.new_id::<uuid::Uuid>())
        .bind(self.school.organisation.0)
        .bind(child.0)
        .bind(adult.0)
        .bind(self.backend.now())
        .execute(self.backend.database.raw())
        .await
        .unwrap();
    }

    async fn audited(&self, person: PersonId) -> Vec<String> {
        sqlx::query_scalar("SELECT action FROM audit_events WHERE person_id = $1 ORDER BY sequence")
            .bind(person.0)
            .fetch_all(self.backend.database.raw())
            .await
            .unwrap()
    }

    async fn open_grants(&self, adult: PersonId) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM access_grants WHERE adult_id = $1 AND stopped_at IS NULL")
            .bind(adult.0)
            .fetch_one(self.backend.database.raw())
            .await
            .unwrap()
    }
}

fn mother() -> ContactFacts {
    contact_facts(Relationship::Mother, NaiveDate::from_ymd_opt(2026, 9, 1).unwrap())
}

fn sentence(error: &Error) -> String {
    match error {
        Error::Invalid(errors) => errors.0[0].message.clone(),
        other => panic!("{other}"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_mother_is_attached_with_the_default_access_and_both_histories_say_so(pool: PgPool) {
    let family = Family::new(pool).await;
    let mara = family.adult("Mara", "Varga", Some("mara@home.example")).await;
    let attached = family.attach(mara, family.ilse, mother()).await.unwrap();
    assert_eq!(attached.opened.parts, 7);
    let lines = contacts_of(&family.backend, &family.clerk, family.ilse).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].name.as_str(), lines[0].sees.sentence().as_str()), ("Mara Varga", "Everything"));
    assert_eq!(family.audited(family.ilse).await, ["contact_added"]);
    assert_eq!(family.audited(mara).await, ["contact_added"]);
    let shown = guardian(&family.backend, &family.clerk, mara).await.unwrap();
    assert_eq!(shown.children.lines[0].name, "Ilse Varga");
    assert_eq!(shown.children.elsewhere, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn each_impossible_pair_is_refused_with_its_sentence_and_nothing_is_written(pool: PgPool) {
    let family = Family::new(pool).await;
    let mara = family.adult("Mara", "Varga", None).await;
    family.attach(mara, family.ilse, mother()).await.unwrap();
    let (other_backend, other) = (&family.backend, TestSchool::new(&family.backend).await);
    let stranger = testing::guardian(other_backend, &other, "Otto", "Varga", None, &[]).await;
    for (adult, child, part) in [
        (family.ilse, family.ilse, "their own guardian"),
        (family.tam, family.ilse, "student on roll"),
        (stranger, family.ilse, "not in this organisation"),
        (mara, family.ilse, "already a contact"),
    ] {
        let refused = family.attach(adult, child, mother()).await.unwrap_err();
        assert!(sentence(&refused).contains(part), "{part}: {}", sentence(&refused));
    }
    let count: i64 = sqlx::query_scalar("SELECT count(*) FROM contacts")
        .fetch_one(family.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_adult_under_a_restriction_becomes_a_contact_and_sees_nothing(pool: PgPool) {
    let family = Family::new(pool).await;
    let piotr = family.adult("Piotr", "Varga", None).await;
    family.restrict(piotr, family.ilse).await;
    let attached = family
        .attach(piotr, family.ilse, ContactFacts { relationship: Relationship::Father, ..mother() })
        .await
        .unwrap();
    assert_eq!(attached.opened, NotOpened::Restricted.into());
    let lines = contacts_of(&family.backend, &family.clerk, family.ilse).await.unwrap();
    assert!(lines[0].sees.restricted && lines[0].sees.scopes.is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_attaches_themselves_to_a_child(pool: PgPool) {
    let family = Family::new(pool).await;
    let tunde = member_of_staff(&family.backend, &family.school, "Tunde", "Idowu", "IDO", None).await;
    let ActorKind::Person { roles, .. } = family.clerk.kind.clone() else { panic!("a person") };
    let account = account(&family.backend, &family.school, tunde, "t.idowu").await;
    let himself = Actor::signed_in(family.school.organisation, account, tunde, roles);
    let refused = attach(&family.backend, &himself, tunde, family.ilse, mother()).await.unwrap_err();
    assert!(sentence(&refused).contains("about yourself"), "{}", sentence(&refused));
    assert_eq!(family.open_grants(tunde).await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_neighbour_gets_nothing_by_being_attached(pool: PgPool) {
    // C7
    let family = Family::new(pool).await;
    let rosa = family.adult("Rosa", "Lind", None).await;
    let facts =
        ContactFacts { relationship: Relationship::Neighbour, parental_responsibility: None, ..mother() };
    assert_eq!(family.attach(rosa, family.ilse, facts).await.unwrap().opened.parts, 0);
    assert_eq!(family.open_grants(rosa).await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_ended_contact_stays_as_a_record_and_what_it_opened_stops(pool: PgPool) {
    // C6: the record is what an import looks at before it brings somebody back.
    let family = Family::new(pool).await;
    let piotr = family.adult("Piotr", "Varga", None).await;
    let on_ilse = family.attach(piotr, family.ilse, mother()).await.unwrap();
    family.attach(piotr, family.tam, mother()).await.unwrap();
    let stopped = end(&family.backend, &family.clerk, on_ilse.contact, EndReason::Order).await.unwrap();
    assert_eq!((stopped, family.open_grants(piotr).await), (7, 7), "the other child stays open");
    let shown = contact(&family.backend, &family.clerk, on_ilse.contact).await.unwrap();
    let ended = shown.ended.unwrap();
    assert_eq!((ended.ended, ended.reason), (EndedFor::Office, Some(EndReason::Order)));
    let again = end(&family.backend, &family.clerk, on_ilse.contact, EndReason::Order).await;
    assert!(matches!(again, Err(Error::Conflict { code: "contact_ended", .. })));
    let started = start_again(&family.backend, &family.clerk, on_ilse.contact).await.unwrap();
    assert_eq!((started.opened.parts, family.open_grants(piotr).await), (7, 14));
    assert_eq!(family.audited(family.ilse).await, ["contact_added", "contact_ended", "contact_added"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_changed_by_hand_is_kept_and_access_ends_with_the_contact(pool: PgPool) {
    let family = Family::new(pool).await;
    let mara = family.adult("Mara", "Varga", None).await;
    let attached = family.attach(mara, family.ilse, mother()).await.unwrap();
    let last = NaiveDate::from_ymd_opt(2026, 12, 31);
    let facts = ContactFacts { lives_with: Some(true), ends_on: last, ..mother() };
    change(&family.backend, &family.clerk, attached.contact, facts).await.unwrap();
    let kept: Vec<String> = sqlx::query_scalar("SELECT unnest(kept_fields) FROM contacts ORDER BY 1")
        .fetch_all(family.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(kept, ["ends_on", "lives_with", "parental_responsibility", "relationship"]);
    let until: Vec<Option<NaiveDate>> =
        sqlx::query_scalar("SELECT DISTINCT ends_on FROM access_grants WHERE adult_id = $1")
            .bind(mara.0)
            .fetch_all(family.backend.database.raw())
            .await
            .unwrap();
    assert_eq!(until, [last]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_account_under_another_record_is_found_with_its_reasons_and_linked(pool: PgPool) {
    let family = Family::new(pool).await;
    let listed = family.adult("Ifeoma", "Bell", Some("Ifeoma@office.example")).await;
    let attached = family.attach(listed, family.ilse, mother()).await.unwrap();
    // The same mailbox in another case, under another record, which has the account.
    let known = family.adult("Ifeoma", "Bell", Some("ifeoma@office.example")).await;
    account(&family.backend, &family.school, known, "i.bell").await;
    // A colleague with the same mailbox and another name is not named.
    let piotr = family.adult("Piotr", "Bell", Some("ifeoma@office.example")).await;
    account(&family.backend, &family.school, piotr, "p.bell").await;

    let (_, probable) = with_probable(&family.backend, &family.clerk, attached.contact).await.unwrap();
    assert_eq!(probable.len(), 1, "{probable:?}");
    assert_eq!((probable[0].person, probable[0].username.as_str()), (known, "i.bell"));
    assert_eq!(probable[0].reasons, [SameReason::Email, SameReason::Name]);

    let opened = link(&family.backend, &family.clerk, attached.contact, known).await.unwrap();
    let grants = (family.open_grants(listed).await, family.open_grants(known).await);
    assert_eq!((opened.map(|opened| opened.parts), grants), (Some(7), (0, 7)));
    let lines = contacts_of(&family.backend, &family.clerk, family.ilse).await.unwrap();
    assert_eq!((lines[0].adult, lines[0].username.as_deref()), (known, Some("i.bell")));
    assert_eq!(lines[1].ended.as_ref().map(|ended| ended.reason), Some(Some(EndReason::Linked)));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_colleague_who_is_a_parent_is_one_person_with_two_areas(pool: PgPool) {
    // C13
    let family = Family::new(pool).await;
    let tunde =
        member_of_staff(&family.backend, &family.school, "Tunde", "Idowu", "IDO", Some("t@school.example"))
            .await;
    family.attach(tunde, family.ilse, mother()).await.unwrap();
    let shown = guardian(&family.backend, &family.clerk, tunde).await.unwrap();
    assert!(shown.is_staff && shown.children.lines.len() == 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn another_school_sees_only_its_own_children_of_an_adult(pool: PgPool) {
    let family = Family::new(pool).await;
    let mara = family.adult("Mara", "Varga", None).await;
    family.attach(mara, family.ilse, mother()).await.unwrap();
    let sibling = family.school.sibling(&family.backend, "HILL", "Hill School").await;
    let lio = student(&family.backend, &sibling, "Lio", "Varga", "9", None).await;
    testing::contact(&family.backend, &sibling, mara, lio, Relationship::Mother).await;
    let there = sibling.actor(&family.backend, Role::AccountManager);
    let shown = guardian(&family.backend, &there, mara).await.unwrap();
    assert_eq!(shown.children.lines.iter().map(|line| line.child).collect::<Vec<_>>(), [lio]);
    assert_eq!(shown.children.elsewhere, 1);
    let hidden = contacts_of(&family.backend, &there, family.ilse).await;
    assert!(hidden.is_err(), "{hidden:?}");
    let viewer = family.school.actor(&family.backend, Role::OfficeViewer);
    let refused = attach(&family.backend, &viewer, mara, family.tam, mother()).await;
    assert!(refused.is_err());
}
