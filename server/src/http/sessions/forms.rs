//! The forms of a rendered page: what they are, and how a stamp and a kept form are written into them. A field belongs
//! to the form that its `form` attribute names, or else to the one that it is inside (HTML, section 4.10.18.3).

use std::cell::{Cell, RefCell};
use std::error::Error;
use std::rc::Rc;

use html_escape::{decode_html_entities, encode_double_quoted_attribute};
use lol_html::errors::RewritingError;
use lol_html::html_content::{ContentType, Element};
use lol_html::{HandlerResult, RewriteStrSettings, element, end_tag, rewrite_str};

/// The names and values that a form sends, in order.
pub(super) type Pairs = Vec<(String, String)>;

/// A form of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the form")]
pub(super) struct DrawnForm {
    /// Its `id`, by which fields elsewhere in the page belong to it.
    id: Option<String>,
    /// Whether it is sent by `POST`.
    pub(super) is_post: bool,
    /// The path and query that it is sent to.
    pub(super) action: String,
    /// Its hidden fields.
    hidden: Pairs,
    /// The names of its fields for passwords and codes.
    pub(super) secrets: Vec<String>,
    /// Whether it has a field for a file.
    pub(super) has_file: bool,
    /// Whether anything that is no secret can be typed or chosen in it.
    pub(super) is_filled_in: bool,
    /// Whether a field of it stands before the form itself.
    pub(super) has_field_before: bool,
}

/// What is written into a page.
pub(super) struct PageAdditions<'a> {
    /// The forms of the page.
    pub(super) forms: &'a [DrawnForm],
    /// HTML for the end of the head.
    pub(super) head: String,
    /// HTML for the start of each form that is sent by `POST`, by the index of the form.
    pub(super) fields: Vec<String>,
    /// The form to fill in, and HTML to show above it.
    pub(super) filled: Option<(usize, Pairs, String)>,
    /// HTML for the start of the page's contents.
    pub(super) above: Option<String>,
}

/// What a field is to a form that is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FieldKind {
    Hidden,
    Secret,
    File,
    Choice,
    Text,
    /// Nothing is typed or chosen in it: a button, or the username that a password manager reads.
    Untyped,
}

impl FieldKind {
    fn of(field: &Element<'_, '_>) -> Self {
        let autocomplete = field.get_attribute("autocomplete").unwrap_or_default();
        if field.has_attribute("data-passkey-answer")
            || ["one-time-code", "current-password", "new-password"].contains(&autocomplete.as_str())
        {
            return Self::Secret;
        }
        if field.has_attribute("readonly") {
            return Self::Untyped;
        }
        match field.get_attribute("type").unwrap_or_default().as_str() {
            "password" => Self::Secret,
            "hidden" => Self::Hidden,
            "file" => Self::File,
            "submit" | "button" | "image" | "reset" => Self::Untyped,
            "checkbox" | "radio" => Self::Choice,
            _ => Self::Text,
        }
    }
}

impl DrawnForm {
    /// Takes in a field of it.
    fn read(&mut self, field: ReadField) {
        self.has_field_before |= field.is_before;
        match field.kind {
            FieldKind::Hidden => self.hidden.push((field.name, field.value)),
            FieldKind::Secret => self.secrets.push(field.name),
            FieldKind::File => self.has_file = true,
            FieldKind::Choice | FieldKind::Text => self.is_filled_in = true,
            FieldKind::Untyped => {}
        }
    }
}

/// A field, as it was drawn.
struct ReadField {
    kind: FieldKind,
    name: String,
    value: String,
    /// Whether it stands before its form.
    is_before: bool,
}

/// Which form a field belongs to.
enum FieldOwner {
    /// The form that it is inside, by index, if it is inside one.
    Around(Option<usize>),
    /// The form with this id.
    Named(String),
}

/// The form that a handler is inside, by index.
type Inside = Rc<Cell<Option<usize>>>;

/// The form that a field belongs to.
fn owner_of(field: &Element<'_, '_>, inside: &Inside) -> FieldOwner {
    attribute(field, "form").map_or_else(|| FieldOwner::Around(inside.get()), FieldOwner::Named)
}

/// The index of that form.
fn index_of(owner: &FieldOwner, forms: &[DrawnForm]) -> Option<usize> {
    match owner {
        FieldOwner::Around(index) => *index,
        FieldOwner::Named(id) => forms.iter().position(|form| form.id.as_ref() == Some(id)),
    }
}

/// Counts forms as they start and end.
struct Counting {
    inside: Inside,
    next: usize,
}

impl Counting {
    fn new() -> Self {
        Self { inside: Rc::default(), next: 0 }
    }

    /// Called at the start of a form; returns its index.
    fn enter(&mut self, form: &mut Element<'_, '_>) -> Result<usize, Box<dyn Error + Send + Sync>> {
        let index = self.next;
        self.next += 1;
        self.inside.set(Some(index));
        let inside = self.inside.clone();
        form.on_end_tag(end_tag!(move |_| {
            inside.set(None);
            Ok(())
        }))?;
        Ok(index)
    }
}

/// Reads the forms of a page.
pub(super) fn forms_of(html: &str) -> Result<Vec<DrawnForm>, RewritingError> {
    let forms = RefCell::new(Vec::<DrawnForm>::new());
    // A form may follow its fields.
    let fields = RefCell::new(Vec::<(FieldOwner, usize, ReadField)>::new());
    let mut counting = Counting::new();
    let inside = counting.inside.clone();
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("form", |form| {
            counting.enter(form)?;
            let method = attribute(form, "method").unwrap_or_default();
            forms.borrow_mut().push(DrawnForm {
                id: attribute(form, "id"),
                is_post: method.eq_ignore_ascii_case("post"),
                action: attribute(form, "action").unwrap_or_default(),
                ..DrawnForm::default()
            });
            Ok(())
        }))
        .append_element_content_handler(element!("input, select, textarea", |field| {
            let kind = if field.tag_name() == "input" { FieldKind::of(field) } else { FieldKind::Text };
            let read = ReadField {
                kind,
                name: attribute(field, "name").unwrap_or_default(),
                value: attribute(field, "value").unwrap_or_default(),
                is_before: false,
            };
            fields.borrow_mut().push((owner_of(field, &inside), forms.borrow().len(), read));
            Ok(())
        }));
    rewrite_str(html, settings)?;
    let mut forms = forms.into_inner();
    for (owner, forms_before, mut field) in fields.into_inner() {
        if let Some(index) = index_of(&owner, &forms) {
            field.is_before = index >= forms_before;
            forms[index].read(field);
        }
    }
    Ok(forms)
}

/// The form of the page that a kept one came from: it goes to the same address, with the same hidden fields if
/// several do.
pub(super) fn form_for(forms: &[DrawnForm], address: &str, pairs: &Pairs) -> Option<usize> {
    let same: Vec<usize> = forms
        .iter()
        .enumerate()
        .filter(|(_, form)| form.is_post && form.action == address)
        .map(|(index, _)| index)
        .collect();
    let fits = |index: &usize| forms[*index].hidden.iter().all(|hidden| pairs.contains(hidden));
    match same.as_slice() {
        [only] => Some(*only),
        several => several.iter().copied().find(fits),
    }
}

/// Writes into a page.
pub(super) fn with_additions(html: &str, additions: &PageAdditions<'_>) -> Result<String, RewritingError> {
    let mut counting = Counting::new();
    let inside = counting.inside.clone();
    let filled = additions.filled.as_ref();
    let is_filled = |field: &Element<'_, '_>| {
        filled.is_some_and(|(index, ..)| index_of(&owner_of(field, &inside), additions.forms) == Some(*index))
    };
    let left = RefCell::new(filled.map(|(_, pairs, _)| pairs.clone()).unwrap_or_default());
    // The name of the menu whose options follow, if it is filled in.
    let select = RefCell::new(None::<String>);
    let has = |name: &str, value: &str| left.borrow().iter().any(|(n, v)| n == name && v == value);
    // Fields of one name are filled in the order in which they were sent.
    let next_value = |name: &str| {
        let mut left = left.borrow_mut();
        let at = left.iter().position(|(n, _)| n == name)?;
        Some(left.remove(at).1)
    };
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("head", |head| {
            head.append(&additions.head, ContentType::Html);
            Ok(())
        }))
        .append_element_content_handler(element!("main", |main| {
            if let Some(above) = &additions.above {
                main.prepend(above, ContentType::Html);
            }
            Ok(())
        }))
        .append_element_content_handler(element!("form", |form| {
            let index = counting.enter(form)?;
            if let Some(fields) = additions.fields.get(index) {
                form.prepend(fields, ContentType::Html);
            }
            if let Some((filled, _, notice)) = filled
                && *filled == index
            {
                form.before(notice, ContentType::Html);
            }
            Ok(())
        }))
        .append_element_content_handler(element!("input", |field| {
            if !is_filled(field) {
                return Ok(());
            }
            let name = attribute(field, "name").unwrap_or_default();
            match FieldKind::of(field) {
                FieldKind::Choice => {
                    // What a box without a value sends (HTML, section 4.10.5.3.5).
                    let value = attribute(field, "value").unwrap_or_else(|| "on".to_owned());
                    set(field, "checked", has(&name, &value))
                }
                FieldKind::Text => match next_value(&name) {
                    Some(value) => Ok(field.set_attribute("value", &escaped(&value))?),
                    None => Ok(()),
                },
                FieldKind::Hidden | FieldKind::Secret | FieldKind::File | FieldKind::Untyped => Ok(()),
            }
        }))
        .append_element_content_handler(element!("textarea", |field| {
            let name = attribute(field, "name").unwrap_or_default();
            if let Some(value) = is_filled(field).then(|| next_value(&name)).flatten() {
                field.set_inner_content(&value, ContentType::Text);
            }
            Ok(())
        }))
        .append_element_content_handler(element!("select", |field| {
            *select.borrow_mut() = is_filled(field).then(|| attribute(field, "name").unwrap_or_default());
            Ok(())
        }))
        .append_element_content_handler(element!("option", |option| {
            let select = select.borrow();
            match (attribute(option, "value"), &*select) {
                (Some(value), Some(name)) => set(option, "selected", has(name, &value)),
                _ => Ok(()),
            }
        }));
    rewrite_str(html, settings)
}

/// Sets or removes an attribute without a value.
fn set(element: &mut Element<'_, '_>, name: &str, is_set: bool) -> HandlerResult {
    if is_set {
        element.set_attribute(name, "")?;
    } else {
        element.remove_attribute(name);
    }
    Ok(())
}

/// The value of an attribute, as text.
fn attribute(element: &Element<'_, '_>, name: &str) -> Option<String> {
    element.get_attribute(name).map(|value| decode_html_entities(&value).into_owned())
}

/// A value for an attribute or a text in HTML.
pub(super) fn escaped(value: &str) -> String {
    encode_double_quoted_attribute(value).into_owned()
}

#[cfg(test)]
mod tests;
