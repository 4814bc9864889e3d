//! A person's record: everything about one student, combined from the other rooms.

mod help;
mod history;
#[expect(clippy::module_inception, reason = "the action that the feature is named after")]
mod record;
#[cfg(test)]
mod tests;

pub use record::record;
