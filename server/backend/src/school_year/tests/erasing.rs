use domain::authorization::actor::Actor;
use domain::data_rights::held::ErasedWhat;
use domain::ids::PersonId;
use serde_json::Value;
use sqlx::PgPool;

use super::{Office, day};
use crate::data_rights::catalogue::of_accounts;
use crate::data_rights::erase::erase;
use crate::data_rights::erased::erased;
use crate::data_rights::export::export;
use crate::db;
use crate::testing::{active_account, student};

const HELD: [&str; 3] = [
    "INSERT INTO sessions (id, organisation_id, account_id, token_hash, created_at, proven_at, last_seen_at, idle_ends_at, ends_at)
     SELECT gen_random_uuid(), organisation_id, id, uuid_send(id), now(), now(), now(), now(), now()
     FROM accounts WHERE person_id = $1",
    "INSERT INTO column_choices (organisation_id, account_id, list, shown, hidden)
     SELECT organisation_id, id, 'students', '{name}', '{}' FROM accounts WHERE person_id = $1",
    "INSERT INTO invitations (id, organisation_id, account_id, channel, current, link_hash, code_hash, created_at, first_at, expires_at)
     SELECT gen_random_uuid(), organisation_id, id, 'email', true, uuid_send(id), uuid_send(id), now(), now(), now() + interval '1 day'
     FROM accounts WHERE person_id = $1",
];

impl Office {
    /// Somebody who left long ago, whose account the roll closed, and what it held.
    async fn closed_long_ago(&self, name: &str, number: &str) -> PersonId {
        let person = student(&self.backend, &self.school, name, "Berg", number, None).await;
        active_account(&self.backend, &self.school, person, &name.to_lowercase(), "correct horse battery")
            .await;
        for held in HELD {
            self.change(held, person).await;
        }
        self.change(
            "UPDATE enrolments SET starts_on = '2020-09-01', ends_on = '2025-12-31' WHERE person_id = $1",
            person,
        )
        .await;
        self.change(
            "UPDATE accounts SET state = 'closed', closed_at = '2026-04-14 12:00Z', roll_stopped_at = '2026-04-14 12:00Z',
                    roll_stopped_on = '2026-04-14', portal_group = 'home_visits'
             WHERE person_id = $1",
            person,
        )
        .await;
        person
    }

    /// What is still held of those tables that hang on an account, and the account itself without what is only its own.
    async fn left_of(&self, person: PersonId) -> (Vec<&'static str>, Value) {
        let operator = Actor::system(self.school.organisation);
        let file = export(&self.backend, &operator, self.school.school, person).await.unwrap();
        let tables: Vec<&str> = of_accounts().map(|(table, _)| table).collect();
        let left = file.kinds.iter().map(|kind| kind.count.table).filter(|table| tables.contains(table));
        let left = left.collect();
        let mut account = file.json()["held"]["accounts"]["rows"][0].clone();
        // What is only its own, and when all ways in ended: an erasure of a person ends them once more.
        for own in
            ["id", "person_id", "username", "created_at", "activated_at", "data_erased_at", "ways_ended_at"]
        {
            account.as_object_mut().unwrap().remove(own);
        }
        (left, account)
    }
}

#[sqlx::test(migrator = "db::MIGRATOR")]
async fn the_night_erases_of_an_account_what_an_erasure_of_its_person_erases_of_it(pool: PgPool) {
    let office = Office::new(pool).await;
    let (backend, school) = (&office.backend, office.school.school);
    let ana = office.closed_long_ago("Ana", "1").await;
    let (held, _) = office.left_of(ana).await;
    assert_eq!(held, ["sessions", "passwords", "invitations", "column_choices"]);
    office.go_to("2026-12-14");
    assert_eq!(office.night().await[0].done.all(), 1);
    let of_night = office.left_of(ana).await;
    assert_eq!(of_night.0, Vec::<&str>::new());
    assert_eq!(of_night.1["portal_group"], Value::Null);

    let bem = office.closed_long_ago("Bem", "2").await;
    erase(backend, &Actor::system(office.school.organisation), school, bem).await.unwrap();
    assert_eq!(office.left_of(bem).await, of_night);

    let log = erased(backend, &office.manager, school, None).await.unwrap().rows;
    let mut lines: Vec<_> = log.iter().map(|line| (line.username.as_str(), line.what, line.rows)).collect();
    lines.sort_by_key(|line| line.0);
    assert_eq!(lines[0], ("ana", ErasedWhat::Account, 5), "four rows, and the account");
    assert_eq!((lines[1].0, lines[1].1), ("bem", ErasedWhat::Person));
    assert!(log.iter().all(|line| line.by.is_none()));

    // Of somebody whose account was erased, the rest can be erased still; and who comes back gets the account.
    erase(backend, &Actor::system(office.school.organisation), school, ana).await.unwrap();
    assert_eq!(day("2026-12-14"), office.backend.now().date_naive());
    office.change("UPDATE enrolments SET ends_on = NULL WHERE person_id = $1", ana).await;
    office.go_to("2026-12-15");
    assert_eq!(office.night().await[0].done.all(), 1);
    assert_eq!(office.state(ana).await, "created");
}
