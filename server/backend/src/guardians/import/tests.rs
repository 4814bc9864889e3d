//! Importing guardians on a real PostgreSQL.

mod brought;
mod exports;
mod forty;
mod layouts;

use domain::authorization::actor::Actor;
use domain::authorization::role::Role;
use domain::guardians::import::{ADULTS, CONTACTS, LINKS};
use domain::ids::PersonId;
use domain::imports::held::{ChoiceKind, HeldDecision, HeldReason};
use domain::imports::kind::{ImportDeclaration, KindSlug};
use domain::imports::outcome::RowOutcome;
use domain::imports::views::{CommitOutcome, ImportState, ImportView};
use domain::imports::words;
use sqlx::PgPool;

use crate::imports::{commit, log, settle, simulate, stage, undo};
use crate::testing::files::archive;
use crate::testing::{
    TestSchool, account, active_account, backend, grant, guardian, member_of_staff, student,
};
use crate::{Backend, Error};

mod accounts;
mod addresses;
mod links;

struct Office {
    backend: Backend,
    school: TestSchool,
    actor: Actor,
}

impl Office {
    /// A school with four students.
    async fn new(pool: PgPool) -> (Self, [PersonId; 4]) {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let actor = school.actor(&backend, Role::AccountManager);
        let students = [
            student(&backend, &school, "Ilse", "Varga", "A100", None).await,
            student(&backend, &school, "Tam", "Varga", "A101", None).await,
            student(&backend, &school, "Noor", "Idowu", "A102", None).await,
            student(&backend, &school, "Ben", "Okafor", "00417", Some("ben@school.example")).await,
        ];
        (Self { backend, school, actor }, students)
    }

    async fn check(&self, csv: &str) -> ImportView {
        self.check_as(&CONTACTS, "guardians.csv", csv.as_bytes()).await
    }

    async fn check_as(&self, kind: &ImportDeclaration, name: &str, file: &[u8]) -> ImportView {
        let kind = KindSlug::from(kind);
        let (backend, actor) = (&self.backend, &self.actor);
        let staged = stage::stage(backend, actor, &kind, self.school.school, name, file.to_vec());
        let staged = staged.await.unwrap();
        simulate::simulate(backend, actor, staged.id).await.unwrap()
    }

    async fn import(&self, csv: &str) -> ImportView {
        let checked = self.check(csv).await;
        self.written(&checked).await
    }

    async fn written(&self, checked: &ImportView) -> ImportView {
        let (backend, actor) = (&self.backend, &self.actor);
        match commit::commit(backend, actor, checked.id, checked.plan.unwrap()).await.unwrap() {
            CommitOutcome::Done { import } => import,
            CommitOutcome::Drifted { differing, .. } => panic!("nobody else writes here: {differing:?}"),
            CommitOutcome::Queued { .. } => panic!("so few rows are no job"),
            CommitOutcome::Waits => panic!("so few rows need no second person"),
        }
    }

    /// The log's message for each row.
    async fn log(&self, import: &ImportView) -> Vec<(RowOutcome, String)> {
        let page = log::page(&self.backend, &self.actor, import.id, None, 0, 100).await.unwrap();
        let lines = page.lines.into_iter().map(|named| named.line.line);
        lines.map(|line| (line.outcome, words::line(&CONTACTS, &line))).collect()
    }

    async fn outcomes(&self, import: &ImportView) -> Vec<RowOutcome> {
        self.log(import).await.into_iter().map(|(outcome, _)| outcome).collect()
    }

    /// Every contact, as lines to compare.
    async fn contacts(&self) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT concat_ws('|', a.given_name, a.family_name, a.title,
                    (SELECT string_agg(m.value, ',' ORDER BY m.comparable) FROM addresses m WHERE m.person_id = a.id AND m.is_primary),
                    k.given_name, c.relationship, c.relationship_said, array_to_string(c.functions, ' '), c.priority,
                    c.parental_responsibility, c.lives_with, c.no_portal,
                    (SELECT replace(h.lines, E'\\n', ', ') FROM postal_addresses h WHERE h.person_id = a.id))
             FROM contacts c JOIN people a ON a.id = c.adult_id JOIN people k ON k.id = c.child_id
             ORDER BY a.family_name, a.given_name, k.given_name",
        )
        .fetch_all(self.backend.database.raw())
        .await
        .unwrap()
    }

    async fn count(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

const FILE: &str = "Student ID,Guardian ID,Relationship,Title,First name,Surname,Email,Mobile,Priority,PR,Lives with,Address 1,Town,Postcode\n\
    A100,P1,Mother,Dr,Mara,Varga,mara@example.test,07900 900123,1,Y,Y,12 Mill Lane,Ashby,LE65 1AB\n\
    A101,P1,Mother,Dr,Mara,Varga,MARA@example.test,07900 900123,1,Y,Y,12 Mill Lane,Ashby,LE65 1AB\n\
    A100,P2,Father,,Piotr,Varga,home@example.test,,2,N,N,,,\n\
    X9,P3,Mother,,Nobody,Known,,,,,,,,\n";

// C1, C43
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_list_of_guardians_is_imported_once_and_gives_nobody_access(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let first = office.import(FILE).await;
    assert_eq!(
        office.contacts().await,
        [
            "Mara|Varga|Dr|07900900123,mara@example.test|Ilse|mother|||1|t|t|f|12 Mill Lane, Ashby",
            "Mara|Varga|Dr|07900900123,mara@example.test|Tam|mother|||1|t|t|f|12 Mill Lane, Ashby",
            "Piotr|Varga||home@example.test|Ilse|father|||2|f|f|f",
        ]
    );
    let log = office.log(&first).await;
    assert_eq!(log[1].1, "Linked to the student. The same adult as in row 2: the same key.");
    assert_eq!(
        office.outcomes(&first).await,
        [RowOutcome::Added, RowOutcome::Linked, RowOutcome::Added, RowOutcome::Rejected]
    );
    for made in ["SELECT count(*) FROM access_grants", "SELECT count(*) FROM accounts"] {
        assert_eq!(office.count(made).await, 0, "{made}");
    }
    assert_eq!(office.count("SELECT count(*) FROM person_keys").await, 2);
    let again = office.import(FILE).await;
    let counts = again.counts.unwrap();
    assert_eq!(
        (counts.unchanged, counts.rejected, counts.changes()),
        (3, 1, 0),
        "{:?}",
        office.log(&again).await
    );
    assert_eq!(counts.total(), again.row_count);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn changes_are_told_and_an_undo_takes_everything_back(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let first = office.import(FILE).await;
    let before = office.contacts().await;
    let second = office
        .import(
            "Student ID,Guardian ID,Relationship,Title,First name,Surname,Email,Priority,Address 1\n\
             A100,P1,Guardian,Prof,Mara,Varga-Lind,new@example.test,3,1 New Road\n\
             A102,P9,Father,,Tunde,Idowu,,,\n",
        )
        .await;
    let log = office.log(&second).await;
    assert_eq!(log[0].0, RowOutcome::Updated);
    for said in [
        "Family name changed from",
        "Title changed from",
        "Relationship changed from",
        "Priority changed from",
        "Email changed from",
    ] {
        assert!(log[0].1.contains(said), "{said}: {}", log[0].1);
    }
    assert_eq!(office.contacts().await.len(), 4);
    let undone = undo::undo(&office.backend, &office.actor, second.id).await.unwrap();
    assert_eq!(undone.state, ImportState::Undone);
    assert_eq!(office.contacts().await, before);
    undo::undo(&office.backend, &office.actor, first.id).await.unwrap();
    assert_eq!(office.contacts().await, Vec::<String>::new());
    for left in [
        "SELECT count(*) FROM person_keys",
        "SELECT count(*) FROM postal_addresses",
        "SELECT count(*) FROM people WHERE family_name LIKE 'Varga%'",
    ] {
        let expected = i64::from(left.contains("Varga")) * 2;
        assert_eq!(office.count(left).await, expected, "{left}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_undo_is_refused_once_a_guardian_has_been_used(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    let first = office.import(FILE).await;
    sqlx::query("UPDATE contacts SET priority = 5 WHERE child_id = $1")
        .bind(ilse.0)
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    assert!(undo::undo(&office.backend, &office.actor, first.id).await.is_err());
}

// C6
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_the_office_ended_is_held_until_it_decides(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    office.import(FILE).await;
    sqlx::query("UPDATE contacts SET ended_at = $2, ended_for = 'office' WHERE child_id = $1 AND relationship = 'father'")
        .bind(ilse.0)
        .bind(office.backend.now())
        .execute(office.backend.database.raw())
        .await
        .unwrap();
    let again = office.check(FILE).await;
    assert_eq!(office.outcomes(&again).await[2], RowOutcome::Held);
    assert!(office.log(&again).await[2].1.contains("Piotr Varga as a contact of Ilse Varga was ended"));
    let choice = ChoiceKind::LinkAgain;
    let decision = HeldDecision::Reason { reason: HeldReason::EndedLink, choice };
    let decided = settle::settle(&office.backend, &office.actor, again.id, decision).await.unwrap();
    office.written(&decided).await;
    assert_eq!(office.count("SELECT count(*) FROM contacts WHERE relationship = 'father'").await, 2);
}

// C13, C44
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn colleagues_and_lost_zeros_are_asked_about(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let colleague = member_of_staff(
        &office.backend,
        &office.school,
        "Tunde",
        "Idowu",
        "IDO",
        Some("t.idowu@school.example"),
    )
    .await;
    let checked = office
        .check("child_id,guardian_name,email,relationship\nA102,Tunde Idowu,tunde@example.test,dad\n417,Grace Okafor,grace@example.test,mum\n")
        .await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Held, RowOutcome::Held]);
    let (backend, actor) = (&office.backend, &office.actor);
    for (reason, choice) in
        [(HeldReason::Colleague, ChoiceKind::ThisPerson), (HeldReason::NearKey, ChoiceKind::ThisPerson)]
    {
        let decision = HeldDecision::Reason { reason, choice };
        settle::settle(backend, actor, checked.id, decision).await.unwrap();
    }
    let decided = simulate::simulate(backend, actor, checked.id).await.unwrap();
    office.written(&decided).await;
    let child: PersonId = sqlx::query_scalar("SELECT child_id FROM contacts WHERE adult_id = $1")
        .bind(colleague.0)
        .fetch_one(backend.database.raw())
        .await
        .map(PersonId)
        .unwrap();
    assert_eq!(office.count("SELECT count(*) FROM contacts").await, 2);
    assert_ne!(child, colleague);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_guardian_who_is_known_is_found_by_email_and_name_at_another_student(pool: PgPool) {
    let (office, [ilse, ..]) = Office::new(pool).await;
    let mara =
        guardian(&office.backend, &office.school, "Mara", "Varga", Some("mara@example.test"), &[ilse]).await;
    let import = office
        .import("child_id,guardian_name,email,relationship\nA101,Mara Varga,Mara@example.test,mother\nA100,Mara Varga,,mother\n")
        .await;
    assert_eq!(office.outcomes(&import).await, [RowOutcome::Linked, RowOutcome::Unchanged]);
    let linked: i64 = sqlx::query_scalar("SELECT count(*) FROM contacts WHERE adult_id = $1")
        .bind(mara.0)
        .fetch_one(office.backend.database.raw())
        .await
        .unwrap();
    assert_eq!(linked, 2);
}

// C38
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_row_with_too_many_cells_is_rejected_and_an_address_never_becomes_an_email(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let import = office
        .import("child_id,guardian_name,address,email\nA100,Mara Varga,12 Mill Lane, Ashby,mara@example.test\nA101,Mara Lind,1 Road,lind@example.test\n")
        .await;
    assert_eq!(office.outcomes(&import).await, [RowOutcome::Rejected, RowOutcome::Added]);
    // Where that is so of more than one row in five, nothing says that the others are right.
    let rows = |shifted: usize| -> String {
        let row = |at: usize| {
            format!(
                "A100,\"Lind, Ada{at}\",1 Road{},a{at}@example.test\n",
                if at < shifted { ", Ashby" } else { "" }
            )
        };
        (0..10).map(row).collect()
    };
    let stage = async |shifted: usize| {
        let file = format!("child_id,guardian_name,address,email\n{}", rows(shifted)).into_bytes();
        let kind = KindSlug::from(&CONTACTS);
        stage::stage(&office.backend, &office.actor, &kind, office.school.school, "rows.csv", file).await
    };
    assert!(stage(2).await.is_ok());
    let Err(Error::Import(problem)) = stage(3).await else { panic!("three rows of ten are shifted") };
    assert_eq!(problem.code(), "file_shifted", "{problem}");
}

// C39
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_file_with_semicolons_is_read(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let import =
        office.import("sep=;\nchild_id;guardian_name;email\nA100;Mara Varga;mara@example.test\n").await;
    assert_eq!(office.outcomes(&import).await, [RowOutcome::Added]);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_oneroster_export_links_adults_whichever_side_says_it(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let users = b"sourcedId,status,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,agentSourcedIds\n\
        s1,,true,q,student,x,Ilse,Varga,A100,,\"g1,g2\"\n\
        s2,,true,q,student,x,Tam,Varga,A101,,\n\
        g1,,true,q,parent,x,Mara,Varga,,mara@example.test,s2\n\
        g2,,true,q,guardian,x,Piotr,Varga,,,\n\
        t1,,true,q,teacher,x,Ada,Teach,,,\n";
    let file = archive(&[("users.csv", users)]);
    let checked = office.check_as(&CONTACTS, "export.zip", &file).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Added, RowOutcome::Added]);
    office.written(&checked).await;
    assert_eq!(office.count("SELECT count(*) FROM contacts WHERE relationship = 'carer'").await, 3);
    assert_eq!(office.count("SELECT count(*) FROM access_grants").await, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn relationships_of_school_data_sync_link_adults(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let users = b"sourcedId,username,givenName,familyName,password,email,phone\n\
        A100,ilse,Ilse,Varga,secret,,\ng1,mara,Mara,Varga,secret,mara@example.test,\nd1,doc,Dora,Doctor,,doc@example.test,\n";
    let roles = b"userSourcedId,orgSourcedId,role\nA100,q,student\n";
    let relationships =
        b"userSourcedId,relationshipUserSourcedId,relationshipRole\nA100,g1,parent\nA100,d1,doctor\n";
    let file = archive(&[("users.csv", users), ("roles.csv", roles), ("relationships.csv", relationships)]);
    let checked = office.check_as(&CONTACTS, "sds.zip", &file).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Added]);
}

// C40
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_words_over_several_columns_say_whose_they_are(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let import = office
        .import(
            ",,Mother,,Father,\nID,Child,Name,Email,Name,Email\n\
             A100,Ilse Varga,Mara Varga,mara@example.test,Piotr Varga,piotr@example.test\n",
        )
        .await;
    assert_eq!(office.outcomes(&import).await, [RowOutcome::Added]);
    assert_eq!(
        office.contacts().await,
        [
            "Mara|Varga||mara@example.test|Ilse|mother||||||f|",
            "Piotr|Varga||piotr@example.test|Ilse|father||||||f|"
        ]
        .map(|line| line.replace("||||||f|", "|||f"))
    );
}

// C44: once for the column; and rejected if the number could be two.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_number_without_its_zeros_that_fits_two_students_is_rejected(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    student(&office.backend, &office.school, "Eva", "Other", "417", None).await;
    student(&office.backend, &office.school, "Ada", "Zero", "00418", None).await;
    let file = "child_id,guardian_name,email\n417,\"Okafor, Grace\",grace@example.test\n418,\"Zero, Ann\",ann@example.test\n";
    let checked = office.check(file).await;
    let log = office.log(&checked).await;
    assert_eq!((log[0].0, log[1].0), (RowOutcome::Rejected, RowOutcome::Held), "{log:?}");
    assert!(log[0].1.contains("can be several students"), "{log:?}");
}
