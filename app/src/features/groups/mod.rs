//! Teaching groups, their members and tutors, courses and academic years.

pub mod pages;
