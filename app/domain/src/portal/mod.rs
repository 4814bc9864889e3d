//! The portal: what people see about themselves, and guardians about their children.

mod choice;
mod group;
mod reason;
mod views;

pub use choice::PortalChoice;
pub use group::{PortalFeature, PortalFrameView, PortalGroup, PortalPerson};
pub use reason::PreviewReason;
pub use views::{PortalChildPage, PortalHome, PortalSchool, PreviewVisit};
