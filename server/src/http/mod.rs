//! HTTP: the router and the layers around it. Pages come from `app`, use cases from `backend`.

mod access;
mod accounts;
mod assets;
mod audit;
pub mod connections;
mod desk;
mod family;
mod headers;
mod health;
mod imports;
mod invitations;
mod office;
mod origin;
mod portal;
mod roll;
mod router;
mod routes;
pub mod session;
mod source;
mod visitor;
mod watch;

pub use router::{declared, router};
pub use routes::{Access, Declared};
