//! Who may call a route or server function at all. The use case behind it then asks the policy about the
//! person or school in question.

use super::actor::Actor;
use super::grant::PortalScope;
use super::permission::Permission;
use super::policy::{Refusal, Resource, decide};
use super::visible::VisiblePeople;

/// Who may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everyone, signed in or not: for signing in and invitations.
    Everybody,
    /// Anyone signed in.
    SignedIn,
    /// People who have this permission somewhere.
    Holds(Permission),
    /// People who have been granted this part of some child's portal.
    Granted(PortalScope),
}

/// Why someone may not call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessDenied {
    /// They are not signed in.
    SignedOut,
    /// The policy refuses them.
    Refused(Refusal),
}

impl Access {
    /// Whether `actor`, or someone not signed in, may call.
    pub fn admits(self, actor: Option<&Actor>) -> Result<(), AccessDenied> {
        match (self, actor) {
            (Self::Everybody, _) | (Self::SignedIn, Some(_)) => Ok(()),
            (_, None) => Err(AccessDenied::SignedOut),
            (Self::Holds(permission), Some(actor)) => {
                let anywhere = Resource::AnySchool(actor.organisation);
                decide(actor, permission, anywhere).map(|_| ()).map_err(AccessDenied::Refused)
            }
            (Self::Granted(scope), Some(actor)) => {
                let visible = VisiblePeople::children(actor, scope);
                let a_child =
                    visible.everyone || visible.people.iter().any(|one| actor.person() != Some(*one));
                if a_child { Ok(()) } else { Err(AccessDenied::Refused(Refusal::NoGrant)) }
            }
        }
    }
}

/// The requirements of a route or server function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requires {
    /// Who may call.
    pub access: Access,
    /// Whether it is a sensitive action, which needs a recent step-up.
    pub step_up: bool,
}

impl Requires {
    /// Requires access only.
    pub const fn only(access: Access) -> Self {
        Self { access, step_up: false }
    }

    /// Requires access and step-up authentication.
    pub const fn with_step_up(access: Access) -> Self {
        Self { access, step_up: true }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;
    use crate::authorization::actor::RoleAssignment;
    use crate::authorization::grant::{Grant, GrantGround, Restriction};
    use crate::authorization::place::Place;
    use crate::authorization::role::{Role, RoleValidity};
    use crate::ids::{AccountId, OrganisationId, PersonId, SchoolId};

    const CHILD: PersonId = PersonId(Uuid::from_u128(9));

    fn someone(roles: Vec<RoleAssignment>) -> Actor {
        let id = Uuid::from_u128;
        Actor::signed_in(OrganisationId(id(1)), AccountId(id(2)), PersonId(id(3)), roles)
    }

    fn guardian(holds: RoleValidity) -> Actor {
        let grant = Grant { child: CHILD, scope: PortalScope::Fees, ground: GrantGround::Consent, holds };
        someone(vec![]).with_children(vec![grant], vec![])
    }

    #[test]
    fn everybody_is_admitted_to_what_is_open_and_who_is_signed_in_to_what_takes_no_more() {
        assert_eq!(Access::Everybody.admits(None), Ok(()));
        assert_eq!(Access::SignedIn.admits(None), Err(AccessDenied::SignedOut));
        assert_eq!(Access::SignedIn.admits(Some(&someone(vec![]))), Ok(()));
    }

    #[test]
    fn a_permission_is_held_somewhere_or_it_is_not() {
        let place = Place::School(SchoolId(Uuid::from_u128(4)));
        let viewer = someone(vec![RoleAssignment::new(Role::OfficeViewer.permissions(), place)]);
        assert_eq!(Access::Holds(Permission::ViewRoll).admits(None), Err(AccessDenied::SignedOut));
        assert_eq!(Access::Holds(Permission::ViewRoll).admits(Some(&viewer)), Ok(()));
        let refused = Err(AccessDenied::Refused(Refusal::NoRole));
        assert_eq!(Access::Holds(Permission::ManageAccounts).admits(Some(&viewer)), refused);
    }

    #[test]
    fn a_grant_admits_in_its_scope_and_days_while_no_restriction_closes_the_child() {
        let refused = Err(AccessDenied::Refused(Refusal::NoGrant));
        let fees = Access::Granted(PortalScope::Fees);
        assert_eq!(fees.admits(None), Err(AccessDenied::SignedOut));
        assert_eq!(fees.admits(Some(&guardian(RoleValidity::Now))), Ok(()));
        assert_eq!(Access::Granted(PortalScope::Grades).admits(Some(&guardian(RoleValidity::Now))), refused);
        let last_day = NaiveDate::from_ymd_opt(2026, 11, 1).unwrap();
        assert_eq!(fees.admits(Some(&guardian(RoleValidity::Ended(last_day)))), refused);
        assert_eq!(fees.admits(Some(&someone(vec![]))), refused, "their own portal is no child's");
        let closed = Restriction { child: CHILD, scopes: vec![PortalScope::Fees] };
        let grant = Grant {
            child: CHILD,
            scope: PortalScope::Fees,
            ground: GrantGround::Consent,
            holds: RoleValidity::Now,
        };
        let restricted = someone(vec![]).with_children(vec![grant], vec![closed]);
        assert_eq!(fees.admits(Some(&restricted)), refused);
    }
}
