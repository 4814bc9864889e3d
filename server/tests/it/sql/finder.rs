//! Finds the statements of the program, and what they are composed of.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use syn::visit::Visit;
use syn::{Expr, ImplItemConst, ItemConst, ItemMacro, ItemStruct, ItemType, ItemUse, Lit, Type};
use walkdir::WalkDir;

use super::macros::Macros;
use super::reader::Reader;
use super::rows::Rows;

/// The statements of a program.
#[derive(Default)]
pub struct Program {
    pub statements: Vec<Statement>,
    pub rows: Rows,
    /// What prevents statements from being checked, each with its place.
    pub problems: Vec<String>,
}

/// A statement as the program writes it.
pub struct Statement {
    pub file: String,
    pub line: usize,
    pub sql: String,
    /// The role under which it runs, if the surrounding function or its callers show it.
    pub role: Option<DatabaseRole>,
    /// The surrounding function, by its number in the file.
    pub function: Option<usize>,
    pub fills: Fills,
    /// The statements that a macro puts before it.
    pub after: Vec<String>,
    /// Whether a macro composes it.
    pub is_composed: bool,
}

/// Whose rows are visible: see `backend::tenancy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseRole {
    /// Those of one organisation.
    App,
    /// Those of all organisations.
    System,
}

/// What the rows are read into.
#[derive(Clone)]
pub enum Fills {
    Nothing,
    Row(Type),
    /// One value, whose type may be written elsewhere.
    Value(Option<Type>),
}

impl Program {
    /// Reads every source file in these folders, except tests and what only tests use.
    pub fn in_folders(root: &Path, folders: &[&str]) -> Self {
        let mut sources = Vec::new();
        for entry in folders.iter().flat_map(|folder| WalkDir::new(root.join(folder)).sort_by_file_name()) {
            let entry = entry.expect("the folder can be read");
            let path = entry.path();
            let of_tests = path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "testing");
            if path.extension().is_some_and(|extension| extension == "rs") && !of_tests {
                let name =
                    path.strip_prefix(root).expect("it lies in the folder").to_string_lossy().into_owned();
                sources.push((name, fs::read_to_string(path).expect("the file can be read")));
            }
        }
        Self::of(&sources)
    }

    /// Reads files, each with its name.
    pub fn of(sources: &[(String, String)]) -> Self {
        let mut program = Self::default();
        let mut known = Known::default();
        let mut files = Vec::new();
        for (name, source) in sources {
            let file = syn::parse_file(source).unwrap_or_else(|error| panic!("{name}: {error}"));
            Declarations { file: name, known: &mut known, rows: &mut program.rows }.visit_file(&file);
            files.push((name, file));
        }
        for (name, file) in &files {
            Constants { file: name, known: &mut known }.visit_file(file);
        }
        for (name, file) in files {
            let (mut statements, mut problems) = Reader::read(name, &file, &known);
            program.statements.append(&mut statements);
            program.problems.append(&mut problems);
        }
        program
    }
}

/// What statements can be composed of.
#[derive(Default)]
pub struct Known {
    pub macros: Macros,
    /// Text constants, by file and name.
    constants: HashMap<(String, String), String>,
    /// The names of associated constants.
    associated: HashSet<String>,
}

impl Known {
    /// The text of a literal, a macro or a constant of the same file.
    pub fn text(&self, file: &str, expression: &Expr) -> Option<String> {
        match expression {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            Expr::Macro(call) => {
                let name = call.mac.path.segments.last()?.ident.to_string();
                match &*self.macros.texts(&name, call.mac.tokens.clone()) {
                    [only] => Some(only.clone()),
                    _ => None,
                }
            }
            Expr::Path(path) => {
                let name = path.path.get_ident()?.to_string();
                self.constants.get(&(file.to_owned(), name)).cloned()
            }
            _ => None,
        }
    }

    /// Whether it is an associated constant, such as `T::LOOK_UP`.
    pub fn is_associated(&self, expression: &Expr) -> bool {
        let Expr::Path(path) = expression else { return false };
        let last = path.path.segments.last().map(|last| last.ident.to_string());
        path.path.segments.len() > 1 && last.is_some_and(|last| self.associated.contains(&last))
    }
}

struct Declarations<'a> {
    file: &'a str,
    known: &'a mut Known,
    rows: &'a mut Rows,
}

impl<'ast> Visit<'ast> for Declarations<'_> {
    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        self.known.macros.learn(item);
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.rows.learn(self.file, item);
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        self.rows.learn_alias(self.file, item);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        self.rows.learn_imports(self.file, item);
    }
}

/// Read after every macro is known.
struct Constants<'a> {
    file: &'a str,
    known: &'a mut Known,
}

impl<'ast> Visit<'ast> for Constants<'_> {
    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        if let Some(text) = self.known.text(self.file, &item.expr) {
            self.known.constants.insert((self.file.to_owned(), item.ident.to_string()), text);
        }
    }

    fn visit_impl_item_const(&mut self, item: &'ast ImplItemConst) {
        self.known.associated.insert(item.ident.to_string());
    }
}
