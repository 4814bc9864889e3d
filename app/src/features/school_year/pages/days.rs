//! The days on which a person's account can be used.

use backend::school_year::validity::AccountDays;
use chrono::NaiveDate;
use domain::fields::FieldErrors;
use leptos::prelude::*;

use crate::features::office::page::{OfficePage, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::page::PageHead;

/// What is in the two fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedDays {
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
}

impl TypedDays {
    /// The stored days, as a date field has them.
    pub fn of(days: AccountDays) -> Self {
        let typed = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        Self { from: typed(days.chosen.first()), until: typed(days.chosen.last()) }
    }
}

/// The record that a page of days belongs to.
pub fn record_of(path: &str) -> &str {
    path.trim_end_matches("/days")
}

/// The form as HTML. Its address is that of a record, and `/days`.
pub fn days_page(page: OfficePage, days: AccountDays, typed: TypedDays, errors: FieldErrors) -> String {
    let head = if errors.is_empty() { "Days of the account" } else { "Error: Days of the account" };
    let path = page.path.clone();
    render(page, head, move || {
        let lead = "Outside these days, nobody can sign in to the account, in any way. Both days are included. Leave a field empty for no limit.";
        let now = days.sentence();
        let (action, record) = (path.clone(), record_of(&path).to_owned());
        view! {
            <PageHead title="Days of the account" lead=move || lead/>
            <p role="status">{now}</p>
            <ErrorSummary errors=errors.clone()/>
            <form class="stack" method="post" action=action novalidate>
                <TextField id="from" label="First day" kind="date" value=typed.from errors=errors.clone()/>
                <TextField id="until" label="Last day" kind="date" value=typed.until errors/>
                <div class="row">
                    <button class="btn primary" type="submit">"Save"</button>
                    <a class="btn" href=record>"Cancel"</a>
                </div>
            </form>
        }
    })
}
