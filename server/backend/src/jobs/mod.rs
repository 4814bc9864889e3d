//! Work that happens after the answer: the worker, its queue of messages, and what goes after its time.

mod claim;
mod lane;
mod letters;
mod recoveries;
pub mod retention;
pub mod worker;
