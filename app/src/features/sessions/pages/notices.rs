//! The notice on a page to which someone returns after signing in again.

use leptos::prelude::*;
use leptos_i18n::td_string;

use crate::i18n::Locale;
use crate::ui::document::render;
use crate::ui::icon::Icon;

/// What became of a form that was kept while its owner signed in again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeptNotice {
    /// It is filled in again below the notice.
    FilledIn {
        /// Whether it has fields for passwords or codes, which are not kept.
        has_secrets: bool,
        /// Whether it has a field for a file, which cannot be kept.
        has_file: bool,
    },
    /// It is kept, but the page has no such form any more. This address sends it as it is.
    Elsewhere(String),
    /// It is no longer kept.
    Gone,
}

/// The notice as HTML. Receives the focus, so that it is read first.
pub fn kept_notice(locale: Locale, notice: KeptNotice) -> String {
    render(move || {
        let sentences = match &notice {
            KeptNotice::FilledIn { has_secrets, has_file } => [
                Some(td_string!(locale, sessions.kept.filled_in)),
                has_secrets.then(|| td_string!(locale, sessions.kept.secrets)),
                has_file.then(|| td_string!(locale, sessions.kept.file)),
            ],
            KeptNotice::Elsewhere(_) => [Some(td_string!(locale, sessions.kept.elsewhere)), None, None],
            KeptNotice::Gone => [Some(td_string!(locale, sessions.kept.gone)), None, None],
        };
        let text = sentences.into_iter().flatten().collect::<Vec<_>>().join(" ");
        let is_filled_in = matches!(notice, KeptNotice::FilledIn { .. });
        let link = match notice {
            KeptNotice::Elsewhere(address) => {
                Some(view! { <p><a href=address>{td_string!(locale, sessions.kept.send)}</a></p> })
            }
            _ => None,
        };
        view! {
            <div class="notice" data-tone="amber" role="status" tabindex="-1" autofocus data-kept=is_filled_in.then_some("")>
                <Icon name="info" />
                <div>
                    <p>
                        <b>{td_string!(locale, sessions.kept.title)}</b>
                    </p>
                    <p>{text}</p>
                    {link}
                </div>
            </div>
        }
    })
}
