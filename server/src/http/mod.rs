//! HTTP: the router and the layers around it. Pages come from `app`, use cases from `backend`.

mod accounts;
mod assets;
mod audit;
mod authorization;
pub mod connections;
mod cookies;
mod credentials;
mod desk;
mod factors;
mod family;
mod headers;
mod health;
mod imports;
mod invitations;
mod lists;
mod office;
mod operations;
mod origin;
mod own_account;
mod portal;
mod problem;
mod recovery;
mod roll;
mod router;
mod routes;
pub mod session;
mod sessions;
mod settings;
mod setup;
mod sign_in;
mod single_sign_on;
mod source;
mod visitor;
mod watch;

pub use router::{declared, router};
pub use routes::{Access, Declared};
