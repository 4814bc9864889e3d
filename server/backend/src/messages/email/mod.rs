//! Email as it is handed to a mail server: a connection to it, and a message with its headers.

pub mod connection;
pub mod message;
