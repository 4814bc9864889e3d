//! The role under which the statements of a function run.

use std::collections::HashSet;

use syn::visit::{self, Visit};
use syn::{Block, Expr, ExprCall, ExprMethodCall, Signature};

use super::finder::DatabaseRole;

/// A function, with what determines the role of its statements.
pub struct Function {
    name: String,
    /// Whether all its callers are in its file.
    is_private: bool,
    /// The roles of the transactions that it opens.
    roles: Vec<DatabaseRole>,
    /// The functions of its own file that it calls, by name.
    calls: HashSet<String>,
}

impl Function {
    /// Reads a function. `is_private` is whether all its callers are in its file.
    pub fn of(signature: &Signature, body: &Block, is_private: bool) -> Self {
        let mut function =
            Self { name: signature.ident.to_string(), is_private, roles: Vec::new(), calls: HashSet::new() };
        function.visit_block(body);
        function
    }

    fn of_one_kind(&self) -> Option<DatabaseRole> {
        let first = self.roles.first()?;
        self.roles.iter().all(|role| role == first).then_some(*first)
    }
}

impl<'ast> Visit<'ast> for Function {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        match &*call.method.to_string() {
            "tenant_transaction" => self.roles.push(DatabaseRole::App),
            // `Backend::enter(actor, permission, target)`, not that of a span.
            "enter" | "enter_snapshot" if call.args.len() == 3 => self.roles.push(DatabaseRole::App),
            "system_transaction" | "system_connection" => self.roles.push(DatabaseRole::System),
            other => {
                self.calls.insert(other.to_owned());
            }
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        if let Expr::Path(path) = &*call.func {
            self.calls.extend(path.path.segments.last().map(|last| last.ident.to_string()));
        }
        visit::visit_expr_call(self, call);
    }
}

/// The role of each function in a file: that of the transactions which it or its callers open, if they all
/// have the same one.
pub fn roles(mut functions: Vec<Function>) -> Vec<Option<DatabaseRole>> {
    // As many times as the longest possible chain of calls.
    for _ in 0..functions.len() {
        for at in 0..functions.len() {
            let function = &functions[at];
            if !function.is_private || !function.roles.is_empty() {
                continue;
            }
            let callers = functions
                .iter()
                .filter(|caller| caller.name != function.name && caller.calls.contains(&function.name));
            let known: Vec<_> = callers.map(|caller| caller.roles.clone()).collect();
            if known.iter().all(|roles| !roles.is_empty()) {
                functions[at].roles = known.concat();
            }
        }
    }
    functions.iter().map(Function::of_one_kind).collect()
}
