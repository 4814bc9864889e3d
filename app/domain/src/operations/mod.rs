//! Operations: what is planned row by row, may need a second person, runs once, and can be undone.

pub mod facts;
pub mod plan;
pub mod progress;
pub mod state;
