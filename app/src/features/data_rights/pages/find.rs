//! Finding the person whose data it is.

use domain::fields::FieldErrors;
use leptos::prelude::*;

use super::{DATA_RIGHTS, TABS};
use crate::features::office::page::{OfficePage, Tabs, render};
use crate::ui::error_summary::ErrorSummary;
use crate::ui::field::TextField;
use crate::ui::page::PageHead;

/// The form, as HTML.
pub fn find_page(page: OfficePage, key: String, errors: FieldErrors) -> String {
    render(page, DATA_RIGHTS.1, move || {
        view! {
            <PageHead title=DATA_RIGHTS.1 lead=|| "See how much Greencap holds on a person, give them a copy, or erase it."/>
            <Tabs name="Data rights" tabs=TABS current="/data-rights"/>
            <ErrorSummary errors=errors.clone()/>
            <form class="stack gap-m" method="get" action="/data-rights" novalidate>
                <TextField id="key" label="Admission number, staff code or username"
                    hint="The data page of a guardian is found by their username, or by their number in another system." value=key errors/>
                <p class="row"><button class="btn primary" type="submit">"Find"</button></p>
            </form>
        }
    })
}
