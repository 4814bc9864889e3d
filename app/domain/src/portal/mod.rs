//! The portal: what a person sees of themselves.

mod reason;
mod views;

pub use reason::PreviewReason;
pub use views::{PortalHome, PortalSchool, Visit};
