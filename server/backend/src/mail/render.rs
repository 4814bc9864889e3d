//! What messages say: templates of `templates/mail/<mail>/<language>/`, in the person's language or else in English.
//!
//! Values go into HTML escaped and into text as they are; a name that looks like a template is a name.

use std::sync::LazyLock;

use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, value::Serde};
use serde::Serialize;

use crate::{Error, Result};

/// A message that there is a template for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mail {
    /// The way into a new account.
    Invitation,
    /// Links to new passwords.
    ResetLinks,
    /// A one-time code of the office.
    ResetCode,
    /// Usernames that were forgotten.
    Usernames,
    /// Second factors that were changed.
    Factors,
    /// A password that was changed.
    Password,
    /// Codes that show whose an identity of a provider is.
    Identity,
    /// The link that confirms a new address.
    AddressConfirm,
    /// Another address that was asked for.
    AddressAsked,
    /// Messages that go elsewhere now.
    AddressChanged,
    /// Wrong second factors that someone showed.
    Guesses,
    /// Something that administrators should look at.
    Alert,
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

/// What an invitation's templates may use.
#[derive(Debug, Clone, Serialize)]
pub struct InvitationMail<'a> {
    /// What to call the person.
    pub name: &'a str,
    /// Name of the person as pages show it, since families share mailboxes: says whom the message is for.
    pub full_name: &'a str,
    /// What they type as their username.
    pub username: &'a str,
    /// School, or organisation for people of none.
    pub school: &'a str,
    /// The link with its token.
    pub link: &'a str,
    /// The page where the code is typed.
    pub page: &'a str,
    /// The code, in two groups.
    pub code: &'a str,
    /// The last day it can be used, in words.
    pub last_day: &'a str,
    /// The providers to sign in with, if the school requires single sign-on.
    pub providers: Option<&'a str>,
}

/// What the templates of messages that help people back in may use.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveryValues<'a> {
    /// Whom it concerns; several where they share the address.
    pub people: &'a [RecoveryPerson],
    /// School, or organisation for people of none.
    pub school: &'a str,
    /// The sign-in page.
    pub page: &'a str,
    /// The moment of what it tells of, in words.
    pub when: &'a str,
    /// What administrators are told about.
    pub alert: Option<AlertValues>,
}

/// What administrators are told about. Names nobody: a mailbox is no place for that.
#[derive(Debug, Clone, Serialize)]
pub struct AlertValues {
    /// What happened, a sentence.
    pub what: String,
    /// The number of its entry in the audit log.
    pub entry: i64,
    /// The page of the audit log.
    pub page: String,
}

/// One person in such a message.
#[derive(Debug, Clone, Serialize)]
pub struct RecoveryPerson {
    /// Their name as pages show it.
    pub name: String,
    /// Their username.
    pub username: String,
    /// The link to a new password, or to what confirms or undoes a change of address, with its token.
    pub link: Option<String>,
    /// The code, in two groups.
    pub code: Option<String>,
    /// The moment until which it works, in words.
    pub until: Option<String>,
}

/// Every language that a message is written in.
const LANGUAGES: [&str; 1] = ["en"];

/// The three parts of a mail in a language, each with its name.
macro_rules! parts {
    ($mail:literal) => {
        [
            (
                concat!($mail, "/subject.txt"),
                include_str!(concat!("../../templates/mail/", $mail, "/subject.txt")),
            ),
            (concat!($mail, "/body.txt"), include_str!(concat!("../../templates/mail/", $mail, "/body.txt"))),
            (
                concat!($mail, "/body.html"),
                include_str!(concat!("../../templates/mail/", $mail, "/body.html")),
            ),
        ]
    };
}

static TEMPLATES: LazyLock<std::result::Result<Environment<'static>, minijinja::Error>> =
    LazyLock::new(|| {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| {
            if name.rsplit_once('.').is_some_and(|(_, kind)| kind == "html") {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        // What all of them stand in: the design's sheet, for mail programs that know little of style.
        environment.add_template("frame.html", include_str!("../../templates/mail/frame.html"))?;
        let mails = [
            parts!("invitation/en"),
            parts!("reset_links/en"),
            parts!("reset_code/en"),
            parts!("usernames/en"),
            parts!("factors/en"),
            parts!("password/en"),
            parts!("identity/en"),
            parts!("address_confirm/en"),
            parts!("address_asked/en"),
            parts!("address_changed/en"),
            parts!("guesses/en"),
            parts!("alert/en"),
        ];
        for (name, source) in mails.into_iter().flatten() {
            environment.add_template(name, source)?;
        }
        Ok(environment)
    });

impl Mail {
    fn folder(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::ResetLinks => "reset_links",
            Self::ResetCode => "reset_code",
            Self::Usernames => "usernames",
            Self::Factors => "factors",
            Self::Password => "password",
            Self::Identity => "identity",
            Self::AddressConfirm => "address_confirm",
            Self::AddressAsked => "address_asked",
            Self::AddressChanged => "address_changed",
            Self::Guesses => "guesses",
            Self::Alert => "alert",
        }
    }
}

/// Writes a message. `language` is a BCP 47 tag; what there is no template for is written in English.
pub fn render(mail: Mail, language: &str, values: &impl Serialize) -> Result<Rendered> {
    let templates = TEMPLATES.as_ref().map_err(|error| Error::unexpected(error.to_string()))?;
    let primary = language.split('-').next().unwrap_or_default();
    let language = LANGUAGES.into_iter().find(|known| known.eq_ignore_ascii_case(primary)).unwrap_or("en");
    let values = Value::from(Serde(values));
    let part = |name: &str| {
        let path = format!("{}/{language}/{name}", mail.folder());
        templates.get_template(&path).and_then(|template| template.render(&values)).map_err(Error::unexpected)
    };
    Ok(Rendered {
        subject: part("subject.txt")?.trim().to_owned(),
        text: part("body.txt")?,
        html: part("body.html")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation(name: &str, language: &str) -> Rendered {
        invitation_to(name, language, None)
    }

    fn invitation_to(name: &str, language: &str, providers: Option<&str>) -> Rendered {
        let values = InvitationMail {
            name,
            full_name: name,
            username: "z.oneil",
            school: "Quillmere School",
            link: "https://portal.example/i/abc",
            page: "https://portal.example/activate",
            code: "7K2QM-9XB4T",
            last_day: "5 December 2026",
            providers,
        };
        render(Mail::Invitation, language, &values).unwrap()
    }

    #[test]
    fn both_parts_name_the_person_the_username_the_link_the_code_and_the_day() {
        let mail = invitation("Zoë", "en-GB");
        // A slash is escaped too, as OWASP advises; every mail program reads it back.
        for part in [mail.text, mail.html.replace("&#x2f;", "/")] {
            for value in ["Zoë", "z.oneil", "7K2QM-9XB4T", "https://portal.example/i/abc", "5 December 2026"]
            {
                assert!(part.contains(value), "{value} in {part}");
            }
        }
        assert!(!mail.subject.contains('\n') && mail.subject.contains("Quillmere School"));
    }

    #[test]
    fn where_a_school_takes_no_password_none_is_asked_for_and_the_provider_is_named() {
        let mail = invitation_to("Zo\u{eb}", "en", Some("Microsoft"));
        for part in [&mail.text, &mail.html] {
            assert!(
                part.contains("Microsoft") && !part.to_lowercase().contains("choose a password"),
                "{part}"
            );
        }
    }

    #[test]
    fn names_are_text_and_never_markup_or_template() {
        for name in ["<svg onload=alert(1)>", "{{ 7*7 }}", "\"><b>", "{% for %}"] {
            let mail = invitation(name, "en");
            assert!(mail.text.contains(name));
            assert!(!mail.html.contains("<svg") && !mail.html.contains("\"><b>"));
        }
        assert!(invitation("{{ 7*7 }}", "en").html.contains("{{ 7*7 }}"));
    }

    #[test]
    fn names_are_text_in_every_message_about_an_account() {
        let hostile = "<svg onload=alert(1)>{{ 7*7 }}";
        let person = RecoveryPerson {
            name: hostile.to_owned(),
            username: "z.oneil".to_owned(),
            link: Some("https://portal.example/reset/abc".to_owned()),
            code: Some("7K2QM-9XB4T".to_owned()),
            until: Some("09:00 on 5 December 2026".to_owned()),
        };
        let values = RecoveryValues {
            people: &[person],
            school: hostile,
            page: "https://portal.example/sign-in",
            when: "09:00 on 4 December 2026",
            alert: None,
        };
        for mail in [
            Mail::ResetLinks,
            Mail::ResetCode,
            Mail::Usernames,
            Mail::Factors,
            Mail::Password,
            Mail::Identity,
            Mail::AddressConfirm,
            Mail::AddressAsked,
            Mail::AddressChanged,
            Mail::Guesses,
        ] {
            let Rendered { subject, text, html } = render(mail, "en", &values).unwrap();
            assert!(text.contains(hostile) && !subject.contains('\n'), "{mail:?}");
            assert!(html.contains("{{ 7*7 }}") && !html.contains("<svg"), "{mail:?}");
        }
    }

    #[test]
    fn a_language_without_templates_is_written_in_english() {
        assert_eq!(invitation("Ana", "xx-Latn").subject, invitation("Ana", "en").subject);
    }
}
