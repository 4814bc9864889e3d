//! What a conflict is to families: its sentence, in the language of the page. The use case has one for the office, in English.

use leptos_i18n::td_string;

use crate::i18n::Locale;

/// A conflict that a page for families can meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FamilyConflict {
    /// The session ended in the meantime.
    SignedOut,
    /// The form that waited for a step-up is no longer there.
    FormGone,
    /// The linked account is the only way to sign in.
    LastWayIn,
    /// There is no second factor to make recovery codes for.
    NeedsSecondFactor,
    /// Passkeys need a domain name, which this server has not.
    NoDomain,
    /// Too many attempts from one network.
    Slowed,
}

impl FamilyConflict {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::SignedOut,
        Self::FormGone,
        Self::LastWayIn,
        Self::NeedsSecondFactor,
        Self::NoDomain,
        Self::Slowed,
    ];

    /// The code of the conflict: `backend::Error::Conflict`.
    pub fn code(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::FormGone => "form_gone",
            Self::LastWayIn => "last_way_in",
            Self::NeedsSecondFactor => "needs_second_factor",
            Self::NoDomain => "no_domain",
            Self::Slowed => "slowed",
        }
    }

    /// Reads [`Self::code`].
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|conflict| conflict.code() == code)
    }

    /// What happened, and what to do.
    pub fn sentence(self, locale: Locale) -> &'static str {
        match self {
            Self::SignedOut => td_string!(locale, family.conflict.signed_out),
            Self::FormGone => td_string!(locale, family.conflict.form_gone),
            Self::LastWayIn => td_string!(locale, family.conflict.last_way_in),
            Self::NeedsSecondFactor => td_string!(locale, family.conflict.needs_second_factor),
            Self::NoDomain => td_string!(locale, family.conflict.no_domain),
            Self::Slowed => td_string!(locale, family.conflict.slowed),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use leptos_i18n::Locale as _;

    use super::*;

    #[test]
    fn every_conflict_has_a_sentence_of_its_own_in_every_language() {
        for locale in Locale::get_all().iter().copied() {
            let sentences: HashSet<&str> =
                FamilyConflict::ALL.into_iter().map(|conflict| conflict.sentence(locale)).collect();
            assert_eq!(sentences.len(), FamilyConflict::ALL.len(), "{}", locale.as_str());
            for conflict in FamilyConflict::ALL {
                let sentence = conflict.sentence(locale);
                assert!(sentence.ends_with('.'), "{} {}", locale.as_str(), conflict.code());
                // A key that a language lacks falls back to English.
                let own = locale == Locale::en || sentence != conflict.sentence(Locale::en);
                assert!(own, "{} is not written in {}", conflict.code(), locale.as_str());
            }
        }
    }

    #[test]
    fn a_conflict_is_found_by_its_code() {
        for conflict in FamilyConflict::ALL {
            assert_eq!(FamilyConflict::from_code(conflict.code()), Some(conflict));
        }
        assert_eq!(FamilyConflict::from_code("batch_in_use"), None);
    }
}
