//! The audit log from outside.

mod command;
mod pages;
