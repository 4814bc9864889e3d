//! Quotation marks around a whole cell, as programs and people put them around text: they are no part of it.

/// Marks that open a quotation, each with those that can close it.
const PAIRS: [(char, &[char]); 11] = [
    ('"', &['"']),
    ('\u{201c}', &['\u{201d}', '\u{201c}']),
    ('\u{201d}', &['\u{201d}']),
    ('\u{201e}', &['\u{201c}', '\u{201d}']),
    ('\u{ab}', &['\u{bb}']),
    ('\u{bb}', &['\u{ab}', '\u{bb}']),
    ('\u{2039}', &['\u{203a}']),
    ('\u{203a}', &['\u{2039}']),
    ('\u{201a}', &['\u{2018}', '\u{2019}']),
    ('\u{300c}', &['\u{300d}']),
    ('\u{ff02}', &['\u{ff02}']),
];

/// Marks that are apostrophes too.
const SINGLE: [char; 4] = ['\'', '\u{2018}', '\u{2019}', '`'];

/// The text between quotation marks that stand around all of it; `None` if there are none. Apostrophes of names, as in
/// `'t Hooft`, `O'Brien` and `D’Arcy`, are none.
pub(super) fn between_marks(text: &str) -> Option<&str> {
    let (open, close) = (text.chars().next()?, text.chars().next_back()?);
    let inner = text.get(open.len_utf8()..text.len().checked_sub(close.len_utf8())?)?;
    let is_whole = if SINGLE.contains(&open) && SINGLE.contains(&close) {
        !inner.is_empty() && marks_are_apostrophes(inner)
    } else {
        PAIRS.iter().any(|(of, closes)| {
            *of == open && closes.contains(&close) && !inner.contains(open) && !inner.contains(close)
        })
    };
    is_whole.then(|| inner.trim())
}

/// Whether each single mark in a text stands between letters, so that it ends no quotation.
fn marks_are_apostrophes(text: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut before = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if SINGLE.contains(&c) && !(is_letter(before) && is_letter(rest.clone().next())) {
            return false;
        }
        before = Some(c);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_around_a_whole_text_are_no_part_of_it() {
        for (text, inner) in [
            ("\u{201c}Ann\u{201d}", "Ann"),
            ("'Ann'", "Ann"),
            ("\u{2018}Ann\u{2019}", "Ann"),
            ("\u{201e}Ann\u{201c}", "Ann"),
            ("\u{201e}Ann\u{201d}", "Ann"),
            ("\u{201a}Ann\u{2018}", "Ann"),
            ("\u{ab} Ann \u{bb}", "Ann"),
            ("\u{bb}Ann\u{ab}", "Ann"),
            ("\u{2039}Ann\u{203a}", "Ann"),
            ("\"Ann\"", "Ann"),
            ("\u{201c}Ann Pym\u{201d}", "Ann Pym"),
            ("\u{201c}Pym, Ann\u{201d}", "Pym, Ann"),
            ("'O'Brien'", "O'Brien"),
            ("\u{2018}D\u{2019}Arcy\u{2019}", "D\u{2019}Arcy"),
            ("\u{201c}\u{201d}", ""),
        ] {
            assert_eq!(between_marks(text), Some(inner), "{text}");
        }
    }

    #[test]
    fn apostrophes_and_quoted_words_stay() {
        for text in [
            "O'Brien",
            "'t Hooft",
            "\u{2019}t Hooft",
            "D\u{2019}Arcy",
            "Abdu'",
            "'",
            "''",
            "\"",
            "",
            "\"Bob\" Lee",
            "Robert \"Bob\"",
            "\u{201c}Ann\u{201d} and \u{201c}Bo\u{201d}",
            "'Ann' or 'Nan'",
            "\u{201c}Ann",
            "Pym\u{201d}",
            "'s-Gravenhage",
        ] {
            assert_eq!(between_marks(text), None, "{text}");
        }
    }
}
