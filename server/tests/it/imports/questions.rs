//! What `greencap import KIND` asks, with the options that answer.

use backend::testing::files::{archive, text_row, workbook_of};
use sqlx::PgPool;

use super::Folder;
use super::command::{count, school};
use crate::command::greencap;

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn the_order_of_dates_is_asked_for_where_the_file_does_not_show_it(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder.file("students.csv", "Adm No,Forename,Surname,DOB\n1,Ada,Lovelace,03/04/2012\n");
    let command = ["import", "students", &file, "--school", "QUILL"];
    let asked = greencap(&pool, &command).await;
    assert_eq!(asked.status, Some(2), "{}", asked.stderr);
    for part in ["Is 03/04/2012 the 3rd of April or the 4th of March?", "--dates dmy", "--dates mdy"] {
        assert!(asked.stderr.contains(part), "{part}: {}", asked.stderr);
    }
    assert_eq!(count(&pool, "SELECT count(*) FROM import_parts").await, 0);
    let unknown = greencap(&pool, &[&command[..], &["--dates", "ydm"]].concat()).await;
    assert_eq!(unknown.status, Some(2), "{}", unknown.stderr);
    let simulated = greencap(&pool, &[&command[..], &["--dates", "dmy", "--simulate"]].concat()).await;
    assert!(
        simulated.stdout.contains("Dates are read as day, month, year: 03/04/2012 is 3 April 2012."),
        "{}",
        simulated.stdout
    );
    let told = greencap(&pool, &[&command[..], &["--dates", "mdy", "--json"]].concat()).await.json();
    assert_eq!((&told["dates"], &told["added"]), (&"mdy".into(), &1.into()), "{told}");
    assert_eq!(count(&pool, "SELECT count(*) FROM people WHERE born_on = '2012-03-04'").await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn names_of_columns_are_shown_on_one_line_and_say_the_order_of_dates(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder.file(
        "columns.csv",
        "Adm No,Forename,Surname,Date of birth (MM/DD/YYYY),\"Notes\n\u{1b}[31m(red)\"\n1,Ada,Lee,03/04/2012,x\n",
    );
    let ended = greencap(&pool, &["import", "students", &file, "--school", "QUILL"]).await;
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("Left out: Notes [31m(red) (it is no"), "{:?}", ended.stdout);
    assert!(ended.stdout.contains("read as month, day, year"), "{}", ended.stdout);
    assert_eq!(count(&pool, "SELECT count(*) FROM people WHERE born_on = '2012-03-04'").await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn no_column_is_guessed_and_what_two_columns_could_be_is_asked_with_the_option_to_give(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let guessed = folder.file(
        "guessed.csv",
        "Adm No,Forename,Surname,Pupil e-mail (home),Mum email,Password\n1,Ada,Lee,ada@home.example,mum@home.example,hunter2\n",
    );
    let ended = greencap(&pool, &["import", "students", &guessed, "--school", "QUILL"]).await;
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    for said in [
        "Left out: Pupil e-mail (home) (it may be Email; to import it, add --map 'email=Pupil e-mail (home)')",
        "Left out: Mum email (it is about someone or something else)",
        "Left out: Password (it may hold passwords, rights or ID numbers; its values were not read; if it is something else, give it another name in the file)",
    ] {
        assert!(ended.stdout.contains(said), "{}", ended.stdout);
    }
    assert_eq!(count(&pool, "SELECT count(*) FROM addresses").await, 0);
    let map = ["--map", "email=Pupil e-mail (home)", "--json"];
    let told =
        greencap(&pool, &[&["import", "students", &guessed, "--school", "QUILL"][..], &map].concat()).await;
    assert_eq!(told.json()["updated"], 1, "{}", told.stdout);
    assert_eq!(told.json()["columns"][5]["left_out"], "secret");
    assert_eq!(count(&pool, "SELECT count(*) FROM addresses WHERE value = 'ada@home.example'").await, 1);

    let twice = folder.file("twice.csv", "Adm No,Forename,Email,Email\n2,Bo,a@b.example,bo@b.example\n");
    let ended = greencap(&pool, &["import", "students", &twice, "--school", "QUILL"]).await;
    assert_eq!(ended.status, Some(2), "{}", ended.stdout);
    assert!(ended.stderr.contains("--map 'email=#3' or --map 'email=#4'"), "{}", ended.stderr);
    let ended =
        greencap(&pool, &["import", "students", &twice, "--school", "QUILL", "--map", "email=#4"]).await;
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert_eq!(count(&pool, "SELECT count(*) FROM addresses WHERE value = 'bo@b.example'").await, 1);

    let unsure = folder.file("unsure.csv", "Roll No,Forename\n1,Ada\n");
    let ended = greencap(&pool, &["import", "students", &unsure, "--school", "QUILL"]).await;
    assert_eq!(ended.status, Some(2), "{}", ended.stdout);
    assert!(ended.stderr.contains("add --map 'admission_number=Roll No'"), "{}", ended.stderr);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_value_that_decides_and_is_not_known_is_asked_with_the_option_to_give(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder
        .file("roll.csv", "Adm No,Forename,Role,Status\n1,Ada,Student,Boarder\n2,Tom,Teacher,Boarder\n");
    let command = ["import", "students", &file, "--school", "QUILL"];
    let ended = greencap(&pool, &command).await;
    assert_eq!(ended.status, Some(2), "{}", ended.stdout);
    assert!(ended.stderr.contains("--means 'status:Boarder=current'"), "{}", ended.stderr);
    let ended = greencap(&pool, &[&command[..], &["--means", "status:Boarder=current"]].concat()).await;
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("Role: Teacher, 1 row: skipped"), "{}", ended.stdout);
    assert_eq!(count(&pool, "SELECT count(*) FROM people").await, 1);
    let wrong = greencap(&pool, &[&command[..], &["--means", "status:Boarder=perhaps"]].concat()).await;
    assert_eq!(wrong.status, Some(2), "{}", wrong.stdout);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_file_without_a_family_name_is_told_so_with_the_option_to_give(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder.file("roll.csv", "Adm No,Forename,Nachfahre\n1,Ada,Lee\n");
    let command = ["import", "students", &file, "--school", "QUILL"];
    let ended = greencap(&pool, &[&command[..], &["--simulate"]].concat()).await;
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert!(
        ended.stdout.contains("No column has the family name.")
            && ended.stdout.contains("--map family_name=COLUMN"),
        "{}",
        ended.stdout
    );
    let told = greencap(&pool, &[&command[..], &["--simulate", "--json"]].concat()).await.json();
    assert_eq!(told["not_in_file"], serde_json::json!(["family_name"]));
    let map = ["--map", "family_name=Nachfahre", "--json"];
    let told = greencap(&pool, &[&command[..], &map].concat()).await.json();
    assert_eq!(told["not_in_file"], serde_json::json!([]));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_command_takes_no_guess_of_an_encoding_or_a_sheet(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let czech = folder.file(
        "czech.csv",
        b"Adm No,Forename,Surname\n1,A,Dvo\xF8\xE1k\n2,B,\x8Aimek\n3,C,Ku\xE8era\n4,D,R\xF9\x9Ei\xE8ka\n",
    );
    let command = ["import", "students", &czech, "--school", "QUILL"];
    let refused = greencap(&pool, &command).await;
    assert_eq!(refused.status, Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("Dvo\u{159}\u{e1}k") && refused.stderr.contains("--encoding windows-1250"),
        "{}",
        refused.stderr
    );
    assert_eq!(count(&pool, "SELECT count(*) FROM import_parts").await, 0);
    let told = greencap(&pool, &[&command[..], &["--encoding", "cp1250", "--json"]].concat()).await.json();
    assert_eq!((&told["added"], &told["encoding"]), (&4.into(), &"windows-1250".into()));
    assert_eq!(count(&pool, "SELECT count(*) FROM people WHERE family_name = 'Dvo\u{159}\u{e1}k'").await, 1);
    let unknown = greencap(&pool, &[&command[..], &["--encoding", "klingon"]].concat()).await;
    assert!(unknown.status == Some(2) && unknown.stderr.contains("windows-1250"), "{}", unknown.stderr);

    let users = b"sourcedId,role,givenName,familyName\n1,student,A,Dvo\xF8\xE1k\n2,student,B,\x8Aimek\n3,student,C,Ku\xE8era\n4,student,D,R\xF9\x9Ei\xE8ka\n";
    let export = folder.file("export.zip", archive(&[("users.csv", users)]));
    let command = ["import", "students", &export, "--school", "QUILL", "--simulate"];
    let refused = greencap(&pool, &command).await;
    assert!(
        refused.status == Some(2) && refused.stderr.contains("--encoding windows-1250"),
        "{}",
        refused.stderr
    );
    let told = greencap(&pool, &[&command[..], &["--encoding", "cp1250", "--json"]].concat()).await.json();
    assert_eq!(told["encoding"], "windows-1250", "{told}");

    let list = |name: &str| text_row(1, &["Adm No", "Forename"]) + &text_row(2, &[name, "Ada"]);
    let book = folder.file("book.xlsx", workbook_of(&[("7A", &list("A1")), ("7B", &list("B1"))]));
    let command = ["import", "students", &book, "--school", "QUILL"];
    let refused = greencap(&pool, &command).await;
    assert!(refused.status == Some(2) && refused.stderr.contains("--sheet NAME"), "{}", refused.stderr);
    let told = greencap(&pool, &[&command[..], &["--sheet", "7B", "--header-row", "1", "--json"]].concat())
        .await
        .json();
    assert_eq!((&told["added"], &told["sheet"], &told["header_row"]), (&1.into(), &"7B".into(), &1.into()));
    assert_eq!(count(&pool, "SELECT count(*) FROM enrolments WHERE admission_number = 'B1'").await, 1);
}
