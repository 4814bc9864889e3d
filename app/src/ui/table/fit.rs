//! Decides which columns are shown at which width of the table.
//!
//! A list declares the width of its columns, so the answer is the same on the server and in the browser, and
//! nothing needs measuring: a column gets the class of the smallest width at which it fits, and the style
//! sheet hides it below that.

use std::sync::Arc;

use domain::lists::columns::ColumnChoice;
use domain::lists::positions::sort_positions;

use super::column::{ColumnHead, ColumnRole, ColumnWidth};

/// The margin: `--margin-w` of the design.
const MARGIN: u16 = 88;
/// From this width, a table has columns; below it, rows become entries of several lines that need no columns.
const ENTRIES_BELOW: u16 = 704;
/// A column that needs more than this is left out of entries too, unless it says otherwise or the person has chosen it.
const ENTRY_FITS: u16 = 960;
/// The distance between the widths in the style sheet.
const STEP: u16 = 32;
/// The largest width in the style sheet.
const WIDEST: u16 = 1760;

/// A column that is shown if it fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FittedColumn {
    /// Its index in the list's columns.
    pub at: usize,
    /// The table width from which there is room for it, in pixels at the default font size; 0 for always.
    pub from: u16,
    /// Whether it is shown if rows are entries of several lines.
    pub in_entries: bool,
    /// The classes of its head and cells.
    pub class: Arc<str>,
}

impl FittedColumn {
    /// Whether it fits in a table of this width, in pixels at the default font size.
    pub fn fits(&self, width: f64) -> bool {
        if width < f64::from(ENTRIES_BELOW) { self.in_entries } else { f64::from(self.from) <= width }
    }
}

/// Returns the columns to show, in order.
pub fn fit(heads: &[ColumnHead], choice: &ColumnChoice) -> Vec<FittedColumn> {
    let wanted = (0u32..).zip(heads).filter(|(_, head)| is_wanted(head, choice));
    let mut order: Vec<u32> = wanted.map(|(at, _)| at).collect();
    // Columns to keep longest come first: those that a row needs, then those the person chose, then by the
    // list's order.
    let rank = |at: u32| {
        let head = &heads[at as usize];
        let rank = choice.rank(head.slug);
        (head.role == ColumnRole::Tells, rank.is_none(), rank, head.yields)
    };
    sort_positions(&mut order, &mut |a, b| rank(a).cmp(&rank(b)));
    let (mut fixed, mut growing, mut widest) = (MARGIN, 0u16, 0u16);
    let mut shown = vec![None; heads.len()];
    for at in order {
        let at = at as usize;
        let head = &heads[at];
        match head.width {
            ColumnWidth::Fixed(width) => fixed += width,
            // Growing columns share the remaining space equally.
            ColumnWidth::Grows(least) => (growing, widest) = (growing + 1, widest.max(least)),
        }
        let needed = (fixed + growing * widest).div_ceil(STEP) * STEP;
        let always = head.role != ColumnRole::Tells || head.yields == 0 || needed <= ENTRIES_BELOW;
        let from = if always { 0 } else { needed.min(WIDEST) };
        let in_entries = head.on_phones || from <= ENTRY_FITS || choice.rank(head.slug).is_some();
        shown[at] = Some(FittedColumn { at, from, in_entries, class: class(head, from, in_entries).into() });
    }
    shown.into_iter().flatten().collect()
}

/// Whether a column should be shown if it fits.
pub fn is_wanted(head: &ColumnHead, choice: &ColumnChoice) -> bool {
    match head.role {
        ColumnRole::Names | ColumnRole::Acts => true,
        ColumnRole::Tells if head.on_request => choice.rank(head.slug).is_some(),
        ColumnRole::Tells => !choice.hides(head.slug),
    }
}

fn class(head: &ColumnHead, from: u16, in_entries: bool) -> String {
    let mut classes = Vec::new();
    if let ColumnWidth::Fixed(width) = head.width {
        classes.push(format!("w-{width}"));
    }
    if from > 0 {
        classes.push(format!("from-{from}"));
    }
    if !in_entries {
        classes.push("not-in-entries".to_owned());
    }
    match head.role {
        ColumnRole::Names => classes.push("names".to_owned()),
        ColumnRole::Acts => classes.push("acts".to_owned()),
        ColumnRole::Tells => {}
    }
    classes.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: ColumnHead = head("name", ColumnWidth::Grows(208), 0, ColumnRole::Names);
    const GROUP: ColumnHead = head("group", ColumnWidth::Fixed(80), 3, ColumnRole::Tells);
    const STATUS: ColumnHead = head("status", ColumnWidth::Fixed(192), 1, ColumnRole::Tells);
    const EMAIL: ColumnHead = head("email", ColumnWidth::Grows(240), 2, ColumnRole::Tells);

    const fn head(slug: &'static str, width: ColumnWidth, yields: u8, role: ColumnRole) -> ColumnHead {
        ColumnHead::new(slug, "", width, yields, role)
    }

    fn widths(heads: &[ColumnHead], choice: &ColumnChoice) -> Vec<(&'static str, u16)> {
        fit(heads, choice).iter().map(|shown| (heads[shown.at].slug, shown.from)).collect()
    }

    #[test]
    fn what_has_the_highest_number_gives_way_first() {
        let widths = widths(&[NAME, GROUP, STATUS, EMAIL], &ColumnChoice::default());
        // 88 + 208 + 192 is less than the minimum width of a table; then 88 + 192 + 2 × 240 = 760, and 80
        // more.
        assert_eq!(widths, [("name", 0), ("group", 864), ("status", 0), ("email", 768)]);
    }

    #[test]
    fn what_somebody_chose_gives_way_last_and_what_they_hid_is_gone() {
        let mut choice = ColumnChoice::default();
        choice.show("group");
        choice.hide("status");
        choice.hide("name");
        let widths = widths(&[NAME, GROUP, STATUS, EMAIL], &choice);
        assert_eq!(widths, [("name", 0), ("group", 0), ("email", 0)]);
    }

    #[test]
    fn a_column_on_request_waits_to_be_chosen() {
        let email = ColumnHead { on_request: true, ..EMAIL };
        let mut choice = ColumnChoice::default();
        assert_eq!(widths(&[NAME, email], &choice), [("name", 0)]);
        choice.show("email");
        assert_eq!(widths(&[NAME, email], &choice), [("name", 0), ("email", 0)]);
    }

    #[test]
    fn a_phone_shows_a_column_that_is_for_phones_even_if_a_table_needs_much_width_for_it() {
        let wide = ColumnHead { width: ColumnWidth::Grows(480), ..EMAIL };
        let on_phones = |email| fit(&[NAME, email], &ColumnChoice::default())[1].in_entries;
        assert!(!on_phones(wide));
        assert!(on_phones(ColumnHead { on_phones: true, ..wide }));
    }

    #[test]
    fn the_style_sheet_knows_every_width_that_can_be_asked_for() {
        let sheet = include_str!("../../../../style/components/table.css");
        for from in (ENTRIES_BELOW + STEP..=WIDEST).step_by(STEP.into()) {
            let rule = format!("(44rem <= width < {}rem) {{ .from-{from} {{", from / 16);
            assert!(sheet.contains(&rule), "{rule}");
        }
    }
}
