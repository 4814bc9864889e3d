//! An adult whom the office enters by hand.

use serde::{Deserialize, Serialize};

use crate::fields::FieldErrors;
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::language::LanguageTag;
use crate::roll::name::{MAX_NAME_PART, PersonName};

/// The language of messages where none is chosen, as in the database.
const USUAL_LANGUAGE: &str = "en";

/// What is in the form's fields, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdultForm {
    /// Mr, Dr.
    pub title: String,
    /// Family name, or the name of an organisation.
    pub family: String,
    /// Given name.
    pub given: String,
    /// "yes" for an authority or home instead of a person.
    pub is_organisation: String,
    /// The language of messages.
    pub language: String,
    /// Where messages go, and what they can sign in with; may be empty.
    pub email: String,
    /// A phone number; may be empty.
    pub phone: String,
}

/// An adult as entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAdult {
    /// Who they are.
    pub details: AdultDetails,
    /// Where messages go.
    pub email: Option<EmailAddress>,
    /// A phone number.
    pub phone: Option<PhoneNumber>,
}

/// Who an adult is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdultDetails {
    /// Their name; that of an organisation is its family name.
    pub name: PersonName,
    /// Mr, Dr; may be empty.
    pub title: String,
    /// Whether it is an organisation.
    pub is_organisation: bool,
    /// The language of messages.
    pub language: LanguageTag,
}

impl AdultForm {
    /// Reads who they are, without their addresses.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn details(&self) -> Result<AdultDetails, FieldErrors> {
        let mut errors = FieldErrors::default();
        let is_organisation = self.is_organisation == super::form::YES;
        if is_organisation && !self.given.trim().is_empty() {
            errors.push(
                "given",
                "An organisation has no given name. Leave this empty, or choose that this is a person.",
            );
        }
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.chars().count() > MAX_NAME_PART {
            errors.push("title", format!("Enter at most {MAX_NAME_PART} characters."));
        }
        let name = errors.take("family", PersonName::new(&self.given, "", &self.family, ""));
        let typed = if self.language.trim().is_empty() { USUAL_LANGUAGE } else { &self.language };
        let language = errors.take("language", typed.parse());
        match (name, language) {
            (Some(name), Some(language)) if errors.is_empty() => {
                Ok(AdultDetails { name, title, is_organisation, language })
            }
            _ => Err(errors),
        }
    }

    /// Reads all fields.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn parse(&self) -> Result<NewAdult, FieldErrors> {
        let (details, mut errors) = match self.details() {
            Ok(details) => (Some(details), FieldErrors::default()),
            Err(errors) => (None, errors),
        };
        let email = match self.email.trim() {
            "" => None,
            typed => errors.take("email", typed.parse()),
        };
        let phone = match self.phone.trim() {
            "" => None,
            typed => errors.take("phone", typed.parse()),
        };
        match details {
            Some(details) if errors.is_empty() => Ok(NewAdult { details, email, phone }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_adult_needs_a_name_and_nothing_else() {
        let form = AdultForm { family: "Varga".to_owned(), ..AdultForm::default() };
        let adult = form.parse().unwrap();
        assert_eq!((adult.details.name.full().as_str(), adult.email, adult.phone), ("Varga", None, None));
        assert!(AdultForm::default().parse().unwrap_err().of("family").is_some());
    }

    #[test]
    fn an_organisation_has_one_name() {
        let home = AdultForm {
            family: "Northshire County Council".to_owned(),
            is_organisation: "yes".to_owned(),
            ..AdultForm::default()
        };
        assert!(home.parse().unwrap().details.is_organisation);
        let both = AdultForm { given: "Ann".to_owned(), ..home };
        assert!(both.parse().unwrap_err().of("given").is_some());
    }

    #[test]
    fn all_errors_are_said_at_once() {
        let form = AdultForm {
            email: "mara".to_owned(),
            phone: "12".to_owned(),
            language: "?".to_owned(),
            ..AdultForm::default()
        };
        let errors = form.parse().unwrap_err();
        for field in ["family", "language", "email", "phone"] {
            assert!(errors.of(field).is_some(), "{field}");
        }
    }
}
