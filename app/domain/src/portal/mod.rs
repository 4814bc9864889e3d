//! The portal: what people see about themselves, and guardians about their children.

mod group;
mod reason;
mod views;

pub use group::{PortalFeature, PortalFrameView, PortalGroup, PortalPerson};
pub use reason::PreviewReason;
pub use views::{PortalChildPage, PortalHome, PortalSchool, PreviewVisit};
