//! Where replies to messages go.

use sqlx::PgPool;

use super::Scene;
use crate::jobs::worker::run_once;

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn replies_go_to_the_office_and_the_message_names_its_phone_number(pool: PgPool) {
    let scene = Scene::new(pool).await;
    let database = scene.backend.database.raw();
    let unset = scene.account("cy").await;
    scene.send(&[unset]).await;
    run_once(&scene.backend).await.unwrap();
    sqlx::query(
        "UPDATE organisations SET office_phone = '020 7946 0000', office_email = 'trust@quillmere.example'",
    )
    .execute(database)
    .await
    .unwrap();
    let ana = scene.account("ana").await;
    scene.send(&[ana]).await;
    run_once(&scene.backend).await.unwrap();
    // A school's own office comes before that of its organisation.
    sqlx::query("UPDATE schools SET office_email = 'office@quillmere.example'")
        .execute(database)
        .await
        .unwrap();
    let bo = scene.account("bo").await;
    scene.send(&[bo]).await;
    run_once(&scene.backend).await.unwrap();
    let mails = scene.sink.received();
    for (to, office) in [("cy", None), ("ana", Some("trust@")), ("bo", Some("office@"))] {
        let mail = mails.iter().find(|mail| mail.to == format!("{to}@example.org")).unwrap();
        let replies = mail.header("Reply-To");
        assert_eq!(replies.is_some(), office.is_some(), "{to}");
        assert!(office.is_none_or(|office| replies.unwrap().contains(office)), "{to}");
        assert_eq!(mail.data.contains("020 7946 0000"), office.is_some(), "{to}");
        assert_eq!(mail.data.contains("Nobody reads replies"), office.is_none(), "{to}");
    }
}
