//! From evidence to a verdict.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::adult::Adult;
use super::crowd::Crowd;
use super::evidence::Evidence;
use super::given::{FamilyMatch, GivenMatch, family, given, is_swapped};

/// From this many points on, two people are the same.
const SAME_FROM: i16 = 13;

/// From this many points on, a person is asked.
const ASK_FROM: i16 = 5;

/// Whether two people are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are different people.
    Different,
    /// A person has to say.
    Ask,
    /// They are one, as far as Greencap can tell. Even so only a person merges them.
    Same,
}

impl Verdict {
    /// The name in the database.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::Ask => "ask",
            Self::Same => "same",
        }
    }

    /// Reads [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        [Self::Different, Self::Ask, Self::Same].into_iter().find(|verdict| verdict.slug() == slug)
    }

    /// The text on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Different => "Different people",
            Self::Ask => "Possibly the same person",
            Self::Same => "Very likely the same person",
        }
    }
}

/// What was found about two people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The sum.
    pub points: i16,
    /// What it is made of, in the order of [`Evidence::ALL`].
    pub evidence: Vec<Evidence>,
    /// What follows.
    pub verdict: Verdict,
}

impl Judgement {
    /// Whether it holds up an account: they share more than a name, which many people have, or one of them works here.
    pub fn is_more_than_a_name(&self) -> bool {
        let beyond = |evidence: &Evidence| evidence.is_beyond_names() || *evidence == Evidence::Colleague;
        self.verdict > Verdict::Different && self.evidence.iter().any(beyond)
    }
}

/// Compares two adults. The order of the two makes no difference.
pub fn judge(a: &Adult, b: &Adult, crowd: &Crowd) -> Judgement {
    let mut evidence = Vec::with_capacity(8);
    let given = of_names(a, b, crowd, &mut evidence);
    of_addresses(a, b, crowd, &mut evidence);
    of_families(a, b, &mut evidence);
    if a.keys.iter().any(|key| b.keys.contains(key)) {
        evidence.push(Evidence::SameKey);
    }
    let rules = [
        (Evidence::Couple, a.names.is_couple || b.names.is_couple),
        (Evidence::Colleague, a.is_staff || b.is_staff),
        (Evidence::Student, a.is_student || b.is_student),
    ];
    evidence.extend(rules.into_iter().filter(|(_, holds)| *holds).map(|(rule, _)| rule));
    evidence.sort_unstable();
    let points = evidence.iter().map(|found| found.points()).sum();
    let verdict = verdict(points, &evidence, given);
    Judgement { points, evidence, verdict }
}

/// Whether to ask again about two people who were said to be two: only if something strong is new.
pub fn asks_again(known_then: &[Evidence], known_now: &[Evidence]) -> bool {
    let then: HashSet<_> = known_then.iter().collect();
    known_now.iter().any(|evidence| evidence.is_strong() && !then.contains(evidence))
}

fn verdict(points: i16, evidence: &[Evidence], given: GivenMatch) -> Verdict {
    let has = |rule| evidence.contains(&rule);
    let by_points = match points {
        SAME_FROM.. => Verdict::Same,
        ASK_FROM.. => Verdict::Ask,
        _ => Verdict::Different,
    };
    let verdict = match has(Evidence::SameKey) {
        // Systems give an identifier to somebody else.
        true if given == GivenMatch::Other => Verdict::Ask,
        true => Verdict::Same,
        false => by_points,
    };
    // Two people of one household share a surname, a home, a mailbox and a child.
    if given == GivenMatch::Other && !has(Evidence::SameKey) && !has(Evidence::SameBirthDate) {
        return Verdict::Different;
    }
    let asks = has(Evidence::Couple) || has(Evidence::Colleague) || has(Evidence::Student);
    if asks { verdict.min(Verdict::Ask) } else { verdict }
}

fn of_names(a: &Adult, b: &Adult, crowd: &Crowd, evidence: &mut Vec<Evidence>) -> GivenMatch {
    let (a, b) = (&a.names, &b.names);
    let both = a.generation.zip(b.generation);
    evidence.extend(both.filter(|(one, other)| one != other).map(|_| Evidence::OtherGeneration));
    let both = a.sex.zip(b.sex);
    evidence.extend(both.filter(|(one, other)| one != other).map(|_| Evidence::OtherTitle));
    if is_swapped(a, b) {
        evidence.push(Evidence::SwappedNames);
        return GivenMatch::Variant;
    }
    let given = given(a, b);
    evidence.extend(match given {
        GivenMatch::Exact => Some(Evidence::SameGiven),
        GivenMatch::Variant => Some(Evidence::GivenVariant),
        GivenMatch::Initial => Some(Evidence::GivenInitial),
        GivenMatch::Missing => None,
        GivenMatch::Other => Some(Evidence::OtherGiven),
    });
    evidence.extend(match family(a, b) {
        FamilyMatch::Exact if crowd.is_rare(a) && crowd.is_rare(b) => Some(Evidence::RareFamily),
        FamilyMatch::Exact => Some(Evidence::SameFamily),
        FamilyMatch::Close => Some(Evidence::FamilyVariant),
        FamilyMatch::Part => Some(Evidence::FamilyPart),
        FamilyMatch::Missing => None,
        FamilyMatch::Other => Some(Evidence::OtherFamily),
    });
    given
}

fn of_addresses(a: &Adult, b: &Adult, crowd: &Crowd, evidence: &mut Vec<Evidence>) {
    let kinds = [
        (&a.emails, &b.emails, Evidence::SameEmail, Evidence::SharedEmail),
        (&a.mobiles, &b.mobiles, Evidence::SameMobile, Evidence::SharedMobile),
        (&a.landlines, &b.landlines, Evidence::SameLandline, Evidence::SharedLandline),
    ];
    for (of_a, of_b, same, shared) in kinds {
        let mut in_common = of_a.iter().filter(|value| of_b.contains(value)).peekable();
        if in_common.peek().is_some() {
            // One of their own counts, whatever else they share.
            evidence.push(if in_common.any(|value| !crowd.is_shared(value)) { same } else { shared });
        }
    }
}

fn of_families(a: &Adult, b: &Adult, evidence: &mut Vec<Evidence>) {
    let links = a.children.iter().flat_map(|one| {
        b.children.iter().filter(move |other| other.child == one.child).map(move |other| (one, other))
    });
    let (mut in_common, mut one_row) = (false, false);
    for (one, other) in links {
        in_common = true;
        one_row |= one.recorded == other.recorded
            && one.priority.zip(other.priority).is_some_and(|(first, second)| first != second);
    }
    evidence.extend(in_common.then_some(Evidence::ChildInCommon));
    evidence.extend(one_row.then_some(Evidence::OneRow));
    if a.home.is_some() && a.home == b.home {
        evidence.push(Evidence::SameHome);
    }
    if let Some((one, other)) = a.born_on.zip(b.born_on) {
        evidence.push(if one == other { Evidence::SameBirthDate } else { Evidence::OtherBirthDate });
    }
}
