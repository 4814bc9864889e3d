//! Who sees what of a child, for the office.

mod defaults;
mod grants;
mod map;
mod restrict;
mod restrictions;

pub use defaults::{defaults_page, read_ticks};
pub use grants::grants_page;
pub use map::map_page;
pub use restrict::{RestrictFor, restrict_page};

use domain::authorization::role::RoleValidity;
use domain::when::long_day;

/// "since 1 September 2026, until 5 July 2027", for something that holds, held or will.
fn period(since: chrono::NaiveDate, until: Option<chrono::NaiveDate>, holds: RoleValidity) -> String {
    let from = match holds {
        RoleValidity::NotYet(_) => format!("from {}", long_day(since)),
        _ => format!("since {}", long_day(since)),
    };
    match until {
        Some(day) => format!("{from}, until {}", long_day(day)),
        None => from,
    }
}
