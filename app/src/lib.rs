//! Office and portal pages.
