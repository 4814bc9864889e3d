//! Messages by email: what they say, how they are built, and how they reach a mail server.

pub mod connection;
pub mod message;
pub mod render;
pub mod server;
pub mod transport;
