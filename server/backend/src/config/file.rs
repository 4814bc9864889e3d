//! The TOML file that `GREENCAP_CONFIG` names.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::names::{KNOWN, unknown};

/// Reads the file's settings as text. Numbers and `true` are accepted as well as text, `false` counts as not
/// set, and a list is joined by commas.
///
/// # Errors
/// Every problem at once.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, String>, Vec<String>> {
    let table: Table = toml::from_str(text).map_err(|error: toml::de::Error| vec![error.to_string()])?;
    let mut problems = Vec::new();
    let mut values = BTreeMap::new();
    for (name, value) in table {
        if !KNOWN.contains(&name.as_str()) {
            problems.push(unknown(&name, "in the file"));
            continue;
        }
        match plain(&value) {
            Some(text) => {
                values.insert(name, text);
            }
            None => problems.push(format!("{name} must be one value, in quotes unless it is a number")),
        }
    }
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(set) => Some(if *set { "true".to_owned() } else { String::new() }),
        Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.map(|texts| texts.join(","))
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_are_values_too() {
        let text = "GREENCAP_POOL = 8\nGREENCAP_WORKER_LEASE = 30\nGREENCAP_WATCH = false\n\
                    GREENCAP_PROXIES = [\"10.0.0.2\", \"10.0.0.3\"]\nGREENCAP_LISTEN = \"0.0.0.0:3000\"\n";
        let values = parse(text).unwrap();
        assert_eq!(values["GREENCAP_POOL"], "8");
        assert_eq!(values["GREENCAP_WORKER_LEASE"], "30");
        assert_eq!(values["GREENCAP_WATCH"], "");
        assert_eq!(values["GREENCAP_PROXIES"], "10.0.0.2,10.0.0.3");
        assert_eq!(values["GREENCAP_LISTEN"], "0.0.0.0:3000");
    }

    #[test]
    fn every_key_that_is_no_setting_is_named_with_the_nearest() {
        let problems = parse("GREENCAP_POOLS = 8\nlisten = \"x\"\nGREENCAP_DATA = 1.5\n").unwrap_err();
        assert_eq!(
            problems,
            [
                "GREENCAP_DATA must be one value, in quotes unless it is a number",
                "GREENCAP_POOLS in the file is not a setting: did you mean GREENCAP_POOL?",
                "listen in the file is not a setting: did you mean GREENCAP_LISTEN?",
            ]
        );
    }
}
