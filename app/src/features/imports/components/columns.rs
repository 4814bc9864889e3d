//! The columns of import lists.

use domain::imports::kind::KindSlug;
use domain::imports::outcome::RowOutcome;
use domain::imports::views::{ImportState, ImportSummary, NamedLogLine};
use domain::imports::words;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ui::icon::Icon;
use crate::ui::table::{About, Column, ColumnWidth, Kind, RowLayout, TableRow};
use crate::ui::time::TimeWords;

/// A school's imports.
pub static IMPORTS: Kind<ImportSummary> = Kind {
    about: About {
        slug: "imports",
        one: "import",
        many: "imports",
        margin: "State",
        layout: RowLayout::Even,
        opens: true,
    },
    id: |import| import.id.0,
    name: |import| import.file_name.clone(),
    mark: Some(state_mark),
    flag: Some(|row| row.of(|import| waits(import).then_some("amber"))),
    columns: &[
        Column::names("file", "File", ColumnWidth::Grows(224), |row| {
            row.link(
                row.of(|import| import.file_name.clone()),
                row.of(|import| format!("/imports/{}", import.id)),
            )
        }),
        Column::tells("state", "State", ColumnWidth::Fixed(192), 1, |row| {
            row.text(|import| import.state.label().to_owned())
        }),
        Column::tells("rows", "Rows", ColumnWidth::Fixed(80), 4, |row| {
            row.text(|import: &ImportSummary| import.row_count.to_string())
        })
        .labelled(),
        Column::tells("result", "Result", ColumnWidth::Grows(272), 3, |row| row.long(result)),
        Column::tells("when", "When", ColumnWidth::Fixed(128), 2, |row| {
            let words = TimeWords::here();
            row.of(move |import| words.short(import.created_at)).into_any()
        }),
    ],
};

fn waits(import: &ImportSummary) -> bool {
    matches!(import.state, ImportState::Staged | ImportState::Planned)
}

fn state_mark(row: TableRow<ImportSummary>) -> AnyView {
    row.drawn(|import| {
        let (tone, icon) = match import.state {
            ImportState::Staged | ImportState::Planned => (Some("amber"), "hourglass"),
            ImportState::Undone => (None, "undo-2"),
            ImportState::Committed | ImportState::Discarded => (None, "check"),
        };
        view! { <span class="margin-badge" data-tone=tone><Icon name=icon/></span> }.into_any()
    })
}

fn result(import: &ImportSummary) -> String {
    import.counts.map(|counts| counts.sentence()).unwrap_or_default()
}

/// A row of the log, with its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// The kind of list.
    pub kind: KindSlug,
    /// The row.
    pub named: NamedLogLine,
}

/// The log of an import.
pub static LOG: Kind<LogRow> = Kind {
    about: About {
        slug: "import-log",
        one: "row",
        many: "rows",
        margin: "Outcome",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |row| Uuid::from_u128(row.named.line.row.into()),
    name: |row| row.named.name.clone(),
    mark: Some(|row| {
        row.drawn(|row| {
            let (icon, tone, _) = drawing(row.named.line.line.outcome);
            view! { <span class="margin-badge" data-tone=tone><Icon name=icon/></span> }.into_any()
        })
    }),
    flag: Some(|row| row.of(|row| drawing(row.named.line.line.outcome).2)),
    columns: &[
        Column::tells("row", "Row", ColumnWidth::Fixed(80), 0, |row| {
            row.text(|row: &LogRow| row.named.line.row.to_string())
        })
        .labelled(),
        Column::tells("result", "Result", ColumnWidth::Fixed(112), 0, |row| {
            row.text(|row| row.named.line.line.outcome.label().to_owned())
        }),
        Column::names("name", "Name", ColumnWidth::Grows(192), |row| {
            row.drawn(|row| value_of_file(row.named.name.clone()))
        }),
        Column::tells("number", "Number or code", ColumnWidth::Fixed(144), 1, |row| {
            row.drawn(|row| value_of_file(row.named.line.key.clone().unwrap_or_default()))
        }),
        Column::tells("message", "What happened", ColumnWidth::Grows(192), 0, |row| {
            row.drawn(|row| {
                let parts = row.kind.declaration().map(|kind| words::parts(kind, &row.named.line.line));
                let parts = parts.unwrap_or_default().into_iter();
                let parts = parts.map(|part| {
                    if part.is_new {
                        view! { <mark>{part.text}</mark> }.into_any()
                    } else {
                        part.text.into_any()
                    }
                });
                parts.collect_view().into_any()
            })
        }),
    ],
};

/// A value that can be as long as a cell of a file.
fn value_of_file(text: String) -> AnyView {
    view! { <span class="any-length">{text}</span> }.into_any()
}

/// How an outcome is drawn: icon, tone, and tint of the row.
pub fn drawing(outcome: RowOutcome) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match outcome {
        RowOutcome::Added => ("circle-plus", None, None),
        RowOutcome::Updated => ("pencil", Some("blue"), None),
        RowOutcome::Linked => ("link-2", Some("blue"), None),
        RowOutcome::Unchanged => ("check", None, None),
        RowOutcome::History => ("history", None, None),
        RowOutcome::Skipped => ("circle-minus", None, None),
        RowOutcome::Kept => ("hand", None, None),
        RowOutcome::Held => ("hourglass", Some("amber"), Some("amber")),
        RowOutcome::Rejected => ("circle-alert", Some("red"), Some("red")),
    }
}
