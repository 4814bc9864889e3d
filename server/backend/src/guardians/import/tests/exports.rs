//! OneRoster exports as systems write them wrongly, and what they have that Greencap has no place for.

use domain::guardians::import::CONTACTS;
use domain::imports::kind::KindSlug;
use domain::imports::outcome::RowOutcome;
use domain::roll::import::STUDENTS;
use sqlx::PgPool;

use super::Office;
use crate::Error;
use crate::imports::stage;
use crate::testing::files::archive;

const HEADER: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,givenName,familyName,identifier,email,agentSourcedIds\n";

/// An export with the usual users, and these files beside them.
fn export(users: &str, others: &[(&str, &str)]) -> Vec<u8> {
    let users = format!("\u{feff}{HEADER}{users}");
    let files = std::iter::once(("users.csv", users.as_bytes()));
    let files: Vec<_> = files.chain(others.iter().map(|(name, text)| (*name, text.as_bytes()))).collect();
    archive(&files)
}

const USERS: &str = "s1,,,true,q,student,x,Ilse,Varga,A100,,\"g1,t1,gone\"\n\
    s2,,,true,q,student,x,Tam,Varga,A101,,s1\n\
    g1,,,true,q,parent,x,Mara,Varga,,mara@example.test,\"s2,nobody\"\n\
    g2,tobedeleted,,true,q,guardian,x,Piotr,Varga,,,s1\n\
    t1,,,true,q,teacher,x,Ada,Teach,,,\n";

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_is_odd_about_links_is_said(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let kind = KindSlug::from(&CONTACTS);
    let file = export(USERS, &[]);
    let staged = stage::stage(&office.backend, &office.actor, &kind, office.school.school, "x.zip", file)
        .await
        .unwrap();
    let notes = staged.reading.notes().join(" ");
    for said in [
        "The export has no manifest.csv",
        "Students name 1 adults in agentSourcedIds who are not in users.csv: gone.",
        "1 links are between two students",
    ] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    let values: Vec<_> = staged.decisions[0]
        .values
        .iter()
        .map(|value| (value.text.as_str(), value.meaning.is_none()))
        .collect();
    assert_eq!(
        values,
        [("active", false), ("teacher, named as an adult", true), ("tobedeleted", false)],
        "a teacher whom a student names may be a tutor"
    );
    let without = USERS.replace("\"g1,t1,gone\"", "g1");
    let checked = office.check_as(&CONTACTS, "x.zip", &export(&without, &[])).await;
    assert_eq!(office.outcomes(&checked).await, [RowOutcome::Added, RowOutcome::Skipped]);
    let told = &office.log(&checked).await[0].1;
    assert!(told.contains("agentSourcedIds names \u{201c}nobody\u{201d}"), "{told}");
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn classes_and_courses_are_counted_and_wrong_exports_refused(pool: PgPool) {
    let (office, _) = Office::new(pool).await;
    let classes = "sourcedId,title,classType\nh1,7A,homeroom\nc1,Maths,scheduled\nc2,Art,scheduled\n";
    let enrollments = "sourcedId,classSourcedId,schoolSourcedId,userSourcedId,role\n\
        e1,h1,q,s1,student\ne2,c1,q,s1,student\ne3,c2,q,s1,student\n";
    let manifest = |users: &str| {
        format!("propertyName,value\noneroster.version,1.1\nfile.users,{users}\nfile.demographics,absent\n")
    };
    let stage = async |others: &[(&str, &str)]| {
        let kind = KindSlug::from(&STUDENTS);
        let file = export("s1,active,,true,q,student,x,Ilse,Varga,A100,,\n", others);
        stage::stage(&office.backend, &office.actor, &kind, office.school.school, "x.zip", file).await
    };
    let bulk = manifest("bulk");
    let files = [
        ("classes.csv", classes),
        ("enrollments.csv", enrollments),
        ("resources.csv", "sourcedId,title\nk1,Maths\n"),
        ("manifest.csv", bulk.as_str()),
        ("demographics.csv", "sourcedId,birthDate\ns1,2012-04-03\n"),
    ];
    let notes = stage(&files).await.unwrap().reading.notes().join(" ");
    for said in [
        "classes.csv has 2 classes that are not homerooms.",
        "enrollments.csv has 2 enrolments in classes",
        "resources.csv has 1 rows. They are not stored",
        "demographics.csv is absent, but it is there",
        "users.csv is a whole file, in which status and dateLastModified must be empty. 1 rows have them.",
    ] {
        assert!(notes.contains(said), "{said}: {notes}");
    }
    let delta = manifest("delta");
    let notes = stage(&[("export/manifest.csv", &delta)]).await.unwrap().reading.notes().join(" ");
    assert!(
        notes.contains("users.csv has only what has changed.") && notes.contains("1 rows don"),
        "{notes}"
    );
    let missing = format!("{bulk}file.roles,bulk\n");
    for (files, code) in [
        (&[("manifest.csv", missing.as_str())][..], "file_missing_in_export"),
        (&[("roles.csv", "user,role\ns1,student\n")], "file_without_column"),
        (&[("enrollments.csv", "Class ID,User ID\nc1,s1\n")], "file_without_column"),
    ] {
        let Err(Error::Import(problem)) = stage(files).await else { panic!("{code}") };
        assert_eq!(problem.code(), code, "{problem}");
    }
}
