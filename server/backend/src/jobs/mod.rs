//! Work that happens after the answer: the worker and its queue of messages.

mod claim;
mod lane;
mod letters;
mod recoveries;
pub mod worker;
