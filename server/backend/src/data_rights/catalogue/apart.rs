//! Tables without rows about a person, and why. What can hold something about a person without saying about whom is told
//! with every export.

/// Tables, each with what its rows are called and the reason.
pub(crate) const APART: &[(&str, &str, &str)] = &[
    ("academic_years", "Academic years", "about a school"),
    ("alerts", "Alerts", "says which audit log entries are alerts"),
    ("attempts", "Counts of guesses", "counts guesses under a keyed hash, for an hour at most"),
    ("audit_heads", "Ends of the audit log", "the last hash of the audit log"),
    (
        "autocreate_runs",
        "Simulations of autocreate as a whole",
        "a simulation as a whole; its rows are listed",
    ),
    ("course_additions", "Rules of courses", "about courses"),
    ("courses", "Courses", "about a school"),
    ("custom_roles", "Roles of your own", "about roles, not about who has them"),
    ("duplicate_searches", "Searches for duplicates", "counts"),
    ("group_courses", "Courses of groups", "about groups"),
    ("groups", "Teaching groups as such", "about a school"),
    ("guardian_coverage", "Daily counts of students with an adult", "two numbers for each school and day"),
    ("identity_providers", "Providers for single sign-on", "about providers"),
    ("import_corrections", "Corrections of imported files", "cells of a file, deleted with it"),
    (
        "import_parts",
        "Rows of imported files",
        "the rows of a file as it was sent, deleted after 30 days at most",
    ),
    ("import_senders", "Senders of files", "what columns of a sender mean"),
    ("imports", "Imports", "a file as a whole"),
    ("jobs", "Jobs", "work that is due"),
    ("message_templates", "Templates of messages", "texts of the school"),
    ("nightly_holds", "Held nights", "about a school"),
    ("nightly_runs", "Nights", "counts for each school and night"),
    ("organisations", "The organisation", "the organisation"),
    ("passkey_challenges", "Questions to passkeys", "a question of a few minutes"),
    ("print_runs", "Piles of printed passwords", "about a pile; the passwords are listed"),
    ("provider_visits", "Visits to providers", "a visit of a few minutes, before anyone is known"),
    ("recovery_requests", "Requests for a new password", "what was typed, encrypted, until it is looked up"),
    ("roll_loads", "Loads of the roll", "counts which sessions loaded the roll"),
    ("rollover_groups", "Groups that a rollover created", "about groups"),
    ("schools", "Schools", "about a school"),
    ("settings", "Settings", "about a school"),
    ("setup_links", "Links for setting up", "links of the operator"),
];

/// What an export cannot contain, because it does not say about whom it is, and an erasure leaves to its time.
pub(crate) const NOT_FOUND_BY_PERSON: &[&str] = &[
    "Files that were imported. Their rows are kept as they were sent, and deleted with the file.",
    "Logs of the server and of the mail server. They have ids, and are deleted by those who run them.",
    "Backups. They are deleted by those who make them.",
];
