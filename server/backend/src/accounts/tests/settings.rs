use domain::accounts::template::UsernameTemplate;
use domain::authorization::role::Role;
use sqlx::PgPool;

use super::Office;
use crate::accounts::create::Among;
use crate::accounts::template::{set_template, template};
use crate::{Error, db};

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn a_school_keeps_the_template_that_its_administrator_sets(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, office.school.school);
    assert_eq!(template(backend, &office.manager, school).await.unwrap(), UsernameTemplate::default());
    let chosen: UsernameTemplate = "{year:2}{family:6}{given:1};clash=letters;max=12".parse().unwrap();
    let refused = set_template(backend, &office.manager, school, Among::Students, &chosen).await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let administrator = office.school.actor(backend, Role::Administrator);
    set_template(backend, &administrator, school, Among::Students, &chosen).await.unwrap();
    assert_eq!(template(backend, &office.manager, school).await.unwrap(), chosen);
    assert_eq!(office.count("SELECT count(*) FROM audit_events WHERE action = 'setting_changed'").await, 1);
}
