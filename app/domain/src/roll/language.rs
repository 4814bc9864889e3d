//! The language of messages to a person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A BCP 47 language tag (RFC 5646): a language, with an optional script and region. "pl", "en-GB",
/// "zh-Hans".
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageTag(String);

/// An invalid language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("Enter the English name of a language or its code, such as Polish, pl or zh-Hans.")]
pub struct LanguageError;

/// English names of languages as school systems write them, and their codes (ISO 639).
const NAMES: [(&str, &str); 40] = [
    ("albanian", "sq"),
    ("amharic", "am"),
    ("arabic", "ar"),
    ("bengali", "bn"),
    ("bulgarian", "bg"),
    ("cantonese", "yue"),
    ("chinese", "zh"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dari", "prs"),
    ("dutch", "nl"),
    ("english", "en"),
    ("french", "fr"),
    ("german", "de"),
    ("greek", "el"),
    ("gujarati", "gu"),
    ("hebrew", "he"),
    ("hindi", "hi"),
    ("hungarian", "hu"),
    ("italian", "it"),
    ("kurdish", "ku"),
    ("lithuanian", "lt"),
    ("malayalam", "ml"),
    ("mandarin", "zh"),
    ("panjabi", "pa"),
    ("pashto", "ps"),
    ("persian", "fa"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("punjabi", "pa"),
    ("romanian", "ro"),
    ("russian", "ru"),
    ("somali", "so"),
    ("spanish", "es"),
    ("tamil", "ta"),
    ("turkish", "tr"),
    ("ukrainian", "uk"),
    ("urdu", "ur"),
    ("welsh", "cy"),
];

impl FromStr for LanguageTag {
    type Err = LanguageError;

    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let lower = text.trim().to_ascii_lowercase().replace('_', "-");
        if let Some((_, code)) = NAMES.iter().find(|(name, _)| *name == lower) {
            return Ok(Self((*code).to_owned()));
        }
        let mut parts = lower.split('-');
        let language = parts.next().unwrap_or_default();
        if !(2..=3).contains(&language.len()) || !language.bytes().all(|b| b.is_ascii_lowercase()) {
            return Err(LanguageError);
        }
        let mut tag = language.to_owned();
        for part in parts {
            tag.push('-');
            // The capitalisation that RFC 5646, section 2.1.1 recommends: script in title case, region in
            // capitals.
            match part.len() {
                4 if part.bytes().all(|b| b.is_ascii_lowercase()) => {
                    tag.push_str(&part[..1].to_ascii_uppercase());
                    tag.push_str(&part[1..]);
                }
                2 if part.bytes().all(|b| b.is_ascii_lowercase()) => tag.push_str(&part.to_ascii_uppercase()),
                3 if part.bytes().all(|b| b.is_ascii_digit()) => tag.push_str(part),
                _ => return Err(LanguageError),
            }
        }
        if tag.len() > 11 { Err(LanguageError) } else { Ok(Self(tag)) }
    }
}

impl TryFrom<String> for LanguageTag {
    type Error = LanguageError;
    fn try_from(text: String) -> Result<Self, LanguageError> {
        text.parse()
    }
}

impl From<LanguageTag> for String {
    fn from(tag: LanguageTag) -> Self {
        tag.0
    }
}

impl LanguageTag {
    /// The tag as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The language in English, with the tag if it says more: "Polish", "Chinese (zh-Hans)", "tlh".
    pub fn english_name(&self) -> String {
        let language = self.0.split('-').next().unwrap_or_default();
        let Some((name, _)) = NAMES.iter().find(|(_, code)| *code == language) else { return self.0.clone() };
        let name = format!("{}{}", name[..1].to_ascii_uppercase(), &name[1..]);
        if language == self.0 { name } else { format!("{name} ({self})") }
    }
}

/// "Polish" for pl; a language whose name is not known by its tag.
pub fn language_in_words(tag: &str) -> String {
    tag.parse::<LanguageTag>().map_or_else(|_| tag.to_owned(), |language| language.english_name())
}

impl fmt::Display for LanguageTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_called_by_its_english_name_where_that_is_known() {
        for (tag, name) in [("pl", "Polish"), ("zh-Hans", "Chinese (zh-Hans)"), ("tlh", "tlh")] {
            assert_eq!(tag.parse::<LanguageTag>().unwrap().english_name(), name);
        }
    }

    #[test]
    fn tags_and_english_names_are_taken_and_written_one_way() {
        for (typed, kept) in
            [("PL", "pl"), ("en_gb", "en-GB"), ("zh-hans", "zh-Hans"), ("Welsh", "cy"), ("es-419", "es-419")]
        {
            assert_eq!(typed.parse::<LanguageTag>().unwrap().as_str(), kept);
        }
        for typed in ["", "Other", "e", "en-", "en-<svg>"] {
            assert!(typed.parse::<LanguageTag>().is_err(), "{typed}");
        }
    }
}
