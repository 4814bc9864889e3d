use calamine::{Data, Reader as _, Xlsx};
use domain::accounts::export::ExportFormat;
use domain::authorization::policy::Refusal;
use domain::authorization::role::Role;
use domain::credentials::state::AccountState;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use crate::Error;
use crate::accounts::export::{ExportFile, ExportOutcome, export};
use crate::accounts::list::list;
use crate::testing::{TestSchool, account, backend, student};

fn everyone() -> Selection {
    Selection::Matching { filter: RollFilter::default() }
}

fn file(exported: ExportOutcome) -> ExportFile {
    match exported {
        ExportOutcome::File(file) => file,
        ExportOutcome::Waits => panic!("nothing waits where nothing is set"),
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn accounts_are_listed_by_state(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::OfficeViewer);
    let ann = student(&backend, &school, "Ann", "Lee", "17", None).await;
    student(&backend, &school, "Bo", "Kim", "2", None).await;
    account(&backend, &school, ann, "alee").await;
    let all = list(&backend, &actor, school.school, None).await.unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].username.as_str(), all[0].key.as_str(), all[0].name.as_str()),
        ("alee", "17", "Ann Lee")
    );
    assert_eq!(all, list(&backend, &actor, school.school, Some(AccountState::Created)).await.unwrap());
    assert!(list(&backend, &actor, school.school, Some(AccountState::Active)).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_exported_cell_is_no_formula_and_comes_back_unchanged(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    let name = "=cmd|' /C calc'!A0";
    let ann = student(&backend, &school, name, "", "-7", Some("ann@home.example")).await;
    account(&backend, &school, ann, "alee").await;
    student(&backend, &school, "Bo", "Kim", "2", None).await;
    let file = file(export(&backend, &actor, school.school, &everyone(), ExportFormat::Csv).await.unwrap());
    assert_eq!(file.name, "accounts-QUILL-2026-11-21.csv");
    let text = String::from_utf8(file.bytes).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 1);
    let cells: Vec<&str> = rows[0].iter().collect();
    let shown = format!("'{name}");
    let others = ["'-7", "7", "7A", "alee", "Not invited", "ann@home.example", ""];
    assert_eq!(cells, [&[shown.as_str()][..], &others, &[shown.as_str(), "", "", ""]].concat());
    assert_eq!(domain::spreadsheet::restored(cells[0]), name);
    let noted =
        sqlx::query_scalar::<_, i64>("SELECT count(*) FROM audit_events WHERE action = 'accounts_exported'")
            .fetch_one(backend.database.raw())
            .await
            .unwrap();
    assert_eq!(noted, 1);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_workbook_holds_the_same_cells_as_text(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let actor = school.actor(&backend, Role::AccountManager);
    let ann = student(&backend, &school, "=1+1", "Lee", "0017", Some("ann@home.example")).await;
    account(&backend, &school, ann, "alee").await;
    let file = file(export(&backend, &actor, school.school, &everyone(), ExportFormat::Xlsx).await.unwrap());
    assert_eq!(file.name, "accounts-QUILL-2026-11-21.xlsx");
    let mut workbook = Xlsx::new(std::io::Cursor::new(file.bytes)).unwrap();
    let sheet = workbook.worksheet_range("Accounts").unwrap();
    let rows: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(Data::to_string).collect()).collect();
    assert_eq!(rows[0][..2], ["Name", "Admission number"]);
    assert_eq!(
        rows[1],
        ["=1+1 Lee", "0017", "7", "7A", "alee", "Not invited", "ann@home.example", "", "=1+1", "", "Lee", ""]
    );
    assert_eq!(sheet.get_value((1, 0)), Some(&Data::String("=1+1 Lee".to_owned())));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn looking_is_not_taking_away(pool: PgPool) {
    let (backend, _) = backend(pool);
    let school = TestSchool::new(&backend).await;
    let viewer = school.actor(&backend, Role::OfficeViewer);
    let refused = export(&backend, &viewer, school.school, &everyone(), ExportFormat::Xlsx).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::NoRole))));
}
