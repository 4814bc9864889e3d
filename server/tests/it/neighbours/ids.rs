//! One id of each kind of thing that a school has, for trying them at someone else's pages.

use axum::http::StatusCode;
use backend::Backend;
use backend::accounts::create::save;
use backend::authorization::roles::give::{RoleForm, give};
use backend::imports::stage::stage;
use backend::operations::ExpectedPlan;
use backend::testing::student;
use domain::accounts::naming::Naming;
use domain::authorization::actor::Actor;
use domain::authorization::policy::Permission;
use domain::imports::kind::KindSlug;
use domain::roll::import::STUDENTS;
use domain::roll::selection::Selection;
use uuid::Uuid;

use super::without_stamps;
use crate::browser::{Browser, PageAnswer};
use crate::recovery::forgetting::{link, person_of};
use crate::scene::{PASSWORD, Scene};

/// One id of each kind.
#[derive(Clone)]
pub(crate) struct Ids {
    pub(crate) school: String,
    pub(crate) person: String,
    pub(crate) account: String,
    pub(crate) address: String,
    pub(crate) batch: String,
    pub(crate) import: String,
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) session: String,
    pub(crate) provider: String,
    pub(crate) preview: String,
    pub(crate) passkey: String,
    pub(crate) given: String,
    pub(crate) approval: String,
    pub(crate) pair: String,
    pub(crate) merge: String,
    pub(crate) run: String,
    pub(crate) contact: String,
    pub(crate) sender: String,
    pub(crate) group: String,
    pub(crate) course: String,
    pub(crate) year: String,
    pub(crate) pile: String,
    pub(crate) code: String,
}

impl Ids {
    /// The ids of what Adaeze's school has.
    pub(super) async fn of(scene: &Scene) -> Self {
        let (backend, school) = (&scene.backend, &scene.school);
        link(scene).await;
        let bem = student(backend, school, "Bem", "Ade", "1050", None).await;
        let system = Actor::system(school.organisation);
        let bem = Selection::People { ids: vec![bem] };
        save(backend, &system, school.school, &bem, &Naming::default(), ExpectedPlan::WhateverIsReady)
            .await
            .unwrap();
        let rows = b"Adm No,Forename,Surname\n1060,Cleo,Ade\n".to_vec();
        stage(backend, &system, &KindSlug::from(&STUDENTS), school.school, "roll.csv", rows).await.unwrap();
        let rights = [Permission::ViewRoll].into_iter().collect();
        backend::authorization::roles::kinds::save(backend, &system, None, "Librarian", rights)
            .await
            .unwrap();
        let person = person_of(scene, "a.okoronta").await;
        let role = RoleForm { role: "tutor".to_owned(), place: "all".to_owned(), ..RoleForm::default() };
        give(backend, &system, person, &role).await.unwrap();
        // The role ended every session from before.
        Browser::new(backend).sign_in("a.okoronta", PASSWORD).await;
        let made = [
            "INSERT INTO identity_providers (id, organisation_id, kind, name, issuer, client_id, client_secret, created_at)
             SELECT gen_random_uuid(), $1, 'other', 'Okoronta Trust', 'https://issuer.example', 'greencap', '', $2",
            "INSERT INTO previews (id, organisation_id, session_id, person_id, ends_at)
             SELECT gen_random_uuid(), $1, s.id, a.person_id, $2 + interval '1 hour'
             FROM sessions s JOIN accounts a ON a.id = s.account_id",
            "INSERT INTO passkeys (id, organisation_id, account_id, name, credential_id, credential, created_at)
             SELECT gen_random_uuid(), $1, id, 'Okoronta phone', '\\x01', '{}', $2 FROM accounts WHERE username = 'a.okoronta'",
            "INSERT INTO operations (id, organisation_id, account_id, school_id, kind, input, people, plan_hash, size, second_person, created_at)
             SELECT gen_random_uuid(), $1, a.id, s.id, 'export_accounts',
                    '{\"selection\": {\"kind\": \"people\", \"ids\": []}, \"format\": \"csv\"}', ARRAY[a.person_id], '', 1, true, $2
             FROM accounts a, schools s WHERE username = 'a.okoronta' AND s.organisation_id = $1",
            "INSERT INTO person_pairs (id, organisation_id, a_id, b_id, points, evidence, verdict, found_at)
             SELECT gen_random_uuid(), $1, min(id::text)::uuid, max(id::text)::uuid, 7, '{}', 'ask', $2 FROM people
             WHERE organisation_id = $1",
            "INSERT INTO merges (id, organisation_id, kind, survivor_id, other_id, made_at)
             SELECT gen_random_uuid(), $1, 'merge', min(id::text)::uuid, max(id::text)::uuid, $2 FROM people
             WHERE organisation_id = $1",
            "INSERT INTO contacts (id, organisation_id, adult_id, child_id, relationship, starts_on, created_at, updated_at)
             SELECT gen_random_uuid(), $1, min(id::text)::uuid, max(id::text)::uuid, 'aide', $2::date, $2, $2 FROM people
             WHERE organisation_id = $1",
            "INSERT INTO autocreate_runs (id, organisation_id, school_id, created_at, expires_at, options, access, counts, plan_hash)
             SELECT gen_random_uuid(), $1, id, $2, $2, '{}', '{}', '{}', '' FROM schools WHERE organisation_id = $1",
            "INSERT INTO import_senders (id, organisation_id, school_id, kind, name, columns, mapping, used_at)
             SELECT gen_random_uuid(), $1, id, 'students', 'Okoronta office', '[]', '{}', $2 FROM schools WHERE organisation_id = $1",
            "INSERT INTO groups (id, organisation_id, school_id, kind, code, name, created_at)
             SELECT gen_random_uuid(), $1, id, 'teaching', '12A', 'Okoronta 12A', $2 FROM schools WHERE organisation_id = $1",
            "INSERT INTO courses (id, organisation_id, school_id, code, name, created_at)
             SELECT gen_random_uuid(), $1, id, 'OK1', 'Okoronta studies', $2 FROM schools WHERE organisation_id = $1",
            "INSERT INTO academic_years (id, organisation_id, school_id, name, starts_on, ends_on, created_at)
             SELECT gen_random_uuid(), $1, id, 'Okoronta year', $2::date, $2::date + 300, $2 FROM schools WHERE organisation_id = $1",
            "INSERT INTO print_runs (id, organisation_id, school_id, number, words, size, made_at, expires_at)
             SELECT gen_random_uuid(), $1, id, 1, 'words', 1, $2, $2 FROM schools WHERE organisation_id = $1",
        ];
        for made in made {
            let query = sqlx::query(made).bind(school.organisation.0).bind(backend.now());
            query.execute(backend.database.raw()).await.expect(made);
        }
        let one = async |query: &'static str| -> String {
            sqlx::query_scalar(query).fetch_one(backend.database.raw()).await.expect(query)
        };
        Self {
            school: school.school.to_string(),
            person: person.to_string(),
            account: scene.account.to_string(),
            address: one("SELECT id::text FROM addresses").await,
            batch: one("SELECT id::text FROM operations WHERE kind = 'create_accounts'").await,
            import: one("SELECT id::text FROM imports").await,
            kind: one("SELECT id::text FROM custom_roles").await,
            message: one("SELECT message_id::text FROM mailbox").await,
            session: one("SELECT id::text FROM sessions").await,
            provider: one("SELECT id::text FROM identity_providers").await,
            preview: one("SELECT id::text FROM previews").await,
            passkey: one("SELECT id::text FROM passkeys").await,
            given: one("SELECT id::text FROM staff_roles").await,
            approval: one("SELECT id::text FROM operations WHERE second_person").await,
            pair: one("SELECT id::text FROM person_pairs").await,
            merge: one("SELECT id::text FROM merges").await,
            run: one("SELECT id::text FROM autocreate_runs").await,
            contact: one("SELECT id::text FROM contacts").await,
            sender: one("SELECT id::text FROM import_senders").await,
            group: one("SELECT id::text FROM groups").await,
            course: one("SELECT id::text FROM courses").await,
            year: one("SELECT id::text FROM academic_years").await,
            pile: one("SELECT id::text FROM print_runs").await,
            // Both organisations have a school with this code: it names the actor's own.
            code: "QUILL".to_owned(),
        }
    }

    /// Ids of things that do not exist.
    pub(crate) fn of_nothing(backend: &Backend) -> Self {
        let new = || backend.new_id::<Uuid>().to_string();
        Self {
            school: new(),
            person: new(),
            account: new(),
            address: new(),
            batch: new(),
            import: new(),
            kind: new(),
            message: new(),
            session: new(),
            provider: new(),
            preview: new(),
            passkey: new(),
            given: new(),
            approval: new(),
            pair: new(),
            merge: new(),
            run: new(),
            contact: new(),
            sender: new(),
            group: new(),
            course: new(),
            year: new(),
            pile: new(),
            code: "QUILL".to_owned(),
        }
    }

    fn named(&self) -> [(&'static str, &str); 23] {
        [
            ("{school}", &self.school),
            ("{person}", &self.person),
            ("{account}", &self.account),
            ("{address}", &self.address),
            ("{batch}", &self.batch),
            ("{import}", &self.import),
            ("{kind}", &self.kind),
            ("{message}", &self.message),
            ("{session}", &self.session),
            ("{provider}", &self.provider),
            ("{preview}", &self.preview),
            ("{passkey}", &self.passkey),
            ("{given}", &self.given),
            ("{approval}", &self.approval),
            ("{pair}", &self.pair),
            ("{merge}", &self.merge),
            ("{run}", &self.run),
            ("{contact}", &self.contact),
            ("{sender}", &self.sender),
            ("{group}", &self.group),
            ("{course}", &self.course),
            ("{year}", &self.year),
            ("{pile}", &self.pile),
        ]
    }

    /// A route with these ids as its parameters. Fails for an unknown parameter, so that no new route is left
    /// out.
    pub(crate) fn fill(&self, route: &str) -> String {
        let area = route.split('/').nth(1);
        let fill = |place: &str| match (place, area) {
            ("id", Some("students")) | ("person" | "child", _) => &self.person,
            ("id", Some("imports")) | ("import", _) => &self.import,
            ("school", _) => &self.school,
            ("address", _) => &self.address,
            ("batch", _) => &self.batch,
            ("kind", _) => &self.kind,
            ("message", _) => &self.message,
            ("provider", _) => &self.provider,
            ("preview", _) => &self.preview,
            ("passkey", _) => &self.passkey,
            ("pair", _) => &self.pair,
            ("merge", _) => &self.merge,
            ("run", _) => &self.run,
            ("contact", _) => &self.contact,
            ("sender", _) => &self.sender,
            ("group", _) => &self.group,
            ("course", _) => &self.course,
            ("year", _) => &self.year,
            ("pile", _) => &self.pile,
            ("approval" | "operation", _) | ("id", Some("operations")) => &self.approval,
            ("code", _) => &self.code,
            _ => panic!("whose id replaces {place} in {route}?"),
        };
        let parts = route.split('/').map(|part| {
            part.strip_prefix('{').and_then(|part| part.strip_suffix('}')).map_or(part, |place| fill(place))
        });
        parts.collect::<Vec<_>>().join("/")
    }

    /// A response without the requested ids, and without what differs on every page.
    pub(crate) fn essence(&self, answer: PageAnswer) -> (StatusCode, String) {
        let nonce = answer.body.split("nonce=\"").nth(1).and_then(|rest| rest.split('"').next());
        let body = nonce.map_or_else(|| answer.body.clone(), |nonce| answer.body.replace(nonce, ""));
        let body = without_stamps(&body);
        (answer.status, self.named().iter().fold(body, |body, (name, id)| body.replace(id, name)))
    }
}
