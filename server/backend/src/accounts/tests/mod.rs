//! The accounts' use cases on a real PostgreSQL.

mod changing;
mod lists;
