//! A name taken apart for comparing: without titles, particles and generations, folded.

use super::adult::WrittenName;
use crate::fold::fold;

/// What a title says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TitleSex {
    Female,
    Male,
}

/// The letters a name is written in. Names in different scripts cannot be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Other,
}

/// A name in one script, as words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NamePart {
    pub(super) words: Vec<String>,
    /// The words without spaces: "Al Khatib" and "Alkhatib" are one.
    pub(super) joined: String,
    pub(super) script: Script,
}

/// A name to compare.
#[derive(Debug, Clone)]
pub(super) struct Names {
    /// The given name, and the preferred one if there is one.
    pub(super) given: Vec<NamePart>,
    /// None if missing.
    pub(super) family: Option<NamePart>,
    pub(super) sex: Option<TitleSex>,
    /// Junior and senior, or first to third, counted from the oldest.
    pub(super) generation: Option<u8>,
    /// Whether it names two people.
    pub(super) is_couple: bool,
}

const WOMEN: &[&str] = &["mrs", "ms", "miss", "madam", "mme", "frau", "sra", "senora", "pani", "lady"];
const MEN: &[&str] = &["mr", "mister", "herr", "senor", "pan", "monsieur"];
const NEITHER: &[&str] = &["dr", "prof", "professor", "mx", "rev", "reverend"];
const BETWEEN: &[&str] = &["and", "und", "et", "oraz", "y"];
const PARTICLES: &[&str] = &[
    "de", "del", "della", "di", "da", "dos", "das", "la", "las", "los", "le", "van", "von", "der", "den",
    "ter", "ten", "zu", "zum", "al", "el", "bin", "bint", "ibn",
];

impl Names {
    pub(super) fn read(written: WrittenName<'_>) -> Self {
        let mut given = words(written.given);
        let mut family = words(written.family);
        let mut sexes: Vec<TitleSex> = words(written.title).iter().filter_map(|word| sex(word)).collect();
        sexes.extend(take_titles(&mut given));
        let generation = take_generation(&mut family).or_else(|| take_generation(&mut given));
        let joins = |text: &str| text.contains(['&', '+']);
        let between = given.iter().skip(1).rev().skip(1).any(|word| BETWEEN.contains(&word.as_str()));
        let is_couple = joins(written.given)
            || joins(written.title)
            || between
            || sexes.iter().any(|sex| *sex != sexes[0]);
        if is_couple {
            // Of a couple no single given name can be compared.
            given.clear();
        }
        let preferred = if is_couple { Vec::new() } else { words(written.preferred) };
        let mut forms: Vec<NamePart> = Vec::new();
        for form in [given, preferred].into_iter().filter_map(NamePart::of) {
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
        Self {
            given: forms,
            family: NamePart::of(family),
            sex: if is_couple { None } else { sexes.first().copied() },
            generation,
            is_couple,
        }
    }
}

impl NamePart {
    fn of(words: Vec<String>) -> Option<Self> {
        let joined = words.concat();
        let script = script(joined.chars().next()?);
        let bare: Vec<String> =
            words.iter().filter(|word| !PARTICLES.contains(&word.as_str())).cloned().collect();
        Some(Self { words: if bare.is_empty() { words } else { bare }, joined, script })
    }
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn sex(word: &str) -> Option<TitleSex> {
    match word {
        _ if WOMEN.contains(&word) => Some(TitleSex::Female),
        _ if MEN.contains(&word) => Some(TitleSex::Male),
        _ => None,
    }
}

/// Removes titles from the beginning of a given name, with what stands between two of them.
fn take_titles(given: &mut Vec<String>) -> Vec<TitleSex> {
    let is_title = |word: &str| WOMEN.contains(&word) || MEN.contains(&word) || NEITHER.contains(&word);
    let titles = given.iter().enumerate().take_while(|(at, word)| {
        is_title(word) || (*at > 0 && BETWEEN.contains(&word.as_str()) && is_title(&given[at - 1]))
    });
    let count = titles.count();
    given.drain(..count).filter_map(|word| sex(&word)).collect()
}

/// Removes junior or senior from the end of a name of more than one word.
fn take_generation(words: &mut Vec<String>) -> Option<u8> {
    let generation = match words.last()?.as_str() {
        "sr" | "senior" | "snr" | "i" => 1,
        "jr" | "junior" | "jnr" | "ii" => 2,
        "iii" => 3,
        "iv" => 4,
        _ => return None,
    };
    if words.len() < 2 {
        return None;
    }
    words.pop();
    Some(generation)
}

fn script(letter: char) -> Script {
    match u32::from(letter) {
        0..=0x24F | 0x1E00..=0x1EFF => Script::Latin,
        0x370..=0x3FF | 0x1F00..=0x1FFF => Script::Greek,
        0x400..=0x52F => Script::Cyrillic,
        0x590..=0x5FF => Script::Hebrew,
        0x600..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8FF => Script::Arabic,
        _ => Script::Other,
    }
}
