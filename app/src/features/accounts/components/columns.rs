//! The columns of account lists.

use domain::accounts::batch::BatchSummary;
use domain::credentials::status::AccountStatus;
use domain::roll::views::RollRow;
use leptos::prelude::*;

use super::bulk_bar::{BulkRequest, RowMenu};
use crate::features::roll::components::list::RollStore;
use crate::features::roll::components::list::columns::{
    EMAIL, GROUP, LAST_SIGN_IN, NAME, NUMBER, ROLL_STATUS, STATUS, USERNAME, YEAR, bare, cap, flag,
};
use crate::ui::live::live;
use crate::ui::table::{About, Column, ColumnWidth, Kind, RowLayout, TableRow};
use crate::ui::time::TimeWords;

/// Accounts and their states.
pub static ACCOUNTS: Kind<RollRow> = Kind {
    mark: Some(cap),
    flag: Some(flag),
    columns: &[
        NAME,
        GROUP,
        YEAR.on_request(),
        NUMBER.on_request(),
        USERNAME,
        STATUS,
        EMAIL,
        LAST_SIGN_IN,
        ROLL_STATUS.on_request(),
        Column::acts(56, acts),
    ],
    ..bare("accounts", "Account")
};

/// Students without an account, to choose from.
pub static WITHOUT_ACCOUNT: Kind<RollRow> = Kind {
    mark: Some(cap),
    columns: &[NAME, GROUP, YEAR.on_request(), NUMBER, EMAIL],
    ..bare("new-accounts", "Account")
};

/// The context of the buttons in a row, provided by the page.
#[derive(Clone, Copy)]
pub struct RowActions {
    /// The list.
    pub store: RollStore,
    /// The action that the dialog is open for.
    pub request: RwSignal<Option<BulkRequest>>,
}

/// The actions for a student who has an account.
fn acts(row: TableRow<RollRow>) -> AnyView {
    let RowActions { store, request } = expect_context();
    let now = TimeWords::here().now;
    let name = row.of(|row| row.name.clone());
    let person = row.of(move |row| (row.status(now) != AccountStatus::NoAccount).then_some(row.person));
    live(move || person.get().map(|person| view! { <RowMenu store person name request/> }))
}

/// Accounts created together.
pub static BATCHES: Kind<BatchSummary> = Kind {
    about: About {
        slug: "batches",
        one: "batch",
        many: "batches",
        margin: "",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |batch| batch.id.0,
    name: |batch| format!("{} accounts", batch.size),
    mark: None,
    flag: None,
    columns: &[
        Column::names("created", "Created", ColumnWidth::Grows(160), |row| {
            let words = TimeWords::here();
            row.link(
                row.of(move |batch| words.short(batch.created_at)),
                row.of(|batch| format!("/accounts/batches/{}", batch.id)),
            )
        }),
        Column::tells("by", "By", ColumnWidth::Grows(192), 2, |row| {
            row.long(|batch| batch.created_by.clone().unwrap_or_else(|| "Command line".to_owned()))
        }),
        Column::tells("accounts", "Accounts", ColumnWidth::Fixed(112), 1, |row| {
            row.text(|batch: &BatchSummary| batch.size.to_string())
        })
        .labelled(),
        Column::tells("in-use", "In use", ColumnWidth::Fixed(96), 3, |row| {
            row.text(|batch: &BatchSummary| batch.activated.to_string())
        })
        .labelled(),
        Column::tells("state", "State", ColumnWidth::Fixed(192), 1, |row| {
            let words = TimeWords::here();
            let state = row.of(move |batch| match (batch.undone_at, batch.can_undo()) {
                (Some(at), _) => format!("Undone {}", words.short(at)),
                (None, true) => "Can be undone".to_owned(),
                (None, false) => "In use".to_owned(),
            });
            state.into_any()
        }),
    ],
};
