//! Passwords made for people, on cards: making a pile of them, looking at piles, and making one void.
//!
//! A card is an invitation on paper, or for an account in use a way to a new password. What it opens, who it outranks and how
//! often it can be tried is decided where those are: [`crate::invitations`], [`crate::recovery`], [`crate::credentials`].

pub mod chosen;
mod files;
pub mod make;
pub mod piles;
pub(crate) mod retention;
pub mod void;

#[cfg(test)]
mod tests;
