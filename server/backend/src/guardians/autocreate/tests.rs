//! Simulations and runs on a real PostgreSQL.
