//! Messages to people: one queue with a row for each recipient and channel, and the jobs that send them. This
//! module depends on no feature: a feature declares its kinds of message ([`kind::Message`]) and registers
//! them in [`crate::rooms`].

mod channel;
pub mod email;
pub mod kind;
mod lease;
mod loaded;
pub mod not_mine;
pub(crate) mod notice;
mod own_templates;
pub mod queue;
pub(crate) mod retention;
pub mod sender;
pub mod templates;
#[cfg(test)]
mod tests;
pub mod words;
