//! What adults see by default at a school.

use domain::authorization::grant::PortalScope;
use domain::guardians::access::{AccessRow, DefaultAccess};
use domain::guardians::settings::GUARDIAN_ACCESS_PAGE;
use leptos::prelude::*;
use uuid::Uuid;

use crate::features::office::page::{OfficePage, render};
use crate::ui::page::PageHead;
use crate::ui::settings::SettingsFrame;
use crate::ui::table::{About, Column, ColumnWidth, Kind, LoadedRows, RowLayout, Table, TableRows};

/// The id of the form, which the ticks name: the table has a form of its own.
const FORM: &str = "defaults";

/// The table of ticks as HTML.
pub fn defaults_page(page: OfficePage, access: DefaultAccess, may_change: bool) -> String {
    let school = page.me.school.name.clone();
    render(page, GUARDIAN_ACCESS_PAGE.name, move || {
        let rows: Vec<(PortalScope, DefaultAccess)> =
            PortalScope::FAMILY.into_iter().map(|scope| (scope, access.clone())).collect();
        let save = may_change
            .then(|| view! { <div class="row gap-s"><button class="btn primary" type="submit">"Save"</button></div> });
        view! {
            <PageHead title=GUARDIAN_ACCESS_PAGE.name lead=move || GUARDIAN_ACCESS_PAGE.lead/>
            <SettingsFrame current=&GUARDIAN_ACCESS_PAGE>
                <p>{format!("For new contacts at {school}. People marked \u{201c}no portal\u{201d} or under a restriction get nothing. Without the profile nothing of a child is shown.")}</p>
                <Table rows=TableRows::new(LoadedRows::new(&SCOPES, rows)) label="What adults see" empty=|| ()/>
                <form id=FORM method="post" action=GUARDIAN_ACCESS_PAGE.path>{save}</form>
            </SettingsFrame>
        }
    })
}

static SCOPES: Kind<(PortalScope, DefaultAccess)> = Kind {
    about: About {
        slug: "default-access",
        one: "part",
        many: "parts",
        margin: "",
        layout: RowLayout::Flat,
        opens: false,
    },
    id: |(scope, _)| Uuid::from_u128(*scope as u128 + 1),
    name: |(scope, _)| scope.label().to_owned(),
    mark: None,
    flag: None,
    columns: &[
        Column::names("part", "Part", ColumnWidth::Grows(160), |row| {
            row.text(|(scope, _)| scope.label().to_owned())
        }),
        Column::tells("responsible", "Parental responsibility", ColumnWidth::Fixed(192), 0, |row| {
            row.drawn(|row| tick(row, AccessRow::Responsible))
        })
        .labelled(),
        Column::tells("parents", "Other parents", ColumnWidth::Fixed(160), 0, |row| {
            row.drawn(|row| tick(row, AccessRow::Parents))
        })
        .labelled(),
        Column::tells("others", "Other carers", ColumnWidth::Fixed(160), 0, |row| {
            row.drawn(|row| tick(row, AccessRow::Others))
        })
        .labelled(),
    ],
};

fn tick((scope, access): &(PortalScope, DefaultAccess), row: AccessRow) -> AnyView {
    let checked = access.row(row).contains(scope);
    let label = format!("{}: {}", row.label(), scope.label());
    let name = format!("{}-{}", row.slug(), scope.slug());
    view! { <input type="checkbox" form=FORM name=name.clone() id=name checked=checked aria-label=label/> }
        .into_any()
}

/// Reads the ticks from the names of the form's fields.
pub fn read_ticks(pairs: &[(String, String)]) -> DefaultAccess {
    let mut access = DefaultAccess { responsible: Vec::new(), parents: Vec::new(), others: Vec::new() };
    for row in AccessRow::ALL {
        for scope in PortalScope::FAMILY {
            let name = format!("{}-{}", row.slug(), scope.slug());
            if pairs.iter().any(|(typed, _)| *typed == name) {
                access.row_mut(row).push(scope);
            }
        }
    }
    access
}
