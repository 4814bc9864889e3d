//! The pages.

pub mod erased;
pub mod find;
pub mod kept;
pub mod person;
pub mod read;

/// The tabs of the pages about everyone.
const TABS: &[(&str, &str)] = &[
    ("/data-rights", "Find a person"),
    ("/data-rights/kept", "How long data is kept"),
    ("/data-rights/erased", "Erased people"),
];

/// The page above a person's.
const DATA_RIGHTS: (&str, &str) = ("/data-rights", "Data rights");
