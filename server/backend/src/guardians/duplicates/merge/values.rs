//! The values of the person who stays: names, dates, and which addresses are primary.

use domain::fold::{search_key, sort_key};
use domain::guardians::duplicates::fields::MergeField;
use serde_json::{Map, Value, json};
use sqlx::PgConnection;

use super::ledger::Ledger;
use super::parties::Party;
use crate::Result;

impl Party {
    /// A value as text; empty if there is none.
    pub(super) fn value(&self, field: MergeField) -> String {
        match field {
            MergeField::Title => self.title.clone(),
            MergeField::GivenName => self.given_name.clone(),
            MergeField::MiddleName => self.middle_name.clone(),
            MergeField::FamilyName => self.family_name.clone(),
            MergeField::PreferredName => self.preferred_name.clone(),
            MergeField::BornOn => self.born_on.map(|day| day.to_string()).unwrap_or_default(),
            MergeField::Language => self.language.clone(),
            MergeField::Email => self.email.clone().unwrap_or_default(),
            MergeField::Phone => self.phone.clone().unwrap_or_default(),
            MergeField::Home => self.home.clone().unwrap_or_default(),
        }
    }

    /// Copies a value that is a column of the person.
    pub(super) fn take(&mut self, field: MergeField, from: &Self) {
        match field {
            MergeField::Title => self.title.clone_from(&from.title),
            MergeField::GivenName => self.given_name.clone_from(&from.given_name),
            MergeField::MiddleName => self.middle_name.clone_from(&from.middle_name),
            MergeField::FamilyName => self.family_name.clone_from(&from.family_name),
            MergeField::PreferredName => self.preferred_name.clone_from(&from.preferred_name),
            MergeField::BornOn => self.born_on = from.born_on,
            MergeField::Language => self.language.clone_from(&from.language),
            MergeField::Email | MergeField::Phone | MergeField::Home => {}
        }
    }

    /// Sets a value that is a column of the person from what [`Self::value`] gave.
    pub(super) fn set(&mut self, field: MergeField, value: &str) {
        match field {
            MergeField::Title => value.clone_into(&mut self.title),
            MergeField::GivenName => value.clone_into(&mut self.given_name),
            MergeField::MiddleName => value.clone_into(&mut self.middle_name),
            MergeField::FamilyName => value.clone_into(&mut self.family_name),
            MergeField::PreferredName => value.clone_into(&mut self.preferred_name),
            MergeField::BornOn => self.born_on = value.parse().ok(),
            MergeField::Language => value.clone_into(&mut self.language),
            MergeField::Email | MergeField::Phone | MergeField::Home => {}
        }
    }

    /// Writes the columns of the person, with what they are found and sorted by.
    pub(super) async fn write(&self, connection: &mut PgConnection, ledger: &Ledger) -> Result<()> {
        let admission_number = self.admission_number.as_deref().unwrap_or_default();
        sqlx::query(
            "UPDATE people SET title = $3, given_name = $4, middle_name = $5, family_name = $6, preferred_name = $7,
                    born_on = $8, language = $9, search_key = $10, sort_key = $11, updated_at = $12
             WHERE organisation_id = $1 AND id = $2",
        )
        .bind(ledger.organisation.0)
        .bind(self.id)
        .bind(&self.title)
        .bind(&self.given_name)
        .bind(&self.middle_name)
        .bind(&self.family_name)
        .bind(&self.preferred_name)
        .bind(self.born_on)
        .bind(&self.language)
        .bind(search_key(
            &self.given_name,
            &self.middle_name,
            &self.family_name,
            &self.preferred_name,
            admission_number,
        ))
        .bind(sort_key(&self.given_name, &self.family_name))
        .bind(ledger.at)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// Whether a value can be chosen: an email address that belongs to a login stays with it, or anyone who merges two people could
/// send the way into an account to an address of their own.
pub(super) fn is_choice(field: MergeField, survivor: &Party, other: &Party) -> bool {
    let theirs = other.value(field);
    let login = field == MergeField::Email && (survivor.account_id.is_some() || other.account_id.is_some());
    !login && !theirs.is_empty() && theirs != survivor.value(field)
}

impl Ledger {
    /// Gives the person who stays the values of the other in `take`.
    pub(super) async fn choose_values(
        &self,
        connection: &mut PgConnection,
        survivor: &Party,
        other: &Party,
        take: &[MergeField],
    ) -> Result<()> {
        let taken = |field: MergeField| take.contains(&field) && is_choice(field, survivor, other);
        let mut after = survivor.clone();
        let (mut was, mut is) = (Map::new(), Map::new());
        for field in MergeField::ALL.into_iter().filter(|field| taken(*field)) {
            let before = after.value(field);
            after.take(field, other);
            if after.value(field) != before {
                was.insert(field.slug().to_owned(), json!(before));
                is.insert(field.slug().to_owned(), json!(after.value(field)));
            }
        }
        if !was.is_empty() {
            after.write(&mut *connection, self).await?;
            self.chosen(&mut *connection, "person", (Value::Object(was), Value::Object(is))).await?;
        }
        if taken(MergeField::Home) {
            self.take_home(&mut *connection).await?;
        }
        self.choose_primaries(connection, survivor, other, taken).await
    }

    async fn choose_primaries(
        &self,
        connection: &mut PgConnection,
        survivor: &Party,
        other: &Party,
        taken: impl Fn(MergeField) -> bool,
    ) -> Result<()> {
        let email = match (survivor.account_id, other.account_id) {
            (Some(_), _) => survivor.email.as_deref(),
            (None, Some(_)) => other.email.as_deref(),
            (None, None) => {
                prefer(taken(MergeField::Email), survivor.email.as_deref(), other.email.as_deref())
            }
        };
        self.choose_primary(connection, (MergeField::Email, "email"), email).await?;
        let phone = prefer(taken(MergeField::Phone), survivor.phone.as_deref(), other.phone.as_deref());
        self.choose_primary(connection, (MergeField::Phone, "phone"), phone).await
    }
}

fn prefer<'a>(taken: bool, survivor: Option<&'a str>, other: Option<&'a str>) -> Option<&'a str> {
    let (first, second) = if taken { (other, survivor) } else { (survivor, other) };
    first.or(second)
}
