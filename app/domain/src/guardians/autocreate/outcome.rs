//! What a run does about an adult and a child: exactly one thing, by the first rule that fits.

use serde::{Deserialize, Serialize};

use super::facts::{AccountStanding, Alike, ContactStanding, PairFacts};
use super::options::AutocreateOptions;
use crate::roll::status::RollStatus;

macro_rules! words_of {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $value:ident = $slug:literal, $label:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* $value,)*
        }

        impl $name {
            /// All of them, in the order of the rules.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// The name in the database.
            pub fn slug(self) -> &'static str {
                match self { $(Self::$value => $slug,)* }
            }

            /// Reads [`Self::slug`].
            pub fn from_slug(slug: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.slug() == slug)
            }

            /// The text on pages.
            pub fn label(self) -> &'static str {
                match self { $(Self::$value => $label,)* }
            }
        }
    };
}

words_of! {
    /// What happens to a pair of an adult and a child.
    Outcome {
        /// The adult is the child.
        IsSelf = "self", "Is the student";
        /// The adult is on a roll today.
        PupilAsGuardian = "pupil_as_guardian", "Is a student";
        /// A restriction is in force.
        Restricted = "restricted", "Order on record";
        /// Marked as never to get access by a bulk action.
        NoPortal = "no_portal", "Marked \u{201c}no portal\u{201d}";
        /// Somebody ended the contact.
        Ended = "ended", "Contact ended";
        /// A contact who cannot be a guardian.
        NotAGuardian = "not_a_guardian", "Not a guardian";
        /// The rules of the run leave them out.
        NotQualified = "not_qualified", "Not on your list";
        /// The child is not on the roll.
        ChildNotCurrent = "child_not_current", "Student not on roll";
        /// Nothing is missing.
        HasAccess = "has_access", "Has access already";
        /// The account exists, and the access is missing.
        Attach = "attach", "Will attach";
        /// They may be somebody who is on record already: a person decides.
        AskSamePerson = "ask_same_person", "May be on record twice";
        /// A person has to look at the username first.
        AskUsername = "ask_username", "Username needs review";
        /// A new account, for somebody whom no message reaches.
        CreateNoChannel = "create_no_channel", "Will create, no email";
        /// A new account, for somebody whose address another adult uses too.
        CreateShared = "create_shared", "Will create, shared email";
        /// A new account.
        Create = "create", "Will create";
    }
}

words_of! {
    /// Which rule decided.
    Rule {
        /// The adult is the child.
        IsSelf = "self", "A student cannot be their own guardian";
        /// The adult is on a roll today.
        IsPupil = "is_pupil", "Is a student on roll, and students are nobody\u{2019}s guardian here";
        /// A restriction is in force.
        Restriction = "restriction", "Order on record, for all or some parts: nothing is opened in bulk";
        /// Marked by the office.
        NoPortalMark = "no_portal_mark", "Marked \u{201c}no portal\u{201d} on the contact";
        /// Ended by somebody.
        ContactEnded = "contact_ended", "The office or the family ended this contact";
        /// Its last day is over.
        ContactOver = "contact_over", "The last day of this contact is over";
        /// A kind that can never be a guardian.
        RelationshipNever = "relationship_never", "Not a guardian: relationship is a contact only";
        /// An authority or a home.
        OrganisationNever = "organisation_never", "An organisation. Give access by hand, to a person";
        /// Its first day is to come.
        ContactNotYet = "contact_not_yet", "This contact has not begun";
        /// Not among those chosen.
        RelationshipNotChosen = "relationship_not_chosen", "This relationship is not on your list";
        /// Further down in the order of calling.
        PriorityBeyond = "priority_beyond", "Further down in the order of contacts, or without a number";
        /// No parental responsibility on record.
        NotResponsible = "not_responsible", "No parental responsibility on record";
        /// Not recorded as living with the child.
        LivesElsewhere = "lives_elsewhere", "Not recorded as living with the student";
        /// No address on record, and the run asks for one.
        NoEmail = "no_email", "No email on record";
        /// The adult is the one who runs it.
        Yourself = "yourself", "This is you. Ask a colleague: nobody decides what they see themselves";
        /// Rights have passed to the child.
        ChildOfAge = "child_of_age", "The student is of age, and decides who sees their portal";
        /// The school gives adults like this nothing by default.
        NothingByDefault = "nothing_by_default", "Your school gives such adults no access unless somebody chooses it";
        /// The account was closed.
        AccountClosed = "account_closed", "Their account was closed. Open it again by hand";
        /// The run creates no accounts.
        CreatesNone = "creates_none", "No account, and this run creates none";
        /// The run attaches no children.
        AttachesNone = "attaches_none", "Has an account, and this run attaches no students";
        /// The child has left.
        ChildLeft = "child_left", "The student has left";
        /// The child has not started.
        ChildNotYet = "child_not_yet", "The student has not started";
        /// Nothing is missing.
        Complete = "complete", "Has an account and sees this student";
        /// The access is missing.
        AccessMissing = "access_missing", "Has an account, and this student is added";
        /// Somebody else may be the same person.
        LikelyPerson = "likely_person", "Somebody alike is on record. Say whether they are one person";
        /// A colleague may be the same person.
        LikelyColleague = "likely_colleague", "A colleague has this name. Say whether they are one person";
        /// The username.
        Username = "username", "The proposed username needs review. Create this account by hand";
        /// No address.
        NoChannel = "no_channel", "New account. No email on record: print the invitation";
        /// Another adult has the address.
        SharedEmail = "shared_email", "New account. Another adult has this email, so the message names its person";
        /// No account, and an address of their own.
        AccountMissing = "account_missing", "New account";
    }
}

/// How far the run of a row is, for the words about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// It may still be carried out.
    Ahead,
    /// It was carried out as planned.
    Done,
    /// It was carried out in part, or undone: what was planned is not what there is.
    Planned,
}

impl Outcome {
    /// The text on the page of a run that is so far.
    pub fn label_at(self, progress: Progress) -> &'static str {
        match (self, progress) {
            (Self::Attach, _) => OutcomeGroup::Attach.label_at(progress),
            (Self::Create, _) => OutcomeGroup::Create.label_at(progress),
            (Self::CreateNoChannel, Progress::Done) => "Created, no email",
            (Self::CreateNoChannel, Progress::Planned) => "Planned: create, no email",
            (Self::CreateShared, Progress::Done) => "Created, shared email",
            (Self::CreateShared, Progress::Planned) => "Planned: create, shared email",
            _ => self.label(),
        }
    }

    /// Whether a run does something.
    pub fn acts(self) -> bool {
        self == Self::Attach || self.creates()
    }

    /// Whether a run creates an account.
    pub fn creates(self) -> bool {
        matches!(self, Self::Create | Self::CreateShared | Self::CreateNoChannel)
    }

    /// Whether a person has to decide.
    pub fn is_held(self) -> bool {
        matches!(self, Self::IsSelf | Self::PupilAsGuardian | Self::AskSamePerson | Self::AskUsername)
    }

    /// The part of the page that shows it.
    pub fn group(self) -> OutcomeGroup {
        match self {
            Self::Create | Self::CreateShared | Self::CreateNoChannel => OutcomeGroup::Create,
            Self::Attach => OutcomeGroup::Attach,
            Self::HasAccess => OutcomeGroup::Has,
            _ => OutcomeGroup::Skipped,
        }
    }
}

words_of! {
    /// A part of the page of a simulation.
    OutcomeGroup {
        /// New accounts.
        Create = "create", "Will create";
        /// Children who are attached to accounts that exist.
        Attach = "attach", "Will attach";
        /// Nothing happens.
        Skipped = "skipped", "Skipped";
        /// Nothing is missing.
        Has = "has", "Has access already";
    }
}

impl OutcomeGroup {
    /// The text on the page of a run that is so far.
    pub fn label_at(self, progress: Progress) -> &'static str {
        match (self, progress) {
            (Self::Create, Progress::Done) => "Created",
            (Self::Create, Progress::Planned) => "Planned: create",
            (Self::Attach, Progress::Done) => "Attached",
            (Self::Attach, Progress::Planned) => "Planned: attach",
            _ => self.label(),
        }
    }
}

/// Returns what happens to a pair, and the rule that says so: the first that fits. It depends on nothing but the pair's own
/// facts and the options, so the order of contacts never matters.
pub fn outcome(options: &AutocreateOptions, facts: &PairFacts) -> (Outcome, Rule) {
    if facts.adult == facts.child {
        return (Outcome::IsSelf, Rule::IsSelf);
    }
    if facts.is_pupil {
        return (Outcome::PupilAsGuardian, Rule::IsPupil);
    }
    if facts.restricted && !facts.excepted {
        return (Outcome::Restricted, Rule::Restriction);
    }
    if facts.no_portal && !facts.excepted {
        return (Outcome::NoPortal, Rule::NoPortalMark);
    }
    match facts.contact_is {
        ContactStanding::Ended => return (Outcome::Ended, Rule::ContactEnded),
        ContactStanding::Over => return (Outcome::Ended, Rule::ContactOver),
        ContactStanding::Now | ContactStanding::NotYet => {}
    }
    if facts.is_organisation {
        return (Outcome::NotAGuardian, Rule::OrganisationNever);
    }
    if !facts.relationship.can_be_guardian() {
        return (Outcome::NotAGuardian, Rule::RelationshipNever);
    }
    if let Some(rule) = not_qualified(options, facts) {
        return (Outcome::NotQualified, rule);
    }
    match facts.child_is {
        RollStatus::Leaver => return (Outcome::ChildNotCurrent, Rule::ChildLeft),
        RollStatus::Future if !options.future_students => {
            return (Outcome::ChildNotCurrent, Rule::ChildNotYet);
        }
        RollStatus::Future | RollStatus::Current => {}
    }
    if let AccountStanding::Open { .. } = facts.account {
        return if facts.granted {
            (Outcome::HasAccess, Rule::Complete)
        } else {
            (Outcome::Attach, Rule::AccessMissing)
        };
    }
    match facts.alike {
        Some(Alike::Person(_)) => return (Outcome::AskSamePerson, Rule::LikelyPerson),
        Some(Alike::Colleague(_)) => return (Outcome::AskSamePerson, Rule::LikelyColleague),
        None => {}
    }
    if facts.username_needs_review {
        (Outcome::AskUsername, Rule::Username)
    } else if facts.email.is_none() {
        (Outcome::CreateNoChannel, Rule::NoChannel)
    } else if facts.email_is_shared {
        (Outcome::CreateShared, Rule::SharedEmail)
    } else {
        (Outcome::Create, Rule::AccountMissing)
    }
}

/// The rule of the run that leaves a contact out, if one does.
fn not_qualified(options: &AutocreateOptions, facts: &PairFacts) -> Option<Rule> {
    let rules = &options.contacts;
    let beyond = |last| facts.priority.is_none_or(|priority| priority > last);
    let left_out = [
        (facts.contact_is == ContactStanding::NotYet, Rule::ContactNotYet),
        (!rules.relationships.contains(&facts.relationship), Rule::RelationshipNotChosen),
        (rules.up_to_priority.is_some_and(beyond), Rule::PriorityBeyond),
        (rules.responsible && facts.responsible != Some(true), Rule::NotResponsible),
        (rules.lives_with && facts.lives_with != Some(true), Rule::LivesElsewhere),
        (rules.has_email && facts.email.is_none(), Rule::NoEmail),
        (facts.is_yourself && !facts.granted, Rule::Yourself),
        (facts.child_of_age && !facts.granted, Rule::ChildOfAge),
        (!facts.gets_access && !facts.granted, Rule::NothingByDefault),
        (matches!(facts.account, AccountStanding::Closed(_)), Rule::AccountClosed),
        (!options.create && facts.account == AccountStanding::None, Rule::CreatesNone),
        (
            !options.attach && !facts.granted && matches!(facts.account, AccountStanding::Open { .. }),
            Rule::AttachesNone,
        ),
    ];
    left_out.into_iter().find(|(fits, _)| *fits).map(|(_, rule)| rule)
}

#[cfg(test)]
mod tests;
