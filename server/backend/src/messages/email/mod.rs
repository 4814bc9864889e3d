//! Email: a connection to a mail server, and a message with its headers.

pub mod connection;
pub mod message;
