//! What a form that waits for a step-up says, as its owner is shown it before it continues.

use app::features::factors::pages::waiting::{WaitingField, WaitingValue, WaitingView};
use backend::sessions::pending_form::WaitingForm;
use domain::ids::PendingFormId;
use serde::de::IgnoredAny;
use url::form_urlencoded::parse;
use uuid::Uuid;

use crate::http::sign_in::next::NextPath;

/// The most fields that are shown. What is left out is counted: so many would be noticed.
const MOST_FIELDS: usize = 100;

/// The most characters of a value that are shown, such as of a selection of thousands of students.
const MOST_CHARACTERS: usize = 200;

pub(super) fn view_of(id: PendingFormId, waits: WaitingForm) -> WaitingView {
    let WaitingForm { address, form, page, secrets } = waits;
    let mut pairs = parse(form.as_bytes());
    let fields =
        pairs.by_ref().take(MOST_FIELDS).map(|(name, value)| field(&name, &value, &secrets)).collect();
    let page = page.and_then(|page| NextPath::from(Some(page)).into_path());
    WaitingView { id, address, page, fields, more: pairs.count() }
}

fn field(name: &str, value: &str, secrets: &[String]) -> WaitingField {
    let is_secret = secrets.iter().any(|secret| secret == name)
        || ["password", "secret", "proof"].iter().any(|word| name.contains(word));
    let characters = value.chars().count();
    let value = if value.is_empty() {
        WaitingValue::Empty
    } else if is_secret {
        WaitingValue::Secret
    } else if is_for_machines(value) {
        WaitingValue::Chosen
    } else if characters > MOST_CHARACTERS {
        WaitingValue::Long { start: value.chars().take(MOST_CHARACTERS).collect(), characters }
    } else {
        WaitingValue::Whole(value.to_owned())
    };
    WaitingField { name: in_words(name), value }
}

/// Whether the page wrote it for the server, such as an id or a selection: it would tell nobody anything.
fn is_for_machines(value: &str) -> bool {
    Uuid::parse_str(value).is_ok()
        || value.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(value).is_ok()
}

/// A field's name as words: `second_factor_grace_days` is "Second factor grace days".
fn in_words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(form: &str) -> WaitingView {
        let waits = WaitingForm {
            address: "/a".to_owned(),
            form: form.to_owned(),
            page: Some("//evil.example".to_owned()),
            secrets: vec!["code".to_owned()],
        };
        view_of(PendingFormId(Uuid::nil()), waits)
    }

    #[test]
    fn every_field_is_shown_as_it_was_entered_and_no_secret() {
        let view = view(
            "role=administrator&until=&code=123456&client_secret=hush&place=a+b&selection=%7B%22kind%22%3A%22matching%22%7D&school=67e55044-10b1-426f-9247-bb680e5fe0c8",
        );
        let shown: Vec<_> = view.fields.iter().map(|field| (field.name.as_str(), &field.value)).collect();
        let whole = |value: &str| WaitingValue::Whole(value.to_owned());
        assert_eq!(
            shown,
            [
                ("Role", &whole("administrator")),
                ("Until", &WaitingValue::Empty),
                ("Code", &WaitingValue::Secret),
                ("Client secret", &WaitingValue::Secret),
                ("Place", &whole("a b")),
                ("Selection", &WaitingValue::Chosen),
                ("School", &WaitingValue::Chosen),
            ]
        );
        assert_eq!((view.page, view.more), (None, 0), "another site is no page of ours");
    }

    #[test]
    fn what_is_left_out_is_counted() {
        let long = view(&format!("days={}", "é".repeat(300)));
        let start = "é".repeat(MOST_CHARACTERS);
        assert_eq!(long.fields[0].value, WaitingValue::Long { start, characters: 300 });
        let many = view(&"a=b&".repeat(MOST_FIELDS + 7));
        assert_eq!((many.fields.len(), many.more), (MOST_FIELDS, 7));
    }
}
