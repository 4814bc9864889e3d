//! The database side of importing guardians.

mod accounts;
mod asked;
mod erased;
mod further;
mod gather;
mod known;
mod logins;
mod recognise;
mod stored;
mod written;

use std::marker::PhantomData;

use domain::guardians::import::accounts::Accounts;
use domain::guardians::import::children::turned;
use domain::guardians::import::login;
use domain::guardians::import::plan::{self, PlanRow, Terms};
use domain::guardians::import::row::{self, FamilyRow};
use domain::guardians::import::write::GuardiansWrite;
use domain::guardians::import::{ADULTS, CONTACTS, LINKS};
use domain::ids::{AccountId, PersonId};
use domain::imports::cells::Cells;
use domain::imports::held::Choices;
use domain::imports::kind::ImportDeclaration;
use domain::imports::mapping::Mapping;
use domain::imports::note::Verdict;
use sqlx::PgConnection;
use uuid::Uuid;

use self::known::Asked;
use crate::Result;
use crate::accounts::imported;
use crate::imports::kind::Importing;
use crate::imports::whole::{NumberedRow, WholeKind};
use crate::imports::written::{WrittenKind, WrittenTable};
use crate::roll::import::{people, undo};
use crate::tenancy::places::SchoolContext;

/// How one kind of list about guardians differs from the others.
pub(crate) trait GuardianList: Send + Sync + 'static {
    /// The declaration.
    const DECLARATION: &'static ImportDeclaration;
    /// Whether every row must name a child.
    const NEEDS_CHILD: bool;
    /// Whether adults are called by their login name or email address, and not only by a key.
    const BY_LOGIN: bool;
    /// Whether logins become accounts.
    const MAKES_ACCOUNTS: bool = false;
}

/// Contacts of the students of a school.
pub(crate) struct Contacts;

impl GuardianList for Contacts {
    const DECLARATION: &'static ImportDeclaration = &CONTACTS;
    const NEEDS_CHILD: bool = true;
    const BY_LOGIN: bool = false;
}

/// Accounts of guardians and students.
pub(crate) struct Adults;

impl GuardianList for Adults {
    const DECLARATION: &'static ImportDeclaration = &ADULTS;
    const NEEDS_CHILD: bool = false;
    const BY_LOGIN: bool = false;
    const MAKES_ACCOUNTS: bool = true;
}

/// Which students belong to which adult.
pub(crate) struct Links;

impl GuardianList for Links {
    const DECLARATION: &'static ImportDeclaration = &LINKS;
    const NEEDS_CHILD: bool = true;
    const BY_LOGIN: bool = true;
}

/// A kind of list about guardians.
pub(crate) struct StoredGuardians<K>(PhantomData<fn() -> K>);

impl<K: GuardianList> WrittenKind for StoredGuardians<K> {
    type Undoing = undo::EmailsToRestore;

    const DECLARATION: &'static ImportDeclaration = K::DECLARATION;
    const GATHER: &'static [&'static str] = &[
        people::GATHER_PEOPLE,
        people::GATHER_ADDRESSES,
        written::GATHER_ADULTS,
        written::GATHER_KEYS,
        written::GATHER_CONTACTS,
        imported::GATHER_ACCOUNTS,
        erased::GATHER_ERASED,
        further::GATHER_FURTHER,
        asked::GATHER_ASKED,
    ];
    const GATHERED: &'static str = "ANALYZE import_people, import_addresses, import_adults, import_keys, import_contacts, import_accounts, import_erased, import_further";
    const STANDING: Option<&'static str> = Some(
        "SELECT count(*) FROM contacts c JOIN enrolments e ON e.person_id = c.child_id AND e.latest
         WHERE c.organisation_id = $1 AND e.school_id = $2 AND c.ended_at IS NULL AND (c.ends_on IS NULL OR c.ends_on >= $3)",
    );
    const WRITTEN: &'static [WrittenTable] = &[
        people::PEOPLE,
        imported::USERNAMES,
        imported::ACCOUNTS,
        written::ADULTS,
        people::ADDRESSES,
        erased::ERASED,
        further::FURTHER,
        written::POSTAL,
        written::KEYS,
        written::CONTACTS,
        written::GRANTS,
    ];

    async fn recognise(
        school: &SchoolContext,
        connection: &mut PgConnection,
        mapping: Mapping,
        rows: &[Vec<String>],
    ) -> Result<Mapping> {
        recognise::recognise(school, connection, K::DECLARATION, (mapping, rows)).await
    }

    async fn alarms(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<bool> {
        if K::MAKES_ACCOUNTS { imported::exceeds_limit(cx, connection).await } else { Ok(false) }
    }

    async fn apply(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<Vec<(AccountId, PersonId)>> {
        people::apply_details(cx, connection).await?;
        written::apply(cx, connection).await?;
        if K::MAKES_ACCOUNTS {
            // An account is of somebody whom the school has.
            imported::insert(cx, connection).await?;
        }
        let mut disowned = erased::apply(cx, connection).await?;
        disowned.extend(people::apply_addresses(cx, connection).await?);
        further::apply(cx, connection).await?;
        asked::apply(cx, connection).await?;
        Ok(disowned)
    }

    async fn before_undo(cx: &Importing<'_>, connection: &mut PgConnection) -> Result<undo::EmailsToRestore> {
        if K::MAKES_ACCOUNTS {
            imported::lock(connection, cx.school.organisation).await?;
        }
        undo::lock(cx, connection).await?;
        if K::MAKES_ACCOUNTS {
            accounts::refuse_undo(cx, connection).await?;
        }
        // People of whom something was changed since, or who belong to others since.
        let in_the_way: Vec<Uuid> = sqlx::query_scalar(
            "WITH written AS (SELECT * FROM import_writes WHERE organisation_id = $1 AND import_id = $2)
             SELECT w.person_id FROM written w LEFT JOIN contacts c ON c.id = w.id
             WHERE w.kind = 'contact' AND fingerprint(c) IS DISTINCT FROM w.left_as
             UNION
             SELECT w.person_id FROM written w LEFT JOIN postal_addresses a ON a.person_id = w.id
             WHERE w.kind = 'postal' AND fingerprint(a) IS DISTINCT FROM w.left_as
             UNION
             SELECT w.person_id FROM written w LEFT JOIN person_keys k ON k.id = w.id
             WHERE w.kind = 'key' AND fingerprint(k) IS DISTINCT FROM w.left_as
             UNION
             SELECT w.person_id FROM written w
             JOIN addresses a ON a.organisation_id = $1 AND a.person_id = w.person_id AND a.kind = w.before ->> 'kind'
             WHERE w.kind = 'erased'",
        )
        .bind(cx.school.organisation.0)
        .bind(cx.import.0)
        .fetch_all(&mut *connection)
        .await?;
        undo::before_undo(cx, connection, in_the_way).await
    }

    async fn after_undo(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        undoing: undo::EmailsToRestore,
    ) -> Result<()> {
        undo::after_undo(cx, connection, undoing).await
    }
}

impl<K: GuardianList> WholeKind for StoredGuardians<K> {
    type Said = FamilyRow;
    type Write = GuardiansWrite;

    fn read(cells: &mut Cells<'_>) -> Option<FamilyRow> {
        if K::NEEDS_CHILD { row::read(cells) } else { login::read_row(cells) }
    }

    async fn plan(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        rows: &[NumberedRow<'_, FamilyRow>],
        choices: &Choices,
    ) -> Result<Vec<Verdict<GuardiansWrite>>> {
        if K::MAKES_ACCOUNTS && cx.locks {
            // Before the people, as everything that makes accounts does.
            imported::lock(connection, cx.school.organisation).await?;
        }
        let said: Vec<&FamilyRow> = rows.iter().map(|(_, row)| *row).collect();
        let children = known::children(cx, connection, &said).await?;
        let turned = if K::BY_LOGIN { turned(&said, &children) } else { None };
        let said: Vec<&FamilyRow> = turned.as_ref().map_or(said, |turned| turned.iter().collect());
        let known = known::of(cx, connection, (&said, Asked::of::<K>()), children).await?;
        let numbered = rows.iter().zip(said);
        let rows: Vec<PlanRow<'_>> =
            numbered.map(|((number, _), row)| PlanRow { number: *number, row }).collect();
        let accounts = match K::MAKES_ACCOUNTS {
            false => Accounts::Never,
            true if accounts::may_make(cx) => Accounts::Made,
            true => Accounts::NotAllowed,
        };
        let terms = Terms { day: cx.day, needs_child: K::NEEDS_CHILD, accounts };
        let mut verdicts = plan::plan(&rows, &known, choices, terms);
        if accounts == Accounts::Made {
            accounts::settle(cx, connection, &mut verdicts).await?;
        }
        Ok(verdicts)
    }

    async fn gather(
        cx: &Importing<'_>,
        connection: &mut PgConnection,
        writes: Vec<GuardiansWrite>,
    ) -> Result<()> {
        gather::gather(cx, connection, &writes).await
    }
}

#[cfg(test)]
mod tests;
