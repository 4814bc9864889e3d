//! The steps from a correct password, or a provider's answer, to a session. The next step is always derived
//! from what has been proved so far, so that no step can be skipped by requesting a later one.

use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// What someone proved their identity with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInProof {
    /// Their own password: typed, or just chosen with a reset link.
    Password,
    /// Their own password, which is shorter than their role asks for: they had it before they got the role.
    ShortPassword,
    /// A one-time code from the office, used until they choose their own password.
    Code,
    /// An identity at a provider, linked to their account.
    Identity,
}

/// The state of the second factor in a sign-in. Neither a reset link nor a code counts as one: it is still
/// required after a reset (OWASP ASVS 5.0, V6.4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorState {
    /// The account has none and does not need one.
    NotOwed,
    /// It is still required.
    Owed,
    /// It was presented.
    Shown,
}

/// What is known so far about the person signing in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "people")]
pub enum SignInProgress {
    /// A provider vouches for them, but their identity there is not linked to an account yet.
    Unlinked,
    /// Several people share this address and password.
    Several,
    /// It is this person.
    One {
        /// The proof they used.
        proof: SignInProof,
        /// Their second factor.
        second_factor: SecondFactorState,
    },
}

/// The next step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInStep {
    /// Check which account the identity will be linked to, and confirm.
    VerifyAccount,
    /// Choose which of the people they are.
    ChoosePerson,
    /// Present the second factor.
    SecondFactor,
    /// Choose a password.
    ChoosePassword,
    /// None: the session begins.
    Enter,
}

impl SignInProgress {
    /// Returns the next step. The second factor comes before choosing a password, so that a code alone
    /// changes nothing.
    pub fn next(self) -> SignInStep {
        match self {
            Self::Unlinked => SignInStep::VerifyAccount,
            Self::Several => SignInStep::ChoosePerson,
            Self::One { second_factor: SecondFactorState::Owed, .. } => SignInStep::SecondFactor,
            Self::One { proof: SignInProof::Code | SignInProof::ShortPassword, .. } => {
                SignInStep::ChoosePassword
            }
            Self::One { proof: SignInProof::Password | SignInProof::Identity, .. } => SignInStep::Enter,
        }
    }
}

/// A person to choose from, if several share an address and password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonChoice {
    /// Their account.
    pub account: AccountId,
    /// Their name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The name of their school, if they belong to one.
    pub school: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_comes_first_then_the_second_factor_then_the_password() {
        assert_eq!(SignInProgress::Several.next(), SignInStep::ChoosePerson);
        assert_eq!(SignInProgress::Unlinked.next(), SignInStep::VerifyAccount);
        for (proof, after) in [
            (SignInProof::Password, SignInStep::Enter),
            (SignInProof::Code, SignInStep::ChoosePassword),
            (SignInProof::ShortPassword, SignInStep::ChoosePassword),
            (SignInProof::Identity, SignInStep::Enter),
        ] {
            for (second_factor, next) in [
                (SecondFactorState::Owed, SignInStep::SecondFactor),
                (SecondFactorState::NotOwed, after),
                (SecondFactorState::Shown, after),
            ] {
                assert_eq!(SignInProgress::One { proof, second_factor }.next(), next);
            }
        }
    }
}
