//! Stored rows as people read them.

use serde_json::Value;

/// A row as pairs of a name and a value, without what says nothing to its reader: ids, and what is empty.
pub fn readable(row: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = row else { return Vec::new() };
    fields
        .iter()
        .filter(|(name, _)| !is_id(name))
        .filter_map(|(name, value)| Some((label(name), text(value)?)))
        .collect()
}

fn is_id(name: &str) -> bool {
    name == "id"
        || name.ends_with("_id")
        || name.ends_with("_ids")
        || name == "search_key"
        || name == "sort_key"
}

/// `starts_on` as "Starts on".
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(if *yes { "Yes" } else { "No" }.to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if text.trim().is_empty() => None,
        Value::String(text) => Some(moment(text).unwrap_or_else(|| text.clone())),
        Value::Array(values) => {
            let texts: Vec<String> = values.iter().filter_map(self::text).collect();
            (!texts.is_empty()).then(|| texts.join(", "))
        }
        Value::Object(fields) => {
            let texts: Vec<String> =
                fields.iter().filter_map(|(name, value)| Some(format!("{name}: {}", text(value)?))).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
    }
}

/// "2026-09-01T08:30:00.123+00:00" as "2026-09-01 08:30 UTC".
fn moment(text: &str) -> Option<String> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&chrono::Utc);
    Some(at.format("%Y-%m-%d %H:%M UTC").to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_row_is_read_without_ids_and_without_what_is_empty() {
        let row = json!({
            "id": "4b2e", "person_id": "77", "given_name": "Ada", "born_on": "2012-03-04", "title": "",
            "closed_at": null, "created_at": "2026-09-01T08:30:00.123+00:00", "functions": ["home", ""],
            "is_primary": true, "details": { "together": 3 },
        });
        let read = readable(&row);
        let value =
            |name: &str| read.iter().find(|(label, _)| label == name).map(|(_, value)| value.as_str());
        assert_eq!(value("Given name"), Some("Ada"));
        assert_eq!(value("Born on"), Some("2012-03-04"));
        assert_eq!(value("Created at"), Some("2026-09-01 08:30 UTC"));
        assert_eq!(value("Functions"), Some("home"));
        assert_eq!(value("Is primary"), Some("Yes"));
        assert_eq!(value("Details"), Some("together: 3"));
        assert_eq!(read.len(), 6, "{read:?}");
    }
}
