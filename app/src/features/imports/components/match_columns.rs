//! Step 2: matching columns to fields.

use domain::imports::dates::evidence::DateQuestion;
use domain::imports::kind::{ImportDeclaration, ImportField};
use domain::imports::mapping::{FieldSlug, MatchedBy};
use domain::imports::views::{ColumnView, ImportView, file_evidence};
use leptos::prelude::*;
use uuid::Uuid;

use super::{AskDateOrder, ImportStep, Steps, start};
use crate::error::AppError;
use crate::features::imports::api::check_import;
use crate::ui::icon::{Hidden, Icon};
use crate::ui::memo::memo;
use crate::ui::notice::ErrorNotice;
use crate::ui::page::PageHead;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The match of one column while it is edited.
#[derive(Debug, Clone, Copy, PartialEq)]
struct MatchChoice {
    field: RwSignal<Option<&'static ImportField>>,
    /// Whether it is a guess that nobody has checked.
    is_guess: RwSignal<bool>,
}

/// The columns with their first values, and a choice for each.
#[component]
pub fn MatchColumns(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportView,
    /// Called after a check.
    checked: Callback<ImportView>,
) -> impl IntoView {
    let choices: Vec<MatchChoice> = import
        .columns
        .iter()
        .map(|column| MatchChoice {
            field: RwSignal::new(field_of(kind, column.goes_to.field.as_ref())),
            is_guess: RwSignal::new(column.goes_to.by == MatchedBy::Guess),
        })
        .collect();
    let problem = RwSignal::new(None::<AppError>);
    let id = import.id;
    let fields = {
        let choices = choices.clone();
        move || choices.iter().map(|choice| choice.field.get()).collect::<Vec<_>>()
    };
    let (order, unanswered) = (RwSignal::new(import.date_order), RwSignal::new(false));
    let columns = StoredValue::new(import.columns.clone());
    let question = memo({
        let fields = fields.clone();
        move || columns.with_value(|columns| date_question(kind, columns, &fields()))
    });
    let check = Action::new({
        let fields = fields.clone();
        move |(): &()| {
            let chosen = fields().into_iter().map(|field| field.map(FieldSlug::from)).collect();
            let dates = question.get_untracked().and(order.get_untracked());
            async move {
                problem.set(None);
                match check_import(id, chosen, dates).await {
                    // The answer may arrive after the page was left.
                    Ok(import) => drop(checked.try_run(import)),
                    Err(error) => drop(problem.try_set(Some(error))),
                }
            }
        }
    });
    let next = move |_| {
        if question.get_untracked().is_some() && order.get_untracked().is_none() {
            return unanswered.set(true);
        }
        check.dispatch(());
    };
    let missing = memo(move || still_missing(kind, &fields()));
    let row_count = import.row_count;
    let lead = format!("{}, {row_count} rows. Choose what each column contains.", import.file_name);
    let rows = import.columns.into_iter().zip(choices).enumerate();
    let rows = rows.map(move |(at, (column, choice))| ColumnRow { at, kind, column, choice });
    view! {
        <PageHead
            title=kind.title
            mark=|| view! { <Icon name="table-2"/> }
            lead=move || lead.clone()
            steps=|| view! { <Steps now=ImportStep::Match/> }
        />
        {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
        <Table rows=TableRows::new(LoadedRows::new(&COLUMNS, rows)) label="Columns in the file" empty=|| ()/>
        <AskDateOrder question answer=order unanswered/>
        <div class="actionbar bleed">
            <button class="btn primary" type="button" aria-busy=move || check.pending().get().then_some("true")
                on:click=next>
                {move || if check.pending().get() { "Checking\u{2026}" } else { "Next" }}<Icon name="arrow-right"/>
            </button>
            <a class="btn" href=start(kind)><Icon name="arrow-left"/>"Back"</a>
            <span class="say" aria-live="polite">
                {move || missing.get().first().map_or_else(
                    || format!("Next checks all {row_count} rows. Nothing changes until you choose Import."),
                    |missing| (*missing).to_owned(),
                )}
            </span>
        </div>
    }
}

/// The messages of requirements that the chosen columns do not meet.
fn still_missing(kind: &ImportDeclaration, fields: &[Option<&'static ImportField>]) -> Vec<&'static str> {
    kind.missing(|slug| fields.iter().flatten().any(|field| field.slug == slug))
}

/// The question that the dates in the chosen columns leave open, if any.
fn date_question(
    kind: &ImportDeclaration,
    columns: &[ColumnView],
    fields: &[Option<&'static ImportField>],
) -> Option<DateQuestion> {
    let slugs: Vec<Option<FieldSlug>> = fields.iter().map(|field| field.map(FieldSlug::from)).collect();
    let columns = slugs.iter().zip(columns);
    file_evidence(kind, columns.map(|(slug, column)| (slug.as_ref(), &column.dates))).order().err()
}

fn field_of(kind: &ImportDeclaration, slug: Option<&FieldSlug>) -> Option<&'static ImportField> {
    slug.and_then(|slug| kind.field(slug.as_str()))
}

/// A row of the table: one column of the file.
#[derive(Debug, Clone)]
struct ColumnRow {
    /// Its index in the file.
    at: usize,
    kind: &'static ImportDeclaration,
    column: ColumnView,
    choice: MatchChoice,
}

impl PartialEq for ColumnRow {
    fn eq(&self, other: &Self) -> bool {
        (self.at, &self.column, self.choice) == (other.at, &other.column, other.choice)
    }
}

impl ColumnRow {
    fn name(&self) -> String {
        let header = &self.column.header;
        if header.is_empty() { format!("Column {}", self.at + 1) } else { header.clone() }
    }
}

/// The columns of a file.
static COLUMNS: Kind<ColumnRow> = Kind {
    about: About {
        slug: "file-columns",
        one: "column",
        many: "columns",
        margin: "Check",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| Uuid::from_u128(row.at as u128),
    name: ColumnRow::name,
    mark: Some(|row| {
        row.drawn(|row| {
            let choice = row.choice;
            (move || {
                let (tone, icon, words) = match (choice.is_guess.get(), choice.field.get()) {
                    (true, _) => ("amber", "triangle-alert", "Please check"),
                    (false, Some(_)) => ("", "check", "Matched"),
                    (false, None) => ("", "minus", "Not imported"),
                };
                view! { <span class="margin-badge" data-tone=tone><Icon name=icon/><Hidden>{words}</Hidden></span> }
            })
            .into_any()
        })
    }),
    flag: Some(|row| row.of(|row| row.choice.is_guess.get().then_some("amber"))),
    columns: &[
        Column::names("column", "Column in the file", ColumnWidth::Grows(192), |row| {
            row.code(ColumnRow::name)
        }),
        Column::tells("samples", "First values", ColumnWidth::Grows(192), 2, |row| {
            row.text(|row| row.column.samples.join(", "))
        }),
        Column::tells("field", "Import as", ColumnWidth::Fixed(272), 0, |row| row.drawn(field)),
        Column::tells("note", "Note", ColumnWidth::Grows(128), 1, |row| row.drawn(note)),
    ],
};

/// The choice of a field.
fn field(row: &ColumnRow) -> AnyView {
    let (kind, choice, name) = (row.kind, row.choice, row.name());
    let chosen = field_of(kind, row.column.goes_to.field.as_ref());
    let select = format!("column-{}", row.at);
    let change = move |event| {
        choice.field.set(kind.field(&event_target_value(&event)));
        choice.is_guess.set(false);
    };
    let looked_at = move |_| choice.is_guess.set(false);
    view! {
        <label class="vh" for=select.clone()>{format!("{name} is matched to")}</label>
        <select class="select in-cell" id=select.clone() name=select on:change=change on:focus=looked_at>
            <option value="" selected=chosen.is_none()>"Do not import"</option>
            {kind.fields.iter().map(|field| view! {
                <option value=field.slug selected=chosen == Some(field)>{field.label}</option>
            }).collect_view()}
        </select>
    }
    .into_any()
}

fn note(row: &ColumnRow) -> AnyView {
    let (choice, goes_to) = (row.choice, &row.column.goes_to);
    let rival = field_of(row.kind, goes_to.rival.as_ref());
    let before = field_of(row.kind, goes_to.field.as_ref());
    let was_chosen = goes_to.by == MatchedBy::LastTime;
    let note = move || match (choice.is_guess.get(), choice.field.get(), rival) {
        (true, ..) => "Best guess. Please check".to_owned(),
        (false, field, _) if was_chosen && field == before => "As in your last import".to_owned(),
        (false, None, Some(rival)) => format!("Another column is already {}", rival.label),
        _ => String::new(),
    };
    view! { <span class="soft">{note}</span> }.into_any()
}
