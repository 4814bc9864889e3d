//! The structs that rows are read into.

use std::collections::HashMap;

use syn::{Attribute, Field, Fields, ItemStruct, ItemUse, LitStr, Type, UseTree};

use super::types::name_of;

/// Every struct with `#[derive(FromRow)]`, by name, and what files take from others by `use`.
#[derive(Default)]
pub struct Rows {
    structs: HashMap<String, Vec<Row>>,
    imports: HashMap<(String, String), Vec<String>>,
}

struct Row {
    file: String,
    fields: Vec<Read>,
}

/// A field and how it is filled.
struct Read {
    column: String,
    ty: Type,
    how: How,
    /// Stays at its default where there is no such column.
    optional: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Column,
    /// The column is of a type of its own, which the field is made from.
    Converted,
    Flattened,
    Skipped,
}

/// A column that a struct reads.
pub struct Column<'a> {
    pub name: &'a str,
    /// The type of its field, where the column is read into it as it is.
    pub ty: Option<&'a Type>,
    pub optional: bool,
}

impl Rows {
    /// Takes note of a struct, if rows are read into it.
    pub fn learn(&mut self, file: &str, item: &ItemStruct) {
        let Fields::Named(fields) = &item.fields else { return };
        if !item.attrs.iter().any(derives_from_row) {
            return;
        }
        let fields = fields.named.iter().map(read).collect();
        let row = Row { file: file.to_owned(), fields };
        self.structs.entry(item.ident.to_string()).or_default().push(row);
    }

    /// Takes note of what a file takes from others.
    pub fn learn_imports(&mut self, file: &str, item: &ItemUse) {
        self.imported(file, &item.tree, &[]);
    }

    fn imported(&mut self, file: &str, tree: &UseTree, path: &[String]) {
        match tree {
            UseTree::Path(step) => {
                self.imported(file, &step.tree, &[path, &[step.ident.to_string()]].concat());
            }
            UseTree::Name(name) => {
                self.imports.insert((file.to_owned(), name.ident.to_string()), path.to_vec());
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.imported(file, tree, path)),
            UseTree::Rename(_) | UseTree::Glob(_) => {}
        }
    }

    /// The columns that the struct of this name reads, as a file means it.
    pub fn columns(&self, file: &str, name: &str) -> Result<Vec<Column<'_>>, String> {
        let row = self.find(file, name)?;
        let mut columns = Vec::new();
        for field in &row.fields {
            match field.how {
                How::Skipped => {}
                How::Flattened => columns.extend(self.columns(&row.file, &name_of(&field.ty))?),
                How::Column | How::Converted => columns.push(Column {
                    name: &field.column,
                    ty: (field.how == How::Column).then_some(&field.ty),
                    optional: field.optional,
                }),
            }
        }
        Ok(columns)
    }

    fn find(&self, file: &str, name: &str) -> Result<&Row, String> {
        let all = self.structs.get(name).map(Vec::as_slice).unwrap_or_default();
        if let Some(here) = all.iter().find(|row| row.file == file) {
            return Ok(here);
        }
        let module = self.imports.get(&(file.to_owned(), name.to_owned())).and_then(|path| path.last());
        let named: Vec<_> = match module {
            Some(module) => all.iter().filter(|row| is_module(&row.file, module)).collect(),
            None => Vec::new(),
        };
        match (&*named, all) {
            ([only], _) => Ok(only),
            (_, [only]) => Ok(only),
            (_, []) => Err(format!(
                "no struct `{name}` derives FromRow: derive it, or read the row into one that does"
            )),
            _ => Err(format!("several structs `{name}` derive FromRow: give this one a name of its own")),
        }
    }
}

/// Whether a file is the module of this name, or lies in it.
fn is_module(file: &str, module: &str) -> bool {
    file.trim_end_matches(".rs").split('/').rev().take(2).any(|part| part == module)
}

fn derives_from_row(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("derive") {
        // What cannot be read derives nothing that is looked for.
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.segments.last().is_some_and(|segment| segment.ident == "FromRow");
            Ok(())
        });
    }
    found
}

fn read(field: &Field) -> Read {
    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let mut read = Read {
        column: name.trim_start_matches("r#").to_owned(),
        ty: field.ty.clone(),
        how: How::Column,
        optional: false,
    };
    for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("sqlx")) {
        let understood = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("rename") {
                read.column = meta.value()?.parse::<LitStr>()?.value();
            } else if meta.path.is_ident("try_from") {
                meta.value()?.parse::<LitStr>()?;
                read.how = How::Converted;
            } else if meta.path.is_ident("json") {
                read.how = How::Converted;
            } else if meta.path.is_ident("flatten") {
                read.how = How::Flattened;
            } else if meta.path.is_ident("skip") {
                read.how = How::Skipped;
            } else if meta.path.is_ident("default") {
                read.optional = true;
            }
            Ok(())
        });
        understood.unwrap_or_else(|error| panic!("#[sqlx] on `{name}`: {error}"));
    }
    read
}
