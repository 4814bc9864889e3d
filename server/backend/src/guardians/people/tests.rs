//! Adults entered by hand, the list, and their accounts, on a real PostgreSQL.

use domain::accounts::action::AccountAction;
use domain::authorization::actor::Actor;
use domain::authorization::actor::RoleAssignment;
use domain::authorization::place::Place;
use domain::authorization::role::Role;
use domain::guardians::adult::{AdultForm, NewAdult};
use domain::guardians::bulk::GuardianFilter;
use domain::guardians::form::ContactForm;
use domain::guardians::relationship::Relationship;
use domain::guardians::views::{AccountFilter, SameReason};
use domain::invitations::views::Recipients;
use domain::roll::selection::Selection;
use sqlx::PgPool;

use super::add::add;
use super::change::change;
use super::elsewhere::{ask, is_known};
use super::likely::likely;
use super::postal::{PostalAddress, set};
use super::shown::guardian;
use super::students::named;
use crate::accounts::change_state::change_state_among;
use crate::accounts::create::Among;
use crate::accounts::guardian::{grant_to_guardian, propose_for_guardian};
use crate::guardians::contacts::attach::attach;
use crate::guardians::list::list;
use crate::guardians::tasks::list::open;
use crate::invitations::send::send;
use crate::testing::{self, TestSchool, contact, student};
use crate::{Backend, Error};

async fn office(pool: PgPool) -> (Backend, TestSchool, Actor) {
    let (backend, _) = testing::backend(pool);
    let school = TestSchool::new(&backend).await;
    let clerk = school.actor(&backend, Role::AccountManager);
    (backend, school, clerk)
}

fn mara(email: &str) -> NewAdult {
    let form = AdultForm {
        family: "Varga".to_owned(),
        given: "Mara".to_owned(),
        email: email.to_owned(),
        ..AdultForm::default()
    };
    form.parse().unwrap()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn an_adult_without_a_child_is_found_by_the_school_that_added_them_alone(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let person = add(&backend, &clerk, school.school, &mara("mara@home.example"), None).await.unwrap();
    let everyone = GuardianFilter::default();
    let found = list(&backend, &clerk, school.school, &everyone, None).await.unwrap().page;
    assert_eq!(found.rows.iter().map(|row| row.person).collect::<Vec<_>>(), [person]);
    let sibling = school.sibling(&backend, "HILL", "Hill School").await;
    let there = sibling.actor(&backend, Role::AccountManager);
    assert_eq!(list(&backend, &there, sibling.school, &everyone, None).await.unwrap().page.rows, []);
    assert!(matches!(guardian(&backend, &there, person).await, Err(Error::NotFound("guardian"))));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn somebody_who_may_be_the_same_person_is_named_before_a_second_one_is_made(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let ilse = student(&backend, &school, "Ilse", "Varga", "A100", None).await;
    let known =
        testing::guardian(&backend, &school, "Mara", "Varga", Some("MARA@home.example"), &[ilse]).await;
    let found = likely(&backend, &clerk, school.school, &mara("mara@Home.example")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].person, found[0].who.as_str()), (known, "Contact of Ilse Varga"));
    assert_eq!(found[0].reasons, [SameReason::Email, SameReason::Name]);
    // C15: no address is in common where there is none.
    let blank = AdultForm { family: "Haddad".to_owned(), ..AdultForm::default() }.parse().unwrap();
    assert_eq!(likely(&backend, &clerk, school.school, &blank).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn the_list_is_searched_by_name_email_username_and_child(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let ilse = student(&backend, &school, "Ilse", "Okafor", "A100", None).await;
    let mara = testing::guardian(&backend, &school, "Mara", "Varga", Some("m.v@home.example"), &[ilse]).await;
    testing::guardian(&backend, &school, "Otto", "Lind", None, &[ilse]).await;
    testing::account(&backend, &school, mara, "m.varga").await;
    for words in ["varga", "m.v@home.example", "m.varga", "mara okafor"] {
        let filter = GuardianFilter { words: words.to_owned(), ..GuardianFilter::default() };
        let found = list(&backend, &clerk, school.school, &filter, None).await.unwrap().page;
        assert_eq!(found.rows.iter().map(|row| row.person).collect::<Vec<_>>(), [mara], "{words}");
        assert_eq!(found.rows[0].children, [(ilse, "Ilse Okafor".to_owned())]);
    }
    for (filter, count) in [
        (AccountFilter::All, 2),
        (AccountFilter::With, 1),
        (AccountFilter::Without, 1),
        (AccountFilter::Invited, 0),
    ] {
        let filter = GuardianFilter { accounts: filter, ..GuardianFilter::default() };
        let found = list(&backend, &clerk, school.school, &filter, None).await.unwrap().page;
        assert_eq!(found.rows.len(), count, "{filter:?}");
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_guardian_gets_an_account_an_invitation_and_is_disabled_and_enabled(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let ilse = student(&backend, &school, "Ilse", "Varga", "A100", None).await;
    let person = add(&backend, &clerk, school.school, &mara("mara@home.example"), None).await.unwrap();
    contact(&backend, &school, person, ilse, Relationship::Mother).await;
    let row = propose_for_guardian(&backend, &clerk, school.school, person).await.unwrap();
    let username = row.username().unwrap().to_string();
    grant_to_guardian(&backend, &clerk, school.school, person, &username, true).await.unwrap();
    let account = sqlx::query_scalar::<_, uuid::Uuid>("SELECT id FROM accounts WHERE person_id = $1")
        .bind(person.0)
        .fetch_one(backend.database.raw())
        .await
        .unwrap();
    let to = Recipients::Accounts { ids: vec![domain::ids::AccountId(account)], again: false };
    assert_eq!(send(&backend, &clerk, school.school, to).await.unwrap().queued, 1);
    let only = Selection::People { ids: vec![person] };
    for action in [AccountAction::Disable, AccountAction::Enable] {
        let outcome =
            change_state_among(&backend, &clerk, school.school, (Among::Guardians, &only), action).await;
        assert_eq!(outcome.unwrap().changed, 1, "{action:?}");
    }
    // At another school they are nobody's guardian.
    let sibling = school.sibling(&backend, "HILL", "Hill School").await;
    let there = sibling.actor(&backend, Role::AccountManager);
    let beyond = change_state_among(
        &backend,
        &there,
        sibling.school,
        (Among::Guardians, &only),
        AccountAction::Disable,
    )
    .await;
    assert_eq!(beyond.unwrap().changed, 0);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn details_and_the_postal_address_are_changed_by_hand(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let person = add(&backend, &clerk, school.school, &mara(""), None).await.unwrap();
    let form = AdultForm {
        title: "Dr".to_owned(),
        family: "Berg".to_owned(),
        given: "Mara".to_owned(),
        language: "Polish".to_owned(),
        ..AdultForm::default()
    };
    change(&backend, &clerk, person, &form.details().unwrap()).await.unwrap();
    let typed =
        PostalAddress { lines: " 12 Mill  Lane \n\nAshby".to_owned(), postcode: "ab1 2cd".to_owned() };
    set(&backend, &clerk, person, &typed).await.unwrap();
    let shown = guardian(&backend, &clerk, person).await.unwrap();
    assert_eq!((shown.name.as_str(), shown.form.language.as_str()), ("Dr Mara Berg", "pl"));
    let postal = PostalAddress { lines: "12 Mill Lane\nAshby".to_owned(), postcode: "AB1 2CD".to_owned() };
    assert_eq!(shown.postal, Some(postal));
    set(&backend, &clerk, person, &PostalAddress::default()).await.unwrap();
    assert_eq!(guardian(&backend, &clerk, person).await.unwrap().postal, None);
    // The name of somebody who is on a list comes from there.
    let ilse = student(&backend, &school, "Ilse", "Varga", "A100", None).await;
    let refused = change(&backend, &clerk, ilse, &form.details().unwrap()).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "on_a_list", .. })));
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_student_is_named_by_number_or_by_name(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let ilse = student(&backend, &school, "Ilse", "Varga", "A10", None).await;
    let tam = student(&backend, &school, "Tam", "Varga", "A100", None).await;
    let people = |words: &'static str| {
        let (backend, clerk) = (&backend, &clerk);
        async move {
            let found = named(backend, clerk, school.school, words).await.unwrap();
            found.into_iter().map(|student| student.person).collect::<Vec<_>>()
        }
    };
    assert_eq!(people("a10").await, [ilse], "the whole number counts first");
    assert_eq!(people("tam varga").await, [tam]);
    assert_eq!(people("varga").await, [ilse, tam]);
    assert_eq!(people(" ").await, []);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn somebody_known_at_another_school_is_asked_for_and_nothing_of_them_is_told(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let ilse = student(&backend, &school, "Ilse", "Varga", "A100", None).await;
    let known =
        testing::guardian(&backend, &school, "Mara", "Varga", Some("mara@home.example"), &[ilse]).await;
    let hill = school.sibling(&backend, "HILL", "Hill School").await;
    let there = hill.actor(&backend, Role::AccountManager);
    let lio = student(&backend, &hill, "Lio", "Varga", "9", None).await;
    let typed = mara("MARA@home.example");
    assert_eq!(likely(&backend, &there, hill.school, &typed).await.unwrap(), []);
    assert!(is_known(&backend, &there, hill.school, &typed).await.unwrap());
    assert!(
        !is_known(&backend, &clerk, school.school, &typed).await.unwrap(),
        "within reach she is likely instead"
    );
    let other = mara("other@home.example");
    assert!(!is_known(&backend, &there, hill.school, &other).await.unwrap(), "a name alone is nobody");
    assert!(matches!(
        ask(&backend, &there, hill.school, &other, lio).await,
        Err(Error::Conflict { code: "not_elsewhere", .. })
    ));
    for _ in 0..2 {
        ask(&backend, &there, hill.school, &typed, lio).await.unwrap();
    }
    let seen = open(&backend, &there).await.unwrap();
    assert_eq!(
        (seen.len(), seen[0].adult.clone()),
        (1, None),
        "the school that asked learns nobody\u{2019}s id"
    );
    let both = Actor::signed_in(
        school.organisation,
        backend.new_id(),
        backend.new_id(),
        vec![RoleAssignment::new(Role::AccountManager.permissions(), Place::Organisation)],
    );
    let seen = open(&backend, &both).await.unwrap();
    assert_eq!(seen[0].adult.as_ref().map(|(id, _)| *id), Some(known));
    let today = backend.today(chrono_tz::Europe::London);
    let form = ContactForm { relationship: "mother".to_owned(), ..ContactForm::beginning(today) };
    let facts = form.parse().unwrap();
    attach(&backend, &both, known, lio, facts).await.unwrap();
    assert_eq!(open(&backend, &both).await.unwrap(), []);
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_middle_name_is_kept_and_found_when_the_family_name_changes(pool: PgPool) {
    let (backend, school, clerk) = office(pool).await;
    let person = add(&backend, &clerk, school.school, &mara("mara@home.example"), None).await.unwrap();
    sqlx::query("UPDATE people SET middle_name = 'Zofia', search_key = ' mara zofia varga ' WHERE id = $1")
        .bind(person.0)
        .execute(backend.database.raw())
        .await
        .unwrap();
    let form = |given: &str| AdultForm {
        family: "Lind".to_owned(),
        given: given.to_owned(),
        ..AdultForm::default()
    };
    let found = async |words: &str| {
        let filter = GuardianFilter { words: words.to_owned(), ..GuardianFilter::default() };
        list(&backend, &clerk, school.school, &filter, None).await.unwrap().total
    };
    change(&backend, &clerk, person, &form("Mara").details().unwrap()).await.unwrap();
    assert_eq!((found("zofia lind").await, found("varga").await), (1, 0));
    change(&backend, &clerk, person, &form("Greta").details().unwrap()).await.unwrap();
    assert_eq!((found("greta").await, found("zofia").await), (1, 0));
}
