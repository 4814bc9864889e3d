//! Changing what a restriction says.

use chrono::NaiveDate;

use super::{RestrictedAdults, RestrictionForm, RestrictionTerms};
use crate::authorization::grant::PortalScope;
use crate::when::long_day;

impl RestrictionTerms {
    /// Whether some adult may see more, on some day from today on, than with the terms before. Then a second person decides.
    pub fn closes_less_than(&self, before: &Self, today: NaiveDate) -> bool {
        let opens_a_part = before.scopes.iter().any(|scope| !self.scopes.contains(scope));
        let begins_later = self.starts_on > before.starts_on.max(today);
        let ends_earlier = match (self.ends_on, before.ends_on) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(end), Some(was)) => end < was,
        };
        opens_a_part || begins_later || ends_earlier || before.hides_addresses && !self.hides_addresses
    }

    /// What it closes and when, without whom it is about: "Grades and contact details closed, from 1 May 2027".
    pub fn in_words(&self) -> String {
        let family: Vec<&str> = PortalScope::FAMILY
            .into_iter()
            .filter(|scope| self.scopes.contains(scope))
            .map(PortalScope::label)
            .collect();
        let parts = if family.len() == PortalScope::FAMILY.len() {
            "everything".to_owned()
        } else if family.is_empty() {
            "contact details only".to_owned()
        } else {
            family.join(", ")
        };
        let until = self.ends_on.map(|day| format!(" until {}", long_day(day))).unwrap_or_default();
        let hides = if self.hides_addresses || family.is_empty() { "" } else { "; contact details are open" };
        format!("closed: {parts}, from {}{until}{hides}.", long_day(self.starts_on))
    }
}

impl RestrictionForm {
    /// The form for these terms.
    pub fn of(terms: &RestrictionTerms) -> Self {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self {
            scopes: terms.scopes.iter().map(|scope| scope.slug().to_owned()).collect(),
            reason: terms.reason.slug().to_owned(),
            reference: terms.reference.clone(),
            from: terms.starts_on.to_string(),
            until: day(terms.ends_on),
            review: day(terms.review_on),
            hides: terms.hides_addresses,
            ..Self::default()
        }
        .about(&terms.whom)
    }

    /// The same about these adults, whatever was sent.
    #[must_use]
    pub fn about(&self, whom: &RestrictedAdults) -> Self {
        let (kind, adult, but) = match whom {
            RestrictedAdults::One(adult) => ("one", adult.to_string(), Vec::new()),
            RestrictedAdults::AllBut(but) => {
                ("all", String::new(), but.iter().map(ToString::to_string).collect())
            }
        };
        Self { whom: kind.to_owned(), adult, but, ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-30".parse().unwrap()
    }

    fn terms(change: impl FnOnce(&mut RestrictionForm)) -> RestrictionTerms {
        let mut form = RestrictionForm {
            adult: "0190c0de-0000-7000-8000-000000000001".to_owned(),
            reason: "court_order".to_owned(),
            ..RestrictionForm::blank(today())
        };
        change(&mut form);
        form.parse(today()).unwrap()
    }

    #[test]
    fn what_opens_a_part_or_a_day_closes_less() {
        let before = terms(|_| ());
        let narrower: [fn(&mut RestrictionForm); 4] = [
            |form| form.scopes = vec!["grades".to_owned()],
            |form| form.from = "2026-12-01".to_owned(),
            |form| form.until = "2027-05-01".to_owned(),
            |form| form.hides = false,
        ];
        for change in narrower {
            let after = terms(change);
            assert!(after.closes_less_than(&before, today()), "{}", after.in_words());
            assert!(!before.closes_less_than(&after, today()), "the way back closes more");
        }
    }

    #[test]
    fn a_reference_a_reason_a_review_and_a_first_day_that_is_over_open_nothing() {
        let before = terms(|form| form.from = "2026-09-01".to_owned());
        let after = terms(|form| {
            form.reference = "FD26P00322".to_owned();
            form.reason = "safeguarding".to_owned();
            form.review = "2027-01-01".to_owned();
            form.from = "2026-09-10".to_owned();
        });
        assert!(!after.closes_less_than(&before, today()));
    }

    #[test]
    fn the_form_of_terms_reads_as_the_same_terms() {
        let before = terms(|form| form.until = "2027-05-01".to_owned());
        assert_eq!(RestrictionForm::of(&before).parse(today()).unwrap(), before);
        let all = RestrictedAdults::AllBut(vec!["0190c0de-0000-7000-8000-000000000002".parse().unwrap()]);
        let about = RestrictionForm::of(&before).about(&all).parse(today()).unwrap();
        assert_eq!(about.whom, all);
    }

    #[test]
    fn the_second_person_reads_what_stays_closed() {
        let after = terms(|form| {
            form.scopes = vec!["grades".to_owned()];
            form.until = "2027-05-01".to_owned();
        });
        assert_eq!(after.in_words(), "closed: Grades, from 30 November 2026 until 1 May 2027.");
    }
}
