//! Households: adults and children whom contacts connect. They only put rows of a page beside each other: whether somebody
//! gets access follows from the contact of adult and child alone, never from a household, its order or a surname.

use std::collections::HashMap;

use super::facts::{ContactStanding, PairFacts};
use crate::guardians::relationship::Relationship;
use crate::ids::PersonId;

/// Returns the household of each pair, as a number that is the same for pairs that belong together. Numbers begin at 0, in
/// the order of the pairs.
pub fn households(pairs: &[PairFacts]) -> Vec<usize> {
    let mut of_person: HashMap<PersonId, usize> = HashMap::with_capacity(pairs.len() * 2);
    let mut parents: Vec<usize> = Vec::with_capacity(pairs.len() * 2);
    for pair in pairs {
        let [adult, child] = [pair.adult, pair.child].map(|person| {
            *of_person.entry(person).or_insert_with(|| {
                parents.push(parents.len());
                parents.len() - 1
            })
        });
        if is_family(pair) {
            let (adult, child) = (root(&mut parents, adult), root(&mut parents, child));
            parents[adult] = child;
        }
    }
    let mut numbers = HashMap::new();
    pairs
        .iter()
        .map(|pair| {
            // A contact who is no family, such as a doctor, stands with the child.
            let of_child = root(&mut parents, of_person[&pair.child]);
            let next = numbers.len();
            *numbers.entry(of_child).or_insert(next)
        })
        .collect()
}

/// A doctor or a social worker connects hundreds of families who have nothing to do with each other.
fn is_family(pair: &PairFacts) -> bool {
    pair.contact_is == ContactStanding::Now
        && pair.relationship.can_be_guardian()
        && pair.relationship != Relationship::SocialWorker
        && !pair.is_organisation
        && !pair.restricted
}

/// Finds the person who stands for a household, and remembers it for the next search.
fn root(parents: &mut [usize], mut of: usize) -> usize {
    while parents[of] != of {
        parents[of] = parents[parents[of]];
        of = parents[of];
    }
    of
}
