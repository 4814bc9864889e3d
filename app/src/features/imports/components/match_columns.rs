//! Step 2: which column goes to which field.

use domain::imports::field::StudentField;
use domain::imports::mapping::{Mapping, MatchedBy, Missing};
use domain::imports::views::{ColumnView, ImportView};
use leptos::prelude::*;

use super::{Step, Steps};
use crate::error::AppError;
use crate::features::imports::api::check_import;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::memo;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;

/// One column as it is being matched.
#[derive(Clone, Copy)]
struct Choice {
    field: RwSignal<Option<StudentField>>,
    /// A guess that nobody has looked at.
    is_guess: RwSignal<bool>,
}

/// The columns with their first values, and a choice for each.
#[component]
pub fn MatchColumns(
    /// The import.
    import: ImportView,
    /// What follows a check.
    checked: Callback<ImportView>,
) -> impl IntoView {
    let choices: Vec<Choice> = import
        .columns
        .iter()
        .map(|column| Choice {
            field: RwSignal::new(column.goes_to.field),
            is_guess: RwSignal::new(column.goes_to.by == MatchedBy::Guess),
        })
        .collect();
    let problem = RwSignal::new(None::<AppError>);
    let id = import.id;
    let fields = {
        let choices = choices.clone();
        move || choices.iter().map(|choice| choice.field.get()).collect::<Vec<_>>()
    };
    let check = Action::new({
        let fields = fields.clone();
        move |(): &()| {
            let chosen = fields();
            async move {
                problem.set(None);
                match check_import(id, chosen).await {
                    // The answer may come after the page was left.
                    Ok(import) => drop(checked.try_run(import)),
                    Err(error) => drop(problem.try_set(Some(error))),
                }
            }
        }
    });
    let missing = memo(move || still_missing(&fields()));
    let rows = import.row_count;
    let lead = format!("{}, {rows} rows. Choose what each column contains.", import.file_name);
    view! {
        <PageHead
            title="Import students"
            mark=|| view! { <Icon name="table-2"/> }
            lead=move || lead.clone()
            steps=|| view! { <Steps now=Step::Match/> }
        />
        {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
        <div class="register-frame bleed gap-m">
            <table role="table" class="register" aria-label="Columns in the file">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col" class="m"><Hidden>"Check"</Hidden></th>
                        <th role="columnheader" scope="col">"Column in the file"</th>
                        <th role="columnheader" scope="col">"First values"</th>
                        <th role="columnheader" scope="col">"Import as"</th>
                        <th role="columnheader" scope="col">"Note"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {import.columns.into_iter().zip(choices).enumerate().map(|(at, (column, choice))| {
                        view! { <ColumnRow at column choice/> }
                    }).collect_view()}
                </tbody>
            </table>
        </div>
        <div class="actionbar bleed">
            <button class="btn primary" type="button" aria-busy=move || check.pending().get().then_some("true")
                on:click=move |_| { check.dispatch(()); }>
                {move || if check.pending().get() { "Checking\u{2026}" } else { "Next" }}<Icon name="arrow-right"/>
            </button>
            <a class="btn" href="/imports"><Icon name="arrow-left"/>"Back"</a>
            <span class="say" aria-live="polite">
                {move || missing.get().first().map_or_else(
                    || format!("Next checks all {rows} rows. Nothing changes until you choose Import."),
                    |missing| missing.message().to_owned(),
                )}
            </span>
        </div>
    }
}

/// What the columns chosen so far lack.
fn still_missing(fields: &[Option<StudentField>]) -> Vec<Missing> {
    let blank = Mapping::automatic(&vec![String::new(); fields.len()]);
    blank.chosen(fields).map(|mapping| mapping.missing()).unwrap_or_default()
}

#[component]
fn ColumnRow(at: usize, column: ColumnView, choice: Choice) -> impl IntoView {
    let ColumnView { header, goes_to, samples } = column;
    let name = if header.is_empty() { format!("Column {}", at + 1) } else { header };
    let select = format!("column-{at}");
    let change = move |event| {
        choice.field.set(StudentField::from_slug(&event_target_value(&event)));
        choice.is_guess.set(false);
    };
    let looked_at = move |_| choice.is_guess.set(false);
    let note = move || match (choice.is_guess.get(), choice.field.get(), goes_to.rival) {
        (true, ..) => "best guess, please check".to_owned(),
        (false, None, Some(rival)) => format!("another column is already matched to {}", rival.label()),
        _ => String::new(),
    };
    view! {
        <tr role="row" data-flag=move || choice.is_guess.get().then_some("amber")>
            <td role="cell" class="m">
                {move || match (choice.is_guess.get(), choice.field.get()) {
                    (true, _) => view! { <span class="margin-badge" data-tone="amber"><Icon name="triangle-alert"/><Hidden>"Please check"</Hidden></span> },
                    (false, Some(_)) => view! { <span class="margin-badge" data-tone=""><Icon name="check"/><Hidden>"Matched"</Hidden></span> },
                    (false, None) => view! { <span class="margin-badge" data-tone=""><Icon name="minus"/><Hidden>"Not imported"</Hidden></span> },
                }}
            </td>
            <th role="rowheader" scope="row"><span class="code">{name.clone()}</span></th>
            <td role="cell">{samples.join(", ")}</td>
            <td role="cell">
                <label class="vh" for=select.clone()>{format!("{name} is matched to")}</label>
                <select class="select in-cell" id=select.clone() name=select on:change=change on:focus=looked_at>
                    <option value="" selected=goes_to.field.is_none()>"Do not import"</option>
                    {StudentField::ALL.into_iter().map(|field| view! {
                        <option value=field.slug() selected=goes_to.field == Some(field)>{field.label()}</option>
                    }).collect_view()}
                </select>
            </td>
            <td role="cell" class="soft">{note}</td>
        </tr>
    }
}
