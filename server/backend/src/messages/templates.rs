//! The templates of messages, in `templates/email/<kind>/<language>/`, embedded in the binary and found by
//! folder.
//!
//! Values are escaped in HTML and left as they are in text. A value that looks like a template is not
//! evaluated.

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};

use super::email::message::CAP_ID;
use super::words::primary;
use crate::{Error, Result};

/// The language used if no template matches the recipient's.
const DEFAULT: &str = "en";

/// How many steps a template may take: a few hundred times what Greencap's own need. Stops a school's
/// template that would run for ever.
const FUEL: u64 = 500_000;

/// The template sources of a message's parts.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct TemplateSources {
    /// The subject, one line.
    pub subject: String,
    /// The text part.
    pub body_text: String,
    /// The HTML part, which extends `email/frame.html`.
    pub body_html: String,
}

impl TemplateSources {
    /// The parts, each with its file name.
    pub fn parts(&self) -> [(&'static str, &str); 3] {
        [("subject.txt", &self.subject), ("body.txt", &self.body_text), ("body.html", &self.body_html)]
    }
}

/// A rendered message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedMessage {
    /// The subject, one line.
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
    environment.add_global("cap", CAP_ID);
    minijinja_embed::load_templates!(environment);
    environment
});

/// The languages to try for a recipient, best first: their language with its country, their language,
/// English.
pub(super) fn wanted(own: &str) -> [&str; 3] {
    [own, primary(own), DEFAULT]
}

/// The first of these languages in which Greencap has a template for a kind of message.
pub(super) fn language(kind: &str, wanted: [&str; 3]) -> Result<&'static str> {
    let languages = languages(kind);
    wanted
        .into_iter()
        .find_map(|wanted| languages.iter().find(|known| known.eq_ignore_ascii_case(wanted)).copied())
        .ok_or_else(|| Error::unexpected(format!("no template for {kind}")))
}

/// The languages in which Greencap has templates for a kind of message.
pub(super) fn languages(kind: &str) -> Vec<&'static str> {
    let within = |name: &'static str| {
        name.strip_prefix("email/")?.strip_prefix(kind)?.strip_prefix('/')?.strip_suffix("/subject.txt")
    };
    TEMPLATES.templates().filter_map(|(name, _)| within(name)).collect()
}

/// Renders a message.
pub(super) fn render(kind: &str, language: &str, values: &Value) -> Result<RenderedMessage> {
    let part = |name: &str| {
        let path = format!("email/{kind}/{language}/{name}");
        TEMPLATES.get_template(&path).and_then(|template| template.render(values)).map_err(Error::unexpected)
    };
    Ok(RenderedMessage {
        subject: part("subject.txt")?.trim().to_owned(),
        text: part("body.txt")?,
        html: part("body.html")?,
    })
}

/// Checks that a part is a valid template; the error is a sentence that names the line.
pub(crate) fn check(part: &str, source: &str) -> std::result::Result<(), String> {
    TEMPLATES.template_from_named_str(part, source).map(drop).map_err(|error| {
        let line = error.line().map(|line| format!(", line {line}")).unwrap_or_default();
        let why = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        format!("This is not a valid template{line}: {why}. Correct it and save it again.")
    })
}

/// Renders a message from other sources than Greencap's.
pub(super) fn render_own(sources: &TemplateSources, values: &Value) -> Result<RenderedMessage> {
    let [subject, text, html] = sources.parts().map(|(name, source)| {
        TEMPLATES
            .template_from_named_str(name, source)
            .and_then(|template| template.render(values))
            .map_err(Error::unexpected)
    });
    // A header is one line, whatever a value contains.
    let subject = subject?.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(RenderedMessage { subject, text: text?, html: html? })
}

#[cfg(test)]
mod tests;
