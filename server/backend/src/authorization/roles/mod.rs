//! Roles: giving and removing them, editing what they allow, and explaining why someone can or cannot do
//! something.

pub mod give;
mod grown;
pub mod holders;
pub mod kinds;
pub mod people;
mod stored;
pub mod take;
#[cfg(test)]
mod tests;
pub mod why;

pub(crate) use grown::maker_reaches;
pub(crate) use stored::{
    StoredRole, ensure_administrator_stays, everybody_outranking, has_administrator,
    has_lasting_administrator, lock_roles, outranking, refuse_all_but_administrators, refuse_outranked,
};
