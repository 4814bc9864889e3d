//! The three steps of set-up.

use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::family::RuledSteps;

/// The steps; `current` starts at 1.
#[component]
pub(super) fn SetupSteps(locale: Locale, current: usize) -> impl IntoView {
    let names = vec![
        td_string!(locale, setup.steps_you),
        td_string!(locale, setup.steps_organisation),
        td_string!(locale, setup.steps_school),
    ];
    view! { <RuledSteps names label=td_string!(locale, setup.step, step = current) current /> }
}
