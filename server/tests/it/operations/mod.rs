//! Operations: waiting for a second person, and long ones while they run.

mod approvals;
mod long;
