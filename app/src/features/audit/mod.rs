//! The audit log, read by staff who may.

pub mod pages;
