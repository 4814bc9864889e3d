//! The cells of a table in HTML, as browsers and spreadsheets put it on the clipboard. Only what a list needs: tags are
//! skipped, entities are read, and nothing is run or loaded.

/// Whether a text has a table.
pub(super) fn has_table(html: &str) -> bool {
    tags(html).any(|tag| tag.name == "table")
}

/// Visits the rows of all tables.
pub(super) fn rows(html: &str, mut row: impl FnMut(Vec<String>)) {
    let mut table = HtmlTable::default();
    let mut skipped: Option<String> = None;
    let mut at = 0;
    for tag in tags(html) {
        if skipped.is_none() {
            table.text(&html[at..tag.start]);
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
                table.end_cell();
                table.cell = (!tag.closes).then(|| (String::new(), tag.span));
            }
            "tr" | "table" => {
                table.end_row(&mut row);
                if tag.name == "table" {
                    table.covered.clear();
                }
            }
            "br" | "p" | "div" | "li" => table.text(" "),
            _ => {}
        }
    }
    table.text(&html[at..]);
    table.end_row(&mut row);
}

/// What was read of a table.
#[derive(Default)]
struct HtmlTable {
    /// The cells of the row so far.
    cells: Vec<String>,
    /// The cell that is open.
    cell: Option<(String, HtmlSpan)>,
    /// For how many rows more each column is covered by a cell above.
    covered: Vec<usize>,
}

impl HtmlTable {
    fn text(&mut self, text: &str) {
        if let Some((cell, _)) = &mut self.cell {
            push_text(cell, text);
        }
    }

    fn end_cell(&mut self) {
        let Some((text, span)) = self.cell.take() else { return };
        // The columns that a cell above covers stay empty.
        while let Some(rows) = self.covered.get_mut(self.cells.len()).filter(|rows| **rows > 0) {
            *rows -= 1;
            self.cells.push(String::new());
        }
        let (at, end) = (self.cells.len(), self.cells.len() + span.columns);
        self.covered.resize(self.covered.len().max(end), 0);
        self.covered[at..end].fill(span.rows - 1);
        self.cells.push(text);
        self.cells.resize(end, String::new());
    }

    fn end_row(&mut self, row: &mut impl FnMut(Vec<String>)) {
        self.end_cell();
        if !self.cells.is_empty() {
            for rows in self.covered.iter_mut().skip(self.cells.len()) {
                *rows = rows.saturating_sub(1);
            }
            row(std::mem::take(&mut self.cells));
        }
    }
}

/// The most columns that one cell may cover: a table can say any number.
const WIDEST: usize = 20;

/// The most rows.
const TALLEST: usize = 1_000;

/// The columns and rows that a cell covers.
#[derive(Debug, Clone, Copy)]
struct HtmlSpan {
    columns: usize,
    rows: usize,
}

struct HtmlTag {
    name: String,
    closes: bool,
    span: HtmlSpan,
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

/// How many columns and rows a cell covers.
fn span_of(tag: &str) -> HtmlSpan {
    let tag = tag.to_ascii_lowercase();
    let number = |name: &str, most: usize| {
        let number = tag.split_once(name).map(|(_, after)| {
            let digits = after.trim_start_matches([' ', '=', '"', '\'']);
            digits.chars().take_while(char::is_ascii_digit).collect::<String>()
        });
        number.and_then(|number| number.parse().ok()).unwrap_or(1).clamp(1, most)
    };
    HtmlSpan { columns: number("colspan", WIDEST), rows: number("rowspan", TALLEST) }
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
    fn merged_cells_leave_the_others_in_their_places() {
        let html =
            "<table><tr><td rowspan=2>Berg<td>Ana<td>1<tr><td>Bo<td>2<tr><td>Olsen<td colspan=2>Cy</table>";
        assert_eq!(read(html), [["Berg", "Ana", "1"], ["", "Bo", "2"], ["Olsen", "Cy", ""]]);
        let last = "<table><tr><td>Berg<td rowspan=2>10B<tr><td>Olsen<tr><td>Ray<td>10C</table>";
        assert_eq!(read(last), [vec!["Berg", "10B"], vec!["Olsen"], vec!["Ray", "10C"]]);
    }

    #[test]
    fn entities_are_letters() {
        assert_eq!(read("<td>&Eacute;va &#x141;&amp;&unknown; &</td>"), [["Éva Ł&&unknown; &"]]);
        assert!(read("<td colspan=99999999999>a</td>")[0].len() <= WIDEST);
    }
}
