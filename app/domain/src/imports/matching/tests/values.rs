//! Columns that decide by their values, and columns that may be about someone else.

use super::{left_out, students, told};
use crate::imports::kind::ImportDeclaration;
use crate::imports::mapping::LeftOut;
use crate::roll::import::STUDENTS;
use crate::staff::import::STAFF;

#[test]
fn a_column_decides_by_its_values_whatever_it_is_called() {
    let deciding = |kind: &ImportDeclaration, header: &str, values: &[&str]| {
        let file =
            values.iter().fold(format!("Code,{header}"), |file, value| format!("{file}\nC{value},{value}"));
        told(kind, &file).into_iter().find(|column| column.starts_with(header)).unwrap_or_default()
    };
    let of_students = |header: &str, values: &[&str]| deciding(&STUDENTS, header, values);
    for header in ["Type", "Category", "Position", "Staff or student"] {
        assert_eq!(of_students(header, &["Student", "Teacher", "Staff"]), format!("{header}=who"));
    }
    assert_eq!(of_students("Student Type", &["Current", "Former"]), "Student Type=status");
    assert_eq!(of_students("State", &["Active", "Left"]), "State=status");
    assert_eq!(of_students("Enrollment", &["Active", "Withdrawn", ""]), "Enrollment=status");
    // A name that says nothing is asked about.
    assert_eq!(of_students("Remarks", &["Student", "Teacher"]), "Remarks?who");
    assert_eq!(of_students("Column 7", &["Active", "Left"]), "Column 7?status");
    assert_eq!(of_students("Remarks", &["", "Left", ""]), "Remarks?status");
    // What could be said of other things, or of nobody, is not.
    for (header, values) in [
        ("State", &["NSW", "VIC"][..]),
        ("Type", &["Day", "Boarder"]),
        ("Position", &["1", "2"]),
        ("Relationship", &["Mother", "Father"]),
        ("Photo consent", &["accepted", "declined"]),
        ("Mother status", &["Active", "Deceased"]),
        ("Timetable", &["Full time", "Part time"]),
        ("House", &["Left", "Right"]),
        ("Remarks", &["Student", "Teacher", "likes chess"]),
    ] {
        assert_eq!(of_students(header, values), "", "{header}");
    }
    assert_eq!(deciding(&STAFF, "Position", &["Teacher", "Head", "Manager"]), "");
    assert_eq!(deciding(&STAFF, "Type", &["Teacher", "Student"]), "Type=who");
    // Two of them both count, and beside a status another one is asked about.
    let two = "Adm No,Name,Zone,Area\n1,Ada,active,current\n2,Bo,left,former";
    assert!(told(&STUDENTS, two).ends_with(&["Zone?also_status".to_owned(), "Area?status".to_owned()]));
    let two = "Adm No,Name,Status,Area\n1,Ada,active,current\n2,Bo,left,former";
    assert!(told(&STUDENTS, two).ends_with(&["Status=status".to_owned(), "Area?also_status".to_owned()]));
}

#[test]
fn days_are_no_status() {
    for header in ["Leaving", "Withdrawn", "Leaver", "Left", "Withdrawn date", "Date withdrawn", "Exit"] {
        assert_eq!(students(&format!("{header}\n2030-07-20\n2029-07-20")), [format!("{header}=end_date")]);
    }
    assert_eq!(students("Enrolled\n2026-09-01"), ["Enrolled=start_date"]);
    assert_eq!(students("Status\n2026-09-01"), Vec::<String>::new());
    assert_eq!(students("Leaving\nYes"), ["Leaving=status"]);
    assert_eq!(students("Leaving date,Withdrawn date\n2030-07-20,2030-07-20"), ["Leaving date=end_date"]);
    assert_eq!(students("Enroll_Status\n0\n2\n3"), ["Enroll_Status=status"]);
}

#[test]
fn an_email_or_phone_that_may_be_of_someone_else_is_never_preselected() {
    for header in [
        "HoY Email",
        "Grandma email",
        "Nan phone",
        "Housemaster email",
        "Registrar email",
        "Matron email",
        "Bursar email",
        "Boarding house email",
        "Family email",
        "P1 email",
        "Oma Telefon",
        "Correo de la abuela",
        "Email babci",
        "\u{c9}mail de la famille",
    ] {
        assert_eq!(students(header), Vec::<String>::new(), "{header}");
        assert!(matches!(left_out(header, header), Some(LeftOut::Others) | None), "{header}");
    }
    // Of a word that is not known, nobody can say whose it is.
    for (header, field) in [
        ("Home email", "email"),
        ("Zaphod email", "email"),
        ("HoYEmail", "email"),
        ("CPOMS email", "email"),
        ("School office email", "email"),
        ("Home phone", "phone"),
        ("Zaphod phone", "phone"),
    ] {
        assert_eq!(students(header), [format!("{header}?{field}")]);
    }
    // The student's own, as far as the name says.
    for (header, field) in [
        ("Student e-mail (official)", "email"),
        ("Pupil e-mail (home)", "email"),
        ("Google Workspace email", "email"),
        ("Office 365 email", "email"),
        ("Email 1", "email"),
        ("Personal mobile phone", "phone"),
    ] {
        assert_eq!(students(header), [format!("{header}~{field}")]);
    }
    // Where the field has a column, nothing is asked.
    assert_eq!(students("Email,Zaphod email"), ["Email=email"]);
    assert_eq!(students("Zaphod email,Google email"), ["Google email~email"]);
    assert_eq!(told(&STAFF, "Cover email"), ["Cover email?email"]);
    assert_eq!(told(&STAFF, "Staff e-mail (private)"), ["Staff e-mail (private)~email"]);
}
