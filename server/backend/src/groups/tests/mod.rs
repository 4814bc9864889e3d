//! Teaching groups on a real PostgreSQL.

use std::collections::BTreeSet;

use domain::authorization::actor::{Actor, RoleAssignment};
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::ids::{CourseId, GroupId, PersonId};
use sqlx::PgPool;

use super::change::{self, ChangeEnd, ChangeMembers};
use super::courses::{CourseForm, courses};
use super::create::{GroupForm, create};
use super::group::group;
use super::list::{GroupFilter, list};
use super::{courses as course, edit, tutors, years};
use crate::operations::ExpectedPlan;
use crate::testing::{TestSchool, backend, member_of_staff, student};
use crate::{Backend, Error};

/// Whatever is possible, without a simulation before.
const READY: ExpectedPlan = ExpectedPlan::WhateverIsReady;

mod changing;
mod importing;
mod studying;
mod tutoring;

/// A school's office.
struct Office {
    backend: Backend,
    school: TestSchool,
    actor: Actor,
}

impl Office {
    async fn new(pool: PgPool) -> Self {
        let (backend, _) = backend(pool);
        let school = TestSchool::new(&backend).await;
        let actor = school.actor(&backend, Role::AccountManager);
        Self { backend, school, actor }
    }

    async fn group(&self, name: &str) -> GroupId {
        let form = GroupForm { name: name.to_owned(), ..GroupForm::default() };
        create(&self.backend, &self.actor, self.school.school, &form).await.unwrap()
    }

    async fn course(&self, name: &str, adds: &[CourseId]) -> Result<CourseId, Error> {
        let form =
            CourseForm { code: name.to_owned(), name: name.to_owned(), adds: adds.iter().copied().collect() };
        course::save(&self.backend, &self.actor, self.school.school, (None, &form)).await
    }

    async fn students(&self, names: &[&str]) -> Vec<PersonId> {
        let mut people = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let number = (number + 1).to_string();
            people.push(student(&self.backend, &self.school, name, "Roe", &number, None).await);
        }
        people
    }

    async fn names(&self, actor: &Actor, id: GroupId) -> Vec<String> {
        let page = group(&self.backend, actor, id).await.unwrap();
        page.members.into_iter().map(|member| member.name).collect()
    }

    /// A tutor of a group and of nothing else.
    fn tutor(&self, id: GroupId) -> Actor {
        let role = RoleAssignment::new(Role::GroupTutor.permissions(), Place::Group(self.school.school, id));
        Actor::signed_in(self.school.organisation, self.backend.new_id(), self.backend.new_id(), vec![role])
    }
}

/// The code and the sentence of a conflict.
fn conflict<T: std::fmt::Debug>(answer: Result<T, Error>) -> (&'static str, String) {
    match answer {
        Err(Error::Conflict { code, message }) => (code, message),
        other => panic!("{other:?}"),
    }
}

/// What is wrong with one field.
fn wrong<T: std::fmt::Debug>(answer: Result<T, Error>, field: &str) -> String {
    match answer {
        Err(Error::Invalid(errors)) => errors.of(field).unwrap_or_default().to_owned(),
        other => panic!("{other:?}"),
    }
}
