//! What a merge of two people does to access: before and after, for each child and part of the portal.

use std::collections::{BTreeMap, BTreeSet};

use crate::authorization::grant::PortalScope;
use crate::ids::PersonId;

/// One part of one child's portal.
pub type Opened = (PersonId, PortalScope);

/// One of the two people, as far as a merge of them is about access.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeSide {
    /// Whether they can sign in, or will once they activate their account.
    pub has_login: bool,
    /// What their grants open, from today on.
    pub granted: BTreeSet<Opened>,
    /// What restrictions keep from them, from today on.
    pub restricted: BTreeSet<Opened>,
}

impl MergeSide {
    /// What they can see.
    pub fn sees(&self) -> BTreeSet<Opened> {
        self.granted.difference(&self.restricted).copied().collect()
    }
}

/// Access to one part of one child's portal, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ScopeChange {
    /// The part.
    pub scope: PortalScope,
    /// Whether the person who stays sees it before.
    pub survivor_before: bool,
    /// Whether the other person sees it before.
    pub other_before: bool,
    /// Whether the person who stays sees it afterwards.
    pub after: bool,
    /// Whether a login sees it afterwards that did not before.
    pub widens: bool,
}

/// The access map of one child, before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildChange {
    /// The child.
    pub child: PersonId,
    /// Whether the other person's access is not moved, because a restriction is about one of the two and this child.
    pub stays_behind: bool,
    /// The parts that one of the two sees before or afterwards.
    pub scopes: Vec<ScopeChange>,
}

/// What a merge does to access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessChange {
    /// Every child that one of the two sees something of, or may not.
    pub children: Vec<ChildChange>,
}

impl AccessChange {
    /// Compares before and after. Grants to a child under a restriction of either stay where they are; restrictions of both
    /// are about the person who stays.
    pub fn of(survivor: &MergeSide, other: &MergeSide) -> Self {
        let restricted: BTreeSet<Opened> = survivor.restricted.union(&other.restricted).copied().collect();
        let behind: BTreeSet<PersonId> = restricted.iter().map(|(child, _)| *child).collect();
        let (before, others) = (survivor.sees(), other.sees());
        let moved = others.iter().filter(|(child, _)| !behind.contains(child));
        let after: BTreeSet<Opened> =
            before.iter().chain(moved).filter(|opened| !restricted.contains(opened)).copied().collect();
        // The login that is left: the survivor's own, or else the other's, which moves.
        let login = match (survivor.has_login, other.has_login) {
            (true, _) => Some(&before),
            (false, true) => Some(&others),
            (false, false) => None,
        };
        let mut children: BTreeMap<PersonId, Vec<ScopeChange>> =
            behind.iter().map(|child| (*child, Vec::new())).collect();
        let all: BTreeSet<Opened> = before.union(&others).copied().collect();
        for opened in all {
            children.entry(opened.0).or_default().push(ScopeChange {
                scope: opened.1,
                survivor_before: before.contains(&opened),
                other_before: others.contains(&opened),
                after: after.contains(&opened),
                widens: after.contains(&opened) && login.is_some_and(|login| !login.contains(&opened)),
            });
        }
        let children = children
            .into_iter()
            .map(|(child, scopes)| ChildChange { child, stays_behind: behind.contains(&child), scopes })
            .collect();
        Self { children }
    }

    /// Whether a login sees something afterwards that it did not before. Then a second person has to agree.
    pub fn widens(&self) -> bool {
        self.children.iter().flat_map(|child| &child.scopes).any(|scope| scope.widens)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn child(number: u128) -> PersonId {
        PersonId(Uuid::from_u128(number))
    }

    fn side(has_login: bool, granted: &[u128], restricted: &[u128]) -> MergeSide {
        let profile = |children: &[u128]| {
            children.iter().map(|number| (child(*number), PortalScope::Profile)).collect()
        };
        MergeSide { has_login, granted: profile(granted), restricted: profile(restricted) }
    }

    #[test]
    fn access_widens_only_for_a_login_that_did_not_have_it() {
        let widens = |survivor, other| AccessChange::of(&survivor, &other).widens();
        assert!(
            widens(side(true, &[1], &[]), side(false, &[2], &[])),
            "the survivor now sees the second child"
        );
        assert!(
            widens(side(false, &[1], &[]), side(true, &[2], &[])),
            "the other login moves, and sees the first"
        );
        assert!(!widens(side(false, &[1], &[]), side(false, &[2], &[])), "nobody signs in");
        assert!(!widens(side(true, &[1, 2], &[]), side(true, &[2], &[])));
        assert!(!widens(side(true, &[], &[]), side(false, &[2], &[2])), "what is restricted opens nothing");
    }

    #[test]
    fn a_restricted_child_is_on_the_map_and_nothing_of_it_moves() {
        let change = AccessChange::of(&side(true, &[1], &[2]), &side(true, &[2], &[]));
        let second = change.children.iter().find(|change| change.child == child(2)).unwrap();
        assert!(second.stays_behind && second.scopes.iter().all(|scope| !scope.after));
    }

    fn any_side() -> impl Strategy<Value = MergeSide> {
        let some = || proptest::collection::btree_set(0..5_u128, 0..4);
        (any::<bool>(), some(), some()).prop_map(|(has_login, granted, restricted)| {
            let list = |set: std::collections::BTreeSet<u128>| set.into_iter().collect::<Vec<_>>();
            side(has_login, &list(granted), &list(restricted))
        })
    }

    proptest! {
        #[test]
        fn nobody_sees_afterwards_what_a_restriction_keeps_from_either(a in any_side(), b in any_side()) {
            for change in AccessChange::of(&a, &b).children {
                for scope in change.scopes.iter().filter(|scope| scope.after) {
                    let opened = (change.child, scope.scope);
                    prop_assert!(!a.restricted.contains(&opened) && !b.restricted.contains(&opened));
                    prop_assert!(a.granted.contains(&opened) || b.granted.contains(&opened));
                }
            }
        }
    }
}
