//! What leaves Greencap: the queue of messages, and the job that sends them.

mod lease;
mod loaded;
mod recoveries;
pub(crate) mod retention;
pub mod sender;
