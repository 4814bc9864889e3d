//! Step 2: matching columns to fields.

use domain::imports::dates::evidence::DateQuestion;
use domain::imports::kind::{ImportDeclaration, ImportField};
use domain::imports::mapping::{FieldSlug, LeftOut, MatchedBy};
use domain::imports::unsent::Unsent;
use domain::imports::views::{ColumnView, ImportView, file_evidence};
use domain::imports::words::rows;
use leptos::prelude::*;
use uuid::Uuid;

use super::match_words::{Lacking, Matched, ToDo};
use super::meanings::{MeaningChoices, Meanings};
use super::{AskDateOrder, HowItWasRead, ImportStep, Steps, start};
use crate::error::AppError;
use crate::features::imports::api::check_import;
use crate::ui::focus::focus_on;
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
    /// Whether someone must still choose between this column and others.
    is_open: RwSignal<bool>,
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
    let choices: Vec<MatchChoice> = import.columns.iter().map(|of| MatchChoice::of(kind, of)).collect();
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
    settle_rivals(&choices, &import.columns);
    let open = {
        let choices = choices.clone();
        memo(move || choices.iter().filter(|choice| choice.is_open.get()).count())
    };
    let guesses = import.columns.iter().filter(|column| column.goes_to.is_guessed()).count();
    let left_out: Vec<String> = named(&import.columns, |column| {
        column.goes_to.field.is_none() && column.goes_to.undecided().is_none()
    });
    let meanings = MeaningChoices::of(&import.decisions);
    let matched = {
        let choices = choices.clone();
        move || columns.with_value(|columns| matched_fields(columns, &choices))
    };
    let unmade = memo({
        let (meanings, matched) = (meanings.clone(), matched.clone());
        move || meanings.unmade(&matched())
    });
    let unsent = memo({
        let (choices, meanings) = (choices.clone(), meanings.clone());
        move || Unsent {
            columns: choices.iter().map(MatchChoice::sent).collect(),
            dates: order.get(),
            meanings: meanings.sent(),
        }
    });
    let check = Action::new({
        move |(): &()| {
            let Unsent { columns, dates, meanings } = unsent.get_untracked();
            let dates = question.get_untracked().and(dates);
            async move {
                problem.set(None);
                match check_import(id, columns, dates, Some(meanings)).await {
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
        let unmade = unmade.with_untracked(|unmade| unmade.first().cloned());
        if let Some(id) = unmade.filter(|_| open.get_untracked() == 0) {
            focus_on(&id);
            return;
        }
        check.dispatch(());
    };
    let missing = memo({
        let matched = matched.clone();
        move || kind.missing(|slug| matched().iter().any(|field| field.as_str() == slug))
    });
    let lacking = memo(move || {
        let lacking = kind.lacking(|slug| matched().iter().any(|field| field.as_str() == slug));
        lacking.into_iter().map(|expected| expected.message).collect::<Vec<_>>()
    });
    let row_count = import.row_count;
    let read = import.clone();
    let lead = format!("{}, {}. Choose what each column contains.", import.file_name, rows(row_count));
    let columns = import.columns.into_iter().zip(choices).enumerate();
    let columns = columns.map(move |(at, (column, choice))| ColumnRow { at, kind, column, choice });
    view! {
        <PageHead
            title=kind.title
            mark=|| view! { <Icon name="table-2"/> }
            lead=move || lead.clone()
            steps=|| view! { <Steps now=ImportStep::Match/> }
        />
        {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
        <Matched guesses open=open.get_untracked() left_out/>
        <Lacking missing lacking/>
        <HowItWasRead kind import=read unsent/>
        <Table rows=TableRows::new(LoadedRows::new(&COLUMNS, columns)) label="Columns in the file" empty=|| ()/>
        <AskDateOrder question answer=order unanswered/>
        <Meanings kind meanings/>
        <div class="actionbar bleed">
            <button class="btn primary" type="button" aria-busy=move || check.pending().get().then_some("true")
                on:click=next>
                {move || if check.pending().get() { "Checking\u{2026}" } else { "Next" }}<Icon name="arrow-right"/>
            </button>
            <a class="btn" href=start(kind)><Icon name="arrow-left"/>"Back"</a>
            <ToDo row_count missing open unmade/>
        </div>
    }
}

/// The names of the columns that are so.
fn named(columns: &[ColumnView], is_so: impl Fn(&ColumnView) -> bool) -> Vec<String> {
    let columns = columns.iter().enumerate().filter(|(_, column)| is_so(column));
    columns.map(|(at, column)| column_name(at, &column.header)).collect()
}

fn column_name(at: usize, header: &str) -> String {
    if header.is_empty() { format!("Column {}", at + 1) } else { header.to_owned() }
}

/// When one of several columns that could be the same field is chosen, the others are left out.
fn settle_rivals(choices: &[MatchChoice], columns: &[ColumnView]) {
    let rivals: Vec<Option<FieldSlug>> =
        columns.iter().map(|column| column.goes_to.undecided().cloned()).collect();
    if rivals.iter().all(Option::is_none) {
        return;
    }
    let choices = choices.to_vec();
    Effect::new(move || {
        for (choice, rival) in choices.iter().zip(&rivals) {
            let Some(rival) = rival.as_ref().filter(|_| choice.is_open.get()) else { continue };
            let has_it =
                |other: &MatchChoice| other.field.get().is_some_and(|field| field.slug == rival.as_str());
            if choices.iter().any(has_it) {
                choice.is_open.set(false);
            }
        }
    });
}

/// The fields that have a column, with those that are still to be chosen between several columns.
fn matched_fields(columns: &[ColumnView], choices: &[MatchChoice]) -> Vec<FieldSlug> {
    let of = |(column, choice): (&ColumnView, &MatchChoice)| {
        if choice.is_open.get() {
            column.goes_to.undecided().cloned()
        } else {
            choice.field.get().map(FieldSlug::from)
        }
    };
    columns.iter().zip(choices).filter_map(of).collect()
}

impl MatchChoice {
    /// What a column starts with.
    fn of(kind: &ImportDeclaration, column: &ColumnView) -> Self {
        Self {
            field: RwSignal::new(field_of(kind, column.goes_to.field.as_ref())),
            is_guess: RwSignal::new(column.goes_to.is_guessed()),
            is_open: RwSignal::new(column.goes_to.undecided().is_some()),
        }
    }

    /// What the form sends for the column.
    fn sent(&self) -> Option<FieldSlug> {
        if self.is_open.get() { Some(FieldSlug::UNDECIDED) } else { self.field.get().map(FieldSlug::from) }
    }
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
        column_name(self.at, &self.column.header)
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
                let (tone, icon, words) = match (choice.is_guess.get() || choice.is_open.get(), choice.field.get()) {
                    (true, _) => ("amber", "triangle-alert", "Please check"),
                    (false, Some(_)) => ("", "check", "Matched"),
                    (false, None) => ("", "minus", "Not imported"),
                };
                view! { <span class="margin-badge" data-tone=tone><Icon name=icon/><Hidden>{words}</Hidden></span> }
            })
            .into_any()
        })
    }),
    flag: Some(|row| {
        row.of(|row| (row.choice.is_guess.get() || row.choice.is_open.get()).then_some("amber"))
    }),
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
    if row.column.goes_to.is_gone() {
        return view! { <span class="soft">"Not imported"</span> }.into_any();
    }
    let change = move |event| {
        let value = event_target_value(&event);
        choice.field.set(kind.field(&value));
        choice.is_open.set(value == FieldSlug::UNDECIDED.as_str());
        choice.is_guess.set(false);
    };
    let looked_at = move |_| choice.is_guess.set(false);
    let is_undecided = row.column.goes_to.undecided().is_some();
    view! {
        <label class="vh" for=select.clone()>{format!("{name} is matched to")}</label>
        <select class="select in-cell" id=select.clone() name=select on:change=change on:focus=looked_at>
            {is_undecided.then(|| view! {
                <option value="?" selected=move || choice.is_open.get()>"Choose\u{2026}"</option>
            })}
            <option value="" selected=move || choice.field.get().is_none() && !choice.is_open.get()>"Do not import"</option>
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
    let why = goes_to.why;
    let note = move || match (choice.is_guess.get(), choice.field.get(), rival) {
        (_, None, Some(rival)) if choice.is_open.get() => format!("Could be {}. Please choose", rival.label),
        (true, ..) => "Best guess. Please check".to_owned(),
        (false, field, _) if was_chosen && field == before => "As in your last import".to_owned(),
        (false, None, Some(rival)) => format!("Another column is already {}", rival.label),
        (false, None, None) => why.map_or("", reason).to_owned(),
        _ => String::new(),
    };
    view! { <span class="soft">{note}</span> }.into_any()
}

/// Why a column is left out.
fn reason(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Secret => {
            "May hold passwords, rights or ID numbers. Its values are not kept. If it is something else, rename it in the file"
        }
        LeftOut::Beyond => "A row can have 12 numbered adults. Give the others rows of their own",
        LeftOut::Others => "About someone or something else",
        LeftOut::InParts => "The parts of the name have their own columns",
        LeftOut::Reason => "Says what was wrong with rows that were sent back. It is no data",
        LeftOut::NotKept => "Its values are no longer kept. Choose the file again to import it",
    }
}
