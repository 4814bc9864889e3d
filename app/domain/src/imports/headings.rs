//! Two heading rows: what stands above several columns, such as "Mother", goes before the names below it. A spreadsheet
//! that is saved as text keeps only the first of the cells that a merged one covers.

use super::kind::{ImportDeclaration, header_key};

/// The names of two rows as one; `None` if the upper row does not tell apart names that the lower one repeats.
pub fn joined(kind: &ImportDeclaration, above: &[String], below: &[String]) -> Option<Vec<String>> {
    let keys: Vec<String> = below.iter().map(|name| header_key(name)).collect();
    let repeats = |at: usize| !keys[at].is_empty() && keys.iter().filter(|key| **key == keys[at]).count() > 1;
    if !(0..below.len()).any(repeats) {
        return None;
    }
    let mut over = "";
    let names = below.iter().enumerate().map(|(at, name)| {
        let upper = above.get(at).map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
        over = upper.unwrap_or(over);
        let name = name.trim();
        let whole = format!("{over} {name}");
        // Behind the last group, only what is known with its name belongs to it.
        let belongs = upper.is_some() || repeats(at) || kind.usual(&whole).is_some();
        match upper {
            // A name that is merged over both rows.
            Some(upper) if name.is_empty() || header_key(upper) == keys[at] => upper.to_owned(),
            _ if over.is_empty() || name.is_empty() || !belongs => name.to_owned(),
            _ => whole,
        }
    });
    let names: Vec<String> = names.collect();
    let different = |names: &[String]| {
        let mut keys: Vec<String> = names.iter().map(|name| header_key(name)).collect();
        keys.sort_unstable();
        keys.dedup();
        keys.len()
    };
    (different(&names) > different(below)).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardians::import::CONTACTS;

    fn row(cells: &str) -> Vec<String> {
        cells.split(',').map(str::to_owned).collect()
    }

    // C40
    #[test]
    fn what_stands_above_several_columns_goes_before_their_names() {
        for (above, below, names) in [
            (
                ",,Mother,,Father,",
                "ID,Child,Name,Email,Name,Email",
                Some("ID,Child,Mother Name,Mother Email,Father Name,Father Email"),
            ),
            (
                ",Contact 1,,Contact 2,,,",
                "UPN,Name,Email,Name,Email,Mobile,Notes",
                Some(
                    "UPN,Contact 1 Name,Contact 1 Email,Contact 2 Name,Contact 2 Email,Contact 2 Mobile,Notes",
                ),
            ),
            (
                "Pupil,,Contact,,",
                "Forename,Surname,Forename,Surname,Priority",
                Some("Pupil Forename,Pupil Surname,Contact Forename,Contact Surname,Contact Priority"),
            ),
            // Names that are merged over both rows, and the groups over their columns.
            (
                "ID,Child,Mother,,Father,",
                ",,Name,Email,Name,Email",
                Some("ID,Child,Mother Name,Mother Email,Father Name,Father Email"),
            ),
            // A title tells nothing apart, and nothing is repeated.
            ("Quillmere School", "UPN,Forename,Surname,Forename,Surname", None),
            (",Mother,,", "ID,Name,Email,Mobile", None),
        ] {
            assert_eq!(joined(&CONTACTS, &row(above), &row(below)), names.map(row), "{above}");
        }
    }
}
