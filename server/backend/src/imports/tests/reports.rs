//! What people reported who import students into school systems, as small files: what a second file does after a first.

use domain::imports::plan::PlanCounts;
use sqlx::PgPool;

use super::{Office, counts, message};
use crate::imports::undo::undo;

const HEADER: &str = "Adm No,Forename,Surname,DOB,Year,Start date,End date,Email\n";
const ANN: &str = "100,Ann,Oak,2012-01-10,10,2024-09-01,,\n";
const LEFT: &str = "100,Ann,Oak,2012-01-10,7,2019-09-01,2021-07-20,\n";
const TWINS: &str = "1,Ada,Oak,2012-01-10,9,2024-09-01,,\n2,Eve,Oak,2012-01-10,9,2024-09-01,,\n";
const SWAPPED: &str = "2,Ada,Oak,2012-01-10,9,2024-09-01,,\n1,Eve,Oak,2012-01-10,9,2024-09-01,,\n";

/// A report, the first file, the second, and what the second does.
type Report = (&'static str, &'static str, String, PlanCounts);

fn held(held: u32) -> PlanCounts {
    PlanCounts { held, ..PlanCounts::default() }
}

fn one_with_history() -> PlanCounts {
    PlanCounts { history: 1, ..counts(1, 0, 0, 0, 0) }
}

/// About one student whose number, name or enrolment changed.
fn about_one_student() -> Vec<Report> {
    vec![
        (
            "TEAMSchools/teamster#3955: enrolled again with another number",
            LEFT,
            ANN.replace("100,", "300,"),
            held(1),
        ),
        ("Springfield: back from the archive", LEFT, ANN.into(), counts(0, 1, 0, 0, 0)),
        (
            "PowerSchool: the same enrolment twice, and one that overlaps",
            "",
            format!("{ANN}{ANN}{}", LEFT.replace("2021-07-20", "2024-10-01")),
            PlanCounts { skipped: 1, ..one_with_history() },
        ),
        (
            "Clever: of two rows with one ID only the first counts",
            "",
            format!("{LEFT}{ANN}"),
            one_with_history(),
        ),
        (
            "chamilo#8360, pagermon#440: a spreadsheet removed the zeros",
            "000100,Ann,Oak,2012-01-10,10,2024-09-01,,\n",
            ANN.into(),
            counts(0, 0, 1, 0, 0),
        ),
        ("SVWS-NRW#366: in two year groups", "", format!("{ANN}{}", ANN.replace(",10,", ",11,")), held(2)),
        ("Canvas: another surname", ANN, ANN.replace("Oak", "Birch"), counts(0, 1, 0, 0, 0)),
        (
            "another surname since the last enrolment",
            "",
            format!("{}{LEFT}", ANN.replace("Oak", "Birch")),
            one_with_history(),
        ),
        ("classroom#2538: everybody again", TWINS, TWINS.into(), counts(0, 0, 2, 0, 0)),
    ]
}

/// About two people who look like one.
fn about_two_people() -> Vec<Report> {
    let siblings = "1,Ada,Oak,2012-01-10,9,2024-09-01,,mum@home.example\n2,Ben,Oak,2014-01-10,7,2024-09-01,,mum@home.example\n";
    vec![
        (
            "Canvas, Changing SIS IDs: the number of somebody deleted",
            LEFT,
            "100,Zoe,Fir,2015-05-05,7,2026-09-01,,\n".into(),
            held(1),
        ),
        (
            "classroom#1942: two students of one name",
            "",
            "1,John,Smith,,9,2024-09-01,,\n2,John,Smith,,9,2024-09-01,,\n".into(),
            counts(2, 0, 0, 0, 0),
        ),
        ("twins", "", TWINS.into(), counts(2, 0, 0, 0, 0)),
        ("twins with swapped numbers", TWINS, SWAPPED.into(), held(2)),
        (
            "twins with one number",
            "",
            TWINS.replace("\n2,", "\n1,").replacen("2024-09-01", "2023-09-01", 1),
            held(2),
        ),
        (
            "gegok12#19, o365-moodle#2074: siblings with one parent's address",
            "",
            siblings.into(),
            counts(2, 0, 0, 0, 0),
        ),
    ]
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn what_was_reported_of_mixed_up_students_ends_well(pool: PgPool) {
    let office = Office::new(pool).await;
    for (report, first, second, expected) in about_one_student().into_iter().chain(about_two_people()) {
        let before = match first {
            "" => None,
            first => Some(office.import(&format!("{HEADER}{first}")).await),
        };
        let checked = office.check(&format!("{HEADER}{second}")).await;
        let told: Vec<String> = office.lines(&checked).await.iter().map(message).collect();
        assert_eq!(checked.counts.unwrap(), expected, "{report}: {told:#?}");
        if let Some(before) = before {
            undo(&office.backend, &office.actor, before.id).await.unwrap();
        }
    }
}
