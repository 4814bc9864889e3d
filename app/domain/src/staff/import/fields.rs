//! The fields that staff have in addition to those of any person, and their names in other systems.

use crate::imports::kind::ImportField;

/// Identifies a staff member.
pub const STAFF_CODE: ImportField = ImportField::text(
    "staff_code",
    "Staff code",
    "OKO",
    &[
        "staffcode",
        "staffid",
        "staffno",
        "staffnumber",
        "teachercode",
        "teacherid",
        "teachernumber",
        "employeeid",
        "employeenumber",
        "employeeno",
        "employeecode",
        "payrollnumber",
        "payrollno",
        "initials",
        "username",
        "userid",
        "idnumber",
        "loginid",
        "code",
        "identifier",
        "id",
    ],
);
/// The school the row is about. Rows about other schools are skipped.
pub const SCHOOL: ImportField = ImportField::text(
    "school",
    "School",
    "QUILL",
    &["school", "schoolcode", "schoolname", "site", "establishment"],
);
/// The first day.
pub const START_DATE: ImportField = ImportField::dates(
    "start_date",
    "Start date",
    "2026-09-01",
    &["startdate", "start", "starts", "datejoined", "joined", "joindate", "employedfrom", "contractstart"],
);
/// The last day.
pub const END_DATE: ImportField = ImportField::dates(
    "end_date",
    "End date",
    "2030-08-31",
    &["enddate", "end", "ends", "leavingdate", "dateleft", "left", "employedto", "contractend"],
);
