//! Which column becomes which field: the headers of many systems, and what is never guessed.

use super::super::mapping::Mapping;
use super::*;
use crate::roll::import::STUDENTS;
use crate::staff::import::STAFF;
use proptest::prelude::*;

mod values;

/// A file: its headers and rows, separated by commas.
pub(super) fn matched(kind: &ImportDeclaration, file: &str) -> (Vec<String>, Mapping) {
    let mut rows =
        file.lines().map(|line| line.split(',').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    let headers = rows.next().unwrap();
    let rows: Vec<Vec<String>> = rows.collect();
    let mapping = Mapping::matched(kind, &headers, &rows, &[]);
    (headers, mapping)
}

/// The columns that are certain, guessed and open, as "Header=field", "Header~field" and "Header?field".
pub(super) fn told(kind: &ImportDeclaration, file: &str) -> Vec<String> {
    let (headers, mapping) = matched(kind, file);
    let told = headers.iter().zip(mapping.columns()).filter_map(|(header, column)| {
        let sign = if column.by == MatchedBy::Guess { '~' } else { '=' };
        match (&column.field, column.undecided()) {
            (Some(field), _) => Some(format!("{header}{sign}{}", field.as_str())),
            (None, Some(field)) => Some(format!("{header}?{}", field.as_str())),
            (None, None) => None,
        }
    });
    told.collect()
}

pub(super) fn students(file: &str) -> Vec<String> {
    told(&STUDENTS, file)
}

pub(super) fn left_out(file: &str, header: &str) -> Option<LeftOut> {
    let (headers, mapping) = matched(&STUDENTS, file);
    mapping.columns()[headers.iter().position(|of| of == header).unwrap()].why
}

#[test]
fn a_strong_name_beats_a_weak_one_wherever_it_stands() {
    for file in ["Roll No,Admission No,Name", "Admission No,Roll No,Name", "Name,Roll No,Admission No"] {
        let told = students(file);
        assert!(told.contains(&"Admission No=admission_number".to_owned()), "{told:?}");
        assert!(!told.iter().any(|column| column.starts_with("Roll No")), "{told:?}");
    }
    assert_eq!(students("Year,Year Group\n2026/27,9"), ["Year Group=year_group"]);
    assert_eq!(students("Year Group,Year\n9,2026/27"), ["Year Group=year_group"]);
    assert_eq!(students("Email,Student Email"), ["Student Email=email"]);
    assert_eq!(students("Roll No,Name"), ["Roll No~admission_number", "Name=full_name"]);
}

#[test]
fn names_come_in_pairs() {
    for (file, expected) in [
        ("Name,Surname", ["Name=given_name", "Surname=family_name"]),
        ("Name,Last Name", ["Name=given_name", "Last Name=family_name"]),
        ("Student Name,Surname", ["Student Name=given_name", "Surname=family_name"]),
        ("First Name,Name", ["First Name=given_name", "Name=family_name"]),
        ("Name,Vorname", ["Name=family_name", "Vorname=given_name"]),
        ("Nom,Pr\u{e9}nom", ["Nom=family_name", "Pr\u{e9}nom=given_name"]),
        ("Nombre,Apellidos", ["Nombre=given_name", "Apellidos=family_name"]),
        ("Naam,Voornaam", ["Naam=family_name", "Voornaam=given_name"]),
        ("S Name,First Names", ["S Name=family_name", "First Names=given_name"]),
        ("SName,Forename", ["SName=family_name", "Forename=given_name"]),
        ("FName,LName", ["FName=given_name", "LName=family_name"]),
        ("First,Last", ["First=given_name", "Last=family_name"]),
        ("FName,x", ["FName~given_name", ""]),
    ] {
        let mut told = students(file);
        told.resize(2, String::new());
        assert_eq!(told, expected, "{file}");
    }
}

#[test]
fn the_name_of_a_students_name_is_a_full_name() {
    for header in [
        "Student's Name",
        "Student\u{2019}s Name",
        "Pupil's Name",
        "Child's Name",
        "Children's Names",
        "Learner's Name",
        "STUDENTS NAME",
        "studentsname",
        "Name of Student's",
    ] {
        assert_eq!(students(header), [format!("{header}=full_name")]);
    }
    for header in ["Student's ID", "STUDENTS ID", "Pupils No"] {
        assert_eq!(students(header), [format!("{header}=admission_number")]);
    }
    for header in
        ["Student SName", "Student S Name", "studentsurname", "Student's Surname", "Students Surname"]
    {
        assert_eq!(students(header), [format!("{header}=family_name")]);
    }
    assert_eq!(
        students("Student's Name,Student's Surname"),
        ["Student's Name=given_name", "Student's Surname=family_name"]
    );
    for header in ["Teacher's Name", "Employee's Name", "EMPLOYEES NAME", "Teachers name"] {
        assert_eq!(told(&STAFF, header), [format!("{header}=full_name")]);
    }
    assert_eq!(told(&STAFF, "Teacher's ID"), ["Teacher's ID=staff_code"]);
    assert_eq!(students("Father's Name,Mother's Surname"), Vec::<String>::new());
}

#[test]
fn numbers_and_prefixes_are_known_in_short() {
    for header in [
        "N\u{ba} matr\u{ed}cula",
        "N.\u{ba} de matr\u{ed}cula",
        "N\u{ba} expediente",
        "N\u{ba} de expediente",
        "N\u{b0} de expediente",
        "N\u{fa}m. expediente",
        "N\u{ba} de alumno",
        "Admin No",
        "Admin Number",
    ] {
        assert_eq!(STUDENTS.usual(header).map(|field| field.slug), Some("admission_number"), "{header}");
    }
    for header in ["Tussenv.", "Tussenvoegsel", "Voorv."] {
        assert_eq!(students(header), [format!("{header}=family_name_prefix")]);
    }
    assert_eq!(
        students("Voornaam,TV,Achternaam"),
        ["Voornaam=given_name", "TV=family_name_prefix", "Achternaam=family_name"]
    );
    assert_eq!(students("Name,TV"), ["Name=full_name"]);
}

#[test]
fn a_full_name_beside_a_part_stays_a_full_name_and_one_beside_both_is_left_out_with_a_word() {
    let file = "Name,Surname\nAda Lovelace,Lovelace\nJan van den Berg,van den Berg";
    assert_eq!(students(file), ["Name=full_name", "Surname=family_name"]);
    for file in ["Full Name,Forename,Surname", "Name,Forename,Surname", "Forename,Surname,Display name"] {
        let header = file
            .split(',')
            .find(|header| header.ends_with("ame") && header.contains([' ']) || *header == "Name");
        assert_eq!(left_out(file, header.unwrap()), Some(LeftOut::InParts), "{file}");
    }
    for file in [
        "Surname Forename",
        "LastFirst",
        "Nachname und Vorname",
        "Nazwisko i imi\u{119}",
        "Apellidos y nombre",
    ] {
        assert_eq!(students(file), [format!("{file}=family_name_first")]);
    }
    let quoted = ["Last Name, First Name".to_owned()];
    assert_eq!(Mapping::automatic(&STUDENTS, &quoted, None).column_of("family_name_first"), Some(0));
    assert_eq!(students("Forename Surname"), ["Forename Surname=full_name"]);
    for (header, field) in [
        ("Name (Surname, Forename)", "=family_name_first"),
        ("Student's Name [Surname/First name]", "=family_name_first"),
        ("Full name (Forename Surname)", "=full_name"),
        ("Name (Nachname, Vorname)", "=family_name_first"),
        // Not clear enough to go without a question, and no given name alone.
        ("Name (Surname; Forename; any initial)", ""),
        ("As on passport: surname then forename", "~family_name_first"),
        ("Tutor (Surname, Forename)", ""),
    ] {
        let headers = [header.to_owned()];
        let mapping = Mapping::automatic(&STUDENTS, &headers, None);
        let column = &mapping.columns()[0];
        let sign = if column.by == MatchedBy::Guess { '~' } else { '=' };
        let told = column.field.as_ref().map_or(String::new(), |of| format!("{sign}{}", of.as_str()));
        assert_eq!(told, field, "{header}");
    }
}

#[test]
fn columns_about_other_people_are_never_guessed() {
    let file = "Adm No,Pupil Name,Form,Tutor Surname,Head of Year Email";
    assert_eq!(
        students(file),
        ["Adm No=admission_number", "Pupil Name=full_name", "Form=registration_group"]
    );
    for header in [
        "Mum email",
        "Dad's email",
        "NOK email",
        "Carer email",
        "Tutor email",
        "Counselor email",
        "Payer email",
        "Email consent",
        "Mother Surname",
        "Father First Name",
        "Head of Year",
        "Teacher surname",
        "Emergency phone",
        "Correo de la madre",
        "Vorname der Mutter",
        "Pr\u{e9}nom du p\u{e8}re",
        "Email opiekuna",
        "Preferred Surname",
        "State ID",
        "parentEmail",
        "Sibling admission no",
    ] {
        assert_eq!(students(header), Vec::<String>::new(), "{header}");
    }
    assert_eq!(left_out("Mum email", "Mum email"), Some(LeftOut::Others));
    assert_eq!(left_out("Passwort", "Passwort"), Some(LeftOut::Secret));
}

#[test]
fn values_decide_where_a_name_does_not() {
    assert_eq!(students("Year\n2026/27\n2026/27"), Vec::<String>::new());
    assert_eq!(students("Year\n9\n10"), ["Year=year_group"]);
    assert_eq!(students("School Code\nA17\nB18\nC19"), ["School Code=admission_number"]);
    assert_eq!(students("School Code\nQUILL\nQUILL\nQUILL"), Vec::<String>::new());
    assert!(!students("Left\nNo\nNo").contains(&"Left=end_date".to_owned()));
    assert_eq!(students("Left\n18/07/2026"), ["Left=end_date"]);
}

#[test]
fn two_columns_that_could_be_one_field_are_asked_about() {
    assert_eq!(students("Email,Email"), ["Email?email", "Email?email"]);
    assert_eq!(students("Email,School email"), ["Email?email", "School email?email"]);
    assert_eq!(students("Email (1),Email (2)"), ["Email (1)?email", "Email (2)?email"]);
    assert_eq!(
        students("Surname,Last Name,Forename"),
        ["Surname?family_name", "Last Name?family_name", "Forename=given_name"]
    );
}

/// Headers as ten systems and six languages write them, and what each must become.
#[test]
fn the_headers_of_common_systems_are_known() {
    for file in [
        "Admn No=admission_number,Legal Surname=family_name,Legal Forename=given_name,Reg Group=registration_group,Year Taught In=year_group",
        "student_number=admission_number,LastFirst=family_name_first,Grade_Level=year_group,Home_Room=registration_group,DOB=date_of_birth,EntryDate=start_date,ExitDate=end_date",
        "username=,firstname=given_name,lastname=family_name,email=email,idnumber=admission_number",
        "First Name [Required]=given_name,Last Name [Required]=family_name,Email Address [Required]=email,Password [Required]=,Employee ID=admission_number",
        "user_id=admission_number,login_id=,first_name=given_name,last_name=family_name,short_name=,email=email",
        "person_id=,person_number=admission_number,first_name=given_name,middle_name=middle_name,last_name=family_name,grade_level=year_group,email_address=email,sis_username=,password_policy=",
        "Perm ID=admission_number,State ID=,Last Name=family_name,First Name=given_name,Grade=year_group",
        "SIS Number=admission_number,Last Name=family_name,First Name=given_name",
        "Other ID=admission_number,Last Name=family_name,First Name=given_name",
        "School Code=admission_number,Forename=given_name,Surname=family_name,Preferred Name=preferred_name,NC Year=year_group,Form=registration_group,Tutor=",
        "Veracross ID=admission_number,First Name=given_name,Last Name=family_name",
        "Host ID=admission_number,First Name=given_name,Last Name=family_name,Nickname=preferred_name",
        "LRN=admission_number,Name=full_name",
        "LRN=admission_number,NAME (Last Name; First Name; Middle Name)=family_name_first,FATHER'S NAME (Last Name; First Name; Middle Name)=",
        "Perm #=admission_number,Student Last=family_name,Student First Middle=given_name,Phone #=phone,#=",
        "REGISTRATION_NUMBER=admission_number,FAMILY_NAME_OF_STUDENT=family_name,FIRST_NAME_OF_STUDENT=given_name,EMAIL_ADDRESS=email,GRADE=year_group",
        "school_uid=admission_number,name_first=given_name,name_last=family_name,primary_email=email",
        "OfficialCode=admission_number,LastName=family_name,FirstName=given_name,Password=",
        "Identifiant unique*=admission_number,Premier pr\u{e9}nom*=given_name,Nom de famille*=family_name,Date de naissance (jj/mm/aaaa)*=date_of_birth,Division*=registration_group",
        "SIS User ID=admission_number,Name of the pupil=full_name,Email of parent=,Section=",
        "Cognome=family_name,Nome=given_name,Matricola=admission_number,Data di nascita=date_of_birth,Luogo di nascita=,Classe=registration_group,Cellulare=phone,Email genitore=",
        "N\u{ba} processo=admission_number,Nome completo=full_name,Turma=registration_group,Data de nascimento=date_of_birth,Telem\u{f3}vel=phone,Email encarregado de educa\u{e7}\u{e3}o=",
        "Matr\u{ed}cula=admission_number,Nome=given_name,Sobrenome=family_name",
        "Accession No=admission_number,Name=full_name",
        "studentNumber=admission_number,stateID=,lastName=family_name,firstName=given_name",
        "Arbor Student ID=admission_number,Legal First Name=given_name,Legal Last Name=family_name,Date of birth (dd/mm/yyyy)=date_of_birth",
        "Sch\u{fc}lernummer=admission_number,Name=family_name,Vorname=given_name,Rufname=preferred_name,Klasse=registration_group,Jahrgangsstufe=year_group,Geburtsdatum=date_of_birth,E-Mail-Adresse=email,Handy=phone",
        "N\u{b0} \u{e9}l\u{e8}ve=admission_number,Nom=family_name,Pr\u{e9}nom=given_name,Classe=registration_group,Niveau=year_group,N\u{e9}(e) le=date_of_birth,Courriel=email",
        "N\u{ba} de alumno=admission_number,Nombre=given_name,Primer apellido=family_name,Segundo apellido=second_family_name,Fecha de nacimiento=date_of_birth,Correo electr\u{f3}nico=email,Grupo=registration_group",
        "Leerlingnummer=admission_number,Voornaam=given_name,Roepnaam=preferred_name,Tussenvoegsel=family_name_prefix,Achternaam=family_name,Klas=registration_group,Leerjaar=year_group,Geboortedatum=date_of_birth",
        "Numer ucznia=admission_number,Imi\u{119}=given_name,Nazwisko=family_name,Klasa=registration_group,Data urodzenia=date_of_birth,PESEL=",
        "رقم الطالب=admission_number,الاسم الأول=given_name,اسم العائلة=family_name,الصف=year_group,تاريخ الميلاد=date_of_birth,البريد الإلكتروني=email",
    ] {
        let (headers, expected): (Vec<&str>, Vec<&str>) =
            file.split(',').map(|column| column.split_once('=').unwrap()).unzip();
        let (_, mapping) = matched(&STUDENTS, &headers.join(","));
        for ((header, expected), column) in headers.iter().zip(expected).zip(mapping.columns()) {
            let field =
                column.field.as_ref().filter(|_| column.by == MatchedBy::Name).map_or("", FieldSlug::as_str);
            assert_eq!(field, expected, "{header} in {file}");
        }
    }
}

#[test]
fn lists_of_staff_are_matched_by_the_same_engine() {
    for (file, expected) in [
        ("Staff code,Name,Surname", "Staff code=staff_code,Name=given_name,Surname=family_name"),
        ("Initials,Payroll no,Name", "Payroll no=staff_code,Name=full_name"),
        (
            "Teacher ID,Surname Forename,Next of kin phone",
            "Teacher ID=staff_code,Surname Forename=family_name_first",
        ),
        ("Staff code,Name,Email,Email", "Staff code=staff_code,Name=full_name,Email?email,Email?email"),
    ] {
        assert_eq!(told(&STAFF, file).join(","), expected);
    }
}

#[test]
fn two_columns_that_decide_the_same_both_count_and_a_third_is_asked_about() {
    let moodle = "idnumber,firstname,lastname,suspended,deleted\n1,Ada,Lee,0,0\n2,Bo,Li,1,0\n3,Cy,Ray,0,1";
    assert_eq!(
        told(&STUDENTS, moodle).join(","),
        "idnumber=admission_number,firstname=given_name,lastname=family_name,suspended=also_status,deleted=status"
    );
    let three = "Adm No,Name,Active,Deleted,Left\n1,Ada,yes,no,no\n2,Bo,no,no,yes";
    let open = told(&STUDENTS, three);
    assert!(open.iter().filter(|column| column.ends_with("?status")).count() == 3, "{open:?}");
    // What a spreadsheet of Google says about a column is no part of its name.
    let google = "First Name [Required],Last Name [Required],Employee ID,Status [READ ONLY]\nAda,Lee,1,Active\nBo,Li,2,Suspended";
    assert!(told(&STUDENTS, google).contains(&"Status [READ ONLY]=status".to_owned()));
}

#[test]
fn a_column_that_is_only_called_student_is_a_guess() {
    let gradebook = "Student,ID,SIS User ID,Section\nSchroeder Jo,1,U1,A";
    let told = told(&STUDENTS, gradebook);
    assert!(
        told.contains(&"Student~full_name".to_owned())
            && told.contains(&"SIS User ID=admission_number".to_owned()),
        "{told:?}"
    );
}

proptest! {
    #[test]
    fn the_order_of_the_columns_never_changes_what_they_become(
        names in proptest::collection::vec(
            "(Email|Student email|Mum email|Name|Student Name|Surname|Forename|Last Name|FName|LName|Adm No|Roll No|UPN|Year|Year Group|Left|Password|Full name|Known as|x)", 1..12),
        seed in any::<u64>(),
    ) {
        let outcome = |names: &[String]| {
            let mapping = Mapping::automatic(&STUDENTS, names, None);
            let mut columns: Vec<String> = names.iter().zip(mapping.columns()).map(|(name, column)| format!("{name} {column:?}")).collect();
            columns.sort();
            columns
        };
        let mut shuffled = names.clone();
        let mut state = seed;
        for at in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
        }
        prop_assert_eq!(outcome(&names), outcome(&shuffled));
    }
}
