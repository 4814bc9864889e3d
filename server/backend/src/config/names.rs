//! The names of all settings, and what a name that is none of them may be meant as.

/// Every name that Greencap reads.
pub(super) const KNOWN: [&str; 14] = [
    "DATABASE_URL",
    "GREENCAP_BASE_URL",
    "GREENCAP_DATA",
    "GREENCAP_LISTEN",
    "GREENCAP_MAIL_FROM",
    "GREENCAP_METRICS",
    "GREENCAP_PEPPER",
    "GREENCAP_POOL",
    "GREENCAP_PROXIES",
    "GREENCAP_SECURITY_CONTACT",
    "GREENCAP_SITE",
    "GREENCAP_SMTP_URL",
    "GREENCAP_WATCH",
    "GREENCAP_WORKER_LEASE",
];

/// Names in the environment that others read: those of `./dev` and the tests.
const OF_OTHERS: [&str; 3] = ["GREENCAP_BIN", "GREENCAP_CACHE", "GREENCAP_FAULT_SEED"];

/// How all names but one begin.
const PREFIX: &str = "GREENCAP_";

/// The name that does not.
const DATABASE: &str = "DATABASE_URL";

/// In how many letters a word may differ from the one that is meant by it.
const TOLERANCE: usize = 2;

/// Whether Greencap reads this name.
pub(super) fn is_setting(name: &str) -> bool {
    KNOWN.contains(&name)
}

/// Whether a name in the environment that is no setting may be meant as one.
pub(super) fn looks_like_ours(name: &str) -> bool {
    !OF_OTHERS.contains(&name)
        && (without_prefix(&name.to_ascii_uppercase()).is_some() || is_like_database_url(name))
}

/// Whether a name may be meant as that of the database.
pub(super) fn is_like_database_url(name: &str) -> bool {
    distance(&name.to_ascii_uppercase(), DATABASE) <= TOLERANCE
}

/// What follows the prefix, which may be mistyped.
fn without_prefix(typed: &str) -> Option<&str> {
    let (head, rest) = typed.split_once('_')?;
    (distance(head, PREFIX.trim_end_matches('_')) <= TOLERANCE).then_some(rest)
}

/// Says that a name is no setting, and which one is nearest.
pub(super) fn unknown(name: &str, from: &str) -> String {
    let typed = name.to_ascii_uppercase();
    let typed = without_prefix(&typed).unwrap_or(&typed);
    // The start of a name is meant as that name.
    let longer = KNOWN.iter().find(|known| typed.len() > 2 && own_part(known).starts_with(typed));
    let nearest = longer.copied().or_else(|| nearest(typed)).map(|known| format!(": did you mean {known}?"));
    format!("{name} {from} is not a setting{}", nearest.unwrap_or_default())
}

/// The part of a name that no other name has.
fn own_part(known: &str) -> &str {
    known.strip_prefix(PREFIX).unwrap_or(known)
}

/// The nearest name, by the parts that tell names apart. Of a short one fewer letters may differ: any two words of four
/// letters are near each other.
fn nearest(typed: &str) -> Option<&'static str> {
    KNOWN
        .iter()
        .map(|known| (distance(typed, own_part(known)), *known))
        .min()
        .filter(|(distance, _)| *distance <= (typed.len() / 4).max(1))
        .map(|(_, known)| known)
}

/// The number of letters to insert, remove, change or swap with their neighbour to turn one name into another
/// (Damerau, 1964; adjacent letters are swapped at most once).
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_the_configuration_reads_is_known() {
        let read = include_str!("../config.rs").split("text(\"").skip(1);
        let names: Vec<&str> = read.filter_map(|rest| rest.split('"').next()).collect();
        assert!(names.len() > 10, "{names:?}");
        for name in names {
            assert!(KNOWN.contains(&name), "{name}");
        }
    }

    #[test]
    fn a_mistyped_name_is_named_with_the_nearest() {
        for (typed, meant) in [
            ("GREENCAP_STMP_URL", "GREENCAP_SMTP_URL"),
            ("GREENCAP_SMTP", "GREENCAP_SMTP_URL"),
            ("GREENCAP_BASEURL", "GREENCAP_BASE_URL"),
            ("greencap_listen", "GREENCAP_LISTEN"),
            ("DATABASE_URI", "DATABASE_URL"),
        ] {
            assert!(
                unknown(typed, "in the environment").ends_with(&format!("did you mean {meant}?")),
                "{typed}"
            );
        }
        for far in ["GREENCAP_SERVICE_HOST", "GREENCAP_PORT", "GREENCAP_P", "GREENCAP_HOST", "GREENCAP_"] {
            assert_eq!(unknown(far, "in the file"), format!("{far} in the file is not a setting"));
        }
    }
}
