//! Passwords on cards: asking, making, and what becomes of piles.

pub(super) mod make;
mod piles;

use axum::routing::{get, post};
use domain::authorization::policy::Permission;

use super::routes::{Access, Routes};

/// For everyone who manages accounts somewhere: the office, and tutors for their groups.
pub(super) fn routes() -> Routes {
    const MANAGES: Permission = Permission::ManageAccounts;
    Routes::new()
        .holding(MANAGES, "/cards", get(piles::list))
        .holding(MANAGES, "/cards/new", get(make::ask).post(make::ask_many))
        .step_up(Access::Holds(MANAGES), "/cards/make", post(make::make))
        .holding(MANAGES, "/cards/{pile}", get(piles::show))
        .holding(MANAGES, "/cards/{pile}/void", post(piles::void))
}
