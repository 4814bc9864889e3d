//! Server functions for one-time codes.

mod make_code;

pub use make_code::make_code;
