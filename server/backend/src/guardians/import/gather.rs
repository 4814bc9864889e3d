//! Gathers what an import of guardians writes in temporary tables, by COPY.

use std::collections::HashMap;

use domain::fold::fold;
use domain::guardians::contact::ContactFunction;
use domain::guardians::import::write::{AdultRef, AdultWrite, GuardiansWrite, LinkWrite, NewUsername};
use domain::ids::{ContactId, PersonId};
use domain::roll::import::people::PersonWrite;
use sqlx::PgConnection;
use uuid::Uuid;

use super::known::series;
use super::{asked, erased, further};
use crate::Result;
use crate::accounts::imported;
use crate::db::copy_rows;
use crate::imports::kind::Importing;
use crate::roll::import::people;

/// Gathers what all rows write. New adults get their identifiers here.
pub(super) async fn gather(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    writes: &[GuardiansWrite],
) -> Result<()> {
    let adults: Vec<&AdultWrite> = writes.iter().flat_map(|write| &write.adults).collect();
    let mut new: HashMap<u32, PersonId> = HashMap::new();
    let numbered: Vec<people::Numbered<'_>> = adults
        .iter()
        .map(|adult| {
            let person = people::Numbered::new(cx, &adult.person, "");
            if let AdultRef::New(number) = adult.adult {
                new.insert(number, person.id);
            }
            person
        })
        .collect();
    people::gather(cx, connection, &numbered).await?;
    let of = |at: usize| (numbered[at].id, adults[at]);
    let with: Vec<(PersonId, &AdultWrite)> = (0..adults.len()).map(of).collect();
    further::gather(cx, connection, &with).await?;
    erased::gather(connection, &with).await?;
    asked::gather(connection, writes).await?;
    details(connection, adults.iter().copied().zip(&numbered)).await?;
    keys(cx, connection, adults.iter().copied().zip(&numbered)).await?;
    let id = |adult: AdultRef| match adult {
        AdultRef::Known(person) => Some(person),
        AdultRef::New(number) => new.get(&number).copied(),
    };
    let links = writes.iter().flat_map(|write| &write.links);
    let links: Vec<(PersonId, &LinkWrite)> = links.filter_map(|link| Some((id(link.adult)?, link))).collect();
    contacts(cx, connection, links).await?;
    let accounts = writes.iter().flat_map(|write| &write.accounts).filter_map(|account| {
        let NewUsername::Given(username) = &account.username else { return None };
        Some((id(account.owner)?, username))
    });
    imported::gather(cx, connection, accounts.collect()).await
}

/// What has no column among the details of people.
async fn details<'a>(
    connection: &mut PgConnection,
    adults: impl Iterator<Item = (&'a AdultWrite, &'a people::Numbered<'a>)> + Send,
) -> Result<()> {
    let told = |adult: &AdultWrite| adult.title.is_some() || adult.is_organisation || adult.postal.is_some();
    let rows: Vec<(&AdultWrite, PersonId)> =
        adults.filter(|(adult, _)| told(adult)).map(|(adult, person)| (adult, person.id)).collect();
    copy_rows(
        connection,
        "COPY import_adults (person_id, is_new, title, is_organisation, lines, postcode, comparable) FROM STDIN",
        rows,
        |line, (adult, person)| {
            let (lines, postcode) = adult
                .postal
                .as_ref()
                .map_or((None, None), |(lines, postcode)| (Some(lines.as_str()), Some(postcode.as_str())));
            let comparable = lines.map(|lines| fold(&format!("{lines} {}", postcode.unwrap_or_default())));
            line.plain(person)
                .plain(is_new(&adult.person))
                .text_or_null(adult.title.as_deref())
                .plain(adult.is_organisation)
                .text_or_null(lines)
                .text_or_null(postcode)
                .text_or_null(comparable.as_deref());
        },
    )
    .await?;
    Ok(())
}

fn is_new(person: &PersonWrite) -> bool {
    person.existing.is_none()
}

async fn keys<'a>(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    adults: impl Iterator<Item = (&'a AdultWrite, &'a people::Numbered<'a>)> + Send,
) -> Result<()> {
    let series = series(cx.school);
    let rows = adults.flat_map(|(adult, person)| adult.keys.iter().map(|key| (person.id, key)));
    let rows: Vec<(PersonId, &String)> = rows.collect();
    copy_rows(
        connection,
        "COPY import_keys (id, person_id, series, comparable, value) FROM STDIN",
        rows,
        |line, (person, key)| {
            line.plain(cx.backend.new_id::<ContactId>()).plain(person).text(&series).text(key).text(key);
        },
    )
    .await?;
    Ok(())
}

async fn contacts(
    cx: &Importing<'_>,
    connection: &mut PgConnection,
    links: Vec<(PersonId, &LinkWrite)>,
) -> Result<()> {
    copy_rows(
        connection,
        "COPY import_contacts (id, is_new, adult_id, child_id, relationship, relationship_said, functions, priority,
                               parental_responsibility, lives_with, no_portal, starts_on, ends_on, ends) FROM STDIN",
        links,
        |line, (adult, link)| {
            let id: Uuid = link.existing.unwrap_or_else(|| cx.backend.new_id()).0;
            let facts = &link.facts;
            let functions: Vec<&str> = facts.functions.iter().copied().map(ContactFunction::slug).collect();
            line.plain(id)
                .plain(link.existing.is_none())
                .plain(adult)
                .plain(link.child)
                .text(facts.relationship.slug())
                .text(&facts.relationship_said)
                .text(&functions.join(" "))
                .plain_or_null(facts.priority.map(u8::from))
                .plain_or_null(facts.parental_responsibility)
                .plain_or_null(facts.lives_with)
                .plain(facts.no_portal)
                .plain(facts.starts_on)
                .plain_or_null(facts.ends_on)
                .plain(link.ends);
        },
    )
    .await?;
    Ok(())
}
