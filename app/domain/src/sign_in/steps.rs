//! The steps from a correct password, or a provider's answer, to a session. What is still required is worked out each
//! time from what was shown so far, so that no step can be left out by asking for the next one.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// With what someone proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Their own password: typed, or chosen just now with a reset link.
    Password,
    /// A one-time code of the office, which stands in for a password until they choose their own.
    Code,
    /// An identity at a provider that is linked to their account.
    Identity,
}

/// Where someone stands with a second factor. Neither a reset link nor a code counts as one: it is still required
/// after a reset too (OWASP ASVS 5.0, V6.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// The account has none, and needs none.
    NotOwed,
    /// It has to be shown.
    Owed,
    /// It was shown in this sign-in.
    Shown,
}

/// What is known so far of someone who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "people")]
pub enum Progress {
    /// A provider knows them, and their identity there is linked to nobody yet.
    Unlinked,
    /// Several people share the address and the password.
    Several,
    /// It is this one.
    One {
        /// What they came with.
        proof: Proof,
        /// Their second factor.
        second_factor: SecondFactor,
    },
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Look whom the identity is about to be linked to, and confirm.
    VerifyAccount,
    /// Say which of the people it is.
    ChoosePerson,
    /// Show the second factor.
    SecondFactor,
    /// Choose a password of your own.
    ChoosePassword,
    /// Nothing: a session begins.
    Enter,
}

impl Progress {
    /// The next step. The second factor comes before a password is chosen, so that a code alone changes nothing.
    pub fn next(self) -> Step {
        match self {
            Self::Unlinked => Step::VerifyAccount,
            Self::Several => Step::ChoosePerson,
            Self::One { second_factor: SecondFactor::Owed, .. } => Step::SecondFactor,
            Self::One { proof: Proof::Code, .. } => Step::ChoosePassword,
            Self::One { proof: Proof::Password | Proof::Identity, .. } => Step::Enter,
        }
    }
}

/// Someone to choose, where several people share an address and a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChoice {
    /// Their account.
    pub account: AccountId,
    /// Their name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_comes_first_then_the_second_factor_then_the_password() {
        assert_eq!(Progress::Several.next(), Step::ChoosePerson);
        assert_eq!(Progress::Unlinked.next(), Step::VerifyAccount);
        for (proof, after) in [
            (Proof::Password, Step::Enter),
            (Proof::Code, Step::ChoosePassword),
            (Proof::Identity, Step::Enter),
        ] {
            for (second_factor, next) in [
                (SecondFactor::Owed, Step::SecondFactor),
                (SecondFactor::NotOwed, after),
                (SecondFactor::Shown, after),
            ] {
                assert_eq!(Progress::One { proof, second_factor }.next(), next);
            }
        }
    }
}
