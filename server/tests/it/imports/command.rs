//! `greencap import KIND`, as scripts use it.

use backend::testing::files::archive;
use serde_json::Value;
use sqlx::PgPool;

use super::Folder;
use crate::command::greencap;

const FILE: &str = "Adm No,Forename,Surname,Email\n1,Ada,Lovelace,ada@school.example\n2,Bo,Li,\n,Eve,Moss,\n1,Ada,Lovelace,ada@school.example\n";

/// Adds the school that files are for.
pub(super) async fn school(pool: &PgPool) {
    let added = greencap(pool, &["schools", "add", "QUILL", "Quillmere School"]).await;
    assert_eq!(added.status, Some(0), "{}", added.stderr);
}

pub(super) async fn count(pool: &PgPool, query: &'static str) -> i64 {
    sqlx::query_scalar(query).fetch_one(pool).await.expect("a number")
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn counts_log_and_exit_status_are_what_scripts_rely_on(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let (file, log) = (folder.file("students.csv", FILE), folder.file("log.ndjson", ""));
    let ended =
        greencap(&pool, &["import", "students", &file, "--school", "quill", "--log", &log, "--json"]).await;
    assert_eq!(ended.status, Some(3), "{}", ended.stderr);
    let told = ended.json();
    for (outcome, rows) in [("added", 2), ("updated", 0), ("unchanged", 0), ("skipped", 1), ("rejected", 1)] {
        assert_eq!(told[outcome], rows, "{told}");
    }
    assert_eq!(told["batch"].as_str().map(str::len), Some(36));
    let lines: Vec<Value> = std::fs::read_to_string(log)
        .expect("the log was written")
        .lines()
        .map(|line| serde_json::from_str(line).expect("one object per line"))
        .collect();
    assert_eq!(lines.len(), 4);
    let mut fields: Vec<&str> = lines[0].as_object().expect("an object").keys().map(String::as_str).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "changes",
            "code",
            "file",
            "key",
            "kind",
            "message",
            "name",
            "outcome",
            "row",
            "sheet",
            "source_values"
        ]
    );
    assert_eq!(
        (&lines[0]["row"], &lines[0]["outcome"], &lines[0]["key"]),
        (&2.into(), &"added".into(), &"1".into())
    );
    assert_eq!((&lines[2]["outcome"], &lines[2]["key"]), (&"rejected".into(), &Value::Null));
    assert_eq!(count(&pool, "SELECT count(*) FROM people").await, 2);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_simulation_changes_nothing_and_a_file_without_mistakes_ends_with_0(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder.file("students.csv", "Ref;Vorname;Adm No\nA-1;Ada;x\n");
    let command = [
        "import",
        "students",
        &file,
        "--school",
        "QUILL",
        "--map",
        "admission_number=ref",
        "--map",
        "given_name=Vorname",
    ];
    let simulated = greencap(&pool, &[&command[..], &["--simulate"]].concat()).await;
    assert_eq!(simulated.status, Some(0), "{}", simulated.stderr);
    assert!(
        simulated.stdout.contains("       1  Added") && simulated.stdout.contains("Nothing was changed."),
        "{}",
        simulated.stdout
    );
    assert_eq!(count(&pool, "SELECT count(*) FROM people").await, 0);
    assert_eq!(greencap(&pool, &command).await.status, Some(0));
    assert_eq!(count(&pool, "SELECT count(*) FROM enrolments WHERE admission_number = 'A-1'").await, 1);
    let told = greencap(&pool, &[&command[..], &["--json"]].concat()).await.json();
    assert_eq!((&told["unchanged"], &told["added"]), (&1.into(), &0.into()));
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_field_that_cannot_be_read_is_left_out_and_named(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder.file("students.csv", "Adm No,Forename,Surname,Phone\n1,Ada,Lovelace,ext. 4\n");
    let command = ["import", "students", &file, "--school", "QUILL"];
    let ended = greencap(&pool, &command).await;
    assert_eq!(ended.status, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.contains("Row 2: New student. Phone \u{201c}ext. 4\u{201d}"), "{}", ended.stdout);
    assert!(ended.stdout.contains("Left out: Phone."), "{}", ended.stdout);
    let told = greencap(&pool, &[&command[..], &["--json"]].concat()).await.json();
    assert_eq!((&told["unchanged"], &told["left_out"]), (&1.into(), &1.into()), "{told}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn wrong_use_ends_with_2_and_a_bad_file_with_1_and_nothing_is_left(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let good = folder.file("good.csv", FILE);
    let picture = folder.file("roll.csv", b"\x89PNG\r\n....");
    let unmatched = folder.file("unmatched.csv", "A,B\nx,y\n");
    for (arguments, status, says) in [
        (vec!["nowhere.csv", "--school", "QUILL"], 2, "nowhere.csv cannot be read"),
        (vec![&good, "--school", "OTHER"], 2, "there is no school with the code OTHER"),
        (vec![&good, "--school", "QUILL", "--map", "shoe_size=B"], 2, "the fields are admission_number"),
        (vec![&good, "--school", "QUILL", "--map", "email=Nope"], 2, "it has Adm No, Forename"),
        (vec![&unmatched, "--school", "QUILL"], 2, "Choose the column with the admission number"),
        (vec![&picture, "--school", "QUILL"], 1, "This is a picture, not a table."),
    ] {
        let ended = greencap(&pool, &[&["import", "students"][..], &arguments].concat()).await;
        assert_eq!(ended.status, Some(status), "{arguments:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(says), "{arguments:?}: {}", ended.stderr);
    }
    assert_eq!(count(&pool, "SELECT count(*) FROM import_parts").await, 0);
    assert_eq!(count(&pool, "SELECT count(*) FROM people").await, 0);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn a_list_of_staff_is_imported_by_the_same_command_and_an_unknown_list_is_wrong_use(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder
        .file("staff.csv", "Payroll no;Name;Email\n17;Hopper, Grace;g.hopper@school.example\n;Nobody;\n");
    let log = folder.file("log.ndjson", "");
    let ended = greencap(&pool, &["import", "staff", &file, "--school", "QUILL", "--log", &log]).await;
    assert_eq!(ended.status, Some(3), "{}", ended.stderr);
    assert!(ended.stdout.contains("Row 3: There is no staff code."), "{}", ended.stdout);
    let first = std::fs::read_to_string(log).expect("the log was written");
    let first: Value = serde_json::from_str(first.lines().next().expect("a line")).expect("an object");
    assert_eq!((&first["message"], &first["key"]), (&"New member of staff.".into(), &"17".into()));
    assert_eq!(count(&pool, "SELECT count(*) FROM employments WHERE staff_code = '17'").await, 1);
    assert_eq!(count(&pool, "SELECT count(*) FROM enrolments").await, 0);
    let unknown = greencap(&pool, &["import", "shoes", &file, "--school", "QUILL"]).await;
    assert_eq!(unknown.status, Some(2), "{}", unknown.stderr);
    assert!(unknown.stderr.contains("students, staff"), "{}", unknown.stderr);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn held_rows_are_counted_end_with_3_and_are_accepted_only_when_asked(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let import = async |name: &str, rows: &str, more: &[&str]| {
        let file = folder.file(name, format!("Adm No,Forename,Surname,DOB,Email\n{rows}"));
        let command = [&["import", "students", &file, "--school", "QUILL", "--json"][..], more].concat();
        greencap(&pool, &command).await
    };
    let first = "1,Ada,Lovelace,2012-12-10,ada@home.example\n2,Bo,Li,2012-01-01,\n";
    assert_eq!(import("first.csv", first, &[]).await.status, Some(0));
    sqlx::query(
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
         SELECT gen_random_uuid(), organisation_id, id, 'ada', 'created', now() FROM people WHERE given_name = 'Ada'",
    )
    .execute(&pool)
    .await
    .unwrap();
    let emails = "SELECT count(*) FROM addresses WHERE is_primary AND value = 'ada@school.example'";
    let second = "1,Ada,Lovelace,2012-12-10,ada@school.example\n2,Zoe,Fir,2013-05-05,\n";
    let log = folder.file("log.ndjson", "");
    let held = import("second.csv", second, &["--log", &log]).await;
    assert_eq!(held.status, Some(3), "{}", held.stderr);
    assert_eq!((&held.json()["held"], &held.json()["updated"]), (&2.into(), &0.into()), "{}", held.stdout);
    assert_eq!(count(&pool, emails).await, 0);
    let lines = std::fs::read_to_string(log).expect("the log was written");
    let lines: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!((&lines[0]["outcome"], &lines[0]["code"]), (&"held".into(), &"address".into()));
    assert_eq!(
        (&lines[1]["code"], &lines[1]["held"]["people"][0]["name"]),
        (&"key_of_another".into(), &"Bo Li".into())
    );

    let accepted = import("second.csv", second, &["--accept-held"]).await;
    assert_eq!(accepted.status, Some(3), "whose number it is stays a question: {}", accepted.stderr);
    assert_eq!((&accepted.json()["held"], &accepted.json()["updated"]), (&1.into(), &1.into()));
    assert_eq!(count(&pool, emails).await, 1);
    let renamed = "SELECT count(*) FROM people WHERE given_name = 'Bo'";
    assert_eq!(count(&pool, renamed).await, 1);
    let renumbered = "N1,Ada,Lovelace,2012-12-10,\nN2,Bo,Li,2012-01-01,\n";
    let told = import("third.csv", renumbered, &["--simulate"]).await.json();
    assert_eq!((&told["held"], &told["only_new_keys"]), (&2.into(), &true.into()), "{told}");
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn earlier_enrolments_and_addresses_alone_are_counted_and_told(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let file = folder.file(
        "twice.csv",
        "Adm No,Forename,Surname,Year,Start date,End date,Email\n1,Ada,Lovelace,10,2024-09-01,,ada@home.example\n1,Ada,Lovelace,7,2019-09-01,2021-07-20,\n",
    );
    let log = folder.file("log.ndjson", "");
    let command = ["import", "students", &file, "--school", "QUILL"];
    let told = greencap(&pool, &[&command[..], &["--simulate"]].concat()).await;
    assert_eq!(told.status, Some(0), "{}", told.stderr);
    assert!(told.stdout.contains("       1  History"), "{}", told.stdout);
    assert!(
        told.stdout.contains("Row 3: An earlier enrolment, from 1 Sep 2019 to 20 Jul 2021"),
        "{}",
        told.stdout
    );
    let written = greencap(&pool, &[&command[..], &["--json", "--log", &log]].concat()).await;
    assert_eq!(written.status, Some(0), "{}", written.stderr);
    assert_eq!((&written.json()["added"], &written.json()["history"]), (&1.into(), &1.into()));
    let lines = std::fs::read_to_string(log).expect("the log was written");
    let second: Value = serde_json::from_str(lines.lines().nth(1).expect("a line")).expect("an object");
    assert_eq!((&second["outcome"], &second["code"]), (&"history".into(), &"earlier_enrolment".into()));
    assert_eq!(count(&pool, "SELECT count(*) FROM enrolments WHERE NOT latest").await, 1);
    let again = greencap(&pool, &[&command[..], &["--json"]].concat()).await.json();
    assert_eq!((&again["unchanged"], &again["history"]), (&2.into(), &0.into()), "{again}");

    sqlx::query(
        "INSERT INTO accounts (id, organisation_id, person_id, username, state, created_at)
         SELECT gen_random_uuid(), organisation_id, id, 'ada', 'created', now() FROM people",
    )
    .execute(&pool)
    .await
    .unwrap();
    let moved = folder
        .file("moved.csv", "Adm No,Forename,Surname,Year,Email\n1,Ada,Lovelace,11,ada@school.example\n");
    let command = ["import", "students", &moved, "--school", "QUILL", "--json"];
    let part = greencap(&pool, &command).await;
    assert_eq!(part.status, Some(3), "{}", part.stderr);
    let told = part.json();
    assert_eq!((&told["updated"], &told["held"], &told["address_held"]), (&1.into(), &1.into(), &1.into()));
    assert_eq!(count(&pool, "SELECT count(*) FROM enrolments WHERE latest AND year_group = '11'").await, 1);
    let emails = "SELECT count(*) FROM addresses WHERE is_primary AND value = 'ada@school.example'";
    assert_eq!(count(&pool, emails).await, 0);
    let accepted = greencap(&pool, &[&command[..], &["--accept-held"]].concat()).await;
    assert_eq!(accepted.status, Some(0), "{}", accepted.stderr);
    assert_eq!((&accepted.json()["held"], &accepted.json()["updated"]), (&0.into(), &1.into()));
    assert_eq!(count(&pool, emails).await, 1);
}

#[sqlx::test(migrator = "backend::db::MIGRATOR")]
async fn an_export_brings_students_staff_groups_and_tutors_and_need_not_have_all_of_them(pool: PgPool) {
    school(&pool).await;
    let folder = Folder::new();
    let users = "sourcedId,status,role,identifier,givenName,familyName\nu1,active,student,1,Ann,Roe\n\
                 u2,active,teacher,T1,Mara,Lind\n";
    let classes = "sourcedId,title,classType,courseSourcedId\nc1,12A,scheduled,k1\n";
    let enrollments = "sourcedId,status,classSourcedId,userSourcedId,role,beginDate,endDate\n\
                       e1,active,c1,u1,student,,\ne2,active,c1,u2,teacher,,\n";
    let courses = "sourcedId,title,courseCode\nk1,Mathematics,MA\n";
    let all = archive(&[
        ("users.csv", users.as_bytes()),
        ("classes.csv", classes.as_bytes()),
        ("enrollments.csv", enrollments.as_bytes()),
        ("courses.csv", courses.as_bytes()),
    ]);
    let file = folder.file("export.zip", "");
    std::fs::write(&file, all).unwrap();
    let command = ["import", "oneroster", &file, "--school", "QUILL"];
    let simulated = greencap(&pool, &[&command[..], &["--simulate"]].concat()).await;
    assert_eq!(count(&pool, "SELECT count(*) FROM people").await, 0, "{}", simulated.stdout);
    let ended = greencap(&pool, &command).await;
    assert_eq!(ended.status, Some(0), "{}{}", ended.stdout, ended.stderr);
    for (query, rows) in [
        ("SELECT count(*) FROM people", 2),
        ("SELECT count(*) FROM group_members", 1),
        ("SELECT count(*) FROM group_courses", 1),
        ("SELECT count(*) FROM staff_roles WHERE role = 'group_tutor'", 1),
    ] {
        assert_eq!(count(&pool, query).await, rows, "{query}");
    }
    std::fs::write(&file, archive(&[("users.csv", users.as_bytes())])).unwrap();
    let ended = greencap(&pool, &command).await;
    assert_eq!(ended.status, Some(0), "{}{}", ended.stdout, ended.stderr);
    assert!(ended.stdout.contains("The export has no tutors."), "{}", ended.stdout);
}
