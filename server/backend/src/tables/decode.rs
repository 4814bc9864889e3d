//! From bytes to text: in the encoding that the file shows, that was asked for, or that is most likely.

mod code_pages;
mod likely;

use std::borrow::Cow;

use domain::imports::encoding::TextEncoding;
use domain::imports::fault::TableFault;
use domain::imports::reading::{Certainty, EncodingSample, TextReading};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use self::code_pages::code_page;

/// How much of a file is examined for zeros and control characters.
const SAMPLE: usize = 64 * 1024;

/// How many cells are shown in each encoding.
const SHOWN: usize = 6;

/// A decoded text, and how.
pub(super) struct Decoded<'b> {
    pub(super) text: Cow<'b, str>,
    pub(super) encoding: TextEncoding,
    pub(super) certainty: Certainty,
    /// Encodings in which a person should see the same cells.
    others: Vec<TextEncoding>,
}

/// Decodes a file's text.
pub(super) fn decode(bytes: &[u8], asked: Option<TextEncoding>) -> Result<Decoded<'_>, TableFault> {
    // The mark of a DOS program for the end of a file.
    let bytes = bytes.strip_suffix(b"\x1A").unwrap_or(bytes);
    let sure = |text, encoding| Decoded { text, encoding, certainty: Certainty::Sure, others: Vec::new() };
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling(&bytes[mark..]).0;
        return Ok(sure(text, named(encoding)));
    }
    if let Some(asked) = asked {
        let text = strictly(bytes, asked)?;
        return Ok(Decoded {
            text,
            encoding: asked,
            certainty: Certainty::Chosen,
            others: likely::LATIN.to_vec(),
        });
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros = |offset: usize| sample.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if (even + odd) * 5 > sample.len() {
        // ASCII letters have a zero either before or after them, never both.
        let encoding = match (even * 10 < odd, odd * 10 < even) {
            (true, _) => UTF_16LE,
            (_, true) => UTF_16BE,
            _ => return Err(TableFault::NotATable { is: "no text".to_owned() }),
        };
        return Ok(sure(encoding.decode_without_bom_handling(bytes).0, named(encoding)));
    }
    let is_control = |b: &&u8| **b < 0x20 && !matches!(**b, b'\t' | b'\r' | b'\n' | 0 | 0x1B);
    if sample.iter().filter(is_control).count() * 50 > sample.len() {
        return Err(TableFault::NotATable { is: "no text".to_owned() });
    }
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(sure(Cow::Borrowed(text), TextEncoding::UTF_8)),
        Err(error) => error,
    };
    if is_mostly_utf8(bytes) {
        return Err(TableFault::MixedLetters { row: row_of(bytes, error.valid_up_to()) });
    }
    let guess = guess(bytes);
    Ok(Decoded { text: loosely(bytes, guess.encoding), ..guess })
}

/// Decodes the files of one export. Those that do not show their encoding all have the same one, the most likely for
/// them together. Names the file that cannot be read.
pub(super) fn decode_all<'b>(
    files: &[(&str, &'b [u8])],
    asked: Option<TextEncoding>,
) -> Result<Vec<Decoded<'b>>, TableFault> {
    let each = files.iter().map(|(name, bytes)| decode(bytes, asked).map_err(|fault| fault.in_file(name)));
    let mut each = each.collect::<Result<Vec<_>, _>>()?;
    let guessed: Vec<usize> = (0..each.len()).filter(|at| each[*at].is_guessed()).collect();
    if guessed.len() > 1 {
        let together: Vec<u8> = guessed.iter().flat_map(|at| files[*at].1).copied().collect();
        let common = guess(&together);
        for at in guessed {
            let text = loosely(files[at].1, common.encoding);
            each[at] = Decoded {
                text,
                encoding: common.encoding,
                certainty: common.certainty,
                others: common.others.clone(),
            };
        }
    }
    Ok(each)
}

/// The most likely encoding of a text that does not show it, without the text.
fn guess(bytes: &[u8]) -> Decoded<'static> {
    let guess = likely::guess(bytes);
    let certainty = if guess.is_sure { Certainty::Sure } else { Certainty::Guess };
    Decoded { text: Cow::Borrowed(""), encoding: guess.encoding, certainty, others: guess.others }
}

impl Decoded<'_> {
    /// Whether the text did not show its encoding.
    pub(super) fn is_guessed(&self) -> bool {
        self.certainty != Certainty::Chosen && !self.others.is_empty()
    }

    /// How the text was read, with cells that show it. `cells` are those that a person would recognise, such as names,
    /// with their columns.
    pub(super) fn reading(&self, cells: &[(usize, String)]) -> TextReading {
        let (mut shown, mut columns): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
        let cells = cells.iter().map(|(column, cell)| (*column, cell.trim()));
        for (column, cell) in cells.filter(|(_, cell)| !cell.is_ascii() && cell.len() < 80) {
            if shown.len() < SHOWN && !shown.iter().any(|seen| seen == cell) {
                shown.push(cell.to_owned());
                columns.push(column);
            }
        }
        let mut samples = Vec::new();
        if !shown.is_empty() && self.encoding != TextEncoding::UTF_8 && !self.others.is_empty() {
            let bytes: Vec<Vec<u8>> = shown.iter().map(|cell| encode(cell, self.encoding)).collect();
            for other in self.others.iter().filter(|other| **other != self.encoding) {
                let cells: Vec<String> =
                    bytes.iter().map(|bytes| loosely(bytes, *other).into_owned()).collect();
                let is_new =
                    cells != shown && samples.iter().all(|sample: &EncodingSample| sample.cells != cells);
                if is_new
                    && !cells.iter().any(|cell| cell.contains(char::is_control) || cell.contains('\u{fffd}'))
                {
                    samples.push(EncodingSample { encoding: *other, cells });
                }
            }
        }
        samples.insert(0, EncodingSample { encoding: self.encoding, cells: shown });
        TextReading { encoding: self.encoding, certainty: self.certainty, samples, columns }
    }
}

/// The name of an encoding of the library.
fn named(encoding: &'static Encoding) -> TextEncoding {
    encoding.name().parse().unwrap_or(TextEncoding::WINDOWS_1252)
}

/// The library's encoding with this name; `None` for a code page of DOS, which the web does not have.
fn library(encoding: TextEncoding) -> Option<&'static Encoding> {
    Encoding::for_label(encoding.slug().as_bytes())
}

/// Decodes, with a replacement for what cannot be read.
fn loosely(bytes: &[u8], encoding: TextEncoding) -> Cow<'_, str> {
    match (library(encoding), code_page(encoding)) {
        (Some(encoding), _) => encoding.decode_without_bom_handling(bytes).0,
        (None, Some(page)) => page.decode(bytes).into(),
        (None, None) => String::from_utf8_lossy(bytes),
    }
}

/// Decodes all of it, or says which row cannot be read.
fn strictly(bytes: &[u8], encoding: TextEncoding) -> Result<Cow<'_, str>, TableFault> {
    let Some(library) = library(encoding) else { return Ok(loosely(bytes, encoding)) };
    if let Some(text) = library.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text);
    }
    let wrong = bytes
        .split_inclusive(|b| *b == b'\n')
        .position(|line| library.decode_without_bom_handling_and_without_replacement(line).is_none());
    let row = u32::try_from(wrong.unwrap_or(0) + 1).unwrap_or(u32::MAX);
    Err(TableFault::OtherEncoding { encoding, row })
}

/// The bytes of a cell that was decoded.
fn encode(cell: &str, encoding: TextEncoding) -> Vec<u8> {
    match (library(encoding), code_page(encoding)) {
        (Some(encoding), _) => encoding.encode(cell).0.into_owned(),
        (None, Some(page)) => page.encode(cell),
        (None, None) => cell.as_bytes().to_vec(),
    }
}

fn row_of(bytes: &[u8], at: usize) -> u32 {
    u32::try_from(bytes[..at].split(|b| *b == b'\n').count()).unwrap_or(u32::MAX)
}

/// Whether the text is UTF-8 with a few invalid characters.
fn is_mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > 4 * bad
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoding(slug: &str) -> TextEncoding {
        slug.parse().unwrap()
    }

    fn list(names: &str) -> String {
        let rows: Vec<String> =
            names.split(' ').enumerate().map(|(n, name)| format!("{},{name},7A\n", 1000 + n)).collect();
        format!("Adm No,Surname,Form\n{}", rows.concat())
    }

    #[test]
    fn names_of_many_countries_are_detected() {
        for (slug, names) in [
            ("windows-1252", "Müller Søren Gonçalves Nuñez Lefèvre Bäcker Groß Åström"),
            ("windows-1250", "Dvořák Šimek Kučera Novotný Růžička Pospíšil Hájek Jelínek"),
            ("windows-1250", "Wójcik Kowalczyk Zieliński Woźniak Dąbrowski Kozłowski Jabłoński"),
            ("windows-1251", "Иванов Петрова Сидоров Кузнецова Смирнов Попова"),
            ("windows-1253", "Παπαδόπουλος Γεωργίου Νικολάου Δημητρίου"),
            ("windows-1254", "Yılmaz Şahin Öztürk Çelik Doğan Kılıç Aydın Özdemir Güneş"),
            ("macintosh", "Müller Søren Gonçalves Nuñez Lefèvre Bäcker Groß"),
            ("macintosh", "Léa Zoé Chloé Agnès François"),
            ("ibm850", "Müller Lefèvre Gonçalves Nuñez Bäcker Jörg"),
            ("ibm852", "Dvořák Šimek Kučera Růžička Pospíšil"),
            ("shift_jis", "佐藤 鈴木 高橋 田中 渡辺 伊藤 山本 中村"),
            ("gb18030", "王伟 李娜 张敏 刘洋 陈静 杨帆 赵磊"),
            ("big5", "陳怡君 林志明 黃淑芬 張雅婷 李建宏"),
            ("euc-kr", "김민준 이서연 박지훈 최수빈 정하윤"),
        ] {
            let (slug, text) = (encoding(slug), list(names));
            let bytes = encode(&text, slug);
            let read = decode(&bytes, None).unwrap();
            assert_eq!((read.encoding, read.text.as_ref()), (slug, text.as_str()));
            let chosen = decode(&bytes, Some(slug)).unwrap();
            assert_eq!((chosen.certainty, chosen.text.as_ref()), (Certainty::Chosen, text.as_str()));
        }
    }

    #[test]
    fn only_what_cannot_be_otherwise_is_sure() {
        for (slug, names, certainty) in [
            ("utf-8", "Dvořák", Certainty::Sure),
            ("windows-1252", "Müller Bäcker José", Certainty::Sure),
            ("windows-1252", "Søren Åström Jørgensen Bjørn Mårten", Certainty::Sure),
            ("windows-1252", "Sørensen", Certainty::Guess),
            ("windows-1250", "Dvořák Šimek Kučera Růžička", Certainty::Guess),
            ("macintosh", "Müller Bäcker José", Certainty::Guess),
        ] {
            let bytes = encode(&list(names), encoding(slug));
            assert_eq!(decode(&bytes, None).unwrap().certainty, certainty, "{names}");
        }
    }

    #[test]
    fn the_same_cells_are_shown_in_other_encodings() {
        let bytes = encode(&list("Dvořák Šimek Kučera Růžička"), encoding("windows-1250"));
        let read = decode(&bytes, None).unwrap();
        let shown = read.reading(&["Dvořák", "Lee", "Šimek"].map(|name| (1, name.to_owned()))).samples;
        assert_eq!(
            (shown[0].encoding.slug(), shown[0].cells.join(" ").as_str()),
            ("windows-1250", "Dvořák Šimek")
        );
        let western = shown.iter().find(|sample| sample.encoding == TextEncoding::WINDOWS_1252).unwrap();
        assert_eq!(western.cells.join(" "), "Dvoøák Šimek");
    }

    #[test]
    fn a_wrong_choice_is_refused_with_the_row() {
        let bytes = encode(&list("Lee Søren"), TextEncoding::WINDOWS_1252);
        let wrong = decode(&bytes, Some(TextEncoding::UTF_8)).err();
        assert_eq!(wrong, Some(TableFault::OtherEncoding { encoding: TextEncoding::UTF_8, row: 3 }));
        // A byte order mark leaves no choice.
        let marked = [b"\xEF\xBB\xBF".as_slice(), "Søren".as_bytes()].concat();
        assert_eq!(decode(&marked, Some(TextEncoding::WINDOWS_1252)).unwrap().text, "Søren");
    }
}
