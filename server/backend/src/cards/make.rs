//! Making cards: a password for everyone in a selection, shown once, in a pile with a number.

use std::collections::HashMap;

use chrono::TimeDelta;
use domain::audit::AuditAction;
use domain::authorization::actor::Actor;
use domain::authorization::permission::Permission;
use domain::cards::settings::CARD_DAYS;
use domain::cards::views::{Card, CardsFor, CardsMade, MOST_CARDS};
use domain::credentials::phrase::{Phrase, PhraseKind};
use domain::ids::{AccountId, GroupId, OperationId, PersonId, SchoolId};
use domain::operations::facts::{Facts, FactsFormat, FactsWriter, Sink, Tag};
use domain::operations::plan::{Plan, PlannedRow};
use domain::operations::progress::{LeftOutCount, ResultPage};
use domain::roll::name::display_name;
use domain::roll::selection::Selection;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::files::files;
use super::piles::{NewPile, add_pile};
use crate::accounts::create::Among;
use crate::accounts::queries::holders;
use crate::accounts::slips::{PaperCode, slips};
use crate::authorization::roles::outranking;
use crate::credentials::resting::staff_reset;
use crate::operations::{
    AfterApproval, AppliedPlan, AuditLogEntries, ExpectedPlan, Operation, OperationContext, Rehearsal,
    RunEnd, rehearse, run,
};
use crate::roll::simulation::{OfPerson, StaysAsItIs};
use crate::tenancy::places::SchoolContext;
use crate::{Backend, Error, Result, invitations, recovery, settings};

/// Makes a password for everyone in a selection with an account, and shows them once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeCards {
    /// The people.
    pub selection: Selection,
    /// Whether they are students, staff or guardians.
    #[serde(default)]
    pub among: Among,
    /// Which words the passwords have.
    #[serde(default)]
    pub words: PhraseKind,
    /// Whether people who have chosen a password get one too.
    #[serde(default)]
    pub whom: CardsFor,
    /// The group they were chosen by.
    #[serde(default)]
    pub group: Option<GroupId>,
}

/// Somebody who gets a card.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct CardRow {
    account_id: Uuid,
    person_id: Uuid,
    username: String,
    given_name: String,
    family_name: String,
    preferred_name: String,
    /// Whether the account is in use, so that the card resets its password.
    in_use: bool,
    password_is_off: bool,
}

const ACCOUNT: Tag = Tag::new(1);
const IN_USE: Tag = Tag::new(2);

impl Facts for CardRow {
    const FORM: FactsFormat = FactsFormat { name: "make_cards", version: 1 };

    fn write(&self, fields: &mut FactsWriter<'_, impl Sink>) {
        fields.id(ACCOUNT, self.account_id).number(IN_USE, u64::from(self.in_use));
    }
}

impl PlannedRow for CardRow {}

impl OfPerson for CardRow {
    fn person(&self) -> PersonId {
        PersonId(self.person_id)
    }
}

impl Operation for MakeCards {
    const KIND: &'static str = "make_cards";
    const PERMISSION: Permission = Permission::ManageAccounts;
    const AFTER_APPROVAL: AfterApproval = AfterApproval::SamePeople;
    const VERB: &'static str = "Print";
    const KEPT: Option<TimeDelta> = Some(TimeDelta::days(30));

    type Row = CardRow;
    type Beside = StaysAsItIs;
    type Written = CardsMade;
    type Outcome = CardsMade;

    fn describe(&self, rows: usize) -> String {
        match rows {
            1 => "1 card with a password".to_owned(),
            rows => format!("{rows} cards with passwords"),
        }
    }

    fn result(&self, operation: OperationId) -> ResultPage {
        ResultPage { href: format!("/cards/{operation}"), label: "Open the pile".to_owned() }
    }

    /// Who prints the cards could use them.
    fn ways_in(rows: &[CardRow]) -> Option<usize> {
        Some(rows.len())
    }

    /// Cards are shown once, in the response.
    fn is_answer(&self) -> bool {
        true
    }

    fn left_out(stays: &StaysAsItIs) -> Vec<LeftOutCount> {
        stays.left_out()
    }

    /// Piles of a school are numbered one after the other.
    async fn lock(&self, work: &mut OperationContext<'_>) -> Result<()> {
        sqlx::query("SELECT FROM schools WHERE organisation_id = $1 AND id = $2 FOR NO KEY UPDATE")
            .bind(work.school.organisation.0)
            .bind(work.school.school.0)
            .execute(&mut *work.connection)
            .await?;
        Ok(())
    }

    /// Locks their accounts.
    async fn plan(&self, work: &mut OperationContext<'_>) -> Result<(Plan<CardRow>, StaysAsItIs)> {
        let whose = (self.among, &self.selection);
        let (people, restricted) = holders(work.connection, work.school, whose, work.backend.now()).await?;
        let outranking = outranking(work.backend, work.connection, work.actor, &people).await?;
        let rows: Vec<CardRow> = sqlx::query_as(
            // In a fixed order, so that two bulk actions wait for each other instead of deadlocking.
            "SELECT a.id AS account_id, a.person_id, a.username, p.given_name, p.family_name, p.preferred_name,
                    a.state IN ('active', 'locked') AS in_use,
                    password_is_off(a.organisation_id, a.person_id, $3) AS password_is_off
             FROM accounts a JOIN people p ON p.organisation_id = a.organisation_id AND p.id = a.person_id
             WHERE a.organisation_id = $1 AND a.person_id = ANY ($2) AND a.state IN ('created', 'invited', 'active', 'locked')
             ORDER BY a.id FOR NO KEY UPDATE OF a",
        )
        .bind(work.school.organisation.0)
        .bind(people.iter().map(|person| person.0).collect::<Vec<_>>())
        .bind(work.backend.now())
        .fetch_all(&mut *work.connection)
        .await?;
        let mut stays = StaysAsItIs::hiding(restricted);
        stays.keep_others("no account that can be used", &people, &rows);
        let rows = stays.sort_out(rows, |row| match row {
            // The card would give access to their permissions.
            row if outranking.contains(&row.person()) => Some("more permissions than you have"),
            // Otherwise someone at an unattended desk could use it to bypass the actor's own password.
            row if work.actor.person() == Some(row.person()) => Some("your own account"),
            row if row.password_is_off => Some("single sign-on instead of a password"),
            row if self.whom != CardsFor::Everyone && row.in_use => Some("have already chosen a password"),
            _ => None,
        });
        Ok((Plan::of(rows), stays))
    }

    fn person(row: &CardRow) -> Option<PersonId> {
        Some(PersonId(row.person_id))
    }

    fn about(&self, people: Vec<PersonId>) -> Self {
        Self { selection: Selection::People { ids: people }, ..self.clone() }
    }

    async fn apply(
        &self,
        work: &mut OperationContext<'_>,
        rows: Vec<CardRow>,
        _stays: &StaysAsItIs,
    ) -> Result<AppliedPlan<CardsMade>> {
        if rows.len() > MOST_CARDS {
            let many = format!(
                "That is {} cards. Print at most {MOST_CARDS} at once: choose a year or a group first.",
                rows.len()
            );
            return Err(Error::conflict("too_many_cards", many));
        }
        let (backend, organisation) = (work.backend, work.school.organisation);
        let days =
            settings::of_school(work.connection, organisation, work.school.school, &CARD_DAYS).await?.into();
        let approved: bool = sqlx::query_scalar(
            "SELECT EXISTS (SELECT FROM operations w WHERE w.organisation_id = $1 AND w.id = $2 AND w.second_person)",
        )
        .bind(organisation.0)
        .bind(work.operation.0)
        .fetch_one(&mut *work.connection)
        .await?;
        let (run, by) = (work.operation, work.actor.account());
        let new = NewPile { run, words: self.words, group: self.group, size: rows.len(), days };
        let (number, until) = add_pile(backend, work.connection, work.school, by, new).await?;
        let secrets = hand_over(work, self.words, (days, approved), &rows).await?;

        let accounts: Vec<(AccountId, PersonId)> =
            rows.iter().map(|row| (AccountId(row.account_id), PersonId(row.person_id))).collect();
        let resets: Vec<Uuid> = rows.iter().filter(|row| row.in_use).map(|row| row.account_id).collect();
        let alert = staff_reset(work.connection, organisation, &resets, "card").await?;
        let details = json!({ "pile": number, "cards": rows.len() });
        let log = AuditLogEntries::Each(AuditAction::CardsMade, accounts, details);
        let log = match alert {
            Some(alert) => AuditLogEntries::All(vec![AuditLogEntries::Alert(alert), log]),
            None => log,
        };
        let cards = in_order(work, self.among, &rows, secrets).await?;
        let page = format!("{}/sign-in", backend.config.base_url);
        let until = until.with_timezone(&work.school.zone) - TimeDelta::seconds(1);
        let until = until.format("%-d %B %Y").to_string();
        let SchoolContext { code, today, name, .. } = work.school;
        let files = files((code, *today, number), &cards, (&page, &until))?;
        let page = page.split_once("://").map_or(page.clone(), |(_, page)| page.to_owned());
        let written = CardsMade {
            pile: run,
            number,
            kind: self.words,
            school: name.clone(),
            cards,
            page,
            until,
            files,
        };
        Ok(AppliedPlan { written, log })
    }

    async fn finish(
        &self,
        _backend: &Backend,
        _school: &SchoolContext,
        _operation: OperationId,
        made: CardsMade,
    ) -> Result<CardsMade> {
        Ok(made)
    }
}

/// Makes a phrase for each account and hands it over, as an invitation or, for an account in use, as a reset. Returns phrases
/// and the addresses of their links by account.
async fn hand_over(
    work: &mut OperationContext<'_>,
    words: PhraseKind,
    (days, approved): (i32, bool),
    rows: &[CardRow],
) -> Result<HashMap<Uuid, (Phrase, String)>> {
    let (backend, organisation) = (work.backend, work.school.organisation);
    let (run, by) = (work.operation, work.actor.account());
    let mut fill = |bytes: &mut [u8]| backend.random.fill(bytes);
    let (mut waiting, mut in_use) = (Vec::new(), Vec::new());
    for row in rows {
        let card = (AccountId(row.account_id), Phrase::make(words, &mut fill));
        if row.in_use { in_use.push(card) } else { waiting.push(card) }
    }
    let how = (run, by, days, !approved);
    let invited =
        invitations::cards::hand_over_cards(backend, work.connection, organisation, how, &waiting).await?;
    let how = (run, by, days, approved);
    let reset =
        recovery::cards::hand_over_cards(backend, work.connection, organisation, how, &in_use).await?;
    let cards = waiting.into_iter().zip(invited).chain(in_use.into_iter().zip(reset));
    Ok(cards.map(|((account, phrase), link)| (account.0, (phrase, link))).collect())
}

/// The cards in the order in which they are handed out.
async fn in_order(
    work: &mut OperationContext<'_>,
    among: Among,
    rows: &[CardRow],
    mut secrets: HashMap<Uuid, (Phrase, String)>,
) -> Result<Vec<Card>> {
    let accounts: HashMap<&str, Uuid> =
        rows.iter().map(|row| (row.username.as_str(), row.account_id)).collect();
    let people = rows.iter().map(|row| PaperCode {
        person: PersonId(row.person_id),
        name: display_name(&row.given_name, &row.family_name, &row.preferred_name),
        username: row.username.clone(),
        // The slips are only sorted here.
        code: String::new(),
    });
    let slips = slips(work.connection, work.school, among, people.collect()).await?;
    Ok(slips
        .into_iter()
        .filter_map(|slip| {
            let (phrase, link) = secrets.remove(accounts.get(slip.username.as_str())?)?;
            Some(Card { name: slip.name, username: slip.username, beside: slip.beside, phrase, link })
        })
        .collect())
}

/// The result of asking for cards.
pub enum CardsEnd {
    /// They were made.
    Made(CardsMade),
    /// A second person has to approve it first.
    Waits,
    /// None of the chosen people can get one.
    Nobody,
}

/// Says how many cards would be made, and who is left out. Makes none.
pub async fn ask(backend: &Backend, actor: &Actor, school: SchoolId, input: &MakeCards) -> Result<Rehearsal> {
    rehearse(backend, actor, school, input).await
}

/// Makes a card for everyone chosen, in one transaction, or asks a second person first.
#[tracing::instrument(skip_all, fields(school = %school))]
pub async fn make(backend: &Backend, actor: &Actor, school: SchoolId, input: MakeCards) -> Result<CardsEnd> {
    Ok(match run(backend, actor, school, input, ExpectedPlan::WhateverIsReady).await?.end {
        RunEnd::Ran(ran) => CardsEnd::Made(ran.outcome),
        RunEnd::Waits => CardsEnd::Waits,
        // An answer never runs as a job.
        RunEnd::Nothing | RunEnd::Drifted(_) | RunEnd::Queued(_) => CardsEnd::Nobody,
    })
}
