//! Server functions for sessions.

mod end_sessions;

pub use end_sessions::end_sessions;
