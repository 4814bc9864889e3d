//! Whose account probably is that of a contact who has none: the logon differs from the address on record, or the adult was
//! entered twice.

use super::views::SameReason;
use crate::fold::fold;

/// What a contact without an account and a person with one have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact that stands alone")]
pub struct InCommon {
    /// Another system calls both the same.
    pub key: bool,
    /// An email address.
    pub email: bool,
    /// A phone number.
    pub phone: bool,
    /// The whole name.
    pub name: bool,
    /// The given name, as far as it is known.
    pub given_name: bool,
    /// A child.
    pub child: bool,
    /// Whether the person is a contact of the child that is looked at.
    pub this_child: bool,
}

impl InCommon {
    /// Why the account probably is theirs, the strongest reason first; none if it probably is not. Adults of one family share
    /// mailboxes and phones, so that alone is no reason where their given names differ.
    pub fn reasons(self) -> Vec<SameReason> {
        let strong = [
            (self.key, SameReason::Key),
            (self.email, SameReason::Email),
            (self.phone, SameReason::Phone),
            (self.name && self.child, SameReason::NameAndChild),
        ];
        let mut reasons: Vec<SameReason> =
            strong.into_iter().filter(|(holds, _)| *holds).map(|(_, reason)| reason).collect();
        let other_adult = !self.given_name && !self.key && (self.this_child || !self.email || !self.phone);
        if reasons.is_empty() || other_adult {
            return Vec::new();
        }
        if self.name && !self.child {
            reasons.push(SameReason::Name);
        }
        reasons
    }
}

/// Whether two given names can be of one person: equal, one begins the other, or one is not known.
pub fn can_be_one_given_name(one: &str, other: &str) -> bool {
    let (one, other) = (fold(one), fold(other));
    one.starts_with(&other) || other.starts_with(&one)
}

#[cfg(test)]
mod tests {
    use super::*;

    // C3
    #[test]
    fn a_couple_with_one_mailbox_is_two_people() {
        let couple =
            InCommon { email: true, phone: true, this_child: true, child: true, ..InCommon::default() };
        assert_eq!(couple.reasons(), []);
        let elsewhere = InCommon { email: true, ..InCommon::default() };
        assert_eq!(elsewhere.reasons(), []);
    }

    #[test]
    fn one_name_with_a_mailbox_in_common_is_probably_one_person() {
        let both = InCommon { email: true, name: true, given_name: true, ..InCommon::default() };
        assert_eq!(both.reasons(), [SameReason::Email, SameReason::Name]);
        let child = InCommon { name: true, given_name: true, child: true, ..InCommon::default() };
        assert_eq!(child.reasons(), [SameReason::NameAndChild]);
    }

    #[test]
    fn a_name_alone_is_no_reason() {
        assert_eq!(InCommon { name: true, given_name: true, ..InCommon::default() }.reasons(), []);
    }

    #[test]
    fn an_initial_can_be_the_name_and_another_name_cannot() {
        assert!(can_be_one_given_name("M.", "Mara") && can_be_one_given_name("", "Mara"));
        assert!(can_be_one_given_name("JOS\u{c9}", "Jose Maria") && !can_be_one_given_name("Mara", "Piotr"));
    }
}
