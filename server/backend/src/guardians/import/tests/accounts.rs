//! Accounts of guardians and students, as another system lists them.

use super::*;

const FILE: &str = "LOGONID,FIRST_NAME,LAST_NAME,MIDDLE_NAME,USER_TYPE,PASSWORD,CONTACT_TELEPHONE,MUST_CHANGE_PASSWORD,DEFAULT_MODULE,STUDENT_ID\n\
    MVarga,Mara,Varga,Ines,GUARDIAN,secret,07900 900123,Y,PARENTS,\n\
    ivarga,Ilse,Varga,,STUDENT,secret,,Y,,A100\n\
    tvarga,,,,STUDENT,secret,,Y,,A101\n";

impl Office {
    async fn accounts(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws(' ', a.username, a.state, p.given_name, nullif(p.middle_name, ''), p.family_name)
             FROM accounts a JOIN people p ON p.id = a.person_id ORDER BY a.username",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }

    async fn check_accounts(&self, file: &str) -> ImportView {
        self.check_as(&ADULTS, "accounts.csv", file.as_bytes()).await
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn logins_become_accounts_that_nobody_is_invited_to(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let checked = office.check_accounts(FILE).await;
    let log = office.log(&checked).await;
    let outcomes = [RowOutcome::Added, RowOutcome::Updated, RowOutcome::Updated];
    assert_eq!(office.outcomes(&checked).await, outcomes, "{log:?}");
    assert!(log[1].1.contains("Account with the username ivarga. Nobody is invited yet."), "{log:?}");
    assert_eq!(office.accounts().await, Vec::<String>::new());
    let first = office.written(&checked).await;
    let made = ["ivarga created Ilse Varga", "mvarga created Mara Ines Varga", "tvarga created Tam Varga"];
    assert_eq!(office.accounts().await, made);
    for nothing in [
        "SELECT count(*) FROM access_grants",
        "SELECT count(*) FROM invitations",
        "SELECT count(*) FROM passwords",
    ] {
        assert_eq!(office.count(nothing).await, 0, "{nothing}");
    }
    let again = office.check_accounts(FILE).await;
    assert_eq!(office.outcomes(&again).await, [RowOutcome::Unchanged; 3], "{:?}", office.log(&again).await);
    // The links that follow find the accounts.
    let links = office.check_as(&LINKS, "links.csv", b"LOGONID,STUDENT_ID\nMVARGA,A100\n").await;
    assert_eq!(office.outcomes(&links).await, [RowOutcome::Linked]);
    undo::undo(&office.backend, &office.actor, first.id).await.unwrap();
    assert_eq!(office.accounts().await, Vec::<String>::new());
    assert_eq!(office.count("SELECT count(*) FROM former_usernames").await, 0);
    assert_eq!(office.count("SELECT count(*) FROM people WHERE given_name = 'Mara'").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_account_that_was_used_keeps_its_import(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let checked = office.check_accounts(FILE).await;
    let first = office.written(&checked).await;
    sqlx::query("UPDATE accounts SET state = 'active', activated_at = now() WHERE username = 'ivarga'")
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let refused = undo::undo(&office.backend, &office.actor, first.id).await.unwrap_err();
    assert!(refused.to_string().contains("Ilse Varga (an account)"), "{refused}");
    assert_eq!(office.accounts().await.len(), 3);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_login_is_never_taken_from_whom_it_belongs_to(pool: PgPool) {
    let (office, [ilse, tam, ..]) = Office::new(pool).await;
    let mara = guardian(&office.backend, &office.school, "Mara", "Varga", None, &[ilse]).await;
    account(&office.backend, &office.school, mara, "mvarga").await;
    account(&office.backend, &office.school, tam, "tam.varga").await;
    let file = "LOGONID,FIRST_NAME,LAST_NAME,USER_TYPE,STUDENT_ID\n\
        mvarga,Otto,Berg,GUARDIAN,\n\
        mvarga2,Ada,Two,GUARDIAN,\n\
        mvarga2,Eva,Three,GUARDIAN,\n\
        mvarga,,,STUDENT,A100\n\
        tvarga,,,STUDENT,A101\n\
        tam.varga,Tam,Varga,STUDENT,A101\n\
        xstudent,,,STUDENT,X9\n\
        tam.varga,Tam,Varga,GUARDIAN,\n";
    let log = office.log(&office.check_accounts(file).await).await;
    let claimed = "The login \u{201c}mvarga\u{201d} belongs to Mara Varga. Give this person another one.";
    for at in [0, 3] {
        assert_eq!(log[at], (RowOutcome::Rejected, claimed.to_owned()));
    }
    assert_eq!((log[1].0, log[2].0), (RowOutcome::Rejected, RowOutcome::Rejected));
    assert!(log[4].1.contains("The file has several logins for this student."), "{:?}", log[4]);
    assert!(log[6].1.contains("There is no student \u{201c}X9\u{201d}"), "{:?}", log[6]);
    assert_eq!(log[7].0, RowOutcome::Rejected);
    let file = "LOGONID,FIRST_NAME,LAST_NAME,USER_TYPE,STUDENT_ID\n\
        tvarga,,,STUDENT,A101\n\
        mvarga,Mara,Varga,GUARDIAN,\n\
        mara9,Mara,Varga,GUARDIAN,A100\n";
    let checked = office.check_accounts(file).await;
    let log = office.log(&checked).await;
    assert_eq!(log[0].0, RowOutcome::Held);
    assert!(log[0].1.contains("has an account with the username \u{201c}tam.varga\u{201d}"), "{:?}", log[0]);
    assert_eq!(log[1].0, RowOutcome::Updated, "her login is learnt as her key: {:?}", log[1]);
    assert!(log[2].1.contains("They have an account, with the username mvarga."), "{:?}", log[2]);
    office.written(&checked).await;
    assert_eq!(office.accounts().await, ["mvarga created Mara Varga", "tam.varga created Tam Varga"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_login_that_is_an_address_is_the_address_and_the_username_is_asked_about(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = "LOGONID,FIRST_NAME,LAST_NAME,USER_TYPE\n\
        Mara@Example.test,Mara,Varga,GUARDIAN\n\
        piotr@example.test,Piotr,Varga,GUARDIAN\n\
        ben@school.example,,,STUDENT\n";
    let checked = office.check_accounts(file).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Added, RowOutcome::Added, RowOutcome::Held]);
    assert_eq!(checked.counts.unwrap().waiting(), 3);
    let decision = HeldDecision::Reason { reason: HeldReason::NoUsername, choice: ChoiceKind::MakeUsername };
    let decided = settle::settle(&office.backend, &office.actor, checked.id, decision).await.unwrap();
    assert_eq!(decided.counts.unwrap().waiting(), 0, "{:?}", office.log(&decided).await);
    office.written(&decided).await;
    let accounts = office.accounts().await;
    assert_eq!(accounts.len(), 3, "{accounts:?}");
    let addresses: Vec<String> = sqlx::query_scalar("SELECT value FROM addresses WHERE value LIKE 'mara%'")
        .fetch_all(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(addresses, ["mara@example.test"]);
    let again = office.check_accounts(file).await;
    assert_eq!(again.counts.unwrap().changes(), 0, "{:?}", office.log(&again).await);
    assert_eq!(again.counts.unwrap().waiting(), 0, "{:?}", office.log(&again).await);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn accounts_that_are_not_enabled_and_usernames_that_need_a_look_are_left_out(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let file = "LOGONID,FIRST_NAME,LAST_NAME,USER_TYPE,ENABLED\n\
        mvarga,Mara,Varga,GUARDIAN,Y\n\
        pvarga,Piotr,Varga,GUARDIAN,N\n\
        postmaster,Post,Master,GUARDIAN,Y\n\
        teach,Ada,Teach,TEACHER,Y\n";
    let checked = office.check_accounts(file).await;
    let log = office.log(&checked).await;
    let outcomes = [RowOutcome::Added, RowOutcome::Skipped, RowOutcome::Added, RowOutcome::Skipped];
    assert_eq!(office.outcomes(&checked).await, outcomes, "{log:?}");
    assert!(log[1].1.contains("\u{201c}ENABLED\u{201d} is \u{201c}N\u{201d}"), "{log:?}");
    assert!(log[2].1.contains("No account was made: Mail and web systems reserve this name."), "{log:?}");
    office.written(&checked).await;
    assert_eq!(office.accounts().await, ["mvarga created Mara Varga"]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn more_accounts_than_one_person_may_make_need_a_second_person(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let limit = domain::audit::exports::APPROVAL_OVER.slug;
    sqlx::query("INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, $2, '2'::jsonb, now())")
        .bind(office.school.organisation.0)
        .bind(limit)
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let checked = office.check_accounts(FILE).await;
    let (backend, actor) = (&office.backend, &office.actor);
    let end = commit::commit(backend, actor, checked.id, checked.plan.unwrap()).await.unwrap();
    assert!(matches!(end, CommitOutcome::Waits), "{end:?}");
    assert_eq!(office.accounts().await, Vec::<String>::new());
}
