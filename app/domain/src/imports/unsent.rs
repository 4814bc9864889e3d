//! What someone chose on the page "Match columns" and has not sent yet. It goes along when the file is read in another
//! way, so that nobody chooses twice.

use serde::{Deserialize, Serialize};

use super::dates::DateOrder;
use super::deciding::{ChosenMeaning, Decision};
use super::kind::ImportDeclaration;
use super::mapping::{ColumnMatch, FieldSlug, LastTime, Mapping, MatchedBy};
use super::reading::FileReading;

/// The form field that holds it, as JSON.
pub const UNSENT: &str = "unsent";

/// Choices that have not been sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Unsent {
    /// The field of each column, in the order of the file, as "Next" would send it.
    pub columns: Vec<Option<FieldSlug>>,
    /// The order of dates.
    pub dates: Option<DateOrder>,
    /// What values mean.
    pub meanings: Vec<ChosenMeaning>,
}

impl Unsent {
    /// The mapping with these choices. A match that was not changed stays what it was: a guess is still a guess. Of
    /// two columns with the same field, the one that someone chose has it.
    #[must_use]
    pub fn applied_to(&self, kind: &ImportDeclaration, mapping: &Mapping) -> Mapping {
        let mut columns: Vec<ColumnMatch> = mapping.columns().to_vec();
        let mut chosen: Vec<&'static str> = Vec::new();
        for (column, choice) in columns.iter_mut().zip(&self.columns) {
            let is_same = *choice == column.field && column.undecided().is_none();
            if is_same || *choice == Some(FieldSlug::UNDECIDED) {
                continue;
            }
            let field = choice.as_ref().and_then(|slug| kind.field(slug.as_str()));
            let field = field.filter(|field| !chosen.contains(&field.slug));
            chosen.extend(field.map(|field| field.slug));
            *column = ColumnMatch { why: column.why, ..ColumnMatch::of(field, MatchedBy::Hand) };
        }
        for column in columns.iter_mut().filter(|column| column.by != MatchedBy::Hand) {
            let field = column.field.as_ref().and_then(|slug| kind.field(slug.as_str()));
            if let Some(field) = field.filter(|field| chosen.contains(&field.slug)) {
                *column = ColumnMatch::rival(field, MatchedBy::Name);
            }
        }
        // Two columns chosen before for one field cannot be: then nothing of this is taken.
        Mapping::try_from(columns).unwrap_or_else(|_| mapping.clone())
    }

    /// The decisions with these meanings.
    #[must_use]
    pub fn decided(&self, mut decisions: Vec<Decision>) -> Vec<Decision> {
        for ChosenMeaning { field, text, meaning } in &self.meanings {
            for decision in decisions.iter_mut().filter(|decision| decision.field == *field) {
                decision.choose(text, *meaning);
            }
        }
        decisions
    }
}

/// A column that someone had matched, and that the file does not have as it is read now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LostMatch {
    /// Its header.
    pub header: String,
    /// The field it was matched to.
    pub field: FieldSlug,
}

impl LostMatch {
    /// The matches of an earlier reading that this one does not have.
    pub fn of(earlier: &LastTime<'_>, now: &Mapping) -> Vec<Self> {
        let is_kept = |field: &FieldSlug| {
            now.columns().iter().any(|column| column.is(field.as_str()) && column.by == MatchedBy::LastTime)
        };
        let matched = earlier.headers.iter().zip(earlier.mapping.columns());
        let chosen = matched.filter(|(_, column)| matches!(column.by, MatchedBy::Hand | MatchedBy::LastTime));
        chosen
            .filter_map(|(header, column)| Some((header, column.field.as_ref()?)))
            .filter(|(_, field)| !is_kept(field))
            .map(|(header, field)| Self { header: header.clone(), field: field.clone() })
            .collect()
    }
}

impl FileReading {
    /// Says which matches were lost when the file was read in another way.
    pub fn lost_matches(&self, kind: &ImportDeclaration) -> Option<String> {
        let name = |lost: &LostMatch| {
            let label = kind.label(lost.field.as_str());
            match lost.header.as_str() {
                "" => format!("a column without a name ({label})"),
                header => format!("\u{201c}{header}\u{201d} ({label})"),
            }
        };
        let lost: Vec<String> = self.lost.iter().map(name).collect();
        match lost.as_slice() {
            [] => None,
            [one] => Some(format!(
                "You had matched {one}. Read like this, the file doesn\u{2019}t have this column, so please match the field again."
            )),
            many => Some(format!(
                "You had matched {}. Read like this, the file doesn\u{2019}t have these columns, so please match the fields again.",
                many.join(", ")
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roll::import::STUDENTS;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    fn slug(slug: &str) -> Option<FieldSlug> {
        (!slug.is_empty()).then(|| match slug {
            "?" => FieldSlug::UNDECIDED,
            slug => STUDENTS.field(slug).map(FieldSlug::from).unwrap(),
        })
    }

    fn fields(mapping: &Mapping) -> Vec<&str> {
        mapping.columns().iter().map(|column| column.field.as_ref().map_or("", FieldSlug::as_str)).collect()
    }

    /// Reads a file with these choices again, with other headers.
    fn again(before: &[&str], choices: &[&str], after: &[&str]) -> (Mapping, Vec<LostMatch>) {
        let (before, after) = (names(before), names(after));
        let unsent =
            Unsent { columns: choices.iter().map(|choice| slug(choice)).collect(), ..Unsent::default() };
        let mapping = unsent.applied_to(&STUDENTS, &Mapping::automatic(&STUDENTS, &before, None));
        let earlier = LastTime { headers: &before, mapping: &mapping, is_same_file: true };
        let now = Mapping::automatic(&STUDENTS, &after, Some(earlier));
        let lost = LostMatch::of(&earlier, &now);
        (now, lost)
    }

    #[test]
    fn choices_that_were_not_sent_are_kept_by_the_name_of_the_column() {
        let choices = ["admission_number", "given_name", "email"];
        let (now, lost) = again(&["Ref", "Vorname", "Kontakt"], &choices, &["Kontakt", "Ref", "Vorname"]);
        assert_eq!(fields(&now), ["email", "admission_number", "given_name"]);
        assert_eq!(lost, []);
    }

    #[test]
    fn a_column_that_is_gone_is_said_with_its_field() {
        let (now, lost) =
            again(&["Ref", "Pr?nom"], &["admission_number", "given_name"], &["Ref", "Pr\u{e9}nom usuel"]);
        assert_eq!(fields(&now)[0], "admission_number");
        let reading = FileReading { lost, ..FileReading::default() };
        let said = reading.lost_matches(&STUDENTS).unwrap();
        assert!(said.starts_with("You had matched \u{201c}Pr?nom\u{201d} (Given name)."), "{said}");
    }

    #[test]
    fn of_two_columns_with_one_name_the_chosen_one_stays_chosen() {
        let headers = ["Adm No", "Forename", "Email", "Email"];
        let choices = ["admission_number", "given_name", "", "email"];
        let (now, lost) = again(&headers, &choices, &headers);
        assert_eq!(fields(&now), ["admission_number", "given_name", "", "email"]);
        assert_eq!((lost, now.contested()), (vec![], vec![]));
        // What nobody has chosen yet is still open.
        let open = ["admission_number", "given_name", "?", "?"];
        assert_eq!(again(&headers, &open, &headers).0.contested().len(), 1);
    }

    #[test]
    fn what_someone_leaves_out_or_takes_from_another_column_stays_so() {
        let headers = ["Adm No", "Forename", "Email", "Kontakt"];
        let (now, lost) = again(&headers, &["admission_number", "", "email", "email"], &headers);
        assert_eq!(fields(&now), ["admission_number", "", "", "email"]);
        assert_eq!(lost, []);
        // An unchanged guess stays a guess, and a field that does not exist is nothing.
        let headers = ["Adm No", "Forename", "Pupil mobile (own)"];
        let (now, _) = again(&headers, &["admission_number", "given_name", "phone"], &headers);
        assert_eq!(now.columns()[2].by, MatchedBy::Guess);
        let unknown: Unsent = serde_json::from_str(r#"{"columns":["shoe_size","email"]}"#).unwrap();
        let mapping =
            unknown.applied_to(&STUDENTS, &Mapping::automatic(&STUDENTS, &names(&["Adm No"]), None));
        assert_eq!(fields(&mapping), [""]);
    }
}
