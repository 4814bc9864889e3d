//! Addresses of adults: changed, erased, and several of them.

use super::*;

impl Office {
    /// Every address, as lines to compare: whether messages go there, and what it is.
    async fn addresses(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws(' ', p.given_name, a.value, CASE WHEN a.is_primary THEN 'first' END, nullif(a.label, ''))
             FROM addresses a JOIN people p ON p.id = a.person_id JOIN contacts c ON c.adult_id = p.id
             ORDER BY p.given_name, a.kind, a.is_primary DESC, a.value",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }
}

// C14
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_new_address_of_somebody_with_an_account_waits_and_then_both_addresses_hear_of_it(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    let mara =
        guardian(&office.backend, &office.school, "Mara", "Varga", Some("m.varga@mail.test"), &[ilse]).await;
    active_account(&office.backend, &office.school, mara, "m.varga", "copper ladder fog").await;
    grant(&office.backend, &office.school, mara, ilse).await;
    let file = "child_id,guardian_name,email,relationship\nA100,Mara Varga,mara@example.test,mother\n";
    let checked = office.check(file).await;
    let log = office.log(&checked).await;
    assert_eq!(log[0].0, RowOutcome::Held, "{log:?}");
    assert!(log[0].1.contains("messages to the account of Mara Varga would go to"), "{log:?}");
    let decision = HeldDecision::Reason { reason: HeldReason::Address, choice: ChoiceKind::ConfirmAddress };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, decision).await.unwrap();
    office.written(&decided).await;
    assert_eq!(office.addresses().await, ["Mara mara@example.test first", "Mara m.varga@mail.test"]);
    // The link, the access and the username are what they were.
    assert_eq!(office.count("SELECT count(*) FROM contacts WHERE ended_at IS NULL").await, 1);
    assert_eq!(office.count("SELECT count(*) FROM access_grants WHERE stopped_at IS NULL").await, 1);
    assert_eq!(
        office.count("SELECT count(*) FROM accounts WHERE username = 'm.varga' AND state = 'active'").await,
        1
    );
    let told: Vec<String> = sqlx::query_scalar("SELECT DISTINCT coalesce(m.recipient, a.value) FROM messages m LEFT JOIN addresses a ON a.id = m.address_id")
        .fetch_all(office.backend.database.raw())
        .await
        .unwrap();
    assert!(told.contains(&"m.varga@mail.test".to_owned()), "{told:?}");
}

// C41
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_word_erases_an_address_and_an_undo_brings_it_back(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    office
        .import("child_id,guardian_name,email,phone\nA100,Mara Varga,mara@example.test,07900 900123\n")
        .await;
    let before = office.addresses().await;
    let file = "child_id,guardian_name,email,phone\nA100,Mara Varga,(clear),\n";
    let second = office.import(file).await;
    let log = office.log(&second).await;
    assert_eq!(log[0].0, RowOutcome::Updated, "{log:?}");
    let said = "Email address erased, as the file says: mara@example.test. Links and codes that were sent there stop working.";
    assert!(log[0].1.contains(said), "{log:?}");
    assert_eq!(office.addresses().await, ["Mara 07900900123 first"]);
    assert_eq!(office.outcomes(&office.check(file).await).await, [RowOutcome::Unchanged]);
    undo::undo(&office.backend, &office.actor, second.id).await.unwrap();
    assert_eq!(office.addresses().await, before);
    let third = office.import("child_id,guardian_name,phone\nA100,Mara Varga,^\n").await;
    assert_eq!(office.outcomes(&third).await, [RowOutcome::Updated]);
    assert_eq!(office.addresses().await, ["Mara mara@example.test first"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_address_of_an_account_is_erased_only_by_decision(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    let mara =
        guardian(&office.backend, &office.school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    active_account(&office.backend, &office.school, mara, "m.varga", "copper ladder fog").await;
    let checked = office.check("child_id,guardian_name,email\nA100,Mara Varga,(clear)\n").await;
    let log = office.log(&checked).await;
    assert_eq!(log[0].0, RowOutcome::Held, "{log:?}");
    assert!(log[0].1.contains("the account of Mara Varga would have no email address"), "{log:?}");
    let decision = HeldDecision::Reason { reason: HeldReason::Address, choice: ChoiceKind::ConfirmAddress };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, decision).await.unwrap();
    office.written(&decided).await;
    assert_eq!(office.addresses().await, Vec::<String>::new());
}

// C26
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn several_numbers_and_addresses_are_kept_with_what_they_are(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = "child_id,guardian_name,email,work email,mobile,work phone\n\
        A100,Mara Varga,mara@example.test,varga@office.test,07900 900123 / 07900 900456,0161 496 0000 ext 12\n";
    let first = office.import(file).await;
    assert_eq!(office.outcomes(&first).await, [RowOutcome::Added]);
    assert_eq!(
        office.addresses().await,
        [
            "Mara mara@example.test first",
            "Mara varga@office.test Work",
            "Mara 07900900123 first",
            "Mara 01614960000 ext. 12",
            "Mara 07900900456",
        ]
    );
    assert_eq!(office.outcomes(&office.check(file).await).await, [RowOutcome::Unchanged]);
    undo::undo(&office.backend, &office.actor, first.id).await.unwrap();
    assert_eq!(office.count("SELECT count(*) FROM addresses WHERE value LIKE '0%'").await, 0);
}
