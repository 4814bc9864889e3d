//! Greencap's web server and commands. Use cases are in `backend`, pages in `app`; this crate connects them
//! to a terminal and to HTTP.

// Types of whole pages are deep.
#![recursion_limit = "512"]

mod backup;
pub mod cli;
pub mod embedded;
pub mod http;
