//! The fields that staff have in addition to those of any person, and their names in other systems.

use crate::imports::kind::ImportField;
use crate::imports::names::{Fits, HeaderNames};

/// Identifies a staff member.
#[rustfmt::skip]
pub const STAFF_CODE: ImportField =
    ImportField::text("staff_code", "Staff code", "OKO", &[]).known_as(HeaderNames {
        strong: &["staffcode", "staffid", "staffno", "staffnumber", "staffnum", "kurzel", "lehrerkurzel", "docentcode"],
        usual: &[
            "teachercode", "teacherid", "teachernumber", "teacherno", "employeeid", "employeenumber", "employeeno", "employeecode",
            "payrollnumber", "payrollno", "personalnummer", "personalnr", "personnumber", "matricule", "personeelsnummer", "nrpracownika",
            "numerodeempleado",
        ],
        weak: &["initials", "username", "userid", "idnumber", "loginid", "code", "identifier", "sisusername"],
        maybe: &["id", "personid", "sourcedid"],
    });
/// The school the row is about. Rows about other schools are skipped.
pub const SCHOOL: ImportField = ImportField::text("school", "School", "QUILL", &[]).known_as(HeaderNames {
    strong: &["schoolcode"],
    usual: &["school", "establishment", "schule", "ecole", "etablissement", "escuela", "szkola"],
    weak: &["schoolname", "site"],
    maybe: &[],
});
/// The first day.
#[rustfmt::skip]
pub const START_DATE: ImportField = ImportField {
    fits: Fits::Dates,
    ..ImportField::dates("start_date", "Start date", "2026-09-01", &[]).known_as(HeaderNames {
        strong: &[
            "startdate", "datejoined", "joindate", "employedfrom", "contractstart", "contractstartdate", "hiredate",
            "eintrittsdatum", "dateentree", "fechadealta", "begindatum", "datazatrudnienia",
        ],
        usual: &["startson"],
        weak: &["start", "starts", "joined"],
        maybe: &[],
    })
};
/// The last day.
#[rustfmt::skip]
pub const END_DATE: ImportField = ImportField {
    fits: Fits::Dates,
    ..ImportField::dates("end_date", "End date", "2030-08-31", &[]).known_as(HeaderNames {
        strong: &[
            "enddate", "leavingdate", "dateleft", "dateofleaving", "employedto", "contractend", "contractenddate", "terminationdate",
            "austrittsdatum", "datesortie", "fechadebaja", "einddatum", "datazwolnienia",
        ],
        usual: &[
            "endson", "leftdate",
            "leaverdate", "leavedate", "exitdate", "dateexited", "dateofexit", "departuredate", "dateofdeparture", "resignationdate",
            "dateofresignation", "resigneddate", "dateresigned", "retirementdate", "terminateddate", "dateterminated", "dateended", "lastday",
            "lastdayofemployment", "lastworkingday", "employmentend", "employmentenddate",
        ],
        weak: &["end", "ends", "left", "leaving", "leaver", "exit"],
        maybe: &[],
    })
};
