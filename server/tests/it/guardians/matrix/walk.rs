//! The people of the walk, and how a route is filled in for a child.

use axum::http::Method;
use backend::guardians::access::not_mine::link::link;
use backend::testing::{TestSchool, guardian, student};
use domain::authorization::role::Role;
use domain::ids::PersonId;
use sqlx::PgPool;
use uuid::Uuid;

use super::WHO;
use crate::browser::{Browser, PageAnswer};
use crate::guardians::Families;

/// The families, and a student whom none of the visitors has anything to do with.
pub struct Walk {
    families: Families,
    stranger: PersonId,
    contacts: Vec<(PersonId, Uuid)>,
    /// The restriction that closes Lio to Mara.
    restriction: Uuid,
    /// The pair of Mara and somebody who may be the same person.
    twice: Uuid,
}

impl Walk {
    pub async fn new(pool: PgPool) -> Self {
        let families = Families::new(pool).await;
        let stranger = student(&families.backend, &families.school, "Tam", "Lone", "A199", None).await;
        let mut contacts = Vec::new();
        for (adult, child) in
            [(families.mara, families.ben), (families.piotr, families.noor), (families.mara, families.lio)]
        {
            let id: Uuid =
                sqlx::query_scalar("SELECT id FROM contacts WHERE adult_id = $1 AND child_id = $2")
                    .bind(adult.0)
                    .bind(child.0)
                    .fetch_one(families.backend.database.raw())
                    .await
                    .unwrap();
            contacts.push((child, id));
        }
        let restriction: Uuid = sqlx::query_scalar("SELECT id FROM access_restrictions WHERE child_id = $1")
            .bind(families.lio.0)
            .fetch_one(families.backend.database.raw())
            .await
            .unwrap();
        let again =
            guardian(&families.backend, &families.school, "Mara", "Varga", None, &[families.noor]).await;
        let twice: Uuid = sqlx::query_scalar(
            "INSERT INTO person_pairs (id, organisation_id, a_id, b_id, points, evidence, verdict, found_at)
             VALUES (gen_random_uuid(), $1, least($2::uuid, $3::uuid), greatest($2::uuid, $3::uuid), 13, '{}', 'same', now())
             RETURNING id",
        )
        .bind(families.school.organisation.0)
        .bind(families.mara.0)
        .bind(again.0)
        .fetch_one(families.backend.database.raw())
        .await
        .unwrap();
        Self { families, stranger, contacts, restriction, twice }
    }

    /// Mara's child, another child, and one under a restriction.
    pub fn children(&self) -> [PersonId; 3] {
        [self.families.ben, self.families.noor, self.families.lio]
    }

    pub async fn visitors(&self) -> [Browser; WHO.len()] {
        let families = &self.families;
        let here = &families.school;
        let sibling: TestSchool = here.sibling(&families.backend, "SIB", "Sibling School").await;
        [
            Browser::new(&families.backend),
            families.signed_in("b.okafor").await,
            families.signed_in("m.varga").await,
            families.staff(here, "o.viewer", Role::OfficeViewer).await,
            families.staff(here, "t.utor", Role::Tutor).await,
            families.staff(here, "m.manager", Role::AccountManager).await,
            families.staff(&sibling, "e.lsewhere", Role::AccountManager).await,
            families.aunt().await,
        ]
    }

    /// A route with the ids of a child. `{adult}` is their adult, `{number}` the child's admission number,
    /// `{contact}` the contact of both, `{restriction}` Lio's, `{twice}` the pair of Mara and her double, `{mara}` always Mara, `{stranger}` a student of whom nobody
    /// here is an adult, and whatever else stands in braces is an id of nothing.
    pub fn fill(&self, path: &str, child: PersonId) -> String {
        let Families { backend, mara, piotr, ben, noor, lio, .. } = &self.families;
        let adult = if child == *noor { piotr } else { mara };
        let nothing: Uuid = backend.new_id();
        let contact = self.contacts.iter().find(|(of, _)| *of == child).map_or(nothing, |(_, id)| *id);
        let token = link(backend, *adult, self.stranger);
        let token = token.rsplit('/').next().unwrap_or_default();
        let number = [(*ben, "00417"), (*noor, "A102"), (*lio, "A103")];
        let number = number.into_iter().find(|(of, _)| *of == child).map_or("", |(_, number)| number);
        let filled = path
            .replace("{number}", number)
            .replace("{restriction}", &self.restriction.to_string())
            .replace("{twice}", &self.twice.to_string())
            .replace("{child}", &child.to_string())
            .replace("{adult}", &adult.to_string())
            .replace("{contact}", &contact.to_string())
            .replace("{mara}", &mara.to_string())
            .replace("{stranger}", &self.stranger.to_string())
            .replace("{token}", token);
        let parts = filled
            .split('/')
            .map(|part| if part.starts_with('{') { nothing.to_string() } else { part.to_owned() });
        parts.collect::<Vec<_>>().join("/")
    }

    /// Sends a request as a form of this site would.
    pub async fn send(
        &self,
        visitor: &mut Browser,
        method: &Method,
        path: &str,
        fields: &[(&str, &str)],
    ) -> PageAnswer {
        let form = (method == Method::POST).then_some(fields);
        visitor.send(method.clone(), path, form, &[("sec-fetch-site", "same-origin")]).await
    }
}

/// What no page tells the visitor of this column: families nothing of other adults' addresses and of what the office keeps about
/// a restriction; nobody anything of a child who is closed to them; those elsewhere nothing of these families at all.
pub fn refused_words(column: usize) -> &'static [&'static str] {
    match WHO[column] {
        "nobody" => &["Okafor", "Idowu", "Haddad", "Varga", "Lone", "FD26P00321", "example.test"],
        "Ben, a student" => {
            &["Idowu", "Haddad", "Lone", "FD26P00321", "mara@example.test", "piotr@example.test"]
        }
        "Mara, a guardian" => &["Idowu", "Haddad", "Lio", "Lone", "FD26P00321", "piotr@example.test"],
        "a viewer" | "a tutor" => &["FD26P00321"],
        "one of another school" => {
            &["Okafor", "Idowu", "Haddad", "Varga", "Lone", "FD26P00321", "example.test"]
        }
        "an account manager who is their aunt" => &["Haddad"],
        _ => &[],
    }
}
