//! Who in Greencap an adult of the file is.

use std::collections::BTreeMap;

use super::accounts::claim;
use super::adults::{Mention, Why, is_initial};
use super::children;
use super::known::{AdultIndex, Known, KnownAdult, KnownChild, KnownChildren};
use super::plan::{PlanRow, SELF, Trouble};
use crate::fold::romanise;
use crate::ids::PersonId;
use crate::imports::held::{ChoiceKind, Choices, HeldChoice, HeldReason, HeldRow, ShownPerson};
use crate::imports::note::Note;
use crate::imports::who::NameMatch;
use crate::roll::address::EmailAddress;
use crate::roll::import::people::{ImportedPerson, name_hash};

/// The code of a key that is that of somebody with another name.
pub const KEY_OF_ANOTHER: &str = "adult_key_of_another";
/// The code of a row whose adult is a student.
pub const PUPIL_AS_GUARDIAN: &str = "pupil_as_guardian";
/// The code of an adult who is nowhere and has no name.
pub const ADULT_UNKNOWN: &str = "adult_unknown";
/// The code of two names with one key.
pub const KEY_TWO_NAMES: &str = "key_two_names";

/// An adult of the file: what its rows say.
pub(super) struct Group<'a> {
    pub(super) mentions: Vec<Mention<'a>>,
    /// The children of all rows.
    pub(super) children: Vec<PersonId>,
}

/// Who it is: the place of somebody known, and how they were found, or somebody new.
pub(super) fn find(
    group: &Group<'_>,
    rows: &[PlanRow<'_>],
    (known, index): (&Known, &AdultIndex<'_>),
    choices: &Choices,
) -> Result<Option<(usize, Why)>, Trouble> {
    let people = || group.mentions.iter().filter_map(|mention| mention.said.person.as_ref());
    if group.mentions.iter().any(|mention| mention.said.is_couple) {
        return Err(couple(group, rows, choices));
    }
    if contradicts_itself(group) {
        return Err(Trouble::Rejected(Note::new(KEY_TWO_NAMES)));
    }
    let mut found = by_key(group, rows, (known, index), choices)?;
    for at in by_username(group, known, index)? {
        found.entry(at).or_insert(Why::Email);
    }
    if found.is_empty() {
        for person in people() {
            let email = person.email.value().map(EmailAddress::comparable);
            let by_email = email.as_deref().map_or(&[][..], |email| index.with_email(email));
            let by_phone = person.phone.value().map_or(&[][..], |phone| index.with_phone(phone.as_str()));
            let mut note = |places: &[usize], why: Why| {
                for at in places.iter().filter(|at| is_named(person, &known.adults[**at])) {
                    found.entry(*at).or_insert(why);
                }
            };
            for child in &group.children {
                note(index.of_child(*child), Why::Child);
            }
            note(by_email, Why::Email);
            note(by_phone, Why::Phone);
        }
    }
    let number = |of: &Mention<'_>| rows[of.row].number;
    let decided = |reason| group.mentions.iter().find_map(|mention| choices.of(number(mention), reason));
    let found: Vec<(usize, Why)> = found.into_iter().collect();
    match found.as_slice() {
        [] => {}
        [(at, _)] if group.children == [known.adults[*at].person.person] => {
            return Err(Trouble::Rejected(Note::new(SELF)));
        }
        [(at, why)] if !is_out_of_reach(&known.adults[*at]) => {
            return settled(&known.adults[*at], (*at, *why));
        }
        several => {
            let mut all = several.iter().map(|(at, _)| &known.adults[*at]);
            if let Some(adult) = all.find(|adult| is_out_of_reach(adult)) {
                return Err(out_of_reach(group, rows, choices, adult));
            }
            let people: Vec<&KnownAdult> = several.iter().map(|(at, _)| &known.adults[*at]).collect();
            return match decided(HeldReason::SeveralPeople) {
                Some(HeldChoice { kind: ChoiceKind::LeaveOut, .. }) => Err(Trouble::LeftOut),
                Some(HeldChoice { person: Some(person), .. }) => match index.person(person) {
                    Some(at) => settled(&known.adults[at], (at, Why::Key)),
                    None => Err(asked(group, HeldReason::SeveralPeople, &people)),
                },
                _ => Err(asked(group, HeldReason::SeveralPeople, &people)),
            };
        }
    }
    let Some(named) = people().next() else {
        let key = group.mentions.iter().find_map(|mention| mention.said.keys().next()).unwrap_or_default();
        return Err(Trouble::Rejected(Note::new(ADULT_UNKNOWN).quoting(key)));
    };
    unfound(group, named, (known, index), &decided)
}

/// The adults whom keys, usernames or addresses of the file lead to.
fn by_key(
    group: &Group<'_>,
    rows: &[PlanRow<'_>],
    (known, index): (&Known, &AdultIndex<'_>),
    choices: &Choices,
) -> Result<BTreeMap<usize, Why>, Trouble> {
    let people = || group.mentions.iter().filter_map(|mention| mention.said.person.as_ref());
    let mut found: BTreeMap<usize, Why> = BTreeMap::new();
    for key in group.mentions.iter().flat_map(|mention| mention.said.keys()) {
        let exact = index.with_key(key);
        // Login names and addresses are the same in any case.
        let folded = key.to_lowercase();
        let places = match exact {
            [] => index.with_key(&folded),
            exact => exact,
        };
        let places = match places {
            [] if known.by_address => index.with_email(&folded),
            places => places,
        };
        for at in places {
            let adult = &known.adults[*at];
            if is_out_of_reach(adult) {
                return Err(out_of_reach(group, rows, choices, adult));
            }
            if people().any(|person| person.name_match(&adult.person.name) == NameMatch::Different) {
                return Err(Trouble::Rejected(
                    Note::new(KEY_OF_ANOTHER).with("name", adult.person.name.full()).quoting(key),
                ));
            }
            found.insert(*at, Why::Key);
        }
    }
    Ok(found)
}

/// Somebody whom nothing but their name can lead to: they are new, unless that is somebody else's too.
fn unfound(
    group: &Group<'_>,
    named: &ImportedPerson,
    (known, index): (&Known, &AdultIndex<'_>),
    decided: &dyn Fn(HeldReason) -> Option<HeldChoice>,
) -> Result<Option<(usize, Why)>, Trouble> {
    if is_bare(group)
        && let Some(answer) =
            namesake(group, index.named(named.name_hash()), known, decided(HeldReason::SeveralPeople))
    {
        return answer;
    }
    if let Some(child) = child_of_that_name(group, named, &known.children) {
        match decided(HeldReason::SeveralPeople).map(|choice| choice.kind) {
            Some(ChoiceKind::NewPerson) => return Ok(None),
            Some(_) => return Err(Trouble::LeftOut),
            None => return Err(named_as(group, child)),
        }
    }
    let colleagues = index.named(named.name_hash()).iter().filter(|at| known.adults[**at].works_here);
    let colleagues: Vec<usize> = colleagues.copied().collect();
    if colleagues.is_empty() {
        return Ok(None);
    }
    match decided(HeldReason::Colleague) {
        Some(HeldChoice { kind: ChoiceKind::NewPerson, .. }) => Ok(None),
        Some(HeldChoice { kind: ChoiceKind::LeaveOut, .. }) => Err(Trouble::LeftOut),
        Some(HeldChoice { person: Some(person), .. }) if index.person(person).is_some() => {
            Ok(index.person(person).map(|at| (at, Why::Email)))
        }
        _ => {
            let people: Vec<&KnownAdult> = colleagues.iter().map(|at| &known.adults[*at]).collect();
            Err(asked(group, HeldReason::Colleague, &people))
        }
    }
}

/// The child of an adult, if both have one name: a column of the student may have been taken for one of the adult.
fn child_of_that_name<'k>(
    group: &Group<'_>,
    named: &ImportedPerson,
    children: &'k KnownChildren,
) -> Option<&'k KnownChild> {
    let mut of_group = group.children.iter().filter_map(|child| children.person(*child));
    of_group.find(|child| named.name_hash() == name_hash(&child.name))
}

/// Asks about an adult with the name of their child.
fn named_as(group: &Group<'_>, child: &KnownChild) -> Trouble {
    let in_file = group.mentions.iter().find_map(|mention| Some(mention.said.person.as_ref()?.shown("")));
    let choices = [ChoiceKind::NewPerson, ChoiceKind::LeaveOut].map(HeldChoice::of).to_vec();
    let shown = vec![children::shown(child)];
    Trouble::Held(Box::new(HeldRow::new(
        HeldReason::SeveralPeople,
        in_file.unwrap_or_default(),
        shown,
        choices,
    )))
}

/// Whether the file has no more of an adult than a name.
fn is_bare(group: &Group<'_>) -> bool {
    let has_more = |mention: &Mention<'_>| {
        let person = mention.said.person.as_ref();
        let is_reached = person.is_some_and(|of| of.email.value().is_some() || of.phone.value().is_some());
        is_reached || mention.said.keys().next().is_some()
    };
    group.children.is_empty() && !group.mentions.iter().any(has_more)
}

/// Somebody of whom the file has no more than the name of somebody known may be them: that is asked, and never a second
/// person by itself.
fn namesake(
    group: &Group<'_>,
    named: &[usize],
    known: &Known,
    decided: Option<HeldChoice>,
) -> Option<Result<Option<(usize, Why)>, Trouble>> {
    let named = named.iter().map(|at| (*at, &known.adults[*at]));
    let adults: Vec<(usize, &KnownAdult)> =
        named.filter(|(_, adult)| adult.is_reached && !adult.is_student && !adult.works_here).collect();
    if adults.is_empty() {
        return None;
    }
    let chosen = |person| adults.iter().find(|(_, adult)| adult.person.person == person);
    Some(match decided {
        Some(HeldChoice { kind: ChoiceKind::NewPerson, .. }) => Ok(None),
        Some(HeldChoice { kind: ChoiceKind::LeaveOut, .. }) => Err(Trouble::LeftOut),
        Some(HeldChoice { person: Some(person), .. }) if chosen(person).is_some() => {
            Ok(chosen(person).map(|(at, _)| (*at, Why::Child)))
        }
        _ => {
            let people: Vec<&KnownAdult> = adults.iter().map(|(_, adult)| *adult).collect();
            Err(asked(group, HeldReason::SeveralPeople, &people))
        }
    })
}

/// The adults who have the logins of the file as usernames, if they have the name of the row too.
fn by_username(group: &Group<'_>, known: &Known, index: &AdultIndex<'_>) -> Result<Vec<usize>, Trouble> {
    let people = || group.mentions.iter().filter_map(|mention| mention.said.person.as_ref());
    let mut found = Vec::new();
    for login in group.mentions.iter().filter_map(|mention| mention.said.login.as_ref()) {
        let Some(holder) = login.username.as_ref().and_then(|login| known.logins.get(login.as_str())) else {
            continue;
        };
        let theirs = index.person(holder.person).filter(|at| {
            let adult = &known.adults[*at];
            !is_out_of_reach(adult) && !adult.is_student && people().all(|person| is_named(person, adult))
        });
        found.push(theirs.ok_or_else(|| Trouble::Rejected(claim(login, holder)))?);
    }
    Ok(found)
}

/// A student is nobody's guardian here.
fn settled(adult: &KnownAdult, found: (usize, Why)) -> Result<Option<(usize, Why)>, Trouble> {
    if adult.is_student {
        let note = Note::new(PUPIL_AS_GUARDIAN).with("name", adult.person.name.full());
        return Err(Trouble::Rejected(note));
    }
    Ok(Some(found))
}

/// Whether a row's name is that of somebody: the same, or with the given name shortened.
fn is_named(person: &ImportedPerson, adult: &KnownAdult) -> bool {
    let name = &adult.person.name;
    if person.name_match(name) == NameMatch::Same {
        return true;
    }
    let family = person.family.value().map(|family| romanise(family));
    let given = person.given.value().map(|given| romanise(given)).unwrap_or_default();
    let stored = romanise(name.given());
    family.is_some_and(|family| family == romanise(name.family()))
        && (is_initial(&given, &stored) || is_initial(&stored, &given))
}

/// Whether a key stands beside names that have nothing in common.
fn contradicts_itself(group: &Group<'_>) -> bool {
    let mut people = group.mentions.iter().filter_map(|mention| mention.said.person.as_ref());
    let Some(first) = people.next().and_then(|person| person.name_after([""; 4])) else { return false };
    people.any(|person| person.name_match(&first) == NameMatch::Different)
}

fn couple(group: &Group<'_>, rows: &[PlanRow<'_>], choices: &Choices) -> Trouble {
    let left_out = group
        .mentions
        .iter()
        .any(|mention| choices.of(rows[mention.row].number, HeldReason::TwoPeople).is_some());
    if left_out { Trouble::LeftOut } else { asked(group, HeldReason::TwoPeople, &[]) }
}

/// Whether an adult is of another school alone: a file must not bring them to this one, nor say who they are.
fn is_out_of_reach(adult: &KnownAdult) -> bool {
    !adult.is_reached && !adult.works_here
}

fn out_of_reach(group: &Group<'_>, rows: &[PlanRow<'_>], choices: &Choices, adult: &KnownAdult) -> Trouble {
    let reason = HeldReason::OtherSchool;
    if group.mentions.iter().any(|mention| choices.of(rows[mention.row].number, reason).is_some()) {
        return Trouble::LeftOut;
    }
    let in_file = group.mentions.iter().find_map(|mention| Some(mention.said.person.as_ref()?.shown("")));
    let choices = vec![HeldChoice::of(ChoiceKind::LeaveOut)];
    let held = HeldRow::new(reason, in_file.unwrap_or_default(), Vec::new(), choices);
    Trouble::Elsewhere(Box::new(HeldRow { is_out_of_reach: true, ..held }), adult.person.person)
}

/// Asks who an adult is.
fn asked(group: &Group<'_>, reason: HeldReason, people: &[&KnownAdult]) -> Trouble {
    let in_file = group.mentions.iter().find_map(|mention| Some(mention.said.person.as_ref()?.shown("")));
    let about = people.iter().map(|adult| HeldChoice::about(ChoiceKind::ThisPerson, adult.person.person));
    let new =
        (reason == HeldReason::Colleague || is_bare(group)).then(|| HeldChoice::of(ChoiceKind::NewPerson));
    let choices = about.chain(new).chain([HeldChoice::of(ChoiceKind::LeaveOut)]).collect();
    let shown = people.iter().map(|adult| shown(adult)).collect();
    Trouble::Held(Box::new(HeldRow::new(reason, in_file.unwrap_or_default(), shown, choices)))
}

/// Somebody known, as a held row shows them.
fn shown(adult: &KnownAdult) -> ShownPerson {
    adult.person.shown("", "")
}
