//! The types of setting values.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

/// Why the typed value is invalid: a sentence that says what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct InvalidSetting(pub String);

/// A setting's value: stored as JSON, and edited as a line of text.
pub trait SettingValue: std::fmt::Debug + Serialize + DeserializeOwned + 'static {
    /// Reads the typed text.
    fn read(typed: &str) -> Result<Self, InvalidSetting>;

    /// The text to edit.
    fn typed(&self) -> String;

    /// The JSON to store.
    fn stored(&self) -> Value {
        // Values are plain data: numbers, words and lists of them.
        serde_json::to_value(self).unwrap_or(Value::Null)
    }

    /// Reads [`Self::stored`].
    fn from_stored(stored: &Value) -> Option<Self> {
        serde_json::from_value(stored.clone()).ok()
    }
}

/// An optional value.
impl<T: SettingValue> SettingValue for Option<T> {
    fn read(typed: &str) -> Result<Self, InvalidSetting> {
        if typed.trim().is_empty() { Ok(None) } else { T::read(typed).map(Some) }
    }

    fn typed(&self) -> String {
        self.as_ref().map(T::typed).unwrap_or_default()
    }
}
