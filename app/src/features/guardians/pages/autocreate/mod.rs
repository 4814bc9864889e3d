//! Autocreate: choosing the rules, the simulation, and what became of it.

mod actions;
mod drifted;
mod options;
mod rows;
mod run;

use domain::ids::AutocreateId;

pub use drifted::drifted_page;
pub use options::options_page;
pub use run::{RunPage, Shown, run_page};

/// The page with the rules.
pub const PATH: &str = "/guardians/autocreate";

/// The title of every page of this task.
const TITLE: &str = "Autocreate guardian accounts";

/// The first sentence of every page of this task.
const LEAD: &str =
    "Looks at the students you choose and their contacts, and shows what would happen before anything does.";

/// The address of a run.
pub fn path_of(run: AutocreateId) -> String {
    format!("{PATH}/{run}")
}
