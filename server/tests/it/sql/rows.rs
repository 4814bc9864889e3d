//! The structs that rows are read into.

use std::collections::HashMap;

use syn::{Attribute, Field, Fields, Ident, ItemStruct, ItemType, ItemUse, LitStr, Type, UseTree};

use super::types::name_of;

/// Every struct with `#[derive(FromRow)]`, by name, and the names under which files import it.
#[derive(Default)]
pub struct Rows {
    structs: HashMap<String, Vec<Row>>,
    /// What a file imports by `use`: the whole path, by file and name.
    imports: HashMap<(String, String), Vec<String>>,
    /// `type Name = …`, by file and name.
    aliases: HashMap<(String, String), Type>,
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
    /// Keeps its default if there is no such column.
    optional: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Column,
    /// The column has another type, from which the field is converted.
    Converted,
    Flattened,
    Skipped,
}

/// A column that a struct reads.
pub struct ReadColumn<'a> {
    pub name: &'a str,
    /// The type of its field, if the column is read without conversion.
    pub ty: Option<&'a Type>,
    pub optional: bool,
}

impl Rows {
    /// Records a struct, if rows are read into it.
    pub fn learn(&mut self, file: &str, item: &ItemStruct) {
        let Fields::Named(fields) = &item.fields else { return };
        if !item.attrs.iter().any(derives_from_row) {
            return;
        }
        let fields = fields.named.iter().map(read).collect();
        let row = Row { file: file.to_owned(), fields };
        self.structs.entry(item.ident.to_string()).or_default().push(row);
    }

    /// Records what a file imports.
    pub fn learn_imports(&mut self, file: &str, item: &ItemUse) {
        self.imported(file, &item.tree, &[]);
    }

    fn imported(&mut self, file: &str, tree: &UseTree, path: &[String]) {
        match tree {
            UseTree::Path(step) => {
                self.imported(file, &step.tree, &[path, &[step.ident.to_string()]].concat());
            }
            UseTree::Name(name) => self.import(file, &name.ident, &name.ident, path),
            UseTree::Rename(name) => self.import(file, &name.rename, &name.ident, path),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.imported(file, tree, path)),
            UseTree::Glob(_) => {}
        }
    }

    fn import(&mut self, file: &str, name: &Ident, of: &Ident, path: &[String]) {
        // `use a::b::{self}` is called `b`.
        let (name, whole) = match (name, of) {
            (name, of) if of != "self" => (name.to_string(), [path, &[of.to_string()]].concat()),
            (name, _) if name != "self" => (name.to_string(), path.to_vec()),
            _ => (path.last().cloned().unwrap_or_default(), path.to_vec()),
        };
        self.imports.insert((file.to_owned(), name), whole);
    }

    /// Records a type alias.
    pub fn learn_alias(&mut self, file: &str, item: &ItemType) {
        self.aliases.insert((file.to_owned(), item.ident.to_string()), (*item.ty).clone());
    }

    /// Resolves a type alias of a file.
    pub fn meant(&self, file: &str, ty: &Type) -> Type {
        self.aliases.get(&(file.to_owned(), name_of(ty))).unwrap_or(ty).clone()
    }

    /// The columns that a struct reads, as a file names it.
    pub fn columns(&self, file: &str, ty: &Type) -> Result<Vec<ReadColumn<'_>>, String> {
        let row = self.find(file, &path_of(ty))?;
        let mut columns = Vec::new();
        for field in &row.fields {
            match field.how {
                How::Skipped => {}
                How::Flattened => columns.extend(self.columns(&row.file, &field.ty)?),
                How::Column | How::Converted => columns.push(ReadColumn {
                    name: &field.column,
                    ty: (field.how == How::Column).then_some(&field.ty),
                    optional: field.optional,
                }),
            }
        }
        Ok(columns)
    }

    fn find(&self, file: &str, path: &[String]) -> Result<&Row, String> {
        let imported = path.first().and_then(|first| self.imports.get(&(file.to_owned(), first.clone())));
        let path = imported.map_or_else(|| path.to_vec(), |import| [import, &path[1..]].concat());
        let name = path.last().map(String::as_str).unwrap_or_default();
        let all = self.structs.get(name).map(Vec::as_slice).unwrap_or_default();
        let module = module_of_path(file, &path);
        // Where it is declared, or a parent module that re-exports it.
        let declared = all.iter().find(|row| module_of(&row.file) == module);
        let below: Vec<_> = all.iter().filter(|row| module_of(&row.file).starts_with(&module)).collect();
        match (declared, &*below, all) {
            (Some(row), _, _) | (None, _, [row]) => Ok(row),
            (None, [row], _) => Ok(*row),
            (None, _, []) => Err(format!(
                "no struct `{name}` derives FromRow: derive it, or read the row into one that does"
            )),
            _ => Err(format!("several structs `{name}` derive FromRow: give this one a name of its own")),
        }
    }
}

/// The names of a type's path.
fn path_of(ty: &Type) -> Vec<String> {
    match ty {
        Type::Path(path) => path.path.segments.iter().map(|segment| segment.ident.to_string()).collect(),
        _ => Vec::new(),
    }
}

/// The module of a file, from the root of the sources.
fn module_of(file: &str) -> Vec<String> {
    let parts = file.trim_end_matches(".rs").split('/').map(str::to_owned);
    let mut module: Vec<_> = parts.collect();
    module.pop_if(|last| ["lib", "main", "mod"].contains(&last.as_str()));
    module
}

/// The module in which a path ends, for a file that writes it.
fn module_of_path(file: &str, path: &[String]) -> Vec<String> {
    let mut module = module_of(file);
    for step in &path[..path.len().saturating_sub(1)] {
        match step.as_str() {
            "crate" => module.truncate(module.iter().position(|part| part == "src").map_or(0, |at| at + 1)),
            "self" => {}
            "super" => {
                module.pop();
            }
            child => module.push(child.to_owned()),
        }
    }
    module
}

fn derives_from_row(attribute: &Attribute) -> bool {
    let mut found = false;
    if attribute.path().is_ident("derive") {
        // An attribute that cannot be parsed derives nothing relevant.
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
