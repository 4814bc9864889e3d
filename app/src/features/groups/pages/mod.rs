//! The pages about teaching groups. None of them needs WebAssembly.

pub mod add;
pub mod courses;
pub mod form;
pub mod group;
pub mod list;
pub mod pick;
pub mod students;
pub mod years;

/// The address and name of the list, for pages below it.
const GROUPS_PAGE: (&str, &str) = ("/groups", "Teaching groups");

/// "1 student", "12 students".
fn students_in_words(many: u64) -> String {
    if many == 1 { "1 student".to_owned() } else { format!("{many} students") }
}
