//! Which part of a OneRoster export a kind of import reads.

/// A column of users in a OneRoster export (1EdTech, OneRoster 1.1 and 1.2, CSV binding).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OneRosterColumn {
    /// `identifier`, or else `sourcedId`.
    Identifier,
    /// `givenName`.
    GivenName,
    /// `middleName`.
    MiddleName,
    /// `familyName`.
    FamilyName,
    /// `preferredFirstName`, or `preferredGivenName` in School Data Sync.
    PreferredName,
    /// `birthDate` of `demographics.csv`.
    BirthDate,
    /// `email`.
    Email,
    /// `sms`, or else `phone`.
    Phone,
    /// The grade of the role, or else the first of `grades`.
    Grade,
    /// The title of the homeroom class.
    HomeClass,
    /// The first day, from the role or `enrollments`.
    Starts,
    /// The last day of the role, if all of them have one.
    Ends,
    /// `sourcedId`: what the other system calls an adult.
    SourcedId,
    /// The students whom `agentSourcedIds` on either side, or `relationships.csv`, give an adult. A kind with this column
    /// imports adults: those of another role and without students are left out.
    Students,
    /// The name of a class in which `enrollments` has a student, or that a teacher has. A kind with this column imports memberships: a row for each
    /// person of its roles and class, except homerooms.
    Class,
    /// The title of the class's course, in `courses.csv`.
    Course,
    /// Its `courseCode`.
    CourseCode,
    /// That the system has an adult no longer. Only in the table of a file that says what has changed.
    Gone,
    /// Decides about users without a role. Only in the table if there are any.
    Role,
    /// Decides about users who are disabled, marked for deletion or of another status than active. Only in the table if there are any.
    Status,
}

/// Which users a kind imports from a OneRoster export, and which fields their columns map to.
#[derive(Debug, Clone, Copy)]
pub struct OneRoster {
    /// Accepted values of `role`, in lower case.
    pub roles: &'static [&'static str],
    /// The columns of the resulting table.
    pub columns: &'static [(&'static str, OneRosterColumn)],
}
