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

/// How many steps a template may take: some hundred times what ours do. One of a school's own that runs on for ever ends
/// there.
const FUEL: u64 = 500_000;

/// The sources of a message's parts.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Sources {
    /// One line.
    pub subject: String,
    /// The text part.
    pub body_text: String,
    /// The HTML part: it extends `email/frame.html`.
    pub body_html: String,
}

impl Sources {
    /// Each with the name of its file.
    pub fn parts(&self) -> [(&'static str, &str); 3] {
        [("subject.txt", &self.subject), ("body.txt", &self.body_text), ("body.html", &self.body_html)]
    }
}

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
    environment.set_fuel(Some(FUEL));
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

/// The languages in which a kind of message may be written to somebody of this language, the best first: theirs with its
/// country, theirs, English.
pub(super) fn wanted(own: &str) -> [&str; 3] {
    [own, primary(own), DEFAULT]
}

/// The first of these languages that we have a kind of message in.
pub(super) fn language(kind: &str, wanted: [&str; 3]) -> Result<&'static str> {
    let languages = languages(kind);
    wanted
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

/// Whether a part is a template; else a sentence that names the line.
pub(crate) fn check(part: &str, source: &str) -> std::result::Result<(), String> {
    TEMPLATES.template_from_named_str(part, source).map(drop).map_err(|error| {
        let line = error.line().map(|line| format!(", line {line}")).unwrap_or_default();
        let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        format!("This is no template{line}: {why}. Correct it and save it again.")
    })
}

/// Writes a message with other sources than ours.
pub(super) fn render_own(sources: &Sources, values: &Value) -> Result<Rendered> {
    let [subject, text, html] = sources.parts().map(|(name, source)| {
        TEMPLATES
            .template_from_named_str(name, source)
            .and_then(|template| template.render(values))
            .map_err(Error::unexpected)
    });
    // A header is one line, whatever a value holds.
    let subject = subject?.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Rendered { subject, text: text?, html: html? })
}

#[cfg(test)]
mod tests;
