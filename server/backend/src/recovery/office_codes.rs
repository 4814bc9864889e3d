//! One-time codes for many who forgot their password at once: a class after the holidays, or a new school year.

use domain::accounts::action::LeftAlone;
use domain::accounts::approval::Matter;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::ids::{PersonId, SchoolId};
use domain::recovery::{CodeHandout, CodeSlip, CodesAsked, CodesMade};
use domain::selection::Selection;
use sqlx::{PgConnection, Postgres, Transaction};

use super::office_code::{Subject, hand_out, page, until};
use crate::accounts::approvals;
use crate::authorization::enter::Entered;
use crate::authorization::places::SchoolContext;
use crate::authorization::roles::outranking;
use crate::authorization::target::InSchool;
use crate::roll::selection;
use crate::{Backend, Result};

/// Says for whom of a selection codes can be made, and for whom not. Makes none.
#[tracing::instrument(skip_all)]
pub async fn ask_for_codes(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
) -> Result<CodesAsked> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let (subjects, left_alone) = sort_out(backend, &mut transaction, actor, &school, chosen).await?;
    let with_address = subjects.iter().filter(|subject| subject.address_id.is_some()).count();
    let waits_over = approvals::waits_over(&mut transaction, actor).await?;
    Ok(CodesAsked { people: subjects.len(), with_address, left_alone, waits_over })
}

/// What came of making them.
pub enum CodesOutcome {
    /// They are made.
    Made(CodesMade),
    /// They wait for a second person.
    Wait,
}

/// Makes a code for everyone of a selection whose account is in use, as [`super::office_code::make_code`] does for one,
/// in one transaction. Those that are emailed are made for people who have an address.
#[tracing::instrument(skip_all)]
pub async fn make_codes(
    backend: &Backend,
    actor: &Actor,
    school: SchoolId,
    chosen: &Selection,
    handout: CodeHandout,
) -> Result<CodesOutcome> {
    let Entered { mut transaction, at: school } =
        backend.enter(actor, Permission::ManageAccounts, InSchool(school)).await?;
    let subjects = subjects(backend, &mut transaction, actor, &school, chosen, handout).await?;
    if approvals::waits(&mut transaction, actor, subjects.len()).await? {
        let people: Vec<PersonId> = subjects.iter().map(|subject| PersonId(subject.person_id)).collect();
        approvals::ask(backend, transaction, actor, &school, Matter::Codes { handout }, &people).await?;
        return Ok(CodesOutcome::Wait);
    }
    let made = hand_out_to(backend, transaction, actor, &school, subjects, handout).await?;
    Ok(CodesOutcome::Made(made))
}

/// Those of a selection who get a code that is handed out so, their accounts locked.
pub(crate) async fn subjects(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    chosen: &Selection,
    handout: CodeHandout,
) -> Result<Vec<Subject>> {
    let (mut subjects, _) = sort_out(backend, connection, actor, school, chosen).await?;
    if handout == CodeHandout::Emailed {
        subjects.retain(|subject| subject.address_id.is_some());
    }
    Ok(subjects)
}

/// Makes the codes and commits.
pub(crate) async fn hand_out_to(
    backend: &Backend,
    mut transaction: Transaction<'static, Postgres>,
    actor: &Actor,
    school: &SchoolContext,
    subjects: Vec<Subject>,
    handout: CodeHandout,
) -> Result<CodesMade> {
    let codes = hand_out(backend, &mut transaction, actor, &subjects, handout).await?;
    transaction.commit().await?;
    let mut slips: Vec<CodeSlip> = subjects
        .iter()
        .zip(codes)
        .map(|(subject, code)| CodeSlip { name: subject.name(), username: subject.username.clone(), code })
        .collect();
    slips.sort_by(|a, b| (&a.name, &a.username).cmp(&(&b.name, &b.username)));
    Ok(CodesMade { made: subjects.len(), slips, page: page(backend), until: until(backend, school.zone) })
}

/// Locks the accounts of a selection. Those who take a code, and how many do not, by reason.
async fn sort_out(
    backend: &Backend,
    connection: &mut PgConnection,
    actor: &Actor,
    school: &SchoolContext,
    chosen: &Selection,
) -> Result<(Vec<Subject>, Vec<LeftAlone>)> {
    let people = selection::people(connection, school, chosen, backend.now()).await?;
    let outranking = outranking(backend, connection, actor, &people).await?;
    let mut subjects: Vec<Subject> = sqlx::query_as(
        // In one order, so that two bulk actions wait for each other and never block each other.
        "SELECT a.id AS account_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                m.id AS address_id, password_is_off(a.organisation_id, a.person_id, $3) AS password_is_off
         FROM accounts a
         JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
         LEFT JOIN addresses m ON m.person_id = a.person_id AND m.kind = 'email' AND m.is_primary
         WHERE a.organisation_id = $1 AND a.person_id = ANY($2) AND a.state IN ('active', 'locked')
         ORDER BY a.id FOR UPDATE OF a",
    )
    .bind(actor.organisation.0)
    .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
    .bind(backend.now())
    .fetch_all(connection)
    .await?;
    let in_use = subjects.len();
    // It would be a way to their rights.
    subjects.retain(|subject| !outranking.contains(&PersonId(subject.person_id)));
    let within = subjects.len();
    // A way round the password that one has, at a desk that one left.
    subjects.retain(|subject| actor.person() != Some(PersonId(subject.person_id)));
    let others = subjects.len();
    subjects.retain(|subject| !subject.password_is_off);
    let left = [
        ("no active account", people.len().saturating_sub(in_use)),
        ("more permissions than you have", in_use - within),
        ("your own account", within - others),
        ("single sign-on instead of a password", others - subjects.len()),
    ];
    let left_alone = left
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(reason, count)| LeftAlone {
            reason: reason.to_owned(),
            count: u32::try_from(count).unwrap_or(u32::MAX),
        })
        .collect();
    Ok((subjects, left_alone))
}
