//! What people see when their session ended, or when someone else is signed in in their browser.

mod cover;
mod ended;
mod notices;

pub use cover::{CoverWords, cover_words};
pub use ended::{ended_page, signed_in_page, someone_else_page};
pub use notices::{KeptNotice, kept_notice};
