//! Who may do what: roles of staff.

pub mod pages;
