//! Further addresses of an adult, with what a file says of them, and cells that erase one.

use super::known::KnownAdult;
use super::row::AdultSaid;
use crate::imports::cells::{CellValue, Cells, READ_AS, Untidy as _};
use crate::imports::held::{ChoiceKind, HeldChoice};
use crate::imports::kind::ImportField;
use crate::imports::note::{KEPT, Note};
use crate::roll::address::{AddressKind, EmailAddress, PhoneNumber};
use crate::roll::import::people::{ImportedPerson, repaired_phone};

/// The code of addresses that a file erases.
pub const ERASED: &str = "addresses_erased";
/// The code of an address that is kept beside the one that messages go to.
pub const ALSO: &str = "address_also";

/// The most characters of a label.
const LABEL: usize = 40;

/// An address with what the file says of it: "Work", "Mum", "ext. 12".
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabelledAddress {
    /// Email or phone.
    pub kind: AddressKind,
    /// The address.
    pub value: String,
    /// Its form for comparison.
    pub comparable: String,
    /// What it is; may be empty.
    pub label: String,
}

/// What the cells of one kind of address say: the first address, and the others. The first is among the others too, if
/// something is said of it.
#[derive(Debug)]
pub(super) struct Said<T> {
    pub(super) first: Option<T>,
    pub(super) all: Vec<LabelledAddress>,
    pub(super) erases: bool,
}

impl<T> Default for Said<T> {
    fn default() -> Self {
        Self { first: None, all: Vec::new(), erases: false }
    }
}

/// The word with which a cell erases a value.
pub(super) fn is_clear(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "(clear)" | "^")
}

/// Reads the phone numbers of an adult: of several columns, and several in a cell.
pub(super) fn phones(cells: &mut Cells<'_>, fields: &[&'static ImportField]) -> Said<PhoneNumber> {
    let mut said = Said::default();
    for field in fields {
        let CellValue::Value(text) = cells.known(field) else { continue };
        if is_clear(&text) {
            said.erases = true;
            continue;
        }
        let several = several_phones(&text);
        let found = if several.is_empty() {
            let read = cells.untidy::<PhoneNumber>(field);
            let repaired = read.value().map(|number| repaired_phone(cells, field, number));
            repaired.into_iter().map(|number| (number, label_of(&text))).collect()
        } else {
            let list: Vec<&str> = several.iter().map(|(number, _)| number.as_str()).collect();
            cells.note(
                Note::new(READ_AS).with("field", field.slug).with("as", list.join(", ")).quoting(&text),
            );
            several
        };
        for (number, label) in found {
            let label = if label.is_empty() { field_label(field) } else { label };
            if said.first.is_some() || !label.is_empty() {
                said.add(AddressKind::Phone, number.as_str().to_owned(), number.as_str().to_owned(), label);
            }
            said.first.get_or_insert(number);
        }
    }
    said.erases &= said.first.is_none();
    said
}

/// Reads the email addresses of an adult.
pub(super) fn emails(cells: &mut Cells<'_>, fields: &[&'static ImportField]) -> Said<EmailAddress> {
    let mut said = Said::default();
    for field in fields {
        if matches!(cells.known(field), CellValue::Value(text) if is_clear(&text)) {
            said.erases = true;
            continue;
        }
        let CellValue::Value(email) = cells.untidy::<EmailAddress>(field) else { continue };
        let label = field_label(field);
        if said.first.is_some() || !label.is_empty() {
            said.add(AddressKind::Email, email.as_str().to_owned(), email.comparable(), label);
        }
        said.first.get_or_insert(email);
    }
    said.erases &= said.first.is_none();
    said
}

impl<T> Said<T> {
    fn add(&mut self, kind: AddressKind, value: String, comparable: String, label: String) {
        if self.all.iter().all(|known| known.comparable != comparable) {
            self.all.push(LabelledAddress { kind, value, comparable, label });
        }
    }
}

/// What a column that is not the usual one says of its addresses.
fn field_label(field: &ImportField) -> String {
    match field.slug {
        slug if slug.starts_with("work_") => "Work".to_owned(),
        slug if slug.starts_with("home_") => "Home".to_owned(),
        _ => String::new(),
    }
}

/// The numbers of a cell with several, each with what is said of it; none if it has one number, or one that cannot be
/// read.
fn several_phones(text: &str) -> Vec<(PhoneNumber, String)> {
    let is_between = |c: char| matches!(c, ';' | ':' | '/' | '|' | ',' | '\n' | '\r' | '&');
    if !text.contains(is_between) && !text.contains(" or ") && !text.contains(" and ") {
        return Vec::new();
    }
    let text = text.replace(":::", ";").replace(" or ", ";").replace(" and ", ";");
    let parts: Vec<&str> = text
        .split([';', '/', '|', ',', '\n', '\r', '&'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let read = |part: &&str| Some((PhoneNumber::untidy(part).ok()?.value, label_of(part)));
    let found: Option<Vec<(PhoneNumber, String)>> = parts.iter().map(read).collect();
    found.filter(|found| found.len() > 1).unwrap_or_default()
}

/// The words beside a number: "Mum", "ext. 12".
fn label_of(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut is_extension = false;
    for token in text.split(|c: char| c.is_whitespace() || "():;,[]\u{2013}".contains(c)) {
        let token = token.trim_matches(['.', '-', '\'', '"', '=']);
        if token.is_empty() {
            continue;
        }
        let letters = token.trim_end_matches(|c: char| c.is_ascii_digit());
        let word = letters.trim_end_matches(['.', ':', '-']).to_lowercase();
        let digits = &token[letters.len()..];
        match word.as_str() {
            "" if std::mem::take(&mut is_extension) && !token.is_empty() => {
                words.push(format!("ext. {token}"));
            }
            "" | "tel" | "phone" | "telephone" | "t" => {}
            "ext" | "extn" | "extension" | "x" | "ex" if !digits.is_empty() => {
                words.push(format!("ext. {digits}"));
            }
            "ext" | "extn" | "extension" | "x" | "ex" => is_extension = true,
            _ if letters.chars().all(char::is_alphabetic) => words.push(token.to_owned()),
            _ => {}
        }
    }
    words.join(" ").chars().take(LABEL).collect()
}

/// The addresses to which messages go, for comparison.
pub(super) type Primary = [Option<String>; 2];

/// The addresses beside the ones that messages go to that are not known yet, and those with a label. `chosen` are the
/// ones that the rows say messages go to. Of one that is not `written` to, because it is held back or stays as it was
/// changed by hand, nothing is kept either.
pub(super) fn further(
    said: &[&AdultSaid],
    known: Option<&KnownAdult>,
    (chosen, written): (&Primary, &Primary),
) -> Vec<LabelledAddress> {
    let is_new = |address: &&LabelledAddress| {
        known.is_none_or(|known| {
            let theirs = if address.kind == AddressKind::Email { &known.emails } else { &known.phones };
            !theirs.contains(&address.comparable)
        })
    };
    let is_of = |address: &LabelledAddress, primary: &Primary| {
        primary.iter().flatten().any(|first| *first == address.comparable)
    };
    let counts = |address: &LabelledAddress| {
        if is_of(address, written) { !address.label.is_empty() } else { !is_of(address, chosen) }
    };
    let labelled = said.iter().flat_map(|said| &said.addresses).filter(|address| counts(address)).cloned();
    // Each row's first addresses too: other rows may have others.
    let first = said.iter().filter_map(|said| said.person.as_ref()).flat_map(first_of).filter(counts);
    let mut all: Vec<LabelledAddress> = labelled.chain(first).filter(|address| is_new(&address)).collect();
    // Of two labels the last in the order of the alphabet, so that the order of rows means nothing.
    all.sort_unstable_by(|one, other| other.cmp(one));
    all.dedup_by(|later, first| (later.kind, &later.comparable) == (first.kind, &first.comparable));
    all
}

/// The addresses of a row that messages go to.
fn first_of(person: &ImportedPerson) -> impl Iterator<Item = LabelledAddress> {
    let email = person.email.value().map(|email| LabelledAddress {
        kind: AddressKind::Email,
        value: email.as_str().to_owned(),
        comparable: email.comparable(),
        label: String::new(),
    });
    let phone = person.phone.value().map(|phone| LabelledAddress {
        kind: AddressKind::Phone,
        value: phone.as_str().to_owned(),
        comparable: phone.as_str().to_owned(),
        label: String::new(),
    });
    email.into_iter().chain(phone)
}

/// What is erased of somebody known. An address that an account's messages go to is asked about first.
pub(super) fn erased(
    said: &[&AdultSaid],
    known: &KnownAdult,
    decided: Option<ChoiceKind>,
    notes: &mut Vec<Note>,
) -> (Vec<AddressKind>, Option<Vec<HeldChoice>>) {
    let (mut erased, mut held) = (Vec::new(), None);
    let person = &known.person;
    for kind in [AddressKind::Email, AddressKind::Phone] {
        let is_email = kind == AddressKind::Email;
        let says = |said: &&AdultSaid| if is_email { said.erases_email } else { said.erases_phone };
        let has = |said: &&AdultSaid| {
            let first = said.person.iter().any(|person| match kind {
                AddressKind::Email => person.email.value().is_some(),
                AddressKind::Phone => person.phone.value().is_some(),
            });
            first || said.addresses.iter().any(|address| address.kind == kind)
        };
        let theirs = if is_email { &known.emails } else { &known.phones };
        if theirs.is_empty() || !said.iter().any(says) || said.iter().any(has) {
            continue;
        }
        let is_edited = if is_email { person.edited.email } else { person.edited.phone };
        if is_edited {
            notes.push(Note::new(KEPT).with("field", kind.slug()).quoting("(clear)"));
        } else if person.outranks {
            notes.push(Note::new("beyond_own_rights"));
        } else if person.own && is_email {
            notes.push(Note::new("own_email"));
        } else if is_email && person.account.is_some() && decided != Some(ChoiceKind::ConfirmAddress) {
            if decided != Some(ChoiceKind::KeepAddress) {
                let confirm = person.may_readdress.then_some(ChoiceKind::ConfirmAddress);
                let choices = confirm.into_iter().chain([ChoiceKind::KeepAddress]);
                held = Some(choices.map(HeldChoice::of).collect());
            }
        } else if !is_email || person.account.is_none() || person.may_readdress {
            let mut was = theirs.clone();
            was.sort_unstable();
            notes.push(Note::new(ERASED).with("kind", kind.slug()).with("was", was.join(", ")));
            erased.push(kind);
        }
    }
    (erased, held)
}

#[cfg(test)]
mod tests {
    use super::*;

    // C26
    #[test]
    fn two_numbers_in_a_cell_are_two_with_their_labels_and_extensions() {
        let read = |text: &str| -> Vec<String> {
            let found = several_phones(text);
            found.into_iter().map(|(number, label)| format!("{} {label}", number.as_str())).collect()
        };
        assert_eq!(read("07900 900123 / 07900 900456"), ["07900900123 ", "07900900456 "]);
        assert_eq!(read("07900900123 ::: 01614960000"), ["07900900123 ", "01614960000 "]);
        assert_eq!(
            read("Mum 07900 900123; 0161 496 0000 ext 12 (work)"),
            ["07900900123 Mum", "01614960000 ext. 12 work"]
        );
        assert_eq!(read("07900 900123"), Vec::<String>::new());
        assert_eq!(read("07900 900123 / after five"), Vec::<String>::new());
        assert_eq!(label_of("0161 496 0000 x12"), "ext. 12");
        assert_eq!(label_of("+44 (0)7900 900123 (Mum)"), "Mum");
    }
}
