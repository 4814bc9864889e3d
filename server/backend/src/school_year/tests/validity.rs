use domain::authorization::role::Role;
use domain::ids::InvitationId;
use domain::invitations::views::Opening;
use domain::school_year::validity::ValidDays;
use sqlx::PgPool;

use super::{Office, day};
use crate::invitations::activate::{Activation, activate};
use crate::invitations::open::open;
use crate::school_year::validity::{DaysOf, days, set_days};
use crate::sessions::session::resolve;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::{account, active_account, member_of_staff, student};
use crate::{Error, db};

const PASSWORD: &str = "correct horse battery";

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_account_is_used_on_its_days_and_on_no_other(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager) = (&office.backend, &office.manager);
    let ana = student(backend, &office.school, "Ana", "Berg", "1", None).await;
    active_account(backend, &office.school, ana, "ana.b", PASSWORD).await;
    office.go_to("2026-12-01");
    let visitor = Visitor::stranger();
    let Ok(SignInOutcome::Entered(session)) = sign_in(backend, &visitor, "ana.b", PASSWORD).await else {
        panic!("without days, every day is one");
    };
    let chosen = ValidDays::new(Some(day("2026-12-10")), Some(day("2026-12-12"))).unwrap();
    set_days(backend, manager, DaysOf::Person(ana), chosen).await.unwrap();
    assert!(resolve(backend, &session.token).await.unwrap().is_none(), "signed out at once");
    let told = async |on: &str| {
        office.go_to(on);
        match sign_in(backend, &visitor, "ana.b", PASSWORD).await.unwrap() {
            SignInOutcome::Entered(_) => "in".to_owned(),
            SignInOutcome::OutsideDays(days) => format!("{:?}", days.opens_on),
            _ => "refused".to_owned(),
        }
    };
    assert_eq!(told("2026-12-09").await, "Some(2026-12-10)");
    assert_eq!(told("2026-12-10").await, "in");
    let Ok(SignInOutcome::Entered(session)) = sign_in(backend, &visitor, "ana.b", PASSWORD).await else {
        panic!("the first day is one");
    };
    assert!(resolve(backend, &session.token).await.unwrap().is_some());
    assert_eq!(told("2026-12-12").await, "in");
    assert_eq!(told("2026-12-13").await, "None");
    assert!(resolve(backend, &session.token).await.unwrap().is_none(), "the last day has passed");
    assert!(matches!(sign_in(backend, &visitor, "ana.b", "wrong").await.unwrap(), SignInOutcome::Refused));

    let shown = days(backend, manager, DaysOf::Person(ana)).await.unwrap().unwrap();
    assert_eq!((shown.chosen, shown.is_valid), (chosen, false));
    set_days(backend, manager, DaysOf::Person(ana), ValidDays::default()).await.unwrap();
    assert_eq!(told("2026-12-14").await, "in");
    assert_eq!(office.count("SELECT count(*) FROM audit_events WHERE action = 'validity_changed'").await, 2);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn nobody_changes_their_own_days_or_those_of_nobody(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = student(&office.backend, &office.school, "Ana", "Berg", "1", None).await;
    let until = ValidDays::new(None, Some(day("2026-12-12"))).unwrap();
    let refused = set_days(&office.backend, &office.manager, DaysOf::Person(ana), until).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound("account")), "{refused}");
    let tutor = office.school.actor(&office.backend, Role::OfficeViewer);
    assert!(matches!(
        set_days(&office.backend, &tutor, DaysOf::Person(ana), until).await,
        Err(Error::Refused(_))
    ));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_colleague_has_days_as_students_have_at_their_school_and_at_no_other(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, manager, school) = (&office.backend, &office.manager, office.school.school);
    let finn = member_of_staff(backend, &office.school, "Finn", "Roe", "F1", None).await;
    active_account(backend, &office.school, finn, "finn.r", PASSWORD).await;
    office.go_to("2026-12-01");
    let until = ValidDays::new(None, Some(day("2026-12-02"))).unwrap();
    set_days(backend, manager, DaysOf::Staff(school, finn), until).await.unwrap();
    office.go_to("2026-12-03");
    let told = sign_in(backend, &Visitor::stranger(), "finn.r", PASSWORD).await.unwrap();
    assert!(matches!(told, SignInOutcome::OutsideDays(days) if days.opens_on.is_none()));
    let shown = days(backend, manager, DaysOf::Staff(school, finn)).await.unwrap().unwrap();
    assert_eq!((shown.chosen, shown.is_valid), (until, false));

    let ana = student(backend, &office.school, "Ana", "Berg", "1", None).await;
    let student = set_days(backend, manager, DaysOf::Staff(school, ana), until).await;
    assert!(matches!(student, Err(Error::NotFound("member of staff"))), "a student is no colleague");
    let other = office.school.sibling(backend, "ASH", "Ashdown School").await;
    let stranger = other.actor(backend, Role::Administrator);
    assert!(set_days(backend, &stranger, DaysOf::Staff(school, finn), until).await.is_err());
    let there = set_days(backend, &stranger, DaysOf::Staff(other.school, finn), until).await;
    assert!(matches!(there, Err(Error::NotFound("member of staff"))));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn an_invitation_or_a_link_in_the_right_hands_says_when_the_account_opens(pool: PgPool) {
    let office = Office::new(pool).await;
    let backend = &office.backend;
    let ana = student(backend, &office.school, "Ana", "Berg", "1", None).await;
    account(backend, &office.school, ana, "ana.b").await;
    let invitation: InvitationId = backend.new_id();
    let link = backend.keys.invitations.secrets(invitation.0).link;
    let hash = backend.keys.invitations.link_hash(&link).unwrap();
    sqlx::query(
        "INSERT INTO invitations (id, organisation_id, account_id, channel, current, link_hash, code_hash, created_at, expires_at)
         SELECT $2, organisation_id, id, 'email', true, $3, $3, $4, $4 + interval '90 days' FROM accounts WHERE person_id = $1",
    )
    .bind(ana.0)
    .bind(invitation.0)
    .bind(hash.as_slice())
    .bind(backend.now())
    .execute(backend.database.raw())
    .await
    .unwrap();
    office.change("UPDATE enrolments SET starts_on = '2027-01-11' WHERE person_id = $1", ana).await;
    assert!(matches!(open(backend, &link).await.unwrap(), Opening::Ready { .. }));
    assert_eq!(office.night().await[0].done.all(), 1);
    let waits = Opening::OutsideDays { opens_on: Some(day("2026-12-28")) };
    assert_eq!(open(backend, &link).await.unwrap(), waits);
    assert_eq!(
        activate(backend, &Visitor::stranger(), &link, PASSWORD).await.unwrap(),
        Activation::Ended,
        "nothing is used up"
    );
    office.go_to("2026-12-28");
    assert!(matches!(open(backend, &link).await.unwrap(), Opening::Ready { .. }));
    let until = ValidDays::new(None, Some(day("2026-12-29"))).unwrap();
    set_days(backend, &office.manager, DaysOf::Person(ana), until).await.unwrap();
    office.go_to("2026-12-30");
    assert_eq!(open(backend, &link).await.unwrap(), Opening::OutsideDays { opens_on: None });
    assert_eq!(open(backend, "not a link").await.unwrap(), Opening::Ended);
}
