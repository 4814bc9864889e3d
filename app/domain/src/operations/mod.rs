//! Operations: planned row by row, approved by a second person if needed, run once, and possible to undo.

pub mod facts;
pub mod past;
pub mod plan;
pub mod progress;
pub mod state;
