//! The columns of import lists.

use domain::imports::kind::KindSlug;
use domain::imports::outcome::Outcome;
use domain::imports::views::{ImportState, ImportSummary, NamedLogLine};
use domain::imports::words;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ui::icon::Icon;
use crate::ui::table::{About, Column, Kind, Layout, Row, Width};
use crate::ui::time::Words;

/// A school's imports.
pub static IMPORTS: Kind<ImportSummary> = Kind {
    about: About {
        slug: "imports",
        one: "import",
        many: "imports",
        margin: "State",
        layout: Layout::Even,
        opens: true,
    },
    id: |import| import.id.0,
    name: |import| import.file_name.clone(),
    mark: Some(state_mark),
    flag: Some(|row| row.of(|import| waits(import).then_some("amber"))),
    columns: &[
        Column::names("file", "File", Width::Grows(224), |row| {
            row.link(
                row.of(|import| import.file_name.clone()),
                row.of(|import| format!("/imports/{}", import.id)),
            )
        }),
        Column::tells("state", "State", Width::Fixed(192), 1, |row| {
            row.text(|import| import.state.label().to_owned())
        }),
        Column::tells("rows", "Rows", Width::Fixed(80), 4, |row| {
            row.text(|import: &ImportSummary| import.row_count.to_string())
        })
        .labelled(),
        Column::tells("result", "Result", Width::Grows(272), 3, |row| row.long(result)),
        Column::tells("when", "When", Width::Fixed(128), 2, |row| {
            let words = Words::here();
            row.of(move |import| words.short(import.created_at)).into_any()
        }),
    ],
};

fn waits(import: &ImportSummary) -> bool {
    matches!(import.state, ImportState::Staged | ImportState::Planned)
}

fn state_mark(row: Row<ImportSummary>) -> AnyView {
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
    import.counts.map_or_else(String::new, |counts| {
        format!("{} added, {} updated, {} rejected", counts.added, counts.updated, counts.rejected)
    })
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
        layout: Layout::Flat,
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
        Column::tells("row", "Row", Width::Fixed(80), 0, |row| {
            row.text(|row: &LogRow| row.named.line.row.to_string())
        })
        .labelled(),
        Column::tells("result", "Result", Width::Fixed(112), 0, |row| {
            row.text(|row| row.named.line.line.outcome.label().to_owned())
        }),
        Column::names("name", "Name", Width::Grows(192), |row| row.text(|row| row.named.name.clone())),
        Column::tells("number", "Number or code", Width::Fixed(144), 1, |row| {
            row.text(|row| row.named.line.key.clone().unwrap_or_default())
        }),
        Column::tells("message", "What happened", Width::Grows(192), 0, |row| {
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

/// How an outcome is drawn: icon, tone, and tint of the row.
pub fn drawing(outcome: Outcome) -> (&'static str, Option<&'static str>, Option<&'static str>) {
    match outcome {
        Outcome::Added => ("circle-plus", None, None),
        Outcome::Updated => ("pencil", Some("blue"), None),
        Outcome::Unchanged => ("check", None, None),
        Outcome::Skipped => ("circle-minus", None, None),
        Outcome::Rejected => ("circle-alert", Some("red"), Some("red")),
    }
}
