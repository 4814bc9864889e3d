//! A mailbox that a restricted adult reads too.

use chrono::TimeDelta;
use domain::ids::{MessageId, PersonId};
use sqlx::PgPool;

use super::Scene;
use crate::guardians::access::map::map;
use crate::jobs::worker::run_once;
use crate::recovery::send::{send_links, send_usernames};

impl Scene {
    async fn mailbox(&self, person: PersonId) {
        sqlx::query(
            "INSERT INTO addresses (id, organisation_id, person_id, kind, value, comparable, is_primary, created_at)
             VALUES (gen_random_uuid(), $1, $2, 'email', 'mara@example.test', 'mara@example.test', true, $3)",
        )
        .bind(self.organisation().0)
        .bind(person.0)
        .bind(self.backend.now() - TimeDelta::days(30))
        .execute(self.backend.database.raw())
        .await
        .unwrap();
    }

    /// What was sent so far, one text after the other.
    async fn sent(&self) -> String {
        run_once(&self.backend).await.unwrap();
        let texts: Vec<String> =
            sqlx::query_scalar("SELECT body_text FROM mailbox ORDER BY created_at, message_id")
                .fetch_all(self.backend.database.raw())
                .await
                .unwrap();
        texts.join("\n")
    }
}

/// Complaint C4, under an order: the mother and the child share the mailbox of the father, who must not see the child.
#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn nothing_that_opens_the_child_goes_to_a_mailbox_that_a_restricted_adult_reads(pool: PgPool) {
    let scene = Scene::new(pool).await;
    for person in [scene.piotr, scene.ben] {
        scene.mailbox(person).await;
    }
    for (person, username) in [(scene.mara, "m.varga"), (scene.piotr, "p.varga"), (scene.ben, "b.okafor")] {
        scene.account(person, username, "active").await;
    }
    send_links(&scene.backend, "mara@example.test").await.unwrap();
    let before = scene.sent().await;
    for username in ["m.varga", "p.varga", "b.okafor"] {
        assert!(before.contains(username), "{username} in {before}");
    }
    scene.restrict(scene.ben, &scene.about(scene.piotr)).await;
    let alive = "SELECT count(*) FROM password_resets WHERE revoked_at IS NULL";
    assert_eq!(scene.count(alive).await, 0, "the links in that message no longer work");
    let shown = map(&scene.backend, &scene.milo, scene.ben).await.unwrap();
    assert_eq!(shown.shared_mailboxes, ["Ben Okafor", "Mara Varga"]);

    scene.clock.advance(TimeDelta::hours(2));
    send_links(&scene.backend, "mara@example.test").await.unwrap();
    send_links(&scene.backend, "b.okafor").await.unwrap();
    send_usernames(&scene.backend, "mara@example.test").await.unwrap();
    // The office sends something to Ben and to Mara all the same.
    for person in [scene.ben, scene.mara] {
        sqlx::query(
            "INSERT INTO messages (id, organisation_id, kind, channel, priority, person_id, address_id, state, due_at, created_at)
             SELECT $1, $2, 'password', 'email', 1, $3, d.id, 'queued', $4, $4 FROM addresses d WHERE d.person_id = $3",
        )
        .bind(scene.backend.new_id::<MessageId>().0)
        .bind(scene.organisation().0)
        .bind(person.0)
        .bind(scene.backend.now())
        .execute(scene.backend.database.raw())
        .await
        .unwrap();
    }
    let all = scene.sent().await;
    let after = all.strip_prefix(&before).unwrap();
    assert!(after.contains("p.varga"), "{after}");
    for username in ["m.varga", "b.okafor"] {
        assert!(!after.contains(username), "{username} in {after}");
    }
    let held = "SELECT count(*) FROM messages WHERE error_code = 'restricted'";
    assert_eq!(scene.count(held).await, 2);
}
