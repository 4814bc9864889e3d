//! The audit log, for staff with permission.

pub mod pages;
