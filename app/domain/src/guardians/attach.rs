//! Whether an adult can be made a child's contact.

use thiserror::Error;

/// What is known of two people before one becomes the other's contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that stands alone")]
pub struct PairFacts {
    /// The adult is the one who asks.
    pub is_yourself: bool,
    /// Both are one person.
    pub same_person: bool,
    /// The adult can be found in this organisation, as far as the one who asks reaches.
    pub adult_known: bool,
    /// The adult is a student on roll, or will be.
    pub adult_is_student: bool,
    /// The child is or was on a roll.
    pub child_is_student: bool,
    /// The child is a contact of the adult.
    pub child_is_contact_of_adult: bool,
    /// The adult is the child's contact already.
    pub is_contact: bool,
}

/// Why an adult cannot be made a child's contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AttachRefusal {
    /// Nobody opens a child's portal to themselves.
    #[error("This is about yourself. Ask a colleague: nobody decides what they see themselves.")]
    Yourself,
    /// A person is not their own guardian.
    #[error("This is the same person. Nobody can be their own guardian.")]
    SamePerson,
    /// The adult is of another organisation, or out of reach.
    #[error("This adult is not in this organisation. Add them here first.")]
    UnknownAdult,
    /// A student is not the guardian of another.
    #[error("This person is a student on roll, so they cannot be a guardian of another student.")]
    AdultIsStudent,
    /// Only students have contacts.
    #[error("This person was never a student here, so they cannot have contacts.")]
    ChildIsNoStudent,
    /// The two would be each other's guardians.
    #[error("The student is a contact of this adult. Two people cannot be contacts of each other.")]
    Loop,
    /// There is nothing to add.
    #[error("They are already a contact of this student. Change that contact instead.")]
    Already,
}

impl PairFacts {
    /// Says whether one can become the other's contact.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn check(self) -> Result<(), AttachRefusal> {
        match self {
            Self { is_yourself: true, .. } => Err(AttachRefusal::Yourself),
            Self { same_person: true, .. } => Err(AttachRefusal::SamePerson),
            Self { adult_known: false, .. } => Err(AttachRefusal::UnknownAdult),
            Self { child_is_student: false, .. } => Err(AttachRefusal::ChildIsNoStudent),
            Self { adult_is_student: true, .. } => Err(AttachRefusal::AdultIsStudent),
            Self { child_is_contact_of_adult: true, .. } => Err(AttachRefusal::Loop),
            Self { is_contact: true, .. } => Err(AttachRefusal::Already),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_adult_becomes_the_contact_of_a_student() {
        let usual = PairFacts { adult_known: true, child_is_student: true, ..PairFacts::default() };
        assert_eq!(usual.check(), Ok(()));
        let refused = [
            (PairFacts { is_yourself: true, ..usual }, AttachRefusal::Yourself),
            (PairFacts { same_person: true, ..usual }, AttachRefusal::SamePerson),
            (PairFacts { adult_known: false, ..usual }, AttachRefusal::UnknownAdult),
            (PairFacts { adult_is_student: true, ..usual }, AttachRefusal::AdultIsStudent),
            (PairFacts { child_is_student: false, ..usual }, AttachRefusal::ChildIsNoStudent),
            (PairFacts { child_is_contact_of_adult: true, ..usual }, AttachRefusal::Loop),
            (PairFacts { is_contact: true, ..usual }, AttachRefusal::Already),
        ];
        for (facts, why) in refused {
            assert_eq!(facts.check(), Err(why));
        }
    }
}
