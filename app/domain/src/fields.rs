//! Errors in a form, by field.

use serde::{Deserialize, Serialize};

/// An error in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The form field's `name`.
    pub field: String,
    /// The sentence to show: what happened and what to do.
    pub message: String,
}

impl FieldError {
    /// An error in a field.
    pub fn new(field: &str, message: impl Into<String>) -> Self {
        Self { field: field.to_owned(), message: message.into() }
    }
}

/// All errors in one form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldErrors(pub Vec<FieldError>);

impl FromIterator<FieldError> for FieldErrors {
    fn from_iter<I: IntoIterator<Item = FieldError>>(errors: I) -> Self {
        Self(errors.into_iter().collect())
    }
}

/// The name of errors that no field is about.
const WHOLE_FORM: &str = "";

impl FieldErrors {
    /// An error that no field is about.
    pub fn whole(message: impl Into<String>) -> Self {
        Self::one(WHOLE_FORM, message)
    }

    /// The error that no field is about, if there is one.
    pub fn of_whole(&self) -> Option<&str> {
        self.of(WHOLE_FORM)
    }

    /// Marks a further field as part of an error that another field says.
    #[must_use]
    pub fn and_marked(mut self, field: &str) -> Self {
        self.push(field, "");
        self
    }

    /// A single error.
    pub fn one(field: &str, message: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.push(field, message);
        errors
    }

    /// Adds an error.
    pub fn push(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError::new(field, message));
    }

    /// Returns the parsed value, or adds the parse error under `field`.
    pub fn take<T, E: std::fmt::Display>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                self.push(field, error.to_string());
                None
            }
        }
    }

    /// The same errors in the order of a form's fields; those of other fields come last, as they were.
    #[must_use]
    pub fn in_order(mut self, fields: &[&str]) -> Self {
        self.0.sort_by_key(|error| {
            fields.iter().position(|field| *field == error.field).unwrap_or(fields.len())
        });
        self
    }

    /// The first error in `field`.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|e| e.field == field).map(|e| e.message.as_str())
    }

    /// Whether there are no errors.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
