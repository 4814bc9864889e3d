//! Restrictions: what an adult may not see of a child, by a court order or for safeguarding.

mod effects;
mod terms;

pub use effects::RestrictionEffects;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::authorization::grant::PortalScope;
use crate::fields::FieldErrors;
use crate::ids::PersonId;
use crate::when::typed_day;

/// Why there is a restriction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictionReason {
    /// A court ordered it.
    CourtOrder,
    /// The school decided it, to keep the child safe.
    Safeguarding,
}

impl RestrictionReason {
    /// Both.
    pub const ALL: [Self; 2] = [Self::CourtOrder, Self::Safeguarding];

    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::CourtOrder => "court_order",
            Self::Safeguarding => "safeguarding",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::CourtOrder => "Court order",
            Self::Safeguarding => "Safeguarding",
        }
    }
}

/// Whom a restriction is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictedAdults {
    /// One adult.
    One(PersonId),
    /// Every adult but these.
    AllBut(Vec<PersonId>),
}

/// A restriction to record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionTerms {
    /// Whom it is about.
    pub whom: RestrictedAdults,
    /// What they may not see.
    pub scopes: Vec<PortalScope>,
    /// Why.
    pub reason: RestrictionReason,
    /// Where the office keeps the order, such as a case number.
    pub reference: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, if set.
    pub ends_on: Option<NaiveDate>,
    /// When the office looks at it again, if set.
    pub review_on: Option<NaiveDate>,
    /// Whether addresses are kept from them too.
    pub hides_addresses: bool,
}

/// A restriction as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RestrictionForm {
    /// `one` or `all`.
    pub whom: String,
    /// The adult, of one.
    pub adult: String,
    /// The adults who keep access, of all.
    pub but: Vec<String>,
    /// The parts that are closed.
    pub scopes: Vec<String>,
    /// The reason.
    pub reason: String,
    /// The reference.
    pub reference: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// The review.
    pub review: String,
    /// Whether addresses are hidden.
    pub hides: bool,
}

/// The most characters of a reference.
const LONGEST_REFERENCE: usize = 200;

impl RestrictionForm {
    /// The form before anything is typed: one adult, everything, from today.
    pub fn blank(today: NaiveDate) -> Self {
        Self {
            whom: "one".to_owned(),
            scopes: PortalScope::FAMILY.map(|scope| scope.slug().to_owned()).into(),
            from: today.to_string(),
            hides: true,
            ..Self::default()
        }
    }

    /// Reads what a browser sends.
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let all = |wanted: &str| -> Vec<String> {
            pairs.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect()
        };
        let one = |wanted: &str| all(wanted).into_iter().next().unwrap_or_default();
        Self {
            whom: one("whom"),
            adult: one("adult"),
            but: all("but"),
            scopes: all("scopes"),
            reason: one("reason"),
            reference: one("reference"),
            from: one("from"),
            until: one("until"),
            review: one("review"),
            hides: pairs.iter().any(|(name, _)| name == "hides"),
        }
    }

    /// Checks it.
    ///
    /// # Errors
    /// A sentence for each field that is wrong.
    pub fn parse(&self, today: NaiveDate) -> Result<RestrictionTerms, FieldErrors> {
        let mut errors = FieldErrors::default();
        let whom = if self.whom == "all" {
            let but: Result<Vec<PersonId>, _> = self.but.iter().map(|adult| adult.parse()).collect();
            let but = but.map(RestrictedAdults::AllBut);
            errors.take("but", but.map_err(|_| "Choose the adults from the list."))
        } else {
            let adult = self.adult.parse().map(RestrictedAdults::One);
            errors.take("adult", adult.map_err(|_| "Choose the adult."))
        };
        let mut scopes: Vec<PortalScope> = PortalScope::FAMILY
            .into_iter()
            .filter(|scope| self.scopes.iter().any(|typed| typed == scope.slug()))
            .collect();
        if scopes.is_empty() && !self.hides {
            errors.push("scopes", "Choose at least one thing that they may not see.");
        }
        if self.hides {
            scopes.push(PortalScope::Contacts);
        }
        let reason = RestrictionReason::from_slug(&self.reason).ok_or("Choose a reason.");
        let reason = errors.take("reason", reason);
        let reference = self.reference.trim();
        if reference.chars().count() > LONGEST_REFERENCE {
            errors.push("reference", format!("Shorten the reference to {LONGEST_REFERENCE} characters."));
        }
        let starts_on = errors.take("from", typed_day(&self.from)).map(|day| day.unwrap_or(today));
        let ends_on = errors.take("until", typed_day(&self.until));
        let review_on = errors.take("review", typed_day(&self.review));
        if let Some(Some(end)) = ends_on {
            if starts_on.is_some_and(|start| end < start) {
                errors.push("until", "The last day is before the first day.");
            } else if end < today {
                errors.push(
                    "until",
                    "A restriction in the past restricts nobody. Enter a last day from today on, or leave it empty.",
                );
            }
        }
        if let Some(Some(review)) = review_on {
            if review < today {
                errors.push("review", "The review date has passed. Enter a day from today on.");
            } else if ends_on.flatten().is_some_and(|end| review > end) {
                errors.push(
                    "review",
                    "The restriction ends before this day. Enter an earlier one, or leave it empty.",
                );
            }
        }
        match (whom, reason, starts_on, ends_on, review_on) {
            (Some(whom), Some(reason), Some(starts_on), Some(ends_on), Some(review_on))
                if errors.is_empty() =>
            {
                Ok(RestrictionTerms {
                    whom,
                    scopes,
                    reason,
                    reference: reference.to_owned(),
                    starts_on,
                    ends_on,
                    review_on,
                    hides_addresses: self.hides,
                })
            }
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADULT: &str = "0190c0de-0000-7000-8000-000000000001";

    fn today() -> NaiveDate {
        "2026-11-30".parse().unwrap()
    }

    fn form() -> RestrictionForm {
        RestrictionForm {
            adult: ADULT.to_owned(),
            reason: "court_order".to_owned(),
            ..RestrictionForm::blank(today())
        }
    }

    fn problem(form: &RestrictionForm, field: &str) -> String {
        form.parse(today())
            .unwrap_err()
            .of(field)
            .unwrap_or_else(|| panic!("nothing about {field}"))
            .to_owned()
    }

    #[test]
    fn a_form_with_an_adult_and_a_reason_closes_everything_from_today() {
        let terms = form().parse(today()).unwrap();
        assert_eq!(terms.whom, RestrictedAdults::One(ADULT.parse().unwrap()));
        assert_eq!(terms.scopes.len(), PortalScope::ALL.len());
        assert_eq!((terms.starts_on, terms.ends_on, terms.review_on), (today(), None, None));
    }

    #[test]
    fn a_restriction_in_the_past_and_one_that_ends_before_it_begins_are_a_sentence_each() {
        let past = RestrictionForm { from: "2025-01-01".into(), until: "2026-11-29".into(), ..form() };
        assert!(problem(&past, "until").contains("in the past"));
        let turned = RestrictionForm { from: "2027-01-02".into(), until: "2027-01-01".into(), ..form() };
        assert!(problem(&turned, "until").contains("before the first day"));
        let last_day = RestrictionForm { from: "2025-01-01".into(), until: "2026-11-30".into(), ..form() };
        assert!(last_day.parse(today()).is_ok());
    }

    #[test]
    fn a_review_is_neither_in_the_past_nor_after_the_end() {
        let past = RestrictionForm { review: "2026-11-29".into(), ..form() };
        assert!(problem(&past, "review").contains("has passed"));
        let late = RestrictionForm { until: "2027-01-01".into(), review: "2027-01-02".into(), ..form() };
        assert!(problem(&late, "review").contains("ends before"));
    }

    #[test]
    fn nobody_nothing_and_no_reason_are_asked_for() {
        let empty = RestrictionForm { whom: "one".into(), ..RestrictionForm::default() };
        for field in ["adult", "scopes", "reason"] {
            assert!(!problem(&empty, field).is_empty());
        }
    }

    #[test]
    fn every_adult_but_some_may_be_restricted() {
        let all = RestrictionForm { whom: "all".into(), but: vec![ADULT.into()], ..form() };
        assert_eq!(all.parse(today()).unwrap().whom, RestrictedAdults::AllBut(vec![ADULT.parse().unwrap()]));
    }

    #[test]
    fn the_words_in_the_database_are_read_back() {
        for reason in RestrictionReason::ALL {
            assert_eq!(RestrictionReason::from_slug(reason.slug()), Some(reason));
        }
    }
}
