//! Why two people cannot be merged the way that was asked.

use thiserror::Error;

/// What is in the way, in a sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MergeObstacle {
    /// One of them was merged already.
    #[error(
        "One of these two people was merged with somebody in the meantime. Open the list of likely duplicates again."
    )]
    AlreadyMerged,
    /// The actor is one of them: they would decide what they see themselves.
    #[error("One of these two people is you. Ask a colleague to merge them.")]
    Yourself,
    /// One of them is an organisation.
    #[error("One of the two is an organisation and the other a person. They cannot be merged.")]
    OrganisationAndPerson,
    /// One is a contact of the other, or has access to their portal.
    #[error(
        "One of these two people is a contact of the other, so they are two people. If that is wrong, end the contact first."
    )]
    Related,
    /// Both are or were students.
    #[error(
        "Both records are those of students. A merge does not join years on the roll, so both records stay. Correct the list in the system that it comes from."
    )]
    BothStudents,
    /// Both work at a school or have roles.
    #[error(
        "Both records are those of members of staff. A merge does not join employment and roles, so both records stay. Correct the staff list in the system that it comes from, and close the account that is no longer needed."
    )]
    BothStaff,
    /// The one who would go is or was a student.
    #[error(
        "The record that would be merged away is that of a student. Keep that record, and merge the other into it."
    )]
    Student,
    /// The one who would go works at a school or has a role.
    #[error(
        "The record that would be merged away is that of a member of staff. Keep that record, and merge the other into it."
    )]
    Staff,
    /// The one who stays has roles and no login, and the login of the other would get them.
    #[error(
        "The person who stays has roles and no account in use, and the account of the other person would get these roles. Give the member of staff an account first, or remove the roles."
    )]
    RolesForALogin,
    /// The account of the one who stays is closed, and that of the other is in use.
    #[error(
        "The account of the person who stays is closed, and the other person\u{2019}s is in use. Keep the other record."
    )]
    ClosedAccountStays,
    /// A child whom the actor may not see is concerned.
    #[error(
        "One of the two is the contact of a child at a school that you do not act for, or of one whose record you may not see. Ask someone who acts for all of these schools."
    )]
    ChildOutOfReach,
}

impl MergeObstacle {
    /// A stable word for tests and automation.
    pub fn code(self) -> &'static str {
        match self {
            Self::AlreadyMerged => "already_merged",
            Self::Yourself => "yourself",
            Self::OrganisationAndPerson => "organisation_and_person",
            Self::Related => "related",
            Self::BothStudents => "both_students",
            Self::BothStaff => "both_staff",
            Self::Student => "student",
            Self::Staff => "staff",
            Self::RolesForALogin => "roles_for_a_login",
            Self::ClosedAccountStays => "closed_account_stays",
            Self::ChildOutOfReach => "child_out_of_reach",
        }
    }

    /// Whether keeping the other of the two records could help.
    pub fn is_about_the_direction(self) -> bool {
        matches!(self, Self::Student | Self::Staff | Self::RolesForALogin | Self::ClosedAccountStays)
    }
}
