//! What messages say: the templates of `templates/email/<kind>/<language>/`, embedded in the binary and found by their
//! folder.
//!
//! Values go into HTML escaped and into text as they are; a name that looks like a template is a name.

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::words::primary;
use crate::{Error, Result};

/// The language of messages of which there is no template in the recipient's.
const DEFAULT: &str = "en";

/// What a message says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

static TEMPLATES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        if name.rsplit_once('.').is_some_and(|(_, kind)| kind == "html") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    minijinja_embed::load_templates!(environment);
    environment
});

/// The language in which a kind of message is written to somebody of this language: theirs with its country, theirs, or
/// English.
pub(super) fn language(kind: &str, own: &str) -> Result<&'static str> {
    let languages = languages(kind);
    [own, primary(own), DEFAULT]
        .into_iter()
        .find_map(|wanted| languages.iter().find(|known| known.eq_ignore_ascii_case(wanted)).copied())
        .ok_or_else(|| Error::unexpected(format!("no template of {kind}")))
}

/// The languages that a kind of message is written in.
pub(super) fn languages(kind: &str) -> Vec<&'static str> {
    let within = |name: &'static str| {
        name.strip_prefix("email/")?.strip_prefix(kind)?.strip_prefix('/')?.strip_suffix("/subject.txt")
    };
    TEMPLATES.templates().filter_map(|(name, _)| within(name)).collect()
}

/// Writes a message.
pub(super) fn render(kind: &str, language: &str, values: &Value) -> Result<Rendered> {
    let part = |name: &str| {
        let path = format!("email/{kind}/{language}/{name}");
        TEMPLATES.get_template(&path).and_then(|template| template.render(values)).map_err(Error::unexpected)
    };
    Ok(Rendered {
        subject: part("subject.txt")?.trim().to_owned(),
        text: part("body.txt")?,
        html: part("body.html")?,
    })
}

#[cfg(test)]
mod tests;
