//! A template laid out for one person: which letters go where, within the maximum length.

use std::fmt::Write as _;
use std::num::NonZeroU8;
use std::ops::Range;

use super::change::{Highlight, UsernameChange};
use super::parts::{NameParts, RomanPart};
use super::template::{NamePart, Separator, Settle, TemplatePiece, UsernameTemplate, YearDigits};
use super::username::MIN_USERNAME;

/// The word used when neither the name nor the admission number has a usable letter.
const FALLBACK: &str = "student";

/// The most digits expected in a number at the end of a username: ten million people of the same name.
const MAX_NUMBER_WIDTH: usize = 7;

/// One person's username with and without clashes: chunks that can grow, shrink and take a number.
#[derive(Debug, Clone)]
pub(super) struct UsernameLayout<'a> {
    chunks: Vec<LayoutChunk<'a>>,
    max: usize,
    /// What the username was made from.
    source: UsernameOrigin,
}

/// What a username was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UsernameOrigin {
    /// The template's pieces.
    Template,
    /// The admission number, because the pieces were all empty.
    Admission,
    /// The word "student" and a number, because there was no admission number either.
    Nothing,
}

#[derive(Debug, Clone)]
struct LayoutChunk<'a> {
    before: Separator,
    text: ChunkText<'a>,
    /// How many characters of the text are used.
    len: usize,
    /// How many the template asks for; any more were added to resolve a clash.
    wanted: usize,
}

#[derive(Debug, Clone)]
enum ChunkText<'a> {
    /// Letters of a name: may be shortened, and can grow if `grows`.
    Name { part: &'a RomanPart, grows: bool },
    /// The admission number: shortened only when no name is left to shorten.
    Number(&'a RomanPart),
    /// Fixed text from the template.
    Fixed(String),
    /// The counter's place, with its width.
    Counter,
}

impl<'a> UsernameLayout<'a> {
    /// Lays out `template` for a person. Pieces that are empty for them are left out with their separator; a
    /// single name is used as the family name.
    pub(super) fn new(template: &UsernameTemplate, parts: &'a NameParts) -> Self {
        let max = usize::from(template.max_length());
        let has_family =
            template.pieces().any(|(_, p)| matches!(p, TemplatePiece::Name { part: NamePart::Family, .. }));
        let name_of = |part: NamePart| -> Option<&'a RomanPart> {
            let single = parts.given.text().is_empty() || parts.family.text().is_empty();
            let first = || if parts.given.text().is_empty() { &parts.family } else { &parts.given };
            match part {
                NamePart::Family if parts.family.text().is_empty() => Some(&parts.given),
                NamePart::Family => Some(&parts.family),
                NamePart::Preferred if !parts.preferred.text().is_empty() => Some(&parts.preferred),
                NamePart::Given | NamePart::Preferred if single && has_family => None,
                NamePart::Given | NamePart::Preferred => Some(first()),
            }
        };
        let mut layout = Self { chunks: Vec::new(), max, source: UsernameOrigin::Template };
        let mut has_grower = false;
        for (before, piece) in template.pieces() {
            let text = match piece {
                TemplatePiece::Name { part, letters } => {
                    let Some(name) = name_of(*part) else { continue };
                    let all = name.text().len();
                    let len = letters.map_or(all, |n| all.min(usize::from(n.get())));
                    let grows = *part != NamePart::Family && len < all && !has_grower;
                    has_grower |= grows;
                    layout.push(before, ChunkText::Name { part: name, grows }, len);
                    continue;
                }
                TemplatePiece::MiddleInitial => {
                    let len = parts.middle.text().len().min(1);
                    layout.push(before, ChunkText::Name { part: &parts.middle, grows: false }, len);
                    continue;
                }
                TemplatePiece::EntryYear(YearDigits::Four) => {
                    ChunkText::Fixed(format!("{:04}", parts.entry_year))
                }
                TemplatePiece::EntryYear(YearDigits::Two) => {
                    ChunkText::Fixed(format!("{:02}", parts.entry_year % 100))
                }
                TemplatePiece::AdmissionNumber => ChunkText::Number(&parts.admission),
                TemplatePiece::Counter { digits } => {
                    layout.push(before, ChunkText::Counter, usize::from(digits.get()));
                    continue;
                }
                TemplatePiece::Text(text) => ChunkText::Fixed(text.as_str().to_owned()),
            };
            let len = text.as_str().len();
            layout.push(before, text, len);
        }
        let personal = |chunk: &LayoutChunk<'_>| !matches!(chunk.text, ChunkText::Fixed(_));
        if !layout.chunks.iter().any(personal) || layout.len() < MIN_USERNAME {
            layout.fall_back(parts);
        }
        layout
    }

    fn fall_back(&mut self, parts: &'a NameParts) {
        self.chunks.clear();
        let admission = &parts.admission;
        if admission.text().len() >= MIN_USERNAME {
            self.source = UsernameOrigin::Admission;
            self.push(Separator::None, ChunkText::Number(admission), admission.text().len());
        } else {
            self.source = UsernameOrigin::Nothing;
            self.push(Separator::None, ChunkText::Fixed(FALLBACK.to_owned()), FALLBACK.len());
            self.push(Separator::None, ChunkText::Counter, 1);
        }
    }

    fn push(&mut self, before: Separator, text: ChunkText<'a>, len: usize) {
        if len > 0 {
            self.chunks.push(LayoutChunk { before, text, len, wanted: len });
        }
    }

    /// The length before shortening.
    fn len(&self) -> usize {
        let separators = self.chunks.iter().skip(1).map(|chunk| chunk.before.as_str().len());
        self.chunks.iter().map(|chunk| chunk.len).sum::<usize>() + separators.sum::<usize>()
    }

    /// What the username was made from.
    pub(super) fn source(&self) -> UsernameOrigin {
        self.source
    }

    /// Whether the template has a counter, so that the username always has a number.
    pub(super) fn counts(&self) -> bool {
        self.chunks.iter().any(|chunk| matches!(chunk.text, ChunkText::Counter))
    }

    /// How many more letters of the given name could be added.
    pub(super) fn spare_letters(&self) -> usize {
        self.chunks
            .iter()
            .map(|chunk| match chunk.text {
                ChunkText::Name { part, grows: true } => part.text().len() - chunk.wanted,
                _ => 0,
            })
            .sum()
    }

    /// The username with `extra` more letters of the given name and, if `width` is given, room for a number
    /// of that many digits.
    pub(super) fn fit(&self, extra: usize, width: Option<usize>) -> FittedLayout<'a> {
        let mut layout = self.clone();
        for chunk in &mut layout.chunks {
            if matches!(chunk.text, ChunkText::Name { grows: true, .. }) {
                chunk.len += extra;
            }
        }
        let mut reserved = 0;
        if let Some(width) = width {
            match layout.chunks.iter_mut().find(|chunk| matches!(chunk.text, ChunkText::Counter)) {
                Some(counter) => (counter.len, counter.wanted) = (width, width),
                // A number after a digit needs a hyphen, and shortening may leave a digit at the end.
                None => reserved = width + usize::from(layout.may_end_in_digit()),
            }
        }
        let cut = layout.shrink(layout.max.saturating_sub(reserved).max(1));
        FittedLayout { layout, cut, appended: width.filter(|_| reserved > 0) }
    }

    /// Every form that this person's usernames can have, as [`FittedLayout::text`] gives it: with and without a
    /// number, and with a longer number only where that shortens the name.
    pub(super) fn forms(&self, settle: Settle) -> impl Iterator<Item = (String, Option<Range<usize>>)> + '_ {
        let letters = if settle == Settle::NextLetters { self.spare_letters() } else { 0 };
        // A number and its hyphen shorten the name only if there is no room for them.
        let cuts = self.len() + MAX_NUMBER_WIDTH + 1 > self.max;
        let widths = if cuts { MAX_NUMBER_WIDTH } else { 0 };
        let unnumbered = (0..=letters).map(|extra| self.fit(extra, None));
        let numbered = (1..=widths).map(|width| self.fit(0, Some(width)));
        unnumbered.chain(numbered).map(|fitted| fitted.text())
    }

    fn may_end_in_digit(&self) -> bool {
        self.chunks.last().is_some_and(|chunk| match &chunk.text {
            ChunkText::Name { part, .. } | ChunkText::Number(part) => {
                part.text().bytes().any(|b| b.is_ascii_digit())
            }
            ChunkText::Fixed(text) => text.bytes().any(|b| b.is_ascii_digit()),
            ChunkText::Counter => true,
        })
    }

    /// Removes letters until `max` are left: from the longest name first, and never its first letter while
    /// another piece can be shortened. Returns whether any were removed.
    fn shrink(&mut self, max: usize) -> bool {
        let mut cut = false;
        while self.len() > max {
            cut = true;
            let longest = |chunks: &mut Vec<LayoutChunk<'a>>, name: bool| {
                chunks
                    .iter()
                    .enumerate()
                    .filter(|(_, c)| match c.text {
                        ChunkText::Name { .. } => name,
                        ChunkText::Number(_) | ChunkText::Fixed(_) => !name,
                        ChunkText::Counter => false,
                    })
                    .filter(|(_, c)| c.len > 1)
                    .max_by_key(|(_, c)| c.len)
                    .map(|(at, _)| at)
            };
            let shrunk = longest(&mut self.chunks, true).or_else(|| longest(&mut self.chunks, false));
            if let Some(at) = shrunk {
                self.chunks[at].len -= 1;
            } else if let Some(at) = self.chunks.iter().rposition(|c| !matches!(c.text, ChunkText::Counter)) {
                self.chunks.remove(at);
            } else {
                break;
            }
        }
        cut
    }
}

impl ChunkText<'_> {
    fn as_str(&self) -> &str {
        match self {
            Self::Name { part, .. } | Self::Number(part) => part.text(),
            Self::Fixed(text) => text,
            Self::Counter => "",
        }
    }
}

/// A layout shortened to the right length.
pub(super) struct FittedLayout<'a> {
    layout: UsernameLayout<'a>,
    cut: bool,
    /// The width of a number added at the end.
    appended: Option<usize>,
}

impl FittedLayout<'_> {
    /// The text with zeros in place of the number, and the number's range.
    pub(super) fn text(&self) -> (String, Option<Range<usize>>) {
        let mut text = String::with_capacity(self.layout.max);
        let mut number = None;
        for chunk in &self.layout.chunks {
            if !text.is_empty() {
                text.push_str(chunk.before.as_str());
            }
            if matches!(chunk.text, ChunkText::Counter) {
                number = Some(push_zeros(&mut text, chunk.len));
            } else {
                text.push_str(&chunk.text.as_str()[..chunk.len]);
            }
        }
        if let Some(width) = self.appended {
            // "smith26" with a 2 is "smith26-2", which cannot be mistaken for "smith262".
            if text.ends_with(|c: char| c.is_ascii_digit()) {
                text.push('-');
            }
            number = Some(push_zeros(&mut text, width));
        }
        (text, number)
    }

    /// How the name was changed to make the username: the ranges to highlight, and why.
    pub(super) fn explain(&self) -> (Vec<Highlight>, Vec<UsernameChange>) {
        let (mut highlights, mut changes) = (Vec::new(), Vec::new());
        let mut at = 0;
        for (index, chunk) in self.layout.chunks.iter().enumerate() {
            if index > 0 {
                at += chunk.before.as_str().len();
            }
            if let ChunkText::Name { part, .. } | ChunkText::Number(part) = &chunk.text {
                for changed in part.changes() {
                    let (start, end) = (usize::from(changed.start), usize::from(changed.end));
                    // A gap is shown only if letters on both sides of it are used; a letter, only if it is
                    // used.
                    let shows = if changed.change.is_gap() { end <= chunk.len } else { start < chunk.len };
                    if shows {
                        highlights.push(Highlight::new(at + start..at + end.min(chunk.len)));
                        changes.push(UsernameChange::from(changed.change));
                    }
                }
                if chunk.len > chunk.wanted {
                    highlights.push(Highlight::new(at + chunk.wanted..at + chunk.len));
                }
            }
            at += chunk.len;
        }
        changes.sort();
        changes.dedup();
        match self.layout.source {
            UsernameOrigin::Template => {}
            UsernameOrigin::Admission => changes.push(UsernameChange::AdmissionNumberUsed),
            UsernameOrigin::Nothing => changes.push(UsernameChange::NothingToUse),
        }
        if self.cut {
            changes.push(UsernameChange::Shortened(u8::try_from(self.layout.max).unwrap_or(u8::MAX)));
        }
        (highlights, changes)
    }
}

fn push_zeros(text: &mut String, width: usize) -> Range<usize> {
    let start = text.len();
    text.extend(std::iter::repeat_n('0', width));
    start..text.len()
}

/// Writes `number` over the zeros at `place`, which has at least as many digits.
pub(super) fn put_number(text: &mut String, place: &Range<usize>, number: u64) {
    let tail = text.split_off(place.end);
    text.truncate(place.start);
    // Writing to a String cannot fail.
    let _ = write!(text, "{number:0width$}{tail}", width = place.len());
}

/// The number of digits in `number`, at least `least`.
pub(super) fn digits_of(number: u64, least: NonZeroU8) -> usize {
    let own = number.checked_ilog10().map_or(1, |log| log as usize + 1);
    own.max(usize::from(least.get()))
}
