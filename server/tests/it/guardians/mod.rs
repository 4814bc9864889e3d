//! Guardians, through the router.

mod records;
