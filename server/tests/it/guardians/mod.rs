//! Guardians.

mod autocreate;
