//! The encodings of text files, by name.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An encoding that Greencap reads.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TextEncoding(&'static Named);

#[derive(Debug, PartialEq, Eq)]
struct Named {
    /// The name in the database and on the command line: that of the Encoding Standard (WHATWG), if it has one.
    slug: &'static str,
    /// The name on pages.
    label: &'static str,
    /// Other names, in lower case without separators.
    also: &'static [&'static str],
}

const fn named(slug: &'static str, label: &'static str, also: &'static [&'static str]) -> Named {
    Named { slug, label, also }
}

/// In the order of menus.
static ALL: [Named; 31] = [
    named("utf-8", "Unicode (UTF-8)", &["unicode"]),
    named("utf-16le", "Unicode (UTF-16)", &["utf16", "ucs2"]),
    named("utf-16be", "Unicode (UTF-16, big-endian)", &[]),
    named(
        "windows-1252",
        "Western Europe (Windows-1252)",
        &["cp1252", "1252", "latin1", "iso88591", "iso885915", "ansi"],
    ),
    named("windows-1250", "Central Europe (Windows-1250)", &["cp1250", "1250"]),
    named("windows-1251", "Cyrillic (Windows-1251)", &["cp1251", "1251"]),
    named("windows-1253", "Greek (Windows-1253)", &["cp1253", "1253"]),
    named("windows-1254", "Turkish (Windows-1254)", &["cp1254", "1254", "iso88599", "latin5"]),
    named("windows-1255", "Hebrew (Windows-1255)", &["cp1255", "1255"]),
    named("windows-1256", "Arabic (Windows-1256)", &["cp1256", "1256"]),
    named("windows-1257", "Baltic (Windows-1257)", &["cp1257", "1257"]),
    named("windows-1258", "Vietnamese (Windows-1258)", &["cp1258", "1258"]),
    named("windows-874", "Thai (Windows-874)", &["cp874", "874", "tis620"]),
    named("macintosh", "Western Europe (Mac)", &["macroman", "mac"]),
    named("x-mac-cyrillic", "Cyrillic (Mac)", &["maccyrillic"]),
    named("ibm850", "Western Europe (DOS, 850)", &["cp850", "850", "dos", "oem"]),
    named("ibm437", "United States (DOS, 437)", &["cp437", "437"]),
    named("ibm852", "Central Europe (DOS, 852)", &["cp852", "852"]),
    named("ibm866", "Cyrillic (DOS, 866)", &["cp866", "866"]),
    named("iso-8859-2", "Central Europe (ISO-8859-2)", &["latin2"]),
    named("iso-8859-4", "Baltic (ISO-8859-4)", &["latin4"]),
    named("iso-8859-5", "Cyrillic (ISO-8859-5)", &[]),
    named("iso-8859-6", "Arabic (ISO-8859-6)", &[]),
    named("iso-8859-7", "Greek (ISO-8859-7)", &[]),
    named("iso-8859-8", "Hebrew (ISO-8859-8)", &["iso88598i"]),
    named("koi8-u", "Cyrillic (KOI8)", &["koi8r", "koi8"]),
    named("shift_jis", "Japanese (Shift-JIS)", &["sjis", "cp932", "932", "ms932"]),
    named("euc-jp", "Japanese (EUC-JP)", &[]),
    named("gb18030", "Simplified Chinese (GBK)", &["gbk", "gb2312", "cp936", "936"]),
    named("big5", "Traditional Chinese (Big5)", &["cp950", "950"]),
    named("euc-kr", "Korean (EUC-KR)", &["cp949", "949", "uhc"]),
];

impl TextEncoding {
    /// UTF-8.
    pub const UTF_8: Self = Self(&ALL[0]);
    /// Windows-1252, the encoding of a plain CSV of Excel in western Europe and America.
    pub const WINDOWS_1252: Self = Self(&ALL[3]);

    /// All encodings, in the order of menus.
    pub fn all() -> impl Iterator<Item = Self> {
        ALL.iter().map(Self)
    }

    /// The name in the database and on the command line.
    pub fn slug(self) -> &'static str {
        self.0.slug
    }

    /// The name on pages.
    pub fn label(self) -> &'static str {
        self.0.label
    }
}

/// Not the name of an encoding that Greencap reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownEncoding(pub String);

impl fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = ALL.iter().map(|named| named.slug).collect();
        write!(f, "there is no encoding {}; choose one of {}", self.0, names.join(", "))
    }
}

impl std::error::Error for UnknownEncoding {}

impl FromStr for TextEncoding {
    type Err = UnknownEncoding;
    /// Reads a name in any case and spelling.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bare = |name: &str| -> String {
            name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
        };
        let key = bare(text);
        let is = |named: &&Named| {
            !key.is_empty() && (bare(named.slug) == key || named.also.contains(&key.as_str()))
        };
        ALL.iter().find(is).map(Self).ok_or_else(|| UnknownEncoding(text.to_owned()))
    }
}

impl TryFrom<String> for TextEncoding {
    type Error = UnknownEncoding;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TextEncoding> for String {
    fn from(encoding: TextEncoding) -> Self {
        encoding.slug().to_owned()
    }
}

impl fmt::Debug for TextEncoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slug())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_every_usual_spelling() {
        for (text, slug) in [
            ("Windows-1250", "windows-1250"),
            ("CP1250", "windows-1250"),
            ("latin1", "windows-1252"),
            ("ISO-8859-1", "windows-1252"),
            ("MacRoman", "macintosh"),
            ("cp850", "ibm850"),
            ("Shift-JIS", "shift_jis"),
            ("GBK", "gb18030"),
            ("utf8", "utf-8"),
            ("UTF-16", "utf-16le"),
        ] {
            assert_eq!(text.parse::<TextEncoding>().map(TextEncoding::slug), Ok(slug), "{text}");
        }
        assert!("klingon".parse::<TextEncoding>().is_err() && "".parse::<TextEncoding>().is_err());
        for encoding in TextEncoding::all() {
            assert_eq!(encoding.slug().parse(), Ok(encoding));
        }
    }
}
