//! What step 2 says about the columns: which are not clear, which are missing, and what to do before Next.

use domain::imports::words::rows;
use leptos::prelude::*;

use crate::ui::memo::Derived;
use crate::ui::notice::Notice;

/// What to do before Next, or what Next does.
#[component]
pub(super) fn ToDo(
    row_count: u32,
    missing: Derived<Vec<&'static str>>,
    open: Derived<usize>,
    unmade: Derived<Vec<String>>,
) -> impl IntoView {
    view! {
        <span class="say" aria-live="polite">
            {move || match (missing.get().first(), open.get(), unmade.with(Vec::len)) {
                (Some(missing), 0, _) => (*missing).to_owned(),
                (_, 0, 0) => format!(
                    "Next checks {}. Nothing changes until you choose Import. The values of columns that are not imported are deleted then.",
                    if row_count == 1 { "the row".to_owned() } else { format!("all {}", rows(row_count)) }
                ),
                (_, 0, 1) => "Choose which rows are imported: 1 value is not known.".to_owned(),
                (_, 0, unmade) => format!("Choose which rows are imported: {unmade} values are not known."),
                (_, open, _) => unclear(open),
            }}
        </span>
    }
}

fn unclear(columns: usize) -> String {
    match columns {
        1 => "1 column is not clear. Choose what to import.".to_owned(),
        columns => format!("{columns} columns are not clear. Choose what to import."),
    }
}

/// Says which columns were guessed, which need a choice, and which are left out.
#[component]
pub(super) fn Matched(guesses: usize, open: usize, left_out: Vec<String>) -> impl IntoView {
    let is_quiet = guesses == 0 && open == 0;
    let title = if is_quiet { "Columns were matched by their names" } else { "Please check the columns" };
    let columns = |count: usize| if count == 1 { "1 column".to_owned() } else { format!("{count} columns") };
    view! {
        <Notice tone=if is_quiet { "blue" } else { "amber" } title=title>
            {(open > 0).then(|| view! { <p>{unclear(open)}</p> })}
            {(guesses > 0).then(|| view! {
                <p>{format!("{} could only be guessed. They are marked below.", columns(guesses))}</p>
            })}
            <p>
                {if left_out.is_empty() {
                    "No column is left out.".to_owned()
                } else {
                    format!("Left out: {}.", left_out.join(", "))
                }}
            </p>
        </Notice>
    }
}

/// Says which fields no column has: those without which the rows cannot be read, and those that a list usually has.
#[component]
pub(super) fn Lacking(
    missing: Derived<Vec<&'static str>>,
    lacking: Derived<Vec<&'static str>>,
) -> impl IntoView {
    move || {
        let (missing, lacking) = (missing.get(), lacking.get());
        let title = if missing.is_empty() { "Is a column missing?" } else { "A column is missing" };
        (missing.len() + lacking.len() > 0).then(|| view! {
            <Notice tone="amber" title=title>
                {missing.into_iter().chain(lacking).map(|message| view! { <p>{message}</p> }).collect_view()}
                <p>"If the columns below look wrong, give the row with the column names under \u{201c}Read the file in another way\u{201d}."</p>
            </Notice>
        })
    }
}
