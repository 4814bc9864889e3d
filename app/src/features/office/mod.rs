//! The office: the signed-in person, and the frame around every page.

pub mod autocreate_link;
pub mod layout;
pub mod me;
#[cfg(feature = "ssr")]
pub mod page;
