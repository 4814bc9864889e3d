//! Groups of columns: several people in one row, such as "Guardian 1 email" and "Guardian 2 email", or "Mother" and
//! "Father".

use super::field::ImportField;
use super::names::header_words;

/// The groups that a kind of file can have, and how headers name them.
#[derive(Debug, Clone, Copy)]
pub struct ColumnGroups {
    /// The groups with a number, from the first: 0 if there are none. The first may have none in headers.
    pub numbered: u8,
    /// Groups with a name: the words of headers, the group, and what stands before the slugs of its fields.
    pub named: &'static [(&'static [&'static str], u8, &'static str)],
    /// Words that say no more than what a row is about: a header of these and a group is that of the whole name.
    pub fillers: &'static [&'static str],
    /// Words of headers that say nothing beside a group: the "person" of "Surname 1. person".
    pub noise: &'static [&'static str],
    /// Headers of one word that have the whole name of somebody.
    pub alone: &'static [&'static str],
    /// Words of headers that are about somebody else: they have no group.
    pub not_in: &'static [&'static str],
    /// Words for the person whom a row is about beside the subject of the kind: "Student email" is that of the student.
    pub others: &'static [&'static str],
    /// What the key of that person is called behind such a word: "Student No".
    pub keys: &'static [&'static str],
    /// Fields whose header can stand twice, first for somebody else, with the field of the first: "Forename" of the
    /// student and, behind the key of the adult, of the adult.
    pub repeated: &'static [(&'static str, &'static str)],
    /// The field behind which a header that stands twice is about the adult.
    pub behind: &'static str,
    /// Fields for another value of the same person: "Email 2" where nobody has a second name, and a second column that is
    /// an email.
    pub further: &'static [(&'static str, &'static [&'static str])],
    /// The field of a header that has nothing but the name of the group: "Mother", "Guardian 2".
    pub whole: &'static str,
}

impl ColumnGroups {
    /// No groups.
    pub const NONE: Self = Self {
        numbered: 0,
        named: &[],
        fillers: &[],
        noise: &[],
        alone: &[],
        not_in: &[],
        others: &[],
        keys: &[],
        repeated: &[],
        behind: "",
        further: &[],
        whole: "",
    };

    /// The group of a header, and what stands in it besides.
    pub fn of(&self, header: &str) -> Option<(u8, String)> {
        let words = parted(header);
        if let [only] = words.as_slice()
            && self.alone.contains(&only.as_str())
        {
            return Some((1, String::new()));
        }
        if self.numbered == 0 {
            return None;
        }
        if words.iter().any(|word| self.not_in.contains(&word.as_str())) {
            return None;
        }
        let named = |word: &String| {
            let (_, group, _) = self.named.iter().find(|(names, ..)| names.contains(&word.as_str()))?;
            Some(*group)
        };
        let numbered =
            |word: &String| word.parse::<u8>().ok().filter(|number| (1..=self.numbered).contains(number));
        let (at, group) = words
            .iter()
            .enumerate()
            .find_map(|(at, word)| Some((at, named(word)?)))
            .or_else(|| words.iter().enumerate().find_map(|(at, word)| Some((at, numbered(word)?))))?;
        let is_named = group > self.numbered;
        let is_rest = |(other, word): &(usize, &String)| {
            *other != at && !(is_named && numbered(word).is_some()) && !self.noise.contains(&word.as_str())
        };
        let rest: Vec<&str> =
            words.iter().enumerate().filter(is_rest).map(|(_, word)| word.as_str()).collect();
        let is_filler = |word: &&&str| self.fillers.contains(*word);
        let fillers = rest.iter().take_while(is_filler).count();
        // "Parent / Guardian 1 email" says twice what the row is about.
        let said_once = &rest[fillers.saturating_sub(1)..];
        Some((group, if fillers == rest.len() { String::new() } else { said_once.join(" ") }))
    }

    /// What stands in a header besides a word for the person whom a row is about, if it has no word for the subject.
    pub(super) fn about_other(&self, header: &str) -> Option<String> {
        let words = parted(header);
        let is_of_subject = |word: &String| {
            self.fillers.contains(&word.as_str())
                || self.named.iter().any(|(names, ..)| names.contains(&word.as_str()))
        };
        let mut rest = words.iter().filter(|word| !self.others.contains(&word.as_str())).peekable();
        if rest.clone().count() == words.len() || rest.peek().is_none() || words.iter().any(is_of_subject) {
            return None;
        }
        let is_meant = |word: &&String| !self.noise.contains(&word.as_str());
        Some(rest.filter(is_meant).map(String::as_str).collect::<Vec<_>>().join(" "))
    }

    /// Whether a header says with a word whom it is about.
    pub(super) fn says_whom(&self, header: &str) -> bool {
        parted(header).iter().any(|word| self.fillers.contains(&word.as_str()))
    }

    /// Whether a header is about somebody beyond the numbered groups: "Guardian 13 email". A number alone can be anything.
    pub fn is_beyond(&self, header: &str) -> bool {
        let words = parted(header);
        let number = words.iter().find_map(|word| word.parse::<u32>().ok());
        let is_about = words.iter().any(|word| self.fillers.contains(&word.as_str()));
        self.numbered > 0
            && is_about
            && number.is_some_and(|number| (u32::from(self.numbered) + 1..100).contains(&number))
    }

    /// The field of a group that is this one in the first group.
    pub fn field(
        &self,
        fields: &'static [ImportField],
        group: u8,
        slug: &str,
    ) -> Option<&'static ImportField> {
        if group == 1 {
            return fields.iter().find(|field| field.slug == slug && field.group == 1);
        }
        let wanted = match self.named.iter().find(|(_, of, _)| *of == group) {
            Some((_, _, prefix)) => format!("{prefix}_{slug}"),
            None => format!("{slug}_{group}"),
        };
        fields.iter().find(|field| field.group == group && field.slug == wanted)
    }
}

/// The words of a header, with numbers apart: `Contact1Email` is "contact 1 email".
fn parted(header: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in header_words(header) {
        let mut rest = word.as_str();
        while let Some(first) = rest.chars().next() {
            let is_digit = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
            let (part, after) = rest.split_at(end);
            words.push(part.to_owned());
            rest = after;
        }
    }
    // What is left of "Mum's email".
    words.retain(|word| word != "s");
    words
}
