//! Reads a file: every literal that is passed to sqlx or looks like SQL, and what its rows are read into.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{
    Attribute, Block, Expr, ExprCall, ExprMethodCall, ImplItem, ImplItemConst, ImplItemFn, ItemFn, ItemImpl,
    ItemMacro, ItemMod, LitStr, Local, Macro, Meta, Pat, ReturnType, Signature, Stmt, Token, Type,
    Visibility, parse_quote,
};

use super::finder::{Fills, Known, Statement};
use super::functions::{Function, roles};
use super::types::{is_inferred, name_of, within};

/// What sqlx functions do with the rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Asks {
    Nothing,
    Row,
    Value,
}

/// An implementation.
#[derive(Clone)]
struct ImplOwner {
    ty: Type,
    of_trait: bool,
    /// Its associated type `Row`, which its statements fill.
    row: Option<Type>,
}

/// Visits a file.
pub struct Reader<'a> {
    file: &'a str,
    known: &'a Known,
    found: Vec<Statement>,
    problems: Vec<String>,
    /// The functions of the file so far, and the surrounding ones, innermost last.
    functions: Vec<Function>,
    around: Vec<usize>,
    /// The surrounding implementations.
    owners: Vec<ImplOwner>,
    /// The type of the statement whose call begins at this line and column.
    expected: HashMap<(usize, usize), Type>,
    /// What the rows of the current statement are read into.
    fills: Option<Fills>,
}

impl<'a> Reader<'a> {
    /// Reads a file and returns its statements, and what prevents one from being checked.
    pub fn read(name: &'a str, file: &syn::File, known: &'a Known) -> (Vec<Statement>, Vec<String>) {
        let mut reader = Self::new(name, known);
        reader.visit_file(file);
        let roles = roles(reader.functions);
        for statement in &mut reader.found {
            statement.role = statement.function.and_then(|at| roles[at]);
        }
        (reader.found, reader.problems)
    }

    fn new(file: &'a str, known: &'a Known) -> Self {
        Self {
            file,
            known,
            found: Vec::new(),
            problems: Vec::new(),
            functions: Vec::new(),
            around: Vec::new(),
            owners: Vec::new(),
            expected: HashMap::new(),
            fills: None,
        }
    }

    fn problem(&mut self, at: Span, problem: &str) {
        self.problems.push(format!("{}:{}: {problem}", self.file, at.start().line));
    }

    /// Records a literal, if it is a statement.
    fn note(&mut self, at: Span, text: &str, after: &[String], is_composed: bool) {
        if self.fills.is_none() && !reads_like_sql(text) {
            return;
        }
        self.found.push(Statement {
            file: self.file.to_owned(),
            line: at.start().line,
            sql: text.to_owned(),
            role: None,
            function: self.around.last().copied(),
            fills: self.fills.clone().unwrap_or(Fills::Nothing),
            after: after.to_vec(),
            is_composed,
        });
    }

    fn function<'ast>(
        &mut self,
        attributes: &[Attribute],
        is_private: bool,
        signature: &Signature,
        body: &Block,
        walk: impl FnOnce(&mut Self) + 'ast,
    ) {
        if attributes.iter().any(is_for_tests) {
            return;
        }
        if let ReturnType::Type(_, ty) = &signature.output {
            self.expect_at_end(body, ty);
        }
        self.around.push(self.functions.len());
        self.functions.push(Function::of(signature, body, is_private));
        walk(self);
        self.around.pop();
    }

    fn expect_at_end(&mut self, block: &Block, ty: &Type) {
        if let Some(Stmt::Expr(last, None)) = block.stmts.last() {
            self.expect(last, ty);
        }
    }

    /// Records that an expression has this type, for the statements whose rows it returns.
    fn expect(&mut self, expression: &Expr, ty: &Type) {
        match expression {
            Expr::Await(inner) => self.expect(&inner.base, ty),
            Expr::Try(inner) => self.expect(&inner.expr, ty),
            Expr::Paren(inner) => self.expect(&inner.expr, ty),
            Expr::Group(inner) => self.expect(&inner.expr, ty),
            Expr::Block(inner) => self.expect_at_end(&inner.block, ty),
            Expr::If(inner) => {
                self.expect_at_end(&inner.then_branch, ty);
                if let Some((_, otherwise)) = &inner.else_branch {
                    self.expect(otherwise, ty);
                }
            }
            Expr::Match(inner) => inner.arms.iter().for_each(|arm| self.expect(&arm.body, ty)),
            Expr::MethodCall(call) => self.expect_of_method(call, ty),
            Expr::Call(call) if asks(&call.func).is_some() => {
                let start = call.func.span().start();
                self.expected.insert((start.line, start.column), ty.clone());
            }
            Expr::Call(call) => {
                let wrapper = match &*call.func {
                    Expr::Path(path) if path.path.is_ident("Ok") => "Result",
                    Expr::Path(path) if path.path.is_ident("Some") => "Option",
                    _ => return,
                };
                if let (Some(argument), Some(inner)) = (call.args.first(), within(ty, wrapper)) {
                    self.expect(argument, inner);
                }
            }
            _ => {}
        }
    }

    fn expect_of_method(&mut self, call: &ExprMethodCall, ty: &Type) {
        let given = within(ty, "Result").unwrap_or(ty);
        let optional: Type = parse_quote!(Option<#given>);
        let row = match &*call.method.to_string() {
            "fetch_one" => Some(given),
            "fetch_optional" => within(given, "Option"),
            "fetch_all" => within(given, "Vec"),
            "bind" | "map_err" | "persistent" => Some(ty),
            "ok_or" | "ok_or_else" => Some(&optional),
            _ => None,
        };
        if let Some(row) = row {
            self.expect(&call.receiver, row);
        }
    }

    /// What the rows of a call are read into, if that is written there or where its result is used.
    fn fills_of(&mut self, call: &ExprCall, asks: Asks) -> Fills {
        let start = call.func.span().start();
        let named =
            row_argument(&call.func).or_else(|| self.expected.get(&(start.line, start.column)).cloned());
        let named = named.filter(|ty| !is_inferred(ty)).map(|ty| match self.owners.last() {
            Some(owner) if name_of(&ty) == "Self" => owner.ty.clone(),
            _ => ty,
        });
        match (asks, named) {
            (Asks::Nothing, _) => Fills::Nothing,
            (Asks::Value, named) => Fills::Value(named),
            (Asks::Row, Some(row)) => Fills::Row(row),
            (Asks::Row, None) => {
                self.problem(
                    call.span(),
                    "what row this fills is written neither here nor where its result goes: say `query_as::<_, Row>`",
                );
                Fills::Nothing
            }
        }
    }

    fn literals_in(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.literals_in(group.stream()),
                TokenTree::Literal(literal) => {
                    if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                        self.note(literal.span(), &text.value(), &[], false);
                    }
                }
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_macro(&mut self, _: &'ast ItemMacro) {}

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        if !module.attrs.iter().any(is_for_tests) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let row = item.items.iter().find_map(|item| match item {
            ImplItem::Type(associated) if associated.ident == "Row" => Some(associated.ty.clone()),
            _ => None,
        });
        self.owners.push(ImplOwner { ty: (*item.self_ty).clone(), of_trait: item.trait_.is_some(), row });
        visit::visit_item_impl(self, item);
        self.owners.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        let is_private = matches!(item.vis, Visibility::Inherited);
        self.function(&item.attrs, is_private, &item.sig, &item.block, |reader| {
            visit::visit_item_fn(reader, item);
        });
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        let of_trait = self.owners.last().is_some_and(|owner| owner.of_trait);
        let is_private = matches!(item.vis, Visibility::Inherited) && !of_trait;
        self.function(&item.attrs, is_private, &item.sig, &item.block, |reader| {
            visit::visit_impl_item_fn(reader, item);
        });
    }

    fn visit_local(&mut self, local: &'ast Local) {
        if let (Pat::Type(pattern), Some(init)) = (&local.pat, &local.init) {
            self.expect(&init.expr, &pattern.ty);
        }
        visit::visit_local(self, local);
    }

    fn visit_impl_item_const(&mut self, item: &'ast ImplItemConst) {
        let row = self.owners.last().and_then(|owner| owner.row.clone());
        match self.known.text(self.file, &item.expr).filter(|text| reads_like_sql(text)) {
            Some(text) => {
                let around = self.fills.replace(row.map_or(Fills::Nothing, Fills::Row));
                self.note(item.span(), &text, &[], true);
                self.fills = around;
            }
            None => visit::visit_impl_item_const(self, item),
        }
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        let (Some(asks), Some(statement)) = (asks(&call.func), call.args.first()) else {
            return visit::visit_expr_call(self, call);
        };
        let before = self.found.len();
        let fills = self.fills_of(call, asks);
        let around = self.fills.replace(fills);
        match (statement, self.known.text(self.file, statement)) {
            (Expr::Path(_), Some(text)) => self.note(statement.span(), &text, &[], true),
            _ => self.visit_expr(statement),
        }
        self.fills = around;
        // A statement that fills nothing is found wherever its literal is; an associated constant, where it
        // is defined.
        let is_elsewhere = asks == Asks::Nothing || self.known.is_associated(statement);
        if !is_elsewhere && self.found.len() == before {
            self.problem(
                call.span(),
                "its columns cannot be compared with what they fill: write the statement here, as a literal",
            );
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.note(literal.span(), &literal.value(), &[], false);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let texts = self.known.macros.texts(&name, call.tokens.clone());
        let before = self.found.len();
        for (at, text) in texts.iter().enumerate() {
            self.note(call.path.span(), text, &texts[..at], true);
        }
        if self.found.len() > before {
            return;
        }
        match call.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) {
            Ok(arguments) => arguments.iter().for_each(|argument| self.literals_in_argument(argument)),
            Err(_) => self.literals_in(call.tokens.clone()),
        }
    }
}

impl Reader<'_> {
    /// The parsed arguments do not live as long as the file.
    fn literals_in_argument(&mut self, argument: &Expr) {
        let mut reader =
            Reader { expected: std::mem::take(&mut self.expected), ..Reader::new(self.file, self.known) };
        reader.around.clone_from(&self.around);
        reader.owners.clone_from(&self.owners);
        reader.fills.clone_from(&self.fills);
        reader.visit_expr(argument);
        self.expected = reader.expected;
        self.found.append(&mut reader.found);
        self.problems.append(&mut reader.problems);
    }
}

/// `#[cfg(test)]`, `#[test]` and the like.
fn is_for_tests(attribute: &Attribute) -> bool {
    let path = attribute.path();
    let is_test = path.segments.last().is_some_and(|last| last.ident == "test");
    let is_cfg_test = matches!(&attribute.meta, Meta::List(list)
        if list.path.is_ident("cfg") && list.tokens.to_string() == "test");
    is_test || is_cfg_test
}

/// What a sqlx function does with the rows of its first argument.
fn asks(function: &Expr) -> Option<Asks> {
    let Expr::Path(path) = function else { return None };
    let segments: Vec<_> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
    match segments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["sqlx", "query" | "raw_sql"] => Some(Asks::Nothing),
        ["sqlx", "query_as"] | ["query_as"] => Some(Asks::Row),
        ["sqlx", "query_scalar"] | ["query_scalar"] => Some(Asks::Value),
        _ => None,
    }
}

/// `T` of `query_as::<_, T>`.
fn row_argument(function: &Expr) -> Option<Type> {
    let Expr::Path(path) = function else { return None };
    let syn::PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    match arguments.args.iter().nth(1)? {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    }
}

/// Whether a text begins like a statement.
fn reads_like_sql(text: &str) -> bool {
    const BEGINNINGS: [&str; 22] = [
        "ALTER", "ANALYZE", "BEGIN", "COPY", "CREATE", "DELETE", "DISCARD", "DROP", "INSERT", "LOCK",
        "MERGE", "NOTIFY", "REFRESH", "RESET", "SELECT", "SET", "TABLE", "TRUNCATE", "UPDATE", "VACUUM",
        "VALUES", "WITH",
    ];
    let first = text.split_whitespace().next().unwrap_or_default();
    BEGINNINGS.contains(&first) && text.split_whitespace().nth(1).is_some()
}
