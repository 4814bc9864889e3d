//! The settings in the environment, over those of the file that it names.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;

use super::{ConfigError, ConfigValues, file, names};

/// Reads the settings of an environment.
pub(super) fn values(
    environment: impl Iterator<Item = (OsString, OsString)>,
) -> Result<ConfigValues, ConfigError> {
    let mut ours = BTreeMap::new();
    let mut unknown = Vec::new();
    let mut problems = Vec::new();
    let mut config = None;
    for (name, value) in environment {
        // A name that is not text is nobody's mistyped setting, and an empty value counts as not set.
        let Some(name) = name.to_str().filter(|_| !value.is_empty()) else { continue };
        if name == "GREENCAP_CONFIG" {
            config = Some(PathBuf::from(value));
        } else if names::is_setting(name) {
            match value.into_string() {
                Ok(value) => {
                    ours.insert(name.to_owned(), value);
                }
                Err(_) => problems.push(format!("{name} is not text in UTF-8: set it again")),
            }
        } else if names::looks_like_ours(name) {
            unknown.push(name.to_owned());
        }
    }
    let mut values = match config {
        None => BTreeMap::new(),
        Some(path) => std::fs::read_to_string(&path)
            .map_err(|error| vec![error.to_string()])
            .and_then(|text| file::parse(&text))
            .unwrap_or_else(|found| {
                let named = |problem| format!("GREENCAP_CONFIG names {}: {problem}", path.display());
                problems.extend(found.into_iter().map(named));
                BTreeMap::new()
            }),
    };
    if !problems.is_empty() {
        return Err(ConfigError(problems));
    }
    values.extend(ours);
    values.retain(|_, value| !value.is_empty());
    // Others may use a name like this for a database of their own; it is only meant as ours if ours is missing.
    unknown.retain(|name| !values.contains_key("DATABASE_URL") || !names::is_like_database_url(name));
    unknown.sort();
    let unknown = unknown.iter().map(|name| names::unknown(name, "in the environment")).collect();
    Ok(ConfigValues { values, unknown })
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    fn read(pairs: &[(&str, &[u8])]) -> Result<ConfigValues, ConfigError> {
        let os = |bytes: &[u8]| OsString::from_vec(bytes.to_vec());
        values(pairs.iter().map(|(name, value)| (os(name.as_bytes()), os(value))))
    }

    #[test]
    fn a_value_that_is_not_text_is_named_if_it_is_ours() {
        assert_eq!(read(&[("LESS", b"\xff"), ("GREENCAP_POOL", b"8")]).unwrap().values["GREENCAP_POOL"], "8");
        let error = read(&[("GREENCAP_POOL", b"\xff"), ("DATABASE_URL", b"\xfe")]).unwrap_err();
        assert_eq!(error.0.len(), 2);
        assert!(error.0[0].contains("GREENCAP_POOL") && error.0[1].contains("DATABASE_URL"), "{error}");
    }

    #[test]
    fn an_empty_value_is_not_set() {
        let read = read(&[("GREENCAP_CONFIG", b""), ("GREENCAP_POOL", b""), ("GREENCAP_LISTN", b"")]);
        assert_eq!(read, Ok(ConfigValues::default()));
    }

    #[test]
    fn a_name_that_may_be_meant_as_ours_is_named() {
        let named = |pairs: &[(&str, &[u8])]| read(pairs).unwrap().unknown;
        for (name, meant) in [
            ("DATABASE_URI", "DATABASE_URL"),
            ("DATABSE_URL", "DATABASE_URL"),
            ("database_url", "DATABASE_URL"),
            ("GREENCAP_DATABASE_URL", "DATABASE_URL"),
            ("GRENCAP_LISTEN", "GREENCAP_LISTEN"),
            ("greencap_pool", "GREENCAP_POOL"),
        ] {
            let said = format!("{name} in the environment is not a setting: did you mean {meant}?");
            assert_eq!(named(&[(name, b"x")]), [said]);
        }
        assert_eq!(named(&[("DATABASE_URI", b"x"), ("DATABASE_URL", b"postgres://x")]), [""; 0]);
        assert_eq!(named(&[("PATH", b"x"), ("DATABASE_HOST", b"x"), ("GREEN_URL", b"x")]), [""; 0]);
    }
}
