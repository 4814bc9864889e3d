//! The rows that are held back: both people side by side, and what can be decided, for one row or for all.

use domain::ids::ImportId;
use domain::imports::held::{ChoiceKind, HeldDecision, HeldReason, HeldRow, ShownPerson};
use domain::imports::held_words::{heading, label, label_for_all, sentence};
use domain::imports::kind::ImportDeclaration;
use domain::imports::outcome::RowOutcome;
use domain::imports::views::{ImportView, NamedLogLine};
use domain::imports::words::{parts, short};
use domain::lists::page::Page;
use leptos::prelude::*;

use super::log::SUMMARY;
use crate::error::{AppError, AppResult};
use crate::features::imports::api::{import_log, settle_import};
use crate::ui::focus::focus_when_drawn;
use crate::ui::icon::Icon;
use crate::ui::load::Load;
use crate::ui::notice::ErrorNotice;

/// Takes a decision.
type Decide = Action<HeldDecision, ()>;

/// The place of the row that gets the focus after a decision; `None` once it has it.
pub type NextHeld = StoredValue<Option<usize>>;

/// A decision, and where its row stands.
#[derive(Clone, Copy)]
struct Deciding {
    decide: Decide,
    next: NextHeld,
}

impl Deciding {
    /// Decides on the row at a place, or on all rows of a reason whose first stands there.
    fn run(self, place: usize, decision: HeldDecision) {
        self.next.set_value(Some(place));
        self.decide.dispatch(decision);
    }
}

/// Moves the focus after a decision: to the row that now stands in its place, or to the figures if none is left.
fn follow(next: NextHeld, held: usize) {
    let Some(place) = next.try_update_value(Option::take).flatten() else { return };
    let id = match held {
        0 => SUMMARY.to_owned(),
        // After the last row comes the first again.
        held => button_id(if place < held { place } else { 0 }),
    };
    focus_when_drawn(id);
}

/// The id of the first button of the row at a place.
fn button_id(place: usize) -> String {
    format!("held-{place}")
}

/// The held rows of an import, by reason, with what can be decided about them.
#[component]
pub fn HeldRows(
    /// The kind of list.
    kind: &'static ImportDeclaration,
    /// The import.
    import: ImportView,
    /// Called with the import as it is after a decision.
    decided: Callback<ImportView>,
    /// Where the focus goes after it.
    next: NextHeld,
) -> impl IntoView {
    let (id, taken) = (import.id, import.decided);
    let counts = import.counts.unwrap_or_default();
    let held = counts.waiting();
    let problem = RwSignal::new(None::<AppError>);
    let decide: Decide = Action::new(move |decision: &HeldDecision| {
        let decision = *decision;
        async move {
            problem.set(None);
            match settle_import(id, decision).await {
                // The answer may arrive after the page was left.
                Ok(import) => drop(decided.try_run(import)),
                Err(error) => {
                    next.try_set_value(None);
                    drop(problem.try_set(Some(error)));
                }
            }
        }
    });
    let deciding = Deciding { decide, next };
    if held == 0 {
        follow(next, 0);
    }
    let lead = match held {
        0 => String::new(),
        1 => "1 row waits for your decision. Until you decide, what is held back changes nothing.".to_owned(),
        many => format!(
            "{many} rows wait for your decision. Until you decide, what is held back changes nothing."
        ),
    };
    let say = if taken == 1 { "1 decision taken.".to_owned() } else { format!("{taken} decisions taken.") };
    (held > 0 || taken > 0).then(|| view! {
        <section class="stack gap-m" aria-labelledby="held-heading" aria-busy=move || decide.pending().get().then_some("true")>
            <h2 id="held-heading">"Held back"</h2>
            {(held > 0).then(|| view! { <p>{lead}</p> })}
            {move || problem.get().map(|error| view! { <ErrorNotice error/> })}
            {(taken > 0).then(|| view! {
                <p>{say}" "
                    <button class="btn quiet" type="button" on:click=move |_| deciding.run(0, HeldDecision::Nothing)>
                        <Icon name="undo-2"/>"Undo all decisions"
                    </button>
                </p>
            })}
            {(held > 0).then(|| view! { <Rows kind id held deciding/> })}
        </section>
    })
}

#[component]
fn Rows(kind: &'static ImportDeclaration, id: ImportId, held: u32, deciding: Deciding) -> impl IntoView {
    let rows: Resource<AppResult<Page<NamedLogLine>>> =
        Resource::new(|| (), move |()| import_log(id, Some(RowOutcome::Held.into()), None));
    let draw = move |page: Page<NamedLogLine>| {
        let shown = page.rows.len();
        let of = |reason: HeldReason| -> Vec<NamedLogLine> {
            let is_of =
                |row: &&NamedLogLine| row.line.line.held.as_ref().is_some_and(|held| held.reason == reason);
            page.rows.iter().filter(is_of).cloned().collect()
        };
        let reasons = HeldReason::ALL.into_iter().map(|reason| (reason, of(reason)));
        let reasons = reasons.filter(|(_, rows)| !rows.is_empty());
        let mut before = 0;
        let groups = reasons.map(|(reason, rows)| {
            let first = before;
            before += rows.len();
            view! { <OfReason kind reason rows first deciding/> }
        });
        let groups = groups.collect_view();
        follow(deciding.next, before);
        let more = page.next.is_some();
        let more = more
            .then(|| format!("These are the first {shown} of {held} rows. The others follow as you decide."));
        let more = more.map(|more| view! { <p class="muted">{more}</p> });
        view! { {groups} {more} }
    };
    view! { <Load resource=rows view=draw/> }
}

#[component]
fn OfReason(
    kind: &'static ImportDeclaration,
    reason: HeldReason,
    rows: Vec<NamedLogLine>,
    first: usize,
    deciding: Deciding,
) -> impl IntoView {
    let helds = || rows.iter().filter_map(|row| row.line.line.held.as_deref());
    let kinds = [
        ChoiceKind::ThisPerson,
        ChoiceKind::Renumber,
        ChoiceKind::ConfirmAddress,
        ChoiceKind::KeepAddress,
        ChoiceKind::NewPerson,
        ChoiceKind::LinkAgain,
        ChoiceKind::RightColumn,
        ChoiceKind::MakeUsername,
        ChoiceKind::NoAccount,
        ChoiceKind::LeaveOut,
    ];
    let for_all = kinds.into_iter().filter(|kind| helds().any(|held| held.only(*kind).is_some()));
    let for_all = for_all.map(|choice| view! {
        <button class="btn" type="button" on:click=move |_| deciding.run(first, HeldDecision::Reason { reason, choice })>
            {label_for_all(kind, choice)}
        </button>
    });
    let for_all = (rows.len() > 1).then(|| {
        view! {
            <div class="row" role="group" aria-label=format!("All rows: {}", heading(kind, reason))>
                <span>"For all of these rows:"</span>
                {for_all.collect_view()}
            </div>
        }
    });
    view! {
        <h3>{heading(kind, reason)}</h3>
        {for_all}
        <ul class="stack" role="list">
            {rows.into_iter().zip(first..).map(|(row, place)| view! { <li><OneRow kind row place deciding/></li> }).collect_view()}
        </ul>
    }
}

/// One held row.
#[component]
fn OneRow(
    kind: &'static ImportDeclaration,
    row: NamedLogLine,
    place: usize,
    deciding: Deciding,
) -> impl IntoView {
    let number = row.line.row;
    let Some(held) = row.line.line.held.clone() else { return ().into_any() };
    let changes: String = parts(kind, &row.line.line).into_iter().map(|part| part.text).collect();
    let choices = held.choices.iter().zip(0..).map(|(choice, nth)| {
        let choice = *choice;
        let id = (nth == 0).then(|| button_id(place));
        view! {
            <button class="btn" type="button" id=id on:click=move |_| deciding.run(place, HeldDecision::Row { row: number, choice })>
                {label(kind, &held, choice)}
            </button>
        }
    });
    let choices = choices.collect_view();
    let text = if changes.is_empty() { sentence(kind, &held) } else { changes };
    view! {
        <p><b>{format!("Row {number}. ")}</b>{text}</p>
        <SideBySide kind held=*held/>
        <div class="row" role="group" aria-label=format!("Row {number}")>{choices}</div>
    }
    .into_any()
}

/// The person in the file beside those in Greencap.
#[component]
fn SideBySide(kind: &'static ImportDeclaration, held: HeldRow) -> impl IntoView {
    type Of = fn(&ShownPerson) -> String;
    let lines: [(&str, Of); 9] = [
        ("Name", |shown| shown.name.clone()),
        ("Date of birth", |shown| shown.born_on.map(short).unwrap_or_default()),
        (kind.label(kind.key), |shown| shown.key.clone()),
        ("School", |shown| shown.school.clone()),
        ("First day", |shown| shown.starts_on.map(short).unwrap_or_default()),
        ("Last day", |shown| shown.ends_on.map(short).unwrap_or_default()),
        ("Groups", |shown| shown.groups.clone()),
        ("Email", |shown| shown.email.clone()),
        ("Account", |shown| shown.account.clone()),
    ];
    let columns: Vec<ShownPerson> = std::iter::once(held.in_file).chain(held.people).collect();
    let whose = |(at, shown): (usize, &ShownPerson)| match (at, shown.row) {
        (0, None) => "File: ".to_owned(),
        (0, Some(_)) => "This row: ".to_owned(),
        (_, Some(row)) => format!("Row {row}: "),
        (_, None) => "Greencap: ".to_owned(),
    };
    let owners: Vec<String> = columns.iter().enumerate().map(whose).collect();
    let lines = lines.into_iter().filter_map(|(name, of)| {
        let cells: Vec<String> = columns.iter().map(of).collect();
        let cell = |text: String| if text.is_empty() { "\u{2013}".to_owned() } else { text };
        cells.iter().any(|text| !text.is_empty()).then(|| {
            view! {
                <div><dt>{name}</dt>
                    <dd>{cells.into_iter().zip(owners.clone()).map(|(text, whose)| {
                        view! { <div><span class="muted">{whose}</span>{cell(text)}</div> }
                    }).collect_view()}</dd>
                </div>
            }
        })
    });
    view! { <dl class="facts">{lines.collect_view()}</dl> }
}
