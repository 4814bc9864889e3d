//! Which people a bulk operation is about.

use serde::{Deserialize, Serialize};

use crate::ids::PersonId;
use crate::roll::filter::RollFilter;

/// A choice of people, by hand or by filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Selection {
    /// These people, picked row by row.
    People {
        /// In the order picked; duplicates count once.
        ids: Vec<PersonId>,
    },
    /// All who match a filter at the moment of the operation ("Select all that match").
    Matching {
        /// The filter as it stood on the page.
        filter: RollFilter,
    },
}
