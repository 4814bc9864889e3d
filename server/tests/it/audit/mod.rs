//! The audit log from outside.

mod command;
