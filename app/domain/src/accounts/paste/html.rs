//! The cells of a table in HTML, as browsers and spreadsheets put it on the clipboard. Only what a list needs: tags are
//! skipped, entities are read, and nothing is run or loaded.

/// Whether a text has a table.
pub(super) fn has_table(html: &str) -> bool {
    tags(html).any(|tag| tag.name == "table")
}

/// Visits the rows of all tables.
pub(super) fn rows(html: &str, mut row: impl FnMut(Vec<String>)) {
    let mut cells: Vec<String> = Vec::new();
    let mut cell: Option<(String, usize)> = None;
    let mut skipped: Option<String> = None;
    let mut at = 0;
    let end_cell = |cells: &mut Vec<String>, cell: &mut Option<(String, usize)>| {
        if let Some((text, span)) = cell.take() {
            cells.push(text);
            cells.extend(std::iter::repeat_n(String::new(), span - 1));
        }
    };
    for tag in tags(html) {
        if let Some((text, _)) = &mut cell
            && skipped.is_none()
        {
            push_text(text, &html[at..tag.start]);
        }
        at = tag.end;
        if let Some(name) = &skipped {
            if tag.closes && tag.name == *name {
                skipped = None;
            }
            continue;
        }
        match tag.name.as_str() {
            "script" | "style" | "template" if !tag.closes => skipped = Some(tag.name),
            "td" | "th" => {
                end_cell(&mut cells, &mut cell);
                if !tag.closes {
                    cell = Some((String::new(), tag.span));
                }
            }
            "tr" | "table" => {
                end_cell(&mut cells, &mut cell);
                if !cells.is_empty() {
                    row(std::mem::take(&mut cells));
                }
            }
            "br" | "p" | "div" | "li" => {
                if let Some((text, _)) = &mut cell {
                    text.push(' ');
                }
            }
            _ => {}
        }
    }
    if let Some((text, _)) = &mut cell {
        push_text(text, &html[at..]);
    }
    end_cell(&mut cells, &mut cell);
    if !cells.is_empty() {
        row(cells);
    }
}

/// The most columns that one cell may cover: a table can say any number.
const WIDEST: usize = 20;

struct HtmlTag {
    name: String,
    closes: bool,
    span: usize,
    start: usize,
    end: usize,
}

/// The tags of a text, without comments.
fn tags(html: &str) -> impl Iterator<Item = HtmlTag> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + html[from..].find('<')?;
            let inner = &html[start + 1..];
            if let Some(comment) = inner.strip_prefix("!--") {
                from = comment.find("-->").map_or(html.len(), |at| start + 4 + at + 3);
                continue;
            }
            let (closes, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
            let name: String = inner
                .chars()
                .take_while(char::is_ascii_alphanumeric)
                .collect::<String>()
                .to_ascii_lowercase();
            // A "<" in a text.
            if name.is_empty() {
                from = start + 1;
                continue;
            }
            let begins = start + 1 + usize::from(closes);
            let Some(length) = html[begins..].find('>') else {
                from = html.len();
                return None;
            };
            from = begins + length + 1;
            let span = span_of(&html[begins..begins + length]);
            return Some(HtmlTag { name, closes, span, start, end: from });
        }
    })
}

/// How many columns a cell covers.
fn span_of(tag: &str) -> usize {
    let number = tag.to_ascii_lowercase().split_once("colspan").map(|(_, after)| {
        let digits = after.trim_start_matches([' ', '=', '"', '\'']);
        digits.chars().take_while(char::is_ascii_digit).collect::<String>()
    });
    number.and_then(|number| number.parse().ok()).unwrap_or(1).clamp(1, WIDEST)
}

/// Adds a text with its entities read.
fn push_text(to: &mut String, mut text: &str) {
    while let Some(at) = text.find('&') {
        to.push_str(&text[..at]);
        let after = &text[at + 1..];
        let entity =
            after.find(';').filter(|end| *end <= 10).and_then(|end| Some((entity(&after[..end])?, end)));
        if let Some((c, end)) = entity {
            to.push(c);
            text = &after[end + 1..];
        } else {
            to.push('&');
            text = after;
        }
    }
    to.push_str(text);
}

/// The letters that names have and browsers write as entities; they write most as themselves.
#[rustfmt::skip]
const NAMED: &[(&str, char)] = &[
    ("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", ' '), ("rsquo", '\u{2019}'),
    ("lsquo", '\u{2018}'), ("ndash", '\u{2013}'), ("shy", '\u{ad}'), ("agrave", 'à'), ("aacute", 'á'), ("acirc", 'â'), ("atilde", 'ã'),
    ("auml", 'ä'), ("aring", 'å'), ("aelig", 'æ'), ("ccedil", 'ç'), ("egrave", 'è'), ("eacute", 'é'), ("ecirc", 'ê'),
    ("euml", 'ë'), ("igrave", 'ì'), ("iacute", 'í'), ("icirc", 'î'), ("iuml", 'ï'), ("ntilde", 'ñ'), ("ograve", 'ò'),
    ("oacute", 'ó'), ("ocirc", 'ô'), ("otilde", 'õ'), ("ouml", 'ö'), ("oslash", 'ø'), ("ugrave", 'ù'), ("uacute", 'ú'),
    ("ucirc", 'û'), ("uuml", 'ü'), ("yacute", 'ý'), ("szlig", 'ß'),
];

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hex = number.strip_prefix(['x', 'X']);
        let code = hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
        return char::from_u32(code);
    }
    let found = NAMED.iter().find(|(known, _)| *known == name).map(|(_, c)| *c);
    let capital = || {
        let lower = name.to_ascii_lowercase();
        NAMED.iter().find(|(known, _)| *known == lower).and_then(|(_, c)| c.to_uppercase().next())
    };
    found.or_else(capital)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<Vec<String>> {
        let mut found = Vec::new();
        rows(html, |row| found.push(row));
        found
    }

    #[test]
    fn scripts_comments_and_open_tags_give_no_cells() {
        let html = "<table><!-- <td>no</td> --><tr><td>a < b<script>var x = '<td>no';</script></td><td colspan=2>c</td><td";
        assert_eq!(read(html), [["a < b", "c", ""]]);
        assert!(!has_table("<p>none</p>") && has_table("x <TABLE border=0>"));
    }

    #[test]
    fn entities_are_letters() {
        assert_eq!(read("<td>&Eacute;va &#x141;&amp;&unknown; &</td>"), [["Éva Ł&&unknown; &"]]);
        assert!(read("<td colspan=99999999999>a</td>")[0].len() <= WIDEST);
    }
}
