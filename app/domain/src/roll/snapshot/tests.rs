//! Compares the columns with the rows they were built from.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::credentials::status::StatusGroup;
use crate::fold::{fold, search_key};
use crate::roll::filter::RollFilter;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(1_000_000_500).unwrap()
}

fn moment() -> impl Strategy<Value = Option<DateTime<Utc>>> {
    // Around `now`, so that an expiry can be before, after or exactly at it.
    proptest::option::of(
        (1_000_000_498i64..1_000_000_503).prop_map(|at| DateTime::from_timestamp_micros(at).unwrap()),
    )
}

prop_compose! {
    fn account()(
        id: u128,
        username in "[a-c]{1,3}\\.[a-c]{1,3}",
        state in proptest::sample::select(&AccountState::ALL[..]),
        delivery in proptest::option::of(proptest::sample::select(&DeliveryState::ALL[..])),
        opened_at in moment(),
        invitation_expires_at in moment(),
        invitation_end in proptest::option::of(proptest::sample::select(&InvitationEnd::ALL[..])),
        last_sign_in_at in moment(),
    ) -> RollAccount {
        let standing = AccountStanding { state, delivery, opened_at, invitation_expires_at, invitation_end, has_email: false };
        RollAccount { id: AccountId(Uuid::from_u128(id)), username, standing, since: now(), last_sign_in_at }
    }
}

prop_compose! {
    fn row()(
        id: u128,
        given in "[A-Cé]{1,4}",
        family in "[a-c' -]{0,5}",
        admission_number in "[0-9]{1,3}",
        year in "[789]|",
        group in "[789][AB\t\\\\]|",
        roll in proptest::sample::select(&RollStatus::ALL[..]),
        email in proptest::option::of("[a-z]{1,4}@school\\.example"),
        account in proptest::option::of(account()),
    ) -> RollRow {
        let mut search = search_key(&given, "", &family, "", &admission_number);
        let account = account.map(|mut account| {
            account.standing.has_email = email.is_some();
            search = format!("{search} {}", fold(&account.username));
            account
        });
        let name = format!("{given} {family}");
        RollRow { person: PersonId(Uuid::from_u128(id)), name, search, admission_number, year, group, roll, email, account }
    }
}

prop_compose! {
    fn filter()(
        q in "[a-cÉ0-9]{0,2}( [a-c.]{1,3})?",
        year in "[78]|",
        group in "[78][AB]|",
        roll in proptest::sample::subsequence(&RollStatus::ALL[..], 0..3),
        status in proptest::sample::subsequence(&StatusGroup::ALL[..], 0..6),
    ) -> RollFilter {
        RollFilter { q, year, group, roll, status, ..RollFilter::default() }
    }
}

proptest! {
    #[test]
    fn columns_filter_as_rows_do(rows in proptest::collection::vec(row(), 0..30), filter in filter()) {
        let snapshot = RollSnapshot::from_rows(&rows);
        let words = filter.words();
        let by_row: Vec<u32> =
            (0u32..).zip(&rows).filter(|(_, row)| filter.matches(row, &words, now())).map(|(at, _)| at).collect();
        prop_assert_eq!(snapshot.find(&filter, now()).rows, by_row);
    }

    #[test]
    fn a_menu_offers_the_years_and_groups_that_would_show_somebody_whatever_is_typed(
        rows in proptest::collection::vec(row(), 0..30),
        filter in filter(),
    ) {
        let snapshot = RollSnapshot::from_rows(&rows);
        let facets = snapshot.find(&filter, now()).facets;
        let shows = |chosen: RollFilter| !snapshot.find(&RollFilter { q: String::new(), ..chosen }, now()).rows.is_empty();
        for year in ["7", "8", "9"].map(str::to_owned) {
            prop_assert_eq!(facets.years.contains(&year), shows(RollFilter { year, ..filter.clone() }));
        }
        for group in rows.iter().map(|row| row.group.clone()).filter(|group| !group.is_empty()) {
            prop_assert_eq!(facets.groups.contains(&group), shows(RollFilter { group, ..filter.clone() }));
        }
    }

    #[test]
    fn a_roll_status_counts_what_choosing_it_would_show(
        rows in proptest::collection::vec(row(), 0..30),
        filter in filter(),
    ) {
        let snapshot = RollSnapshot::from_rows(&rows);
        for (roll, count) in snapshot.find(&filter, now()).facets.rolls {
            let chosen = RollFilter { roll: vec![roll], ..filter.clone() };
            prop_assert_eq!(snapshot.find(&chosen, now()).rows.len(), count as usize);
        }
    }

    #[test]
    fn rows_come_back_as_they_went_in_and_through_the_wire(rows in proptest::collection::vec(row(), 0..10)) {
        let snapshot = RollSnapshot::from_rows(&rows);
        let text = snapshot.to_text();
        let arrived = RollSnapshot::from_text(&text).unwrap();
        let mut copied = snapshot.emptied();
        let (first, second) = (snapshot.len() / 3, snapshot.len() / 2);
        for run in [0..first, first..second, second..second, second..snapshot.len()] {
            copied.push_run(&snapshot, run);
        }
        let filter = RollFilter { q: "a".to_owned(), ..RollFilter::default() };
        prop_assert_eq!(copied.find(&filter, now()).rows, snapshot.find(&filter, now()).rows);
        for one in [&snapshot, &arrived, &copied] {
            prop_assert_eq!((0..one.len()).map(|at| one.row(at)).collect::<Vec<_>>(), rows.clone());
        }
    }

    #[test]
    fn sorting_keeps_everyone_and_turns_round(rows in proptest::collection::vec(row(), 0..20)) {
        let snapshot = RollSnapshot::from_rows(&rows);
        for by in [
            RollSort::Name, RollSort::Number, RollSort::Group, RollSort::Username, RollSort::Status, RollSort::LastSignIn,
        ] {
            for descending in [false, true] {
                let mut sorted: Vec<u32> = (0u32..).take(rows.len()).collect();
                snapshot.sort(&mut sorted, by, descending, now());
                let mut back = sorted.clone();
                back.sort_unstable();
                prop_assert_eq!(back, (0u32..).take(rows.len()).collect::<Vec<_>>());
            }
        }
    }
}

fn signed_in(at: Option<i64>, username: &str) -> RollRow {
    let standing = AccountStanding {
        state: AccountState::Active,
        delivery: None,
        opened_at: None,
        invitation_expires_at: None,
        invitation_end: None,
        has_email: false,
    };
    RollRow {
        person: PersonId(Uuid::from_u128(1)),
        name: username.to_owned(),
        search: format!(" {username}"),
        admission_number: "1".to_owned(),
        year: String::new(),
        group: String::new(),
        roll: RollStatus::Current,
        email: None,
        account: Some(RollAccount {
            id: AccountId(Uuid::from_u128(1)),
            username: username.to_owned(),
            standing,
            since: now(),
            last_sign_in_at: at.and_then(|at| DateTime::from_timestamp(at, 0)),
        }),
    }
}

#[test]
fn those_who_never_signed_in_come_last_in_both_directions() {
    let rows = [signed_in(None, "never"), signed_in(Some(1), "early"), signed_in(Some(2), "late")];
    let snapshot = RollSnapshot::from_rows(&rows);
    let mut order = vec![0, 1, 2];
    snapshot.sort(&mut order, RollSort::LastSignIn, false, now());
    assert_eq!(order, [2, 1, 0]);
    snapshot.sort(&mut order, RollSort::LastSignIn, true, now());
    assert_eq!(order, [1, 2, 0]);
}

#[test]
fn another_format_is_refused_with_its_line() {
    assert_eq!(RollSnapshot::from_text("greencap-roll 2\n").unwrap_err(), SnapshotError { line: 1 });
    assert_eq!(RollSnapshot::from_text("greencap-roll 3\nx\ty\n").unwrap_err(), SnapshotError { line: 2 });
}

#[test]
fn the_search_key_of_a_plain_name_does_not_travel() {
    let mut row = RollRow {
        person: PersonId(Uuid::from_u128(7)),
        name: "Ada O'Neil-Okoro".to_owned(),
        search: String::new(),
        admission_number: "004512".to_owned(),
        year: "7".to_owned(),
        group: "7B".to_owned(),
        roll: RollStatus::Current,
        email: None,
        account: None,
    };
    row.search = search_key("Ada", "", "O'Neil-Okoro", "", "004512");
    let text = RollSnapshot::from_rows([&row]).to_text();
    assert!(!text.contains("oneil"), "{text}");
    assert_eq!(RollSnapshot::from_text(&text).unwrap().row(0), row);
}
