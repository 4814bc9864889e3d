//! Autocreate: a simulation that is stored, and the run of exactly that simulation.

mod alike;
mod apply;
mod count;
pub mod create;
mod decide;
pub mod end_access;
pub mod export;
pub mod lines;
pub mod list;
pub(crate) mod message;
mod read;
pub mod simulate;
mod store;
pub mod student_groups;
mod undo;
pub mod view;

#[cfg(test)]
mod tests;
