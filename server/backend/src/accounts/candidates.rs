//! What the browser needs to plan accounts while staff try templates and type usernames.

use domain::accounts::naming::{Candidates, Naming};
use domain::accounts::taken::TakenUsernames;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::SchoolId;
use domain::roll::selection::Selection;

use super::create::Among;
use super::queries::{self, Holding};
use crate::tenancy::enter::Entered;
use crate::tenancy::target::InSchool;
use crate::{Backend, Result};

/// Returns the people in `selection` without an account, with their names in Latin letters, and the taken usernames
/// that `naming` could clash with: enough to make the plan, and to make it again while usernames are accepted.
pub async fn candidates(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
) -> Result<Candidates> {
    let Entered { mut transaction, at: school } =
        backend.enter_snapshot(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let of_students = (Among::Students, selection);
    let mut chosen =
        queries::choose(&mut transaction, &school, of_students, Holding::Nothing, naming, backend.now())
            .await?;
    // Who gets a closed account again keeps its username: their former ones are no business of this page.
    for candidate in chosen.people.iter_mut().filter(|candidate| candidate.account.is_some()) {
        candidate.reserved.clear();
    }
    chosen.people.sort_by(|a, b| (&a.sort_key, &a.admission_number).cmp(&(&b.sort_key, &b.admission_number)));
    Ok(chosen)
}

/// Returns the taken usernames alone, for another `naming` of the same people or of some of them.
pub async fn taken(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    selection: &Selection,
    naming: &Naming,
) -> Result<TakenUsernames> {
    candidates(backend, actor, school, selection, naming).await.map(|found| found.taken)
}
