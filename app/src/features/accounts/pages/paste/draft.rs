//! The list before its accounts are created: its cells, what is wrong with them, and what the server says of them.

use std::sync::Arc;
use std::time::Duration;

use domain::accounts::paste::check::{ListCheck, RowProblems};
use domain::accounts::paste::grid::{CellPlace, PasteGrid, PasteReport};
use domain::accounts::paste::names::NameOrder;
use domain::accounts::paste::plan::{PastePlan, PastePlanRow};
use domain::accounts::paste::read::{RawRows, ReadError};
use domain::accounts::paste::{PasteColumn, PasteInto, PastedRow};
use domain::ids::SchoolId;
use domain::operations::plan::PlanHash;
use leptos::prelude::*;

use crate::error::AppError;
use crate::features::accounts::api::check_paste;
use crate::ui::draft::keep;
use crate::ui::focus::focus_when_drawn;
use crate::ui::live::effect;
use crate::ui::memo::{Derived, memo};

/// How long to wait after the last change before the server is asked.
const PAUSE: Duration = Duration::from_millis(300);

/// The id of the question which part of whole names comes first.
pub(super) const ORDER_ASKED: &str = "name-order";

/// The server's answer about one version of the grid, by row.
#[derive(Debug, PartialEq)]
pub(super) struct PlannedList {
    /// The version it is about.
    pub(super) version: u64,
    /// The hash of the plan.
    pub(super) hash: PlanHash,
    rows: Vec<Option<PastePlanRow>>,
}

impl PlannedList {
    pub(super) fn of(version: u64, plan: PastePlan) -> Self {
        let mut rows = Vec::new();
        for row in plan.rows {
            let at = row.at as usize;
            if rows.len() <= at {
                rows.resize(at + 1, None);
            }
            rows[at] = Some(row);
        }
        Self { version, hash: plan.hash, rows }
    }

    /// A row.
    pub(super) fn row(&self, at: usize) -> Option<&PastePlanRow> {
        self.rows.get(at)?.as_ref()
    }

    /// All rows.
    pub(super) fn rows(&self) -> impl Iterator<Item = &PastePlanRow> {
        self.rows.iter().flatten()
    }
}

/// The list.
#[derive(Clone, Copy)]
pub(super) struct PasteDraft {
    /// Its cells.
    pub(super) grid: RwSignal<PasteGrid>,
    /// The version of its cells; it stays while the cursor moves.
    pub(super) version: Derived<u64>,
    /// What is wrong with each row by itself.
    pub(super) problems: Derived<Arc<Vec<RowProblems>>>,
    /// What the server says.
    pub(super) planned: RwSignal<Option<Arc<PlannedList>>>,
    /// Why the server says nothing.
    pub(super) trouble: RwSignal<Option<AppError>>,
    /// The text of the cell that is edited, as it began.
    pub(super) editing: RwSignal<Option<String>>,
    /// What the last paste did, or why it did nothing.
    pub(super) said: RwSignal<Option<Result<PasteReport, ReadError>>>,
    /// What the file of the last paste says about itself.
    pub(super) told: RwSignal<Vec<String>>,
    /// Rows that wait until somebody says which part of their names comes first, and one of these names.
    pub(super) asked: RwSignal<Option<(Arc<RawRows>, String)>>,
    /// Whether a file is on its way.
    pub(super) busy: RwSignal<bool>,
    /// The cell that gets the focus once it is drawn.
    pub(super) wanted: RwSignal<Option<CellPlace>>,
    school: SchoolId,
    into: StoredValue<PasteInto>,
}

impl PasteDraft {
    /// An empty list. A reload keeps what was typed.
    pub(super) fn new(school: SchoolId, into: PasteInto) -> Self {
        let grid = RwSignal::new(PasteGrid::default());
        let version = memo(move || grid.with(PasteGrid::version));
        let list = StoredValue::new(ListCheck::default());
        let problems = memo(move || {
            version.track();
            let checked = grid.with_untracked(|grid| list.try_update_value(|list| list.again(grid.rows())));
            Arc::new(checked.unwrap_or_default())
        });
        // Of a list that is edited, what is kept over a reload waits like the question to the server.
        let settled = RwSignal::new(0_u64);
        let is_empty = memo(move || {
            version.track();
            grid.with_untracked(PasteGrid::is_empty)
        });
        let draft = Self {
            grid,
            version,
            problems,
            planned: RwSignal::new(None),
            trouble: RwSignal::new(None),
            editing: RwSignal::new(None),
            said: RwSignal::new(None),
            told: RwSignal::new(Vec::new()),
            asked: RwSignal::new(None),
            busy: RwSignal::new(false),
            wanted: RwSignal::new(None),
            school,
            into: StoredValue::new(into),
        };
        let mut ask_later = debounce(PAUSE, move |()| {
            settled.try_set(version.get_untracked());
            draft.ask();
        });
        effect(move || {
            version.track();
            if !is_empty.get_untracked() {
                ask_later(());
            }
        });
        let read = move || {
            settled.track();
            let rows = || grid.with_untracked(|grid| serde_json::to_string(grid.rows()).ok());
            (!is_empty.get()).then(rows).flatten()
        };
        let bring_back = move |text: &str| {
            let rows: Vec<PastedRow> = serde_json::from_str(text).unwrap_or_default();
            draft.start_with(rows);
        };
        keep("pasted list".to_owned(), Box::new(read), Box::new(bring_back));
        draft
    }

    fn start_with(self, rows: Vec<PastedRow>) {
        self.grid.set(PasteGrid::of(rows));
    }

    /// Whether the server's answer is about the cells as they are now.
    pub(super) fn is_known(self) -> bool {
        let version = self.version.get();
        self.planned.with(|planned| planned.as_ref().is_some_and(|planned| planned.version == version))
    }

    /// Whether the cursor is on the last cell of a row that asks who it is about.
    pub(super) fn is_at_question(self) -> bool {
        let at = self.grid.with_untracked(PasteGrid::cursor);
        at.column + 1 == PasteColumn::ALL.len()
            && self.planned.with_untracked(|planned| {
                let row = planned.as_ref().and_then(|planned| planned.row(at.row));
                row.and_then(PastePlanRow::waits).is_some_and(|waits| waits.asks)
            })
    }

    /// The list for the server.
    pub(super) fn content(self) -> (SchoolId, PasteInto, Vec<PastedRow>) {
        (self.school, self.into.get_value(), self.grid.with_untracked(|grid| grid.rows().to_vec()))
    }

    /// Asks the server what the list would do.
    pub(super) fn ask(self) {
        let version = self.version.get_untracked();
        let (school, into, rows) = self.content();
        leptos::task::spawn_local(async move {
            match check_paste(school, into, rows).await {
                Ok(plan) => {
                    // Of two answers, the later list's counts.
                    let newer = self.planned.try_with_untracked(|planned| {
                        planned.as_ref().is_none_or(|planned| planned.version <= version)
                    });
                    if newer == Some(true) {
                        self.planned.try_set(Some(Arc::new(PlannedList::of(version, plan))));
                        self.trouble.try_set(None);
                    }
                }
                Err(error) => drop(self.trouble.try_set(Some(error))),
            }
        });
    }

    /// Pastes rows at the cursor. `told` is what their file says about itself.
    pub(super) fn paste(self, raw: Result<RawRows, ReadError>, told: Vec<String>) {
        self.told.set(told);
        match raw {
            Ok(raw) => self.put(Arc::new(raw), None),
            Err(error) => self.say(Err(error)),
        }
    }

    /// Pastes rows whose whole names are in this order, or asks for it.
    pub(super) fn put(self, raw: Arc<RawRows>, order: Option<NameOrder>) {
        let pasted = self.grid.try_update(|grid| grid.paste(&raw, order));
        match pasted {
            Some(Err(ReadError::NameOrder(example))) => {
                self.said.set(None);
                self.asked.set(Some((raw, example)));
                focus_when_drawn(ORDER_ASKED.to_owned());
            }
            Some(pasted) => self.say(pasted),
            None => {}
        }
    }

    fn say(self, pasted: Result<PasteReport, ReadError>) {
        self.asked.set(None);
        self.said.set(Some(pasted));
        self.focus_cursor();
    }

    /// Puts the cursor on a cell, and the focus.
    pub(super) fn go(self, to: CellPlace, extends: bool) {
        self.grid.update(|grid| grid.go(to, extends));
        self.focus_cursor();
    }

    /// Puts the focus on the cell with the cursor.
    pub(super) fn focus_cursor(self) {
        self.wanted.set(Some(self.grid.with_untracked(PasteGrid::cursor)));
    }
}
