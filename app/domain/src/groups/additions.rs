//! The rule by which a course adds its modules: choosing Mathematics Year 1 adds its statistics and its mechanics.

use std::collections::{BTreeMap, BTreeSet};

use crate::ids::CourseId;

/// Which courses each course adds. A course never adds itself, directly or through others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Additions(BTreeMap<CourseId, BTreeSet<CourseId>>);

impl Additions {
    /// Reads the rule from pairs of a course and what it adds.
    pub fn of(pairs: impl IntoIterator<Item = (CourseId, CourseId)>) -> Self {
        let mut adds: BTreeMap<CourseId, BTreeSet<CourseId>> = BTreeMap::new();
        for (course, added) in pairs {
            adds.entry(course).or_default().insert(added);
        }
        Self(adds)
    }

    /// Everything that a group takes which chose these courses: the courses themselves, and what each adds, directly and
    /// through others.
    pub fn with(&self, chosen: &BTreeSet<CourseId>) -> BTreeSet<CourseId> {
        let mut taken = chosen.clone();
        let mut next: Vec<CourseId> = chosen.iter().copied().collect();
        while let Some(course) = next.pop() {
            for added in self.0.get(&course).into_iter().flatten() {
                if taken.insert(*added) {
                    next.push(*added);
                }
            }
        }
        taken
    }

    /// The courses through which `course` would add itself if it added `added`, from `added` to `course`; `None` if it
    /// would not.
    pub fn circle(&self, course: CourseId, added: CourseId) -> Option<Vec<CourseId>> {
        let mut from: BTreeMap<CourseId, CourseId> = BTreeMap::new();
        let mut next = vec![added];
        while let Some(at) = next.pop() {
            if at == course {
                let mut way = vec![at];
                let mut last = at;
                while last != added {
                    last = *from.get(&last)?;
                    way.push(last);
                }
                way.reverse();
                return Some(way);
            }
            for further in self.0.get(&at).into_iter().flatten() {
                if *further != added && !from.contains_key(further) {
                    from.insert(*further, at);
                    next.push(*further);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn course(number: u8) -> CourseId {
        CourseId(Uuid::from_u128(number.into()))
    }

    fn additions(pairs: &[(u8, u8)]) -> Additions {
        Additions::of(pairs.iter().map(|(a, b)| (course(*a), course(*b))))
    }

    #[test]
    fn choosing_a_course_adds_its_modules_and_theirs() {
        let rule = additions(&[(1, 2), (1, 3), (3, 4), (5, 6)]);
        let taken = rule.with(&[course(1)].into());
        assert_eq!(taken, [1, 2, 3, 4].map(course).into());
    }

    #[test]
    fn a_rule_that_adds_itself_is_found_with_its_way() {
        let rule = additions(&[(1, 2), (2, 3)]);
        assert_eq!(rule.circle(course(3), course(1)), Some([1, 2, 3].map(course).to_vec()));
        assert_eq!(rule.circle(course(1), course(1)), Some(vec![course(1)]));
        assert_eq!(rule.circle(course(1), course(3)), None);
    }

    proptest! {
        #[test]
        fn what_was_refused_by_no_circle_never_adds_itself(pairs in prop::collection::vec((0u8..12, 0u8..12), 0..40)) {
            let mut kept: Vec<(CourseId, CourseId)> = Vec::new();
            for (a, b) in pairs {
                let (a, b) = (course(a), course(b));
                if Additions::of(kept.iter().copied()).circle(a, b).is_none() {
                    kept.push((a, b));
                }
            }
            let rule = Additions::of(kept.iter().copied());
            for (a, b) in &kept {
                prop_assert!(!rule.with(&[*b].into()).contains(a));
            }
        }
    }
}
