//! Rules implemented both in SQL and in the domain give the same results.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use domain::authorization::permission::Permission;
use domain::credentials::state::AccountState;
use domain::credentials::status::{AccountStanding, AccountStatus, InvitationEnd, StatusGroup};
use domain::messages::delivery::DeliveryState;
use domain::roll::filter::RollFilter;
use domain::roll::selection::Selection;
use domain::roll::status::RollStatus;
use sqlx::PgPool;

use super::{account, office, student};
use crate::roll::cache::rolls;
use crate::roll::selection;
use crate::tenancy::target::InSchool;

fn options<T: Copy>(all: &[T]) -> Vec<Option<T>> {
    std::iter::once(None).chain(all.iter().copied().map(Some)).collect()
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn status_groups_are_the_same_in_sql(pool: PgPool) {
    let now = DateTime::from_timestamp(1_000_000, 0).unwrap();
    let times = [now - TimeDelta::microseconds(1), now, now + TimeDelta::microseconds(1)];
    let mut cases: Vec<(Option<AccountStanding>, bool)> = vec![(None, true), (None, false)];
    for state in AccountState::ALL {
        for delivery in options(&DeliveryState::ALL) {
            for opened_at in options(&times) {
                for invitation_expires_at in options(&times) {
                    // An invitation that was ended has no time at which it expires.
                    let ends = InvitationEnd::ALL.into_iter().filter(|_| invitation_expires_at.is_none());
                    for (invitation_end, has_email) in std::iter::once(None)
                        .chain(ends.map(Some))
                        .flat_map(|end| [(end, true), (end, false)])
                    {
                        let standing = AccountStanding {
                            state,
                            delivery,
                            opened_at,
                            invitation_expires_at,
                            invitation_end,
                            has_email,
                        };
                        cases.push((Some(standing), has_email));
                    }
                }
            }
        }
    }
    let column = |value: fn(&AccountStanding) -> Option<&'static str>| -> Vec<Option<&'static str>> {
        cases.iter().map(|(standing, _)| standing.as_ref().and_then(value)).collect()
    };
    let expiries: Vec<Option<DateTime<Utc>>> =
        cases.iter().map(|(standing, _)| standing.and_then(|s| s.invitation_expires_at)).collect();
    for has_left in [false, true] {
        let from_sql = sqlx::query_scalar::<_, String>(
            "SELECT account_status_group(state, delivery, expires_at, has_email, $5, $6)
         FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::boolean[])
              WITH ORDINALITY AS c (state, delivery, expires_at, has_email, place) ORDER BY place",
        )
        .bind(column(|s| Some(s.state.slug())))
        .bind(column(|s| s.delivery.map(DeliveryState::slug)))
        .bind(&expiries)
        .bind(cases.iter().map(|(_, has_email)| *has_email).collect::<Vec<_>>())
        .bind(now)
        .bind(has_left)
        .fetch_all(&pool)
        .await
        .unwrap();
        assert_eq!(from_sql.len(), cases.len());
        for ((standing, _), slug) in cases.iter().zip(from_sql) {
            let status = AccountStatus::of(standing.as_ref(), now);
            assert_eq!(status.group(has_left).slug(), slug, "{standing:?}");
        }
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn roll_status_is_the_same_in_sql(pool: PgPool) {
    let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
    let days: Vec<NaiveDate> =
        (0..3).filter_map(|n| today.checked_add_days(Days::new(n))).map(|d| d.pred_opt().unwrap()).collect();
    for starts_on in &days {
        for ends_on in options(&days) {
            let slug = sqlx::query_scalar::<_, String>("SELECT roll_status_on($1, $2, $3)")
                .bind(today)
                .bind(starts_on)
                .bind(ends_on)
                .fetch_one(&pool)
                .await
                .unwrap();
            assert_eq!(RollStatus::on(today, *starts_on, ends_on).slug(), slug);
        }
    }
}

#[sqlx::test(migrator = "crate::db::MIGRATOR")]
async fn a_selection_by_filter_is_what_the_list_shows(pool: PgPool) {
    let (backend, school, actor) = office(pool).await;
    for (n, (given, family, email)) in [
        ("Zoë", "O\u{2019}Neil", Some("zoe@home.example")),
        ("明", "李", None),
        ("Ann-Marie", "Lee", Some("lee@home.example")),
        ("Алексей", "Новак", None),
        ("Zo", "Ali", Some("lee@home.example")),
    ]
    .into_iter()
    .enumerate()
    {
        let person = student(&backend, &school, given, family, &format!("A-{n}"), email).await;
        if n > 1 {
            account(&backend, &school, person, &format!("zo.user{n}")).await;
        }
        sqlx::query("UPDATE enrolments SET year_group = $2, ends_on = $3 WHERE person_id = $1")
            .bind(person.0)
            .bind(if n == 3 { "8" } else { "7" })
            .bind((n == 4).then(|| NaiveDate::from_ymd_opt(2026, 10, 1)).flatten())
            .execute(backend.database.raw())
            .await
            .unwrap();
    }
    let school = backend.enter(&actor, Permission::ViewRoll, InSchool(school.school)).await.unwrap().at;
    let roll = rolls(&backend).current(&backend, &school).await.unwrap();
    let mut connection = backend.database.raw().acquire().await.unwrap();
    let mut shown = 0;
    for q in ["", "zo", "ZOË oneil", "li", "李", "zo.user4", "a 2", "user", "%", "новак"] {
        for year in ["", "7", "9"] {
            for status in
                [vec![], vec![StatusGroup::NoAccount], vec![StatusGroup::NotInvited, StatusGroup::Attention]]
            {
                for roll_status in
                    [vec![], vec![RollStatus::Current], vec![RollStatus::Leaver, RollStatus::Future]]
                {
                    let filter = RollFilter {
                        q: q.to_owned(),
                        year: year.to_owned(),
                        group: String::new(),
                        roll: roll_status,
                        status: status.clone(),
                        ..RollFilter::default()
                    };
                    let mut listed: Vec<_> = roll
                        .snapshot
                        .find(&filter, backend.now())
                        .rows
                        .into_iter()
                        .map(|row| roll.snapshot.person(row as usize))
                        .collect();
                    listed.sort_unstable();
                    shown += listed.len();
                    let chosen = Selection::Matching { filter: filter.clone() };
                    let mut selected =
                        selection::people(&mut connection, &school, &chosen, backend.now()).await.unwrap();
                    selected.sort_unstable();
                    assert_eq!(selected, listed, "{filter:?}");
                }
            }
        }
    }
    assert!(shown > 50, "the filters of this test find something");
}
