//! Through the use cases, on a real PostgreSQL: from the group to the sign-in.

mod piles;
mod reach;
mod signing_in;

use std::sync::Arc;

use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::cards::views::{CardsFor, CardsMade};
use domain::credentials::phrase::PhraseKind;
use domain::ids::{GroupId, PersonId};
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::chosen::of_group;
use super::make::{CardsEnd, MakeCards, make};
use crate::accounts::create::Among;
use crate::sessions::visitor::Visitor;
use crate::sign_in::sign_in::{SignInOutcome, sign_in};
use crate::testing::{FixedClock, TestSchool, account, active_account, group, student};
use crate::{Backend, Result};

const OLD: &str = "kettle orbit mustard";
const NEW: &str = "copper ladder fog";

/// A school with a class of three: Ann and Ben wait for a password, Cleo has one.
struct Scene {
    backend: Backend,
    clock: Arc<FixedClock>,
    school: TestSchool,
    office: Actor,
    class: GroupId,
    people: Vec<PersonId>,
}

impl Scene {
    async fn new(pool: PgPool) -> Self {
        let (backend, clock) = crate::testing::backend(pool);
        let school = TestSchool::new(&backend).await;
        let office = school.actor(&backend, Role::AccountManager);
        let mut people = Vec::new();
        for (number, name) in ["ann", "ben", "cleo"].into_iter().enumerate() {
            people.push(student(&backend, &school, name, "Okoronta", &number.to_string(), None).await);
        }
        account(&backend, &school, people[0], "ann").await;
        account(&backend, &school, people[1], "ben").await;
        active_account(&backend, &school, people[2], "cleo", OLD).await;
        let class = group(&backend, &school, "7A", &people).await;
        Self { backend, clock, school, office, class, people }
    }

    fn tutor(&self, of: GroupId) -> Actor {
        let roles =
            vec![RoleAssignment::new(Role::GroupTutor.permissions(), Place::Group(self.school.school, of))];
        Actor::signed_in(self.school.organisation, self.backend.new_id(), self.backend.new_id(), roles)
    }

    async fn try_make(&self, by: &Actor, selection: Selection, whom: CardsFor) -> Result<CardsEnd> {
        let input = MakeCards {
            selection,
            among: Among::Students,
            words: PhraseKind::Words,
            whom,
            group: Some(self.class),
        };
        make(&self.backend, by, self.school.school, input).await
    }

    /// Cards for the class, by username.
    async fn cards(&self, by: &Actor, whom: CardsFor) -> CardsMade {
        let members = of_group(&self.backend, by, self.class).await.unwrap().members;
        let CardsEnd::Made(made) = self.try_make(by, members, whom).await.unwrap() else {
            panic!("not made")
        };
        made
    }

    async fn type_in(&self, username: &str, typed: &str) -> SignInOutcome {
        sign_in(&self.backend, &Visitor::stranger(), username, typed).await.unwrap()
    }

    /// The token that a phrase gives, for an account that waits for a password.
    async fn invited(&self, username: &str, phrase: &str) -> Option<String> {
        match self.type_in(username, phrase).await {
            SignInOutcome::Invited(token) => Some(token),
            _ => None,
        }
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.backend.database.raw()).await.unwrap()
    }
}

/// The phrase on somebody's card.
fn phrase_of(made: &CardsMade, username: &str) -> String {
    made.cards.iter().find(|card| card.username == username).unwrap().phrase.to_string()
}

/// The token in the QR code of somebody's card.
fn token_of(made: &CardsMade, username: &str) -> String {
    let card = made.cards.iter().find(|card| card.username == username).unwrap();
    card.link.rsplit('/').next().unwrap().to_owned()
}
