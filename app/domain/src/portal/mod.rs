//! The portal: what people see about themselves.

mod group;
mod reason;
mod views;

pub use group::{PortalFeature, PortalFrameView, PortalGroup, PortalPerson};
pub use reason::PreviewReason;
pub use views::{PortalHome, PortalSchool, PreviewVisit};
