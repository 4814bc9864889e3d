//! The encoding of the facts that a plan decides on. The hash of this encoding tells whether a plan is still
//! the one that was seen or approved, so it is fixed here, byte by byte, and does not depend on a struct's
//! layout or a sentence's wording.
//!
//! ```text
//! encoding = "greencap plan", 0x00, form name (field value), version (u16, big-endian), row*
//! row      = field*, 0x00
//! field    = tag (u8, not 0; tags of a row ascend), value
//! value    = length in bytes (u32, big-endian), bytes
//! bytes    = text (UTF-8) | identifier (16 bytes) | number (u64, big-endian) | day (text, ISO 8601)
//!          | one thing with facts of its own (row) | several of them (row*)
//! ```
//!
//! The encoding is unambiguous: each value is preceded by its length, and each row has an end marker. A
//! missing fact has no field, which is different from an empty text. If the meaning of a field changes, the
//! version is raised.

use std::marker::PhantomData;

use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::plan::PlanHash;

/// The encoding's name and version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FactsFormat {
    /// The kind of plan, such as `create_accounts`.
    pub name: &'static str,
    /// Raised whenever the meaning of a field changes.
    pub version: u16,
}

/// The number of a field in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag(u8);

impl Tag {
    /// A tag, from 1 to 255.
    pub const fn new(tag: u8) -> Self {
        assert!(tag > 0, "0 ends a row");
        Self(tag)
    }
}

/// The facts of a plan's row, for its hash.
pub trait Facts {
    /// The form of these rows.
    const FORM: FactsFormat;

    /// Writes what the row decides: who it is about and what happens to them, not how a page words it.
    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>);
}

/// Receives the bytes of an encoding.
pub trait Sink {
    /// Receives the next bytes.
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Sha256 {
    fn put(&mut self, bytes: &[u8]) {
        Digest::update(self, bytes);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Writes the fields of one row.
pub struct FactsWriter<'a, S> {
    sink: &'a mut S,
    last: u8,
}

impl<S: Sink> FactsWriter<'_, S> {
    /// Writes a text unchanged.
    pub fn text(&mut self, tag: Tag, text: &str) -> &mut Self {
        self.bytes(tag, text.as_bytes())
    }

    /// Writes an identifier as 16 bytes.
    pub fn id(&mut self, tag: Tag, id: Uuid) -> &mut Self {
        self.bytes(tag, id.as_bytes())
    }

    /// Writes a number.
    pub fn number(&mut self, tag: Tag, number: u64) -> &mut Self {
        self.bytes(tag, &number.to_be_bytes())
    }

    /// Writes a day.
    pub fn day(&mut self, tag: Tag, day: NaiveDate) -> &mut Self {
        self.text(tag, &day.to_string())
    }

    /// Writes one value that has its own facts.
    pub fn nested(&mut self, tag: Tag, write: impl FnOnce(&mut FactsWriter<'_, Vec<u8>>)) -> &mut Self {
        let mut bytes = Vec::new();
        row(&mut bytes, write);
        self.bytes(tag, &bytes)
    }

    /// Writes several such values, in order.
    pub fn list<T>(
        &mut self,
        tag: Tag,
        things: impl IntoIterator<Item = T>,
        mut write: impl FnMut(T, &mut FactsWriter<'_, Vec<u8>>),
    ) -> &mut Self {
        let mut bytes = Vec::new();
        for thing in things {
            row(&mut bytes, |fields| write(thing, fields));
        }
        self.bytes(tag, &bytes)
    }

    fn bytes(&mut self, tag: Tag, bytes: &[u8]) -> &mut Self {
        debug_assert!(tag.0 > self.last, "tags of a row ascend");
        self.last = tag.0;
        self.sink.put(&[tag.0]);
        value(self.sink, bytes);
        self
    }
}

fn value(sink: &mut impl Sink, bytes: &[u8]) {
    // No text in a row is close to 4 GiB; it would have been rejected as too long for its column.
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    sink.put(&length.to_be_bytes());
    sink.put(bytes);
}

fn row<S: Sink>(sink: &mut S, write: impl FnOnce(&mut FactsWriter<'_, S>)) {
    write(&mut FactsWriter { sink, last: 0 });
    sink.put(&[0]);
}

fn begin(form: FactsFormat, sink: &mut impl Sink) {
    sink.put(b"greencap plan\0");
    value(sink, form.name.as_bytes());
    sink.put(&form.version.to_be_bytes());
}

/// Encodes rows in order.
pub fn encode<'a, R: Facts + 'a>(rows: impl IntoIterator<Item = &'a R>, sink: &mut impl Sink) {
    begin(R::FORM, sink);
    for facts in rows {
        row(sink, |fields| facts.write(fields));
    }
}

/// SHA-256 (FIPS 180-4) over the encoding of rows added one by one, for a plan too large for memory.
pub struct FactsHasher<R> {
    /// Bytes that are not hashed yet: hashing large pieces is faster than field by field.
    bytes: Vec<u8>,
    hash: Sha256,
    rows: PhantomData<fn(&R)>,
}

/// How many bytes are collected before hashing.
const CHUNK: usize = 64 * 1024;

impl<R: Facts> Default for FactsHasher<R> {
    fn default() -> Self {
        let mut bytes = Vec::new();
        begin(R::FORM, &mut bytes);
        Self { bytes, hash: Sha256::new(), rows: PhantomData }
    }
}

impl<R: Facts> FactsHasher<R> {
    /// Adds the next row.
    pub fn row(&mut self, facts: &R) {
        row(&mut self.bytes, |fields| facts.write(fields));
        if self.bytes.len() >= CHUNK {
            Digest::update(&mut self.hash, &self.bytes);
            self.bytes.clear();
        }
    }

    /// Returns the hash of all rows.
    pub fn finish(mut self) -> PlanHash {
        Digest::update(&mut self.hash, &self.bytes);
        PlanHash(self.hash.finalize().into())
    }
}

/// Returns the SHA-256 hash of the rows' encoding.
pub fn hash<'a, R: Facts + 'a>(rows: impl IntoIterator<Item = &'a R>) -> PlanHash {
    let mut hasher = FactsHasher::default();
    rows.into_iter().for_each(|facts| hasher.row(facts));
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::option;
    use proptest::prelude::*;

    #[derive(Debug, Clone, PartialEq, Eq)]
    struct Row {
        whom: u128,
        name: String,
        notes: Vec<(String, u64)>,
        username: Option<String>,
    }

    const WHOM: Tag = Tag::new(1);
    const NAME: Tag = Tag::new(2);
    const NOTES: Tag = Tag::new(4);
    const USERNAME: Tag = Tag::new(7);
    const CODE: Tag = Tag::new(1);
    const COUNT: Tag = Tag::new(3);

    impl Facts for Row {
        const FORM: FactsFormat = FactsFormat { name: "test", version: 3 };

        fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
            fields.id(WHOM, Uuid::from_u128(self.whom)).text(NAME, &self.name);
            fields.list(NOTES, &self.notes, |(code, count), fields| {
                fields.text(CODE, code).number(COUNT, *count);
            });
            if let Some(username) = &self.username {
                fields.text(USERNAME, username);
            }
        }
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        // Texts that look like lengths, end markers and tags.
        let text = "[\\x00\\x01\\x02\\x07a]{0,6}";
        let notes = vec((text, any::<u64>()), 0..3);
        vec((any::<u128>(), text, notes, option::of(text)), 0..6).prop_map(|rows| {
            let row = |(whom, name, notes, username)| Row { whom, name, notes, username };
            rows.into_iter().map(row).collect()
        })
    }

    /// Decodes an encoding using only the grammar above.
    fn decode(mut bytes: &[u8]) -> Vec<Row> {
        fn take<'a>(bytes: &mut &'a [u8], count: usize) -> &'a [u8] {
            let (taken, rest) = bytes.split_at(count);
            *bytes = rest;
            taken
        }
        fn value<'a>(bytes: &mut &'a [u8]) -> &'a [u8] {
            let length = u32::from_be_bytes(take(bytes, 4).try_into().unwrap());
            take(bytes, length as usize)
        }
        let text = |value: &[u8]| String::from_utf8(value.to_vec()).unwrap();
        assert_eq!(take(&mut bytes, 14), b"greencap plan\0");
        assert_eq!(value(&mut bytes), b"test");
        assert_eq!(take(&mut bytes, 2), [0, 3]);
        let mut rows = Vec::new();
        while !bytes.is_empty() {
            let mut row = Row { whom: 0, name: String::new(), notes: Vec::new(), username: None };
            loop {
                match take(&mut bytes, 1)[0] {
                    0 => break,
                    1 => row.whom = Uuid::from_slice(value(&mut bytes)).unwrap().as_u128(),
                    2 => row.name = text(value(&mut bytes)),
                    4 => {
                        let mut notes = value(&mut bytes);
                        while !notes.is_empty() {
                            assert_eq!(take(&mut notes, 1), [1]);
                            let code = text(value(&mut notes));
                            assert_eq!(take(&mut notes, 1), [3]);
                            let count = u64::from_be_bytes(value(&mut notes).try_into().unwrap());
                            assert_eq!(take(&mut notes, 1), [0]);
                            row.notes.push((code, count));
                        }
                    }
                    7 => row.username = Some(text(value(&mut bytes))),
                    tag => panic!("tag {tag}"),
                }
            }
            rows.push(row);
        }
        rows
    }

    proptest! {
        #[test]
        fn an_encoding_is_read_back_as_the_facts_that_were_written(rows in rows()) {
            let mut bytes = Vec::new();
            encode(&rows, &mut bytes);
            prop_assert_eq!(decode(&bytes), rows);
        }

        #[test]
        fn plans_have_the_same_hash_if_and_only_if_their_facts_are_the_same(one in rows(), other in rows()) {
            prop_assert_eq!(hash(&one) == hash(&other), one == other);
            prop_assert_eq!(hash(&one), hash(&one.clone()));
        }
    }

    #[test]
    fn the_written_form_is_fixed() {
        let mut bytes = Vec::new();
        let notes = vec![("x".to_owned(), 5)];
        let rows = [Row { whom: 1, name: "Ana".to_owned(), notes, username: None }];
        encode(&rows, &mut bytes);
        let mut expected = b"greencap plan\0\0\0\0\x04test\0\x03\x01\0\0\0\x10".to_vec();
        expected.extend(1_u128.to_be_bytes());
        expected.extend(b"\x02\0\0\0\x03Ana");
        expected.extend(b"\x04\0\0\0\x14\x01\0\0\0\x01x\x03\0\0\0\x08\0\0\0\0\0\0\0\x05\0\0");
        assert_eq!(bytes, expected);
        assert_eq!(hash(&rows).0, <[u8; 32]>::from(Sha256::digest(&expected)));
    }

    #[test]
    fn days_and_things_with_facts_of_their_own_are_written_as_the_grammar_says() {
        let mut bytes = Vec::new();
        row(&mut bytes, |fields| {
            let day = NaiveDate::from_ymd_opt(2026, 9, 1).unwrap();
            fields.nested(Tag::new(2), |fields| {
                fields.day(Tag::new(9), day);
            });
        });
        assert_eq!(bytes, b"\x02\0\0\0\x10\x09\0\0\0\x0a2026-09-01\0\0");
    }
}
