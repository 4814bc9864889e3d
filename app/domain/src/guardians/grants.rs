//! What an adult sees of a child, as the office ticks it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::authorization::grant::{GrantGround, PortalScope};
use crate::fields::FieldErrors;
use crate::when::typed_day;

/// A part of a child's portal that an adult is to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WantedGrant {
    /// The part.
    pub scope: PortalScope,
    /// The reason.
    pub ground: GrantGround,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day, if set.
    pub ends_on: Option<NaiveDate>,
}

/// A row of the form: one part of the portal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantRow {
    /// Whether it is ticked.
    pub ticked: bool,
    /// The ground.
    pub ground: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
}

/// The form: a row for each part that families can be given, in the order of [`PortalScope::FAMILY`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantForm(pub [GrantRow; PortalScope::FAMILY.len()]);

impl GrantForm {
    /// Reads what a browser sends: fields are called after the column and the part, such as `from-grades`.
    pub fn from_pairs(pairs: &[(String, String)]) -> Self {
        let typed: BTreeMap<&str, &str> =
            pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Self(PortalScope::FAMILY.map(|scope| {
            let of = |column: &str| typed.get(format!("{column}-{}", scope.slug()).as_str()).copied();
            let text = |column: &str| of(column).unwrap_or_default().to_owned();
            GrantRow {
                ticked: of("see").is_some(),
                ground: text("ground"),
                from: text("from"),
                until: text("until"),
            }
        }))
    }

    /// Checks the ticked rows.
    ///
    /// # Errors
    /// A sentence for each field that is wrong.
    pub fn parse(&self, today: NaiveDate) -> Result<Vec<WantedGrant>, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut wanted = Vec::new();
        for (scope, row) in PortalScope::FAMILY.into_iter().zip(&self.0).filter(|(_, row)| row.ticked) {
            let field = |column: &str| format!("{column}-{}", scope.slug());
            let ground = GrantGround::from_slug(&row.ground)
                .ok_or_else(|| format!("Choose why they see \u{201c}{}\u{201d}.", scope.label()));
            let ground = errors.take(&field("ground"), ground);
            let from = errors.take(&field("from"), typed_day(&row.from));
            let until = errors.take(&field("until"), typed_day(&row.until));
            let (Some(ground), Some(from), Some(ends_on)) = (ground, from, until) else { continue };
            let starts_on = from.unwrap_or(today);
            if ends_on.is_some_and(|end| end < starts_on) {
                errors.push(
                    &field("until"),
                    format!("{}: the last day is before the first day.", scope.label()),
                );
            } else if ends_on.is_some_and(|end| end < today) {
                errors.push(
                    &field("until"),
                    format!(
                        "{}: the last day is over, so this opens nothing. Untick it instead.",
                        scope.label()
                    ),
                );
            } else {
                wanted.push(WantedGrant { scope, ground, starts_on, ends_on });
            }
        }
        if errors.is_empty() { Ok(wanted) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> GrantForm {
        let pairs: Vec<(String, String)> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        GrantForm::from_pairs(&pairs)
    }

    fn today() -> NaiveDate {
        "2026-11-30".parse().unwrap()
    }

    #[test]
    fn only_ticked_rows_count_and_an_empty_first_day_is_today() {
        let form = pairs(&[("see-grades", "on"), ("ground-grades", "consent"), ("from-fees", "nonsense")]);
        let wanted = form.parse(today()).unwrap();
        assert_eq!(
            wanted,
            [WantedGrant {
                scope: PortalScope::Grades,
                ground: GrantGround::Consent,
                starts_on: today(),
                ends_on: None
            }]
        );
    }

    #[test]
    fn a_grant_that_is_over_already_opens_nothing() {
        let form = pairs(&[
            ("see-grades", "on"),
            ("ground-grades", "relation"),
            ("from-grades", "2026-01-01"),
            ("until-grades", "2026-02-01"),
        ]);
        assert!(form.parse(today()).unwrap_err().of("until-grades").unwrap().contains("Untick it"));
    }

    #[test]
    fn a_grant_that_ends_before_it_begins_and_one_without_a_ground_are_a_sentence_each() {
        let form = pairs(&[
            ("see-grades", "on"),
            ("ground-grades", "order"),
            ("from-grades", "2026-12-02"),
            ("until-grades", "2026-12-01"),
            ("see-fees", "on"),
        ]);
        let errors = form.parse(today()).unwrap_err();
        assert!(errors.of("until-grades").unwrap().contains("before the first day"));
        assert!(errors.of("ground-fees").unwrap().contains("Fees"));
    }
}
