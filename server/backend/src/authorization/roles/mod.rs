//! Roles: giving and removing them, editing what they allow, and explaining why someone can or cannot do
//! something.

/// Whether the actor gives roles to, or employs, a person (`$person` in the statement): someone they see with the
/// permission they entered with, or anyone who has a role or works at one of their schools, unless a restriction hides
/// them.
macro_rules! within_reach {
    ($person:literal) => {
        concat!(
            $person,
            " <> ALL ((SELECT carried_ids('greencap.hidden'))::uuid[])
              AND (EXISTS (SELECT FROM visible_people v WHERE v.person_id = ",
            $person,
            ")
                   OR EXISTS (SELECT FROM staff_roles r
                              WHERE r.person_id = ",
            $person,
            " AND r.school_id = ANY (carried_ids('greencap.schools')))
                   OR EXISTS (SELECT FROM employments e
                              WHERE e.person_id = ",
            $person,
            " AND e.school_id = ANY (carried_ids('greencap.schools'))))"
        )
    };
}
pub(crate) use within_reach;

pub mod give;
mod grown;
pub mod holders;
pub mod kinds;
pub mod people;
mod stored;
pub mod take;
#[cfg(test)]
mod tests;
pub(crate) mod tutors;
pub mod why;

pub(crate) use grown::maker_reaches;
pub(crate) use stored::{
    StoredRole, ensure_administrator_stays, everybody_outranking, has_administrator,
    has_lasting_administrator, lock_roles, outranking, refuse_all_but_administrators, refuse_outranked,
};
