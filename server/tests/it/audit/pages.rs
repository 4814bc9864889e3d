//! The page of the audit log, through the router.

use axum::http::StatusCode;
use backend::audit::{AuditEntry, record};
use backend::authorization::roles::give::{RoleForm, give};
use backend::testing::{TestSchool, active_account, backend, student};
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use serde_json::json;
use sqlx::PgPool;

use crate::browser::Browser;

const PASSWORD: &str = "three green caps fly";

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_log_is_filtered_paged_and_taken_out_and_that_is_written_too(pool: PgPool) {
    let (context, _) = backend(pool);
    let school = TestSchool::new(&context).await;
    let head = student(&context, &school, "Ines", "Marchetti", "1", None).await;
    let account = active_account(&context, &school, head, "i.marchetti", PASSWORD).await;
    let form = RoleForm { role: "administrator".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
    let operator = Actor::system(school.organisation);
    give(&context, &operator, head, &form).await.unwrap();
    let ada = student(&context, &school, "=Ada()", "Okoronta", "2", None).await;
    let clerk = Actor::signed_in(school.organisation, account, head, vec![]);
    for _ in 0..60 {
        let mut transaction = context.tenant_transaction(school.organisation).await.unwrap();
        let entry =
            AuditEntry::new(AuditAction::AddressChanged).person(ada).details(json!({ "kind": "email" }));
        record(&context, &mut transaction, &clerk, entry).await.unwrap();
        transaction.commit().await.unwrap();
    }
    // From another organisation, so never visible here.
    let other = Actor::system(TestSchool::new(&context).await.organisation);
    let mut transaction = context.tenant_transaction(other.organisation).await.unwrap();
    record(&context, &mut transaction, &other, AuditEntry::new(AuditAction::BatchUndone)).await.unwrap();
    transaction.commit().await.unwrap();

    let mut browser = Browser::new(&context);
    browser.sign_in("i.marchetti", PASSWORD).await;
    let first = browser.get("/audit").await;
    assert_eq!(first.status, StatusCode::OK);
    assert!(first.body.contains("Older entries"));
    let rows = |body: &str| body.matches("<tr role=\"row\" data-row").count();
    assert_eq!(rows(&first.body), 50);
    let after = first.body.split("/audit?after=").nth(1).unwrap().split('"').next().unwrap();
    let second = browser.get(&format!("/audit?after={after}")).await.body;
    // Sixty addresses, the role, the sign-in.
    assert_eq!(rows(&second), 12);

    let given = browser.get("/audit?what=role_given&whom=marchetti").await.body;
    assert_eq!(rows(&given), 1);
    assert!(given.contains("This server"));
    assert_eq!(
        rows(&browser.get("/audit?who=ines&whom=okoronta&from=2026-11-21&until=2026-11-21").await.body),
        50
    );
    let nothing = browser.get("/audit?until=2026-11-20").await.body;
    assert!(nothing.contains("No entries match."));
    assert!(browser.get("/audit?what=batch_undone").await.body.contains("No entries match."));

    let file = browser.post("/audit/export?whom=okoronta", &[]).await;
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    assert_eq!(file.body.lines().count(), 61);
    assert!(!file.body.contains(",=Ada"), "a name is no formula");
    assert_eq!(rows(&browser.get("/audit?what=audit_exported").await.body), 1);
}
