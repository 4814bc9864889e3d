//! A pile as a list: files that the page itself carries, because nothing can read the passwords again.

use chrono::NaiveDate;
use data_encoding::BASE64;
use domain::accounts::export::ExportFormat;
use domain::cards::views::{Card, CardsFile};

use crate::Result;
use crate::accounts::export::written;

const HEAD: [&str; 6] = ["Name", "Group", "Username", "Password", "Address", "Works until"];

/// The list as CSV and as a workbook. Cells are made safe for spreadsheets, as in every export.
pub(super) fn files(
    (code, today, number): (&str, NaiveDate, u32),
    cards: &[Card],
    (page, until): (&str, &str),
) -> Result<Vec<CardsFile>> {
    let lines: Vec<[String; 6]> = cards
        .iter()
        .map(|card| {
            let beside = card.beside.as_ref().map(|(_, told)| told.clone()).unwrap_or_default();
            let phrase = card.phrase.to_string();
            [card.name.clone(), beside, card.username.clone(), phrase, page.to_owned(), until.to_owned()]
        })
        .collect();
    [("Download as CSV", ExportFormat::Csv), ("Download as XLSX", ExportFormat::Xlsx)]
        .into_iter()
        .map(|(label, format)| {
            let bytes = written("Passwords", &HEAD, &lines, format)?;
            Ok(CardsFile {
                label,
                name: format!("passwords-{code}-{today}-pile-{number}.{}", format.slug()),
                address: format!(
                    "data:{};base64,{}",
                    format.media_type().replace(' ', ""),
                    BASE64.encode(&bytes)
                ),
            })
        })
        .collect()
}
