//! An empty list with the usual columns of a kind.

use domain::imports::kind::ImportDeclaration;
use domain::imports::sent_back::SheetFormat;

use super::sheet::{csv, xlsx};
use crate::Result;

/// Makes the template of a kind: only its names of columns, so that no example is imported by mistake.
pub fn template(kind: &ImportDeclaration, format: SheetFormat) -> Result<Vec<u8>> {
    let names = kind.template().map(|field| field.label.to_owned()).collect();
    match format {
        SheetFormat::Csv => csv(&[names]),
        SheetFormat::Xlsx => xlsx(&[names]),
    }
}
