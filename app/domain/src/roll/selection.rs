//! The people a bulk operation is about.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::roll::filter::RollFilter;

/// A selection of people, by hand or by filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Selection {
    /// People picked row by row.
    People {
        /// In the order picked, duplicates allowed.
        ids: Vec<PersonId>,
    },
    /// Everyone who matches a filter when the operation starts ("Select all that match").
    Matching {
        /// The page's filter.
        filter: RollFilter,
    },
}
