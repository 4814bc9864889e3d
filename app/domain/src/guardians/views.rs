//! Guardians, as shown to the office.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::contact::{ContactFacts, ContactFunction};
use super::ending::{EndReason, EndedFor, in_words};
use crate::authorization::grant::PortalScope;
use crate::credentials::status::AccountStatus;
use crate::ids::{ContactId, PersonId};
use crate::when::long_day;

/// How a contact ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactEnd {
    /// The day.
    pub on: NaiveDate,
    /// By what.
    pub ended: EndedFor,
    /// What the office said.
    pub reason: Option<EndReason>,
}

impl ContactEnd {
    /// "Ended by the office: a court order, 3 May 2026".
    pub fn sentence(&self) -> String {
        format!("{}, {}", in_words(self.ended, self.reason), long_day(self.on))
    }
}

/// What an adult sees of a child today.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sees {
    /// The parts of the child's portal that are open for them.
    pub scopes: Vec<PortalScope>,
    /// Whether a restriction is in force, or will be.
    pub restricted: bool,
}

impl Sees {
    /// "Everything", "Nothing", or the parts.
    pub fn sentence(&self) -> String {
        let open = |scope: &PortalScope| self.scopes.contains(scope);
        let mut all = PortalScope::ALL.into_iter().filter(|scope| *scope != PortalScope::Contacts);
        if self.scopes.is_empty() {
            "Nothing".to_owned()
        } else if all.all(|scope| open(&scope)) {
            "Everything".to_owned()
        } else {
            let names: Vec<_> = PortalScope::ALL.into_iter().filter(open).map(PortalScope::slug).collect();
            capital(&names.join(", "))
        }
    }
}

/// Somebody with an account who probably is a contact without one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbableAccount {
    /// The person who has the account.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their username.
    pub username: String,
    /// Their email, with its middle left out.
    pub email: Option<String>,
    /// Why they probably are the same, the strongest first.
    pub reasons: Vec<SameReason>,
}

/// A fact that speaks for two people being one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SameReason {
    /// Another system calls them the same.
    Key,
    /// Messages to them go to one mailbox.
    Email,
    /// They have one phone number.
    Phone,
    /// They have one name, and a child in common.
    NameAndChild,
    /// They have one name.
    Name,
}

impl SameReason {
    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Key => "Same key in another system",
            Self::Email => "Same email",
            Self::Phone => "Same phone number",
            Self::NameAndChild => "Same name, and a child in common",
            Self::Name => "Same name",
        }
    }

    /// Several, in one sentence.
    pub fn list(reasons: &[Self]) -> String {
        reasons.iter().map(|reason| reason.label()).collect::<Vec<_>>().join(". ")
    }
}

/// Leaves out the middle of an address: "i•••@mailbox.example".
pub fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}\u{2022}\u{2022}\u{2022}@{domain}")
}

/// One of a child's contacts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactLine {
    /// The contact.
    pub id: ContactId,
    /// The adult.
    pub adult: PersonId,
    /// Their name, with their title.
    pub name: String,
    /// Whether it is an organisation.
    pub is_organisation: bool,
    /// What they are to the child.
    pub facts: ContactFacts,
    /// Where messages go; empty if the reader may not see it.
    pub email: Option<String>,
    /// How many other people share that address.
    pub email_shared_with: u32,
    /// A phone number; empty if the reader may not see it.
    pub phone: Option<String>,
    /// Whether a restriction hides their addresses from the reader.
    pub addresses_hidden: bool,
    /// How far they are on the way to signing in, for readers who may see accounts.
    pub status: Option<AccountStatus>,
    /// Their username.
    pub username: Option<String>,
    /// What they see of the child.
    pub sees: Sees,
    /// Whose account probably is theirs, if they have none.
    pub probable: Vec<ProbableAccount>,
    /// How it ended, if it has.
    pub ended: Option<ContactEnd>,
}

/// What is known of a contact beside the relationship: "Parental responsibility, contact 1, lives with the student".
pub fn facts_in_words(facts: &ContactFacts) -> String {
    let mut words: Vec<String> = Vec::new();
    match facts.parental_responsibility {
        Some(true) => words.push("parental responsibility".to_owned()),
        Some(false) => words.push("no parental responsibility".to_owned()),
        None => {}
    }
    words.extend(facts.priority.map(|priority| format!("contact {}", u8::from(priority))));
    match facts.lives_with {
        Some(true) => words.push("lives with the student".to_owned()),
        Some(false) => words.push("does not live with the student".to_owned()),
        None => {}
    }
    words.extend(facts.functions.iter().map(|function| match function {
        ContactFunction::Emergency => "emergency contact".to_owned(),
        ContactFunction::Pickup => "may collect the student".to_owned(),
        ContactFunction::Payer => "pays invoices".to_owned(),
    }));
    if facts.no_portal {
        words.push("no portal".to_owned());
    }
    words.extend(facts.ends_on.map(|day| format!("until {}", long_day(day))));
    let text = words.join(", ");
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// Begins with a capital letter, as a sentence does.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}

/// The relationship, in the words that somebody wrote if they say more.
pub fn relationship_in_words(facts: &ContactFacts) -> String {
    if facts.relationship_said.is_empty() {
        facts.relationship.label().to_owned()
    } else {
        facts.relationship_said.clone()
    }
}

/// One of an adult's children.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildLine {
    /// The contact.
    pub id: ContactId,
    /// The child.
    pub child: PersonId,
    /// Their name.
    pub name: String,
    /// Where they are: "Quillmere School, year 7, group 7A".
    pub place: String,
    /// What the adult is to them.
    pub facts: ContactFacts,
    /// What the adult sees of them.
    pub sees: Sees,
    /// How it ended, if it has.
    pub ended: Option<ContactEnd>,
}

/// A guardian in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuardianEntry {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their children at the school, by name.
    pub children: Vec<(PersonId, String)>,
    /// Where messages go.
    pub email: Option<String>,
    /// Whether a restriction hides their addresses from the reader.
    pub addresses_hidden: bool,
    /// Their username.
    pub username: Option<String>,
    /// How far they are on the way to signing in, for readers who may see accounts.
    pub status: Option<AccountStatus>,
}

/// Somebody who may be the person that is being entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelyPerson {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Who they are: "Guardian of Ilse Varga", "Member of staff".
    pub who: String,
    /// Whether they work here and are nobody's contact yet: they have a staff page, and no record of a guardian.
    pub is_colleague: bool,
    /// Their username, for readers who may see accounts.
    pub username: Option<String>,
    /// Why they may be the same.
    pub reasons: Vec<SameReason>,
}

/// Whom the list of guardians is filtered to, by account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountFilter {
    /// Everyone.
    #[default]
    All,
    /// Those who have an open account.
    With,
    /// Those who have none, or a closed one.
    Without,
    /// Those whose account waits for a first invitation.
    NotInvited,
    /// Those who were invited and have not signed in.
    Invited,
    /// Those whose account needs somebody: no email, bounced, expired, locked.
    Attention,
    /// Those who have signed in and can again.
    Active,
    /// Those whose account is disabled.
    Disabled,
}

impl AccountFilter {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::All,
        Self::With,
        Self::Without,
        Self::NotInvited,
        Self::Invited,
        Self::Attention,
        Self::Active,
        Self::Disabled,
    ];

    /// The word in the page's address.
    pub fn slug(self) -> &'static str {
        match self {
            Self::All => "",
            Self::With => "with",
            Self::Without => "without",
            Self::NotInvited => "not_invited",
            Self::Invited => "invited",
            Self::Attention => "attention",
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }

    /// Reads [`Self::slug`]; anything else is everyone.
    pub fn read(slug: &str) -> Self {
        Self::ALL.into_iter().find(|filter| filter.slug() == slug).unwrap_or_default()
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::With => "With an account",
            Self::Without => "Without an account",
            Self::NotInvited => "Not invited",
            Self::Invited => "Invited, no password yet",
            Self::Attention => "Need attention",
            Self::Active => "Active",
            Self::Disabled => "Disabled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardians::contact::ContactPriority;
    use crate::guardians::relationship::Relationship;

    #[test]
    fn what_an_adult_sees_is_one_word_where_it_can_be() {
        let sees = |scopes: &[PortalScope]| Sees { scopes: scopes.to_vec(), restricted: false }.sentence();
        assert_eq!(sees(&[]), "Nothing");
        assert_eq!(sees(&[PortalScope::Grades, PortalScope::Profile]), "Profile, grades");
        let usual: Vec<_> =
            PortalScope::ALL.into_iter().filter(|scope| *scope != PortalScope::Contacts).collect();
        assert_eq!(sees(&usual), "Everything");
    }

    #[test]
    fn what_nobody_has_said_is_not_said() {
        let mut facts = ContactFacts {
            relationship: Relationship::Mother,
            relationship_said: String::new(),
            functions: Vec::new(),
            priority: None,
            parental_responsibility: None,
            lives_with: None,
            no_portal: false,
            starts_on: "2026-09-01".parse().unwrap(),
            ends_on: None,
        };
        assert_eq!((facts_in_words(&facts).as_str(), relationship_in_words(&facts).as_str()), ("", "Mother"));
        facts.parental_responsibility = Some(true);
        facts.priority = ContactPriority::try_from(1).ok();
        facts.relationship_said = "Mum".to_owned();
        assert_eq!(facts_in_words(&facts), "Parental responsibility, contact 1");
        assert_eq!(relationship_in_words(&facts), "Mum");
    }

    #[test]
    fn a_masked_address_keeps_its_first_letter_and_its_domain() {
        assert_eq!(masked("ifeoma@office.example"), "i\u{2022}\u{2022}\u{2022}@office.example");
    }
}
