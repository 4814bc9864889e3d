use domain::audit::AuditAction;
use domain::authorization::policy::Refusal;
use domain::authorization::role::Role;
use domain::roll::address::AddressKind;
use sqlx::PgPool;

use super::{office, stranger, student};
use crate::Error;
use crate::roll::addresses::{add, edit, make_primary, remove};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_first_email_is_where_messages_go_until_another_is_chosen_or_it_is_removed(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    student(&backend, &school, "Bo", "Lee", "2", Some("LEE@home.example")).await;

    let one = add(&backend, &actor, ann, AddressKind::Email, " lee@Home.example ").await.unwrap();
    assert_eq!((one[0].value.as_str(), one[0].primary, one[0].shared_with), ("lee@home.example", true, 1));
    let two = add(&backend, &actor, ann, AddressKind::Email, "ann@school.example").await.unwrap();
    assert_eq!(two.iter().map(|a| a.primary).collect::<Vec<_>>(), [true, false]);
    let chosen = make_primary(&backend, &actor, ann, two[1].id).await.unwrap();
    assert_eq!((chosen[0].value.as_str(), chosen[0].primary), ("ann@school.example", true));
    assert!(!chosen[1].primary);
    let edited = edit(&backend, &actor, ann, chosen[0].id, "a.lee@school.example").await.unwrap();
    assert_eq!(edited[0].value, "a.lee@school.example");
    let left = remove(&backend, &actor, ann, edited[0].id).await.unwrap();
    assert_eq!(
        left.iter().map(|a| (a.value.as_str(), a.primary)).collect::<Vec<_>>(),
        [("lee@home.example", true)]
    );

    let changes = sqlx::query_scalar::<_, String>(
        "SELECT details ->> 'change' FROM audit_events WHERE person_id = $1 AND action = $2 ORDER BY id",
    )
    .bind(ann.0)
    .bind(AuditAction::AddressChanged.slug())
    .fetch_all(backend.database.raw())
    .await
    .unwrap();
    let mut changes = changes;
    changes.sort_unstable();
    assert_eq!(changes, ["added", "added", "changed", "chosen", "removed"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_no_address_or_already_there_is_said_at_its_field_and_changes_nothing(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", Some("ann@home.example")).await;
    for (kind, typed, said) in [
        (AddressKind::Email, "ann@home", "Enter the whole address"),
        (AddressKind::Email, "ANN@home.example", "already has this email address"),
        (AddressKind::Phone, "12", "7 to 15 digits"),
    ] {
        let Err(Error::Invalid(errors)) = add(&backend, &actor, ann, kind, typed).await else {
            panic!("{typed} was taken");
        };
        assert!(errors.of(kind.slug()).unwrap().contains(said), "{errors:?}");
    }
    let count = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM addresses")
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    assert_eq!(count, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn only_who_may_edit_contacts_there_changes_an_address(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    let ann = student(&backend, &school, "Ann", "Lee", "1", None).await;
    let bo = student(&backend, &school, "Bo", "Lee", "2", None).await;
    let viewer = school.actor(&backend, Role::OfficeViewer);
    let refused = add(&backend, &viewer, ann, AddressKind::Email, "a@home.example").await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoRole))));
    let other = stranger(&backend).await;
    let missing = add(&backend, &other, ann, AddressKind::Email, "a@home.example").await;
    assert!(matches!(missing, Err(Error::NotFound("student"))));
    let anns = add(&backend, &actor, ann, AddressKind::Email, "a@home.example").await.unwrap();
    let of_bo = remove(&backend, &actor, bo, anns[0].id).await;
    assert!(matches!(of_bo, Err(Error::NotFound("address"))));
}
