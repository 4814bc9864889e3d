//! What is held on people, how long it is kept, and its erasure.

pub mod pages;
