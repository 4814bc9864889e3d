//! The fields of staff beside those of any person, with the names that other systems give them.

use crate::imports::kind::Field;

/// What tells staff apart.
pub const STAFF_CODE: Field = Field::text(
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
/// The school that the row is for; rows for another one are skipped.
pub const SCHOOL: Field = Field::text(
    "school",
    "School",
    "QUILL",
    &["school", "schoolcode", "schoolname", "site", "establishment"],
);
/// The first day.
pub const START_DATE: Field = Field::dates(
    "start_date",
    "Start date",
    "2026-09-01",
    &["startdate", "start", "starts", "datejoined", "joined", "joindate", "employedfrom", "contractstart"],
);
/// The last day.
pub const END_DATE: Field = Field::dates(
    "end_date",
    "End date",
    "2030-08-31",
    &["enddate", "end", "ends", "leavingdate", "dateleft", "left", "employedto", "contractend"],
);
