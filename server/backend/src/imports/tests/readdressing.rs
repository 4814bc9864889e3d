//! A file changes people's addresses: whose it may change, and what happens to messages sent to the old ones.

use std::fmt::Write as _;

use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::grant::{PortalScope, Restriction};
use domain::authorization::permission::Permission;
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::credentials::status::AccountStatus;
use domain::invitations::views::{Opening, Recipients};
use sqlx::PgPool;

use super::{Office, counts};
use crate::Error;
use crate::imports::undo::undo;
use crate::invitations::activate::activate;
use crate::invitations::open::open;
use crate::invitations::send::send;
use crate::jobs::worker::run_once;
use crate::recovery::requests::{RecoveryKind, ask};
use crate::sessions::visitor::Visitor;
use crate::testing::{account, active_account, staff_role, student};

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_readdresses_someone_with_more_rights_by_a_file_nor_by_taking_one_back(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let (backend, school) = (office.backend.clone(), office.school.clone());
    let head = student(&backend, &school, "Grace", "Hopper", "900", Some("head@school.example")).await;
    staff_role(&backend, &school, head, Role::Administrator).await;
    let file = "Adm No,Forename,Surname,Email\n900,Grace,Hopper,mine@evil.example\n901,Ada,Lovelace,ada@home.example\n";
    let import = office.import(file).await;
    assert_eq!(import.counts.unwrap(), counts(1, 0, 0, 0, 1), "the others are added");
    assert!(office.roll().await[0].ends_with("|head@school.example*"), "{:?}", office.roll().await);

    // Neither person can undo what the other imported.
    let manager = std::mem::replace(&mut office.actor, school.actor(&backend, Role::Administrator));
    let import = office.import(file).await;
    assert_eq!(import.counts.unwrap(), counts(0, 1, 1, 0, 0));
    let refused = undo(&backend, &manager, import.id).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    undo(&backend, &office.actor, import.id).await.unwrap();
}

/// The reverse of a change takes the permission that the change took.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_undo_is_no_way_round_edit_contacts(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let (backend, school) = (office.backend.clone(), office.school.clone());
    let ada = student(&backend, &school, "Ada", "Lovelace", "1", Some("ada@old.example")).await;
    active_account(&backend, &school, ada, "ada", "copper ladder fog").await;
    student(&backend, &school, "Bob", "Moss", "2", Some("bob@old.example")).await;
    let file = "Adm No,Forename,Surname,Email\n1,Ada,Lovelace,ada@new.example\n2,Bob,Moss,bob@new.example\n";
    let import = office.import_confirmed(file).await;
    let after = office.roll().await;
    assert!(after[0].contains("ada@new.example*"), "{after:?}");

    let rights = [Permission::ViewRoll, Permission::ImportRoll].into_iter().collect();
    let roles = vec![RoleAssignment::new(rights, Place::School(school.school))];
    let importer = Actor::signed_in(school.organisation, backend.new_id(), backend.new_id(), roles);
    let refused = undo(&backend, &importer, import.id).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "You can\u{2019}t undo this: it would change where messages to the account of 1 person go, and for that you need the \
         permission \u{201c}Edit contacts\u{201d}. Ask someone who has it."
    );
    let hidden = Restriction { child: ada, scopes: vec![PortalScope::Profile] };
    let restricted = office.actor.clone().with_children(Vec::new(), vec![hidden]);
    let refused = undo(&backend, &restricted, import.id).await.unwrap_err();
    assert!(refused.to_string().contains("a restriction hides 1 person from you"), "{refused}");
    assert_eq!(office.roll().await, after, "nothing half done");
    undo(&backend, &office.actor, import.id).await.unwrap();

    // What changes no mailbox of an account takes no more than importing.
    office.actor = importer;
    let harmless = office
        .import("Adm No,Forename,Surname,Email\n1,Ada,King,ADA@old.example\n2,Bob,Moss,bob@new.example\n")
        .await;
    assert_eq!(harmless.counts.unwrap(), counts(0, 2, 0, 0, 0));
    undo(&backend, &office.actor, harmless.id).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nobody_readdresses_themselves_by_a_file_nor_by_taking_one_back(pool: PgPool) {
    let mut office = Office::new(pool).await;
    let (backend, school) = (office.backend.clone(), office.school.clone());
    let grace = student(&backend, &school, "Grace", "Hopper", "900", Some("grace@school.example")).await;
    let roles = vec![RoleAssignment::new(Role::AccountManager.permissions(), Place::School(school.school))];
    let own = Actor::signed_in(school.organisation, backend.new_id(), grace, roles);
    let colleague = std::mem::replace(&mut office.actor, own);
    let file = "Adm No,Forename,Surname,Email\n900,Grace,Hopper,mine@home.example\n901,Ada,Lovelace,ada@home.example\n";
    let import = office.import(file).await;
    assert_eq!(import.counts.unwrap(), counts(1, 0, 0, 0, 1), "the others are added");
    assert!(office.roll().await[0].ends_with("|grace@school.example*"), "{:?}", office.roll().await);

    let own = std::mem::replace(&mut office.actor, colleague);
    let import = office.import(file).await;
    assert_eq!(import.counts.unwrap(), counts(0, 1, 1, 0, 0));
    let refused = undo(&backend, &own, import.id).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "own_email", .. })), "{refused:?}");
    undo(&backend, &office.actor, import.id).await.unwrap();
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_sent_to_an_address_that_a_file_corrects_opens_nothing_any_more(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, &office.school);
    let ada = student(backend, school, "Ada", "Lovelace", "1", Some("wrong@mail.example")).await;
    let new = account(backend, school, ada, "ada").await;
    let old = student(backend, school, "Grace", "Hopper", "2", Some("alas@mail.example")).await;
    active_account(backend, school, old, "grace", "copper ladder fog").await;
    send(backend, &office.actor, school.school, Recipients::Accounts { ids: vec![new], again: true })
        .await
        .unwrap();
    ask(backend, &Visitor::stranger(), RecoveryKind::Links, "grace").await.unwrap();
    run_once(backend).await.unwrap();
    let invitation: uuid::Uuid =
        sqlx::query_scalar("SELECT id FROM invitations").fetch_one(backend.database.raw()).await.unwrap();
    let link = backend.keys.invitations.secrets(invitation).link;
    let live = async || -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM password_resets WHERE revoked_at IS NULL")
            .fetch_one(backend.database.raw())
            .await
            .unwrap()
    };
    assert!(matches!(open(backend, &link).await.unwrap(), Opening::Ready { .. }));
    assert_eq!(live().await, 1);
    office
        .import_confirmed("Adm No,Forename,Email\n1,Ada,right@mail.example\n2,Grace,alas@mail.example\n")
        .await;
    assert!(matches!(open(backend, &link).await.unwrap(), Opening::Ended), "the first went elsewhere");
    let record = crate::record::record(backend, &office.actor, ada).await.unwrap();
    let status = AccountStatus::of(record.account.as_ref().map(|account| &account.standing), backend.now());
    assert_eq!(status.label(), "Not invited: address corrected");
    assert_eq!(live().await, 1, "the other's address is the same");
    office.import_confirmed("Adm No,Forename,Email\n2,Grace,grace@mail.example\n").await;
    assert_eq!(live().await, 0);
}

/// Four students with accounts, whose addresses a file changes.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn invitations_to_addresses_that_a_file_changed_are_ways_in_for_its_importer(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, &office.school);
    sqlx::query("INSERT INTO settings (organisation_id, setting, value, changed_at) VALUES ($1, 'approval_over', '3', now())")
        .bind(school.organisation.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let (mut ids, mut file) = (Vec::new(), "Adm No,Forename,Email\n".to_owned());
    for n in 1..=4 {
        let (number, email) = (n.to_string(), format!("n{n}@home.example"));
        let person = student(backend, school, "Ada", "Lovelace", &number, Some(&email)).await;
        ids.push(account(backend, school, person, &format!("ada{n}")).await);
        writeln!(file, "{n},Ada,n{n}@mine.example").unwrap();
    }
    // People who are new in a file have no address that it changes.
    let new = "Adm No,Forename,Surname,Email\n5,Ben,Lee,ben@home.example\n6,Cleo,Lee,cleo@home.example\n7,Dee,Lee,dee@home.example\n8,Eve,Lee,eve@home.example\n";
    office.import(new).await;
    let added: Vec<uuid::Uuid> = sqlx::query_scalar("SELECT id FROM people WHERE family_name = 'Lee'")
        .fetch_all(backend.database.raw())
        .await
        .unwrap();
    let mut new = Vec::new();
    for (n, person) in added.into_iter().enumerate() {
        new.push(account(backend, school, domain::ids::PersonId(person), &format!("lee{n}")).await);
    }
    let sent = async |ids: &[domain::ids::AccountId]| {
        let recipients = Recipients::Accounts { ids: ids.to_vec(), again: true };
        send(backend, &office.actor, school.school, recipients).await.unwrap()
    };
    office.import_confirmed(&file).await;
    assert_eq!(sent(&new).await.queued, 4);
    let four = sent(&ids).await;
    assert!(four.waits && four.queued == 0, "{four:?}");
    // Other spellings of the same mailboxes are no change, by whomever.
    let colleague = school.actor(backend, Role::AccountManager);
    let recipients = Recipients::Accounts { ids: ids.clone(), again: true };
    assert_eq!(send(backend, &colleague, school.school, recipients).await.unwrap().queued, 4);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_opened_from_a_wrong_address_ends_when_a_file_corrects_it_or_one_is_undone(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, &office.school);
    let mut links = Vec::new();
    for (number, name) in [("1", "ada"), ("2", "ben")] {
        let email = format!("{name}@wrong.example");
        let person = student(backend, school, name, "Lovelace", number, Some(&email)).await;
        let id = account(backend, school, person, name).await;
        send(backend, &office.actor, school.school, Recipients::Accounts { ids: vec![id], again: true })
            .await
            .unwrap();
        let invitation: uuid::Uuid = sqlx::query_scalar("SELECT id FROM invitations WHERE account_id = $1")
            .bind(id.0)
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
        links.push(backend.keys.invitations.secrets(invitation).link);
    }
    run_once(backend).await.unwrap();
    for link in &links {
        activate(backend, &Visitor::stranger(), link, "copper ladder fog").await.unwrap();
    }
    let states = async || -> Vec<String> {
        sqlx::query_scalar("SELECT account_state(id, state) FROM accounts ORDER BY username")
            .fetch_all(backend.database.raw())
            .await
            .unwrap()
    };
    assert_eq!(states().await, ["active", "active"]);
    office
        .import_confirmed("Adm No,Forename,Email\n1,ada,ada@right.example\n2,ben,BEN@wrong.example\n")
        .await;
    assert_eq!(states().await, ["invited", "active"], "the other mailbox is the same");
    let left: i64 = sqlx::query_scalar(
        "SELECT (SELECT count(*) FROM passwords p JOIN accounts a ON a.id = p.account_id WHERE a.username = 'ada')
              + (SELECT count(*) FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE a.username = 'ada')",
    )
    .fetch_one(backend.database.raw())
    .await
    .unwrap();
    assert_eq!(left, 0);
    let noted: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_events WHERE action = 'activation_ended'")
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
    assert_eq!(noted, 1);
}
