//! Why a visit to a provider let nobody in.

/// Why someone whom a provider confirmed was not let in, for staff to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusedVisit {
    /// The provider gave no address.
    NoAddress,
    /// The address is outside the domains listed for the provider.
    OtherDomain,
    /// Nobody has the address.
    UnknownAddress,
    /// They have no account, or no invitation that still works.
    NotInvited,
    /// Their account is disabled.
    Disabled,
    /// Their account is closed.
    Closed,
    /// Their account cannot be used today, by its days, and is not linked yet.
    OutsideDays,
    /// Their account is locked after wrong passwords, and not linked yet.
    Locked,
    /// Their account is linked to another identity at this provider.
    OtherIdentity,
    /// Staff changed their address in the last days, and they did not sign in in another way first.
    AddressChanged,
    /// The provider's clock and ours differ by too much.
    Clock,
    /// The provider's answer is not valid.
    Invalid,
}

impl RefusedVisit {
    /// All reasons.
    pub const ALL: [Self; 12] = [
        Self::NoAddress,
        Self::OtherDomain,
        Self::UnknownAddress,
        Self::NotInvited,
        Self::Disabled,
        Self::Closed,
        Self::OutsideDays,
        Self::Locked,
        Self::OtherIdentity,
        Self::AddressChanged,
        Self::Clock,
        Self::Invalid,
    ];

    /// The name in the audit log, where underscores are shown as spaces.
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoAddress => "provider_gave_no_address",
            Self::OtherDomain => "address_in_a_domain_that_is_not_listed",
            Self::UnknownAddress => "nobody_has_the_address",
            Self::NotInvited => "not_invited",
            Self::Disabled => "account_disabled",
            Self::Closed => "account_closed",
            Self::OutsideDays => "account_outside_its_days",
            Self::Locked => "account_locked",
            Self::OtherIdentity => "linked_to_another_identity_there",
            Self::AddressChanged => "staff_changed_the_address",
            Self::Clock => "clocks_differ",
            Self::Invalid => "answer_not_valid",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }

    /// What happened and what to do, on a person's record.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::NoAddress => "The provider gave no email address.",
            Self::OtherDomain => {
                "Their address there is in a domain that is not listed for the provider. Add it under Single sign-on."
            }
            Self::UnknownAddress => "Nobody has the address they used.",
            Self::NotInvited => "They have no invitation that still works. Send one first.",
            Self::Disabled => "Their account is disabled.",
            Self::Closed => "Their account is closed.",
            Self::OutsideDays => {
                "Their account cannot be used today. Change its days, or wait until it opens."
            }
            Self::Locked => "Their account is locked. Unlock it first.",
            Self::OtherIdentity => {
                "Their account is linked to another identity there. If that one is not theirs, or the provider was set up again, remove the link."
            }
            Self::AddressChanged => {
                "Staff changed their email address in the last 3 days, so the provider alone does not link their account. They can sign in first with their password or a one-time code, or wait until the 3 days are over."
            }
            Self::Clock => {
                "The provider\u{2019}s clock and the server\u{2019}s differ by more than five minutes."
            }
            Self::Invalid => "The provider\u{2019}s answer was not valid.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_for_a_refusal_has_a_name_of_its_own() {
        for reason in RefusedVisit::ALL {
            assert_eq!(RefusedVisit::from_slug(reason.slug()), Some(reason));
        }
    }
}
