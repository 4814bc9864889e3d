use std::collections::BTreeMap;

use domain::accounts::settings::USERNAME_TEMPLATE;
use domain::audit::exports::{ALERT_ROWS, APPROVAL_OVER, ROWS_A_DAY};
use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::permission::Permission;
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::factors::settings::GRACE;
use domain::ids::SchoolId;
use domain::school_year::settings::{STAFF_SUSPENDED_AFTER, STOPPED_SHARE};
use domain::settings::DeclaredSetting;
use sqlx::PgPool;
use uuid::Uuid;

use super::{SettingsOf, change, load, of_organisation, of_school};
use crate::db;
use crate::testing::{TestSchool, backend};
use crate::{Backend, Error};

const PAGE: [&dyn DeclaredSetting; 3] = [&ROWS_A_DAY, &ALERT_ROWS, &APPROVAL_OVER];

fn typed(a_day: &str, alert: &str) -> BTreeMap<String, String> {
    [(ROWS_A_DAY.slug, a_day), (ALERT_ROWS.slug, alert)]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into()
}

async fn alert_rows(backend: &Backend, school: &TestSchool) -> i32 {
    let mut connection = backend.tenant_transaction(school.organisation).await.unwrap();
    of_organisation(&mut connection, school.organisation, &ALERT_ROWS).await.unwrap().into()
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn what_nobody_has_chosen_is_the_default_and_what_was_chosen_holds(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    assert_eq!(alert_rows(&backend, &school).await, 500);
    let actor = domain::authorization::actor::Actor::system(school.organisation);
    change(&backend, &actor, SettingsOf::Organisation, &PAGE, &typed("", "250")).await.unwrap();
    assert_eq!(alert_rows(&backend, &school).await, 250);
    let view = load(&backend, &actor, SettingsOf::Organisation, &PAGE).await.unwrap();
    let values: Vec<&str> = view.fields.iter().map(|field| field.value.as_str()).collect();
    assert_eq!(values, ["", "250", ""]);
    // Once more, over existing values.
    change(&backend, &actor, SettingsOf::Organisation, &PAGE, &typed("9", "1")).await.unwrap();
    assert_eq!(alert_rows(&backend, &school).await, 1);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn every_field_that_is_wrong_is_named_at_once_and_nothing_is_changed(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = domain::authorization::actor::Actor::system(school.organisation);
    let Err(Error::Invalid(errors)) =
        change(&backend, &actor, SettingsOf::Organisation, &PAGE, &typed("none", "0")).await
    else {
        panic!("two fields are wrong");
    };
    assert!(errors.of(ROWS_A_DAY.slug).is_some() && errors.of(ALERT_ROWS.slug).is_some());
    assert_eq!(alert_rows(&backend, &school).await, 500);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_manages_one_school_sees_the_settings_of_all_and_changes_none(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let one = school.actor(&backend, Role::Administrator);
    assert!(!load(&backend, &one, SettingsOf::Organisation, &PAGE).await.unwrap().may_change);
    assert!(matches!(
        change(&backend, &one, SettingsOf::Organisation, &PAGE, &typed("", "9")).await,
        Err(Error::Refused(_))
    ));
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_setting_of_a_school_that_is_not_there_is_not_found(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let mut connection = backend.tenant_transaction(school.organisation).await.unwrap();
    let nowhere = SchoolId(Uuid::nil());
    let found = of_school(&mut connection, school.organisation, nowhere, &USERNAME_TEMPLATE).await;
    assert!(matches!(found, Err(Error::NotFound("school"))));
}

/// Someone with a role of their own for all schools, which only gives "Manage settings".
fn technician(backend: &Backend, school: &TestSchool) -> Actor {
    let roles =
        vec![RoleAssignment::new([Permission::ManageSettings].into_iter().collect(), Place::Organisation)];
    Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), roles)
}

async fn alerts(backend: &Backend) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM alerts").fetch_one(backend.database.raw()).await.unwrap()
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn who_only_changes_settings_tightens_when_a_second_person_is_needed_and_never_loosens_it(
    pool: PgPool,
) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let technician = technician(&backend, &school);
    let over = |text: &str| {
        let mut form = typed("", "500");
        form.insert(APPROVAL_OVER.slug.to_owned(), text.to_owned());
        form
    };
    let value = async || {
        let mut connection = backend.tenant_transaction(school.organisation).await.unwrap();
        let value = of_organisation(&mut connection, school.organisation, &APPROVAL_OVER).await.unwrap();
        value.map(i32::from)
    };
    for tighter in ["5", "3", "3"] {
        change(&backend, &technician, SettingsOf::Organisation, &PAGE, &over(tighter)).await.unwrap();
    }
    for looser in ["4", ""] {
        let before = alerts(&backend).await;
        let Err(Error::Invalid(errors)) =
            change(&backend, &technician, SettingsOf::Organisation, &PAGE, &over(looser)).await
        else {
            panic!("{looser:?} is looser");
        };
        assert!(
            errors.of(APPROVAL_OVER.slug).unwrap().contains("every permission at all schools"),
            "{errors:?}"
        );
        assert_eq!(
            (value().await, alerts(&backend).await - before),
            (Some(3), 1),
            "and the attempt is an alert"
        );
    }
    let everything = vec![RoleAssignment::new(Role::Administrator.permissions(), Place::Organisation)];
    let head = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), everything);
    change(&backend, &head, SettingsOf::Organisation, &PAGE, &over("")).await.unwrap();
    assert_eq!(value().await, None);
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn more_days_without_a_second_factor_are_an_alert_and_fewer_are_not(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let technician = technician(&backend, &school);
    for (days, alerted) in [("90", 1), ("90", 1), ("7", 1), ("8", 2)] {
        let form = [(GRACE.slug.to_owned(), days.to_owned())].into();
        change(&backend, &technician, SettingsOf::Organisation, &[&GRACE], &form).await.unwrap();
        assert_eq!(alerts(&backend).await, alerted, "{days}");
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn each_school_has_its_own_value_and_who_manages_it_changes_it(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let other = school.sibling(&backend, "ASH", "Ashdown School").await.school;
    let page: [&dyn DeclaredSetting; 2] = [&STAFF_SUSPENDED_AFTER, &STOPPED_SHARE];
    let one = school.actor(&backend, Role::Administrator);
    let here = SettingsOf::School(school.school);
    let form = |days: &str| {
        [(STAFF_SUSPENDED_AFTER.slug, days), (STOPPED_SHARE.slug, "25")]
            .map(|(name, text)| (name.to_owned(), text.to_owned()))
            .into()
    };
    let days = async |of: SchoolId| {
        let mut connection = backend.tenant_transaction(school.organisation).await.unwrap();
        of_school(&mut connection, school.organisation, of, &STAFF_SUSPENDED_AFTER).await.unwrap().count()
    };
    change(&backend, &one, here, &page, &form("3")).await.unwrap();
    assert_eq!((days(school.school).await, days(other).await), (3, 0));
    assert_eq!(alerts(&backend).await, 1, "a longer time for colleagues who left");
    change(&backend, &one, here, &page, &form("3")).await.unwrap();
    let entries = "SELECT count(*) FROM audit_events WHERE action = 'setting_changed'";
    let noted: i64 = sqlx::query_scalar(entries).fetch_one(backend.database.raw()).await.unwrap();
    assert_eq!(noted, 1, "what stays as it is is not noted");
    let view = load(&backend, &one, here, &page).await.unwrap();
    assert_eq!((view.may_change, view.fields[0].value.as_str()), (true, "3"));
    let there = SettingsOf::School(other);
    assert!(load(&backend, &one, there, &page).await.is_err());
    assert!(change(&backend, &one, there, &page, &form("9")).await.is_err());
    assert_eq!(days(other).await, 0);
}
