//! Operations: what waits for a second person.

mod approvals;
