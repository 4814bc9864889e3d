//! What a merge would do, before it is done.

use domain::authorization::actor::Actor;
use domain::authorization::grant::PortalScope;
use domain::authorization::permission::Permission;
use domain::guardians::duplicates::fields::MergeField;
use domain::guardians::duplicates::merge::AccessChange;
use domain::guardians::duplicates::obstacle::MergeObstacle;
use domain::ids::{PairId, PersonId, SchoolId};
use domain::operations::plan::PlanHash;

use super::access::{names, sides};
use super::operation::{MergeParties, MergePeople};
use super::parties::{Party, look, obstacle};
use super::values::is_choice;
use crate::guardians::duplicates::board::{PairLine, pair};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result, operations};

/// A value of which one is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldChoice {
    /// Which.
    pub field: MergeField,
    /// That of the person who stays; empty if there is none.
    pub survivor: String,
    /// That of the other.
    pub other: String,
    /// Whether the other's is proposed: the one who stays has none.
    pub proposes_other: bool,
}

/// One part of a child's portal: who sees it before and afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct ScopeLine {
    /// The part.
    pub scope: PortalScope,
    /// Whether the person who stays sees it before.
    pub survivor_before: bool,
    /// Whether the other sees it before.
    pub other_before: bool,
    /// Whether the person who stays sees it afterwards.
    pub after: bool,
    /// Whether a login sees it that did not before.
    pub widens: bool,
}

/// A child whose access map a merge is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChildMap {
    /// Their name, and the codes of their schools.
    pub name: String,
    /// Whether access stays where it is, because of a restriction.
    pub stays_behind: bool,
    /// The parts.
    pub scopes: Vec<ScopeLine>,
}

/// The page of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergePreview {
    /// The pair.
    pub pair: PairLine,
    /// Who would stay.
    pub survivor: PersonId,
    /// Who would be merged into them.
    pub other: PersonId,
    /// What is in the way.
    pub obstacle: Option<MergeObstacle>,
    /// Values to choose from.
    pub choices: Vec<FieldChoice>,
    /// The access maps.
    pub children: Vec<ChildMap>,
    /// Whether a second person has to agree.
    pub widens: bool,
    /// Usernames: of the person who stays, and of the other.
    pub usernames: [Option<String>; 2],
}

/// Which of the two records of a pair stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stays {
    /// The one with the account in use, or else the newer one.
    Proposed,
    /// The pair's first.
    First,
    /// The pair's second.
    Second,
    /// That of this person.
    Person(PersonId),
}

impl Stays {
    /// Reads a form's or an address's word. What is no word proposes one.
    pub fn read(word: &str) -> Self {
        match word {
            "first" => Self::First,
            "second" => Self::Second,
            other => other.parse().map_or(Self::Proposed, Self::Person),
        }
    }
}

/// Shows what a merge would do.
pub async fn preview(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    of: PairId,
    stays: Stays,
) -> Result<MergePreview> {
    let Entered { mut transaction, at } =
        backend.enter_snapshot(actor, Permission::ManageGuardians, InSchool(school)).await?;
    let pair = pair(&mut transaction, actor, of).await?;
    let people = [pair.people[0].person, pair.people[1].person];
    let [a, b] = look(&mut transaction, actor, people).await?;
    let first = match stays {
        Stays::First => true,
        Stays::Second => false,
        Stays::Person(person) => a.person() == person,
        Stays::Proposed => worth(&a) >= worth(&b),
    };
    let (survivor, other) = if first { (a, b) } else { (b, a) };
    let mut in_the_way = obstacle(&mut transaction, actor, &survivor, &other).await?;
    let (mut survivor, mut other) = (survivor, other);
    // Nobody chose: the other direction may work.
    if stays == Stays::Proposed && in_the_way.is_some_and(MergeObstacle::is_about_the_direction) {
        std::mem::swap(&mut survivor, &mut other);
        in_the_way = obstacle(&mut transaction, actor, &survivor, &other).await?;
    }
    let [of_survivor, of_other] = sides(&mut transaction, actor, [&survivor, &other], at.today).await?;
    let change = AccessChange::of(&of_survivor, &of_other);
    let children: Vec<PersonId> = change.children.iter().map(|child| child.child).collect();
    let names = names(&mut transaction, actor, &children).await?;
    let (widens, choices) = (change.widens(), choices(&survivor, &other));
    let children = change
        .children
        .into_iter()
        // A child whom the reader may not see is an obstacle of its own.
        .filter_map(|child| {
            let scopes = child.scopes.iter().map(|scope| ScopeLine {
                scope: scope.scope,
                survivor_before: scope.survivor_before,
                other_before: scope.other_before,
                after: scope.after,
                widens: scope.widens,
            });
            let name = names.get(&child.child)?.clone();
            Some(ChildMap { name, stays_behind: child.stays_behind, scopes: scopes.collect() })
        })
        .collect();
    Ok(MergePreview {
        survivor: survivor.person(),
        other: other.person(),
        obstacle: in_the_way,
        choices,
        children,
        widens,
        usernames: [survivor.username, other.username],
        pair,
    })
}

/// The hash of what a merge would do as it stands, for the form that asks for exactly that.
pub async fn hash(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    input: &MergePeople,
) -> Result<PlanHash> {
    let (plan, MergeParties { .. }) = operations::preview(backend, actor, school, input).await?;
    Ok(plan.hash)
}

fn choices(survivor: &Party, other: &Party) -> Vec<FieldChoice> {
    MergeField::ALL
        .into_iter()
        .filter(|field| is_choice(*field, survivor, other))
        .map(|field| FieldChoice {
            field,
            proposes_other: survivor.value(field).is_empty(),
            survivor: survivor.value(field),
            other: other.value(field),
        })
        .collect()
}

/// What makes one record the better one to keep: a login in use, the latest sign-in, the latest change.
fn worth(party: &Party) -> impl Ord + use<> {
    (party.has_login(), party.last_sign_in_at, party.updated_at, std::cmp::Reverse(party.id))
}
