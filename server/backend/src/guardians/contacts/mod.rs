//! Who is who to a child.

pub mod attach;
pub mod change;
pub mod end;
pub mod link;
pub mod of_adult;
pub(crate) mod of_child;
pub(in crate::guardians) mod opening;
mod probable;
mod row;
pub mod shown;
mod target;
#[cfg(test)]
mod tests;
pub(crate) mod write;
