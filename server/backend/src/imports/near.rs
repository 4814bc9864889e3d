//! The people of a school by almost the same key.

use std::collections::HashMap;

use domain::imports::who::near_key;
use uuid::Uuid;

/// People by their folded keys ([`near_key`]).
#[derive(Debug, Default)]
pub(crate) struct NearKeys(HashMap<String, Vec<Uuid>>);

impl NearKeys {
    /// The people whose key is almost this one.
    pub(crate) fn of(&self, key: &str) -> &[Uuid] {
        self.0.get(&near_key(key)).map_or(&[], Vec::as_slice)
    }
}

impl FromIterator<(String, Uuid)> for NearKeys {
    fn from_iter<I: IntoIterator<Item = (String, Uuid)>>(keys: I) -> Self {
        let mut near: HashMap<String, Vec<Uuid>> = HashMap::new();
        for (key, person) in keys {
            near.entry(near_key(&key)).or_default().push(person);
        }
        Self(near)
    }
}
