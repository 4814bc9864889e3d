//! An adult whom the office enters by hand.

use serde::{Deserialize, Serialize};

use crate::fields::FieldErrors;
use crate::roll::address::{EmailAddress, PhoneNumber};
use crate::roll::language::LanguageTag;
use crate::roll::name::{MAX_NAME_PART, NameError, PersonName};

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
    /// How they sign in: a [`LogonType`].
    pub logon: String,
}

/// How somebody new signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogonType {
    /// They get no account yet.
    #[default]
    Later,
    /// With their email address, which must be theirs alone. They get a username too.
    Email,
    /// With a username.
    Username,
}

impl LogonType {
    /// All of them, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Email, Self::Username, Self::Later];

    /// The name in forms.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Later => "",
            Self::Email => "email",
            Self::Username => "username",
        }
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Later => "No account yet",
            Self::Email => "Email address (a username works too)",
            Self::Username => "Username, for people without an email address of their own",
        }
    }

    /// Whether an account is created.
    pub fn creates(self) -> bool {
        self != Self::Later
    }
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
    /// The fields in the order of the page, in which it lists what is wrong.
    pub const FIELDS: [&str; 8] =
        ["email", "logon", "phone", "is_organisation", "title", "family", "given", "language"];

    /// Reads who they are, without their addresses.
    ///
    /// # Errors
    /// What is wrong with each field.
    pub fn details(&self) -> Result<AdultDetails, FieldErrors> {
        let mut errors = FieldErrors::default();
        let is_organisation = self.is_organisation == super::form::YES;
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        if title.chars().count() > MAX_NAME_PART {
            errors.push("title", format!("Enter at most {MAX_NAME_PART} characters."));
        }
        let name = match PersonName::new(&self.given, "", &self.family, "") {
            // Each of the two that is too long says so.
            Err(NameError::TooLong) => {
                for (field, part) in [("family", &self.family), ("given", &self.given)] {
                    if PersonName::new("", "", part, "") == Err(NameError::TooLong) {
                        errors.push(field, NameError::TooLong.to_string());
                    }
                }
                None
            }
            name => errors.take("family", name),
        };
        if is_organisation && !self.given.trim().is_empty() {
            errors.push(
                "given",
                "An organisation has no given name. Leave this empty, or choose that this is a person.",
            );
        }
        let typed = if self.language.trim().is_empty() { USUAL_LANGUAGE } else { &self.language };
        let language = errors.take("language", typed.parse());
        match (name, language) {
            (Some(name), Some(language)) if errors.is_empty() => {
                Ok(AdultDetails { name, title, is_organisation, language })
            }
            _ => Err(errors),
        }
    }

    /// How they sign in.
    ///
    /// # Errors
    /// If it is no logon type, or it is by email and there is none.
    pub fn logon_type(&self) -> Result<LogonType, FieldErrors> {
        let Some(logon) = LogonType::ALL.into_iter().find(|logon| logon.slug() == self.logon) else {
            return Err(FieldErrors::one("logon", "Choose one of the options."));
        };
        if logon == LogonType::Email && self.email.trim().is_empty() {
            return Err(FieldErrors::one(
                "logon",
                "There is no email address to sign in with. Enter one, or choose Username.",
            ));
        }
        Ok(logon)
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
            _ => Err(errors.in_order(&Self::FIELDS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_with_an_email_address_takes_one() {
        let form = |logon: &str, email: &str| AdultForm {
            logon: logon.to_owned(),
            email: email.to_owned(),
            ..AdultForm::default()
        };
        assert_eq!(form("email", "mara@home.example").logon_type(), Ok(LogonType::Email));
        assert_eq!(form("username", "").logon_type(), Ok(LogonType::Username));
        assert_eq!(form("", "").logon_type(), Ok(LogonType::Later));
        for (logon, email) in [("email", " "), ("single sign-on", "mara@home.example")] {
            assert!(form(logon, email).logon_type().unwrap_err().of("logon").is_some(), "{logon}");
        }
    }

    #[test]
    fn an_adult_needs_a_name_and_nothing_else() {
        let form = AdultForm { family: "Varga".to_owned(), ..AdultForm::default() };
        let adult = form.parse().unwrap();
        assert_eq!((adult.details.name.full().as_str(), adult.email, adult.phone), ("Varga", None, None));
        assert!(AdultForm::default().parse().unwrap_err().of("family").is_some());
    }

    #[test]
    fn each_name_that_is_too_long_says_so_and_errors_are_in_the_order_of_the_page() {
        let long = "a".repeat(MAX_NAME_PART + 1);
        let wrong = |form: AdultForm| {
            let errors = form.parse().unwrap_err().0;
            errors.into_iter().map(|error| error.field).collect::<Vec<_>>()
        };
        let both = AdultForm { family: long.clone(), given: long, ..AdultForm::default() };
        assert_eq!(wrong(both.clone()), ["family", "given"]);
        assert_eq!(
            wrong(AdultForm { family: "Varga".to_owned(), email: "none".to_owned(), ..both }),
            ["email", "given"]
        );
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
