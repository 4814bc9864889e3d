//! Which students belong to which account.

use super::*;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn links_name_an_account_and_a_student_and_can_end(pool: PgPool) {
    let (office, [ilse, tam, ..]) = Office::new(pool).await;
    let mara =
        guardian(&office.backend, &office.school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    account(&office.backend, &office.school, mara, "m.varga").await;
    grant(&office.backend, &office.school, mara, ilse).await;
    let file = "LOGONID,STUDENT_ID\nM.Varga,A101\nm.varga,A100\nnobody,A100\nm.varga,X1\n";
    let checked = office.check_as(&LINKS, "links.csv", file.as_bytes()).await;
    let outcomes = office.outcomes(&checked).await;
    assert_eq!(
        outcomes,
        [RowOutcome::Linked, RowOutcome::Unchanged, RowOutcome::Rejected, RowOutcome::Rejected],
        "{:?}",
        office.log(&checked).await
    );
    office.written(&checked).await;
    let file = "observer_id,student_id,status\nmara@example.test,A100,deleted\nm.varga,A102,deleted\n";
    let checked = office.check_as(&LINKS, "observers.csv", file.as_bytes()).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Updated, RowOutcome::Unchanged]);
    let ended = office.written(&checked).await;
    let live = "SELECT count(*) FROM access_grants WHERE stopped_at IS NULL";
    assert_eq!(office.count(live).await, 0);
    let linked: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT child_id FROM contacts WHERE ended_at IS NULL")
        .fetch_all(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(linked, [tam.0]);
    undo::undo(&office.backend, &office.actor, ended.id).await.unwrap();
    assert_eq!(office.count(live).await, 1);
    assert_eq!(office.count("SELECT count(*) FROM contacts WHERE ended_at IS NULL").await, 2);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn links_with_the_student_first_are_turned(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    let mara = guardian(&office.backend, &office.school, "Mara", "Varga", None, &[ilse]).await;
    account(&office.backend, &office.school, mara, "m.varga").await;
    let file = "parent_id,student_id\nA101,m.varga\n";
    let checked = office.check_as(&LINKS, "links.csv", file.as_bytes()).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Linked]);
}

/// What other systems test of such a list: each has one sentence, and nothing half done.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn each_row_that_cannot_be_linked_says_why(pool: PgPool) {
    let (office, [ilse, tam, _, ben]) = Office::new(pool).await;
    let mara = guardian(&office.backend, &office.school, "Mara", "Varga", None, &[ben]).await;
    account(&office.backend, &office.school, mara, "m.varga").await;
    account(&office.backend, &office.school, ilse, "ilse.varga").await;
    account(&office.backend, &office.school, tam, "tam.varga").await;
    let file = "observer_id,student_id,status\n\
        nobody,A100,active\n\
        m.varga,X1,active\n\
        ,A100,active\n\
        m.varga,,active\n\
        m.varga,A100,dead\n\
        ilse.varga,A100,active\n\
        tam.varga,A100,active\n\
        m.varga,A102,deleted\n\
        m.varga,A100,active\n";
    let checked = office.check_as(&LINKS, "user_observers.csv", file.as_bytes()).await;
    let log = office.log(&checked).await;
    for (at, said) in [
        "No adult here has the login, key or address \u{201c}nobody\u{201d}.",
        "There is no student \u{201c}X1\u{201d} at this school.",
        "The row names no adult.",
        "The row names no student.",
        "\u{201c}dead\u{201d} says neither that the link is there nor that it is over.",
        "The adult and the student are the same person.",
        "Tam Varga is a student, and a student is nobody\u{2019}s guardian.",
    ]
    .into_iter()
    .enumerate()
    {
        assert_eq!(log[at].0, RowOutcome::Rejected, "{:?}", log[at]);
        assert!(log[at].1.contains(said), "{said}: {}", log[at].1);
    }
    assert_eq!(
        log[7],
        (RowOutcome::Unchanged, "No changes. There is no such link. Nothing to do.".to_owned())
    );
    assert_eq!(log[8].0, RowOutcome::Linked, "{:?}", log[8]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_link_is_found_by_an_old_username_and_an_address_of_two_is_asked_about(pool: PgPool) {
    let (office, [_, _, _, ben]) = Office::new(pool).await;
    let both = Some("home@example.test");
    let mara = guardian(&office.backend, &office.school, "Mara", "Varga", both, &[ben]).await;
    let piotr = guardian(&office.backend, &office.school, "Piotr", "Varga", both, &[ben]).await;
    account(&office.backend, &office.school, mara, "m.varga").await;
    sqlx::query(
        "INSERT INTO former_usernames (organisation_id, username, person_id, created_at) VALUES ($1, 'mara.old', $2, now())",
    )
    .bind(office.school.organisation.0)
    .bind(mara.0)
    .execute(office.backend.database.raw())
    .await
    .unwrap();
    let file = "LOGONID,STUDENT_ID\nMara.Old,A100\nhome@example.test,A101\n";
    let checked = office.check_as(&LINKS, "links.csv", file.as_bytes()).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Linked, RowOutcome::Held]);
    // What a list of accounts called somebody counts before an address that others share.
    let file = "LOGONID,FIRST_NAME,LAST_NAME,USER_TYPE\nhome@example.test,Piotr,Varga,GUARDIAN\n";
    let accounts = office.check_as(&ADULTS, "accounts.csv", file.as_bytes()).await;
    office.written(&accounts).await;
    let file = "LOGONID,STUDENT_ID\nhome@example.test,A101\n";
    let checked = office.check_as(&LINKS, "links.csv", file.as_bytes()).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Linked], "{:?}", office.log(&checked).await);
    office.written(&checked).await;
    let linked: Vec<uuid::Uuid> = sqlx::query_scalar(
        "SELECT c.adult_id FROM contacts c JOIN people p ON p.id = c.child_id WHERE p.given_name = 'Tam'",
    )
    .fetch_all(office.backend.database.raw())
    .await
    .unwrap();
    assert_eq!(linked, [piotr.0]);
}
