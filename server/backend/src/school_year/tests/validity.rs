use domain::school_year::validity::ValidDays;
use sqlx::PgPool;

use super::{Office, day};
use crate::school_year::validity::{days, set_days};
use crate::sessions::session::resolve;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::{active_account, student};
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
    set_days(backend, manager, ana, chosen).await.unwrap();
    assert!(resolve(backend, &session.token).await.unwrap().is_none(), "signed out at once");
    let told = async |on: &str| {
        office.go_to(on);
        match sign_in(backend, &visitor, "ana.b", PASSWORD).await.unwrap() {
            SignInOutcome::Entered(_) => "in".to_owned(),
            SignInOutcome::OutsideDays { opens_on } => format!("{opens_on:?}"),
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

    let shown = days(backend, manager, ana).await.unwrap().unwrap();
    assert_eq!((shown.chosen, shown.is_valid), (chosen, false));
    set_days(backend, manager, ana, ValidDays::default()).await.unwrap();
    assert_eq!(told("2026-12-14").await, "in");
    assert_eq!(office.count("SELECT count(*) FROM audit_events WHERE action = 'validity_changed'").await, 2);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn nobody_changes_their_own_days_or_those_of_nobody(pool: PgPool) {
    let office = Office::new(pool).await;
    let ana = student(&office.backend, &office.school, "Ana", "Berg", "1", None).await;
    let until = ValidDays::new(None, Some(day("2026-12-12"))).unwrap();
    let refused = set_days(&office.backend, &office.manager, ana, until).await.unwrap_err();
    assert!(matches!(refused, Error::NotFound("account")), "{refused}");
    let tutor = office.school.actor(&office.backend, domain::authorization::role::Role::OfficeViewer);
    assert!(matches!(set_days(&office.backend, &tutor, ana, until).await, Err(Error::Refused(_))));
}
