//! Pages for families: who sees what, and "This is not my child".

mod not_mine;
mod own;
mod sight;

pub use not_mine::not_mine_page;
pub use own::own_page;
pub use sight::sight_page;

use domain::authorization::grant::PortalScope;
use leptos_i18n::td_string;

use crate::i18n::Locale;

/// A part of the portal, in the language of the page.
fn part(locale: Locale, scope: PortalScope) -> &'static str {
    match scope {
        PortalScope::Profile => td_string!(locale, access.part.profile),
        PortalScope::Timetable => td_string!(locale, access.part.timetable),
        PortalScope::Attendance => td_string!(locale, access.part.attendance),
        PortalScope::Grades => td_string!(locale, access.part.grades),
        PortalScope::Assignments => td_string!(locale, access.part.assignments),
        PortalScope::Fees => td_string!(locale, access.part.fees),
        PortalScope::Contacts => td_string!(locale, access.part.contacts),
        PortalScope::Messages => td_string!(locale, access.part.messages),
    }
}
