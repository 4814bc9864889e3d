//! Macros of the program that compose statements from literals, such as `into!`.

use std::collections::HashMap;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::{ItemMacro, Lit};

/// All of them by name, each with its arms.
#[derive(Default)]
pub struct Macros(HashMap<String, Vec<Arm>>);

/// `(parameters) => { body }`. An arm with a repetition (`$(…)*`) has no parameters here.
struct Arm {
    parameters: Vec<String>,
    body: Vec<TokenTree>,
}

/// The texts of an arm's arguments, if they are texts.
type Bound = HashMap<String, Option<String>>;

impl Macros {
    /// Records a `macro_rules!`.
    pub fn learn(&mut self, item: &ItemMacro) {
        let Some(name) = &item.ident else { return };
        let tokens: Vec<_> = item.mac.tokens.clone().into_iter().collect();
        let arms = tokens.split(|token| is(token, ';')).filter_map(|arm| match arm {
            [TokenTree::Group(matcher), _, _, TokenTree::Group(body)] => Some(Arm {
                parameters: parameters(matcher.stream()),
                body: body.stream().into_iter().collect(),
            }),
            _ => None,
        });
        self.0.insert(name.to_string(), arms.collect());
    }

    /// The literals that a macro call produces, in order; empty for a macro that is not ours.
    pub fn texts(&self, name: &str, arguments: TokenStream) -> Vec<String> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        if name == "concat" {
            return self.joined(&arguments, &Bound::new()).into_iter().collect();
        }
        self.expand(name, &arguments, &Bound::new())
    }

    fn expand(&self, name: &str, arguments: &[TokenTree], bound: &Bound) -> Vec<String> {
        let arguments = between_commas(arguments);
        let Some(arm) = self.0.get(name).and_then(|arms| {
            arms.iter().find(|arm| arm.parameters.len() == arguments.len()).or_else(|| arms.first())
        }) else {
            return Vec::new();
        };
        let texts = arguments.iter().map(|argument| self.text(argument, bound));
        let mut found = Vec::new();
        self.walk(&arm.body, &arm.parameters.iter().cloned().zip(texts).collect(), &mut found);
        found
    }

    fn walk(&self, mut tokens: &[TokenTree], bound: &Bound, found: &mut Vec<String>) {
        while let Some(first) = tokens.first() {
            // The longest text that begins here.
            let text = (1..=3).rev().find_map(|length| {
                let text = self.text(tokens.get(..length)?, bound)?;
                Some((text, length))
            });
            if let Some((text, length)) = text {
                found.push(text);
                tokens = &tokens[length..];
                continue;
            }
            if let TokenTree::Group(group) = first {
                let within: Vec<_> = group.stream().into_iter().collect();
                self.walk(&within, bound, found);
            }
            tokens = &tokens[1..];
        }
    }

    /// The text of a constant expression: a literal, an argument, `concat!` or a macro that gives one.
    fn text(&self, tokens: &[TokenTree], bound: &Bound) -> Option<String> {
        match tokens {
            [TokenTree::Literal(literal)] => literal_text(&literal.to_string()),
            [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
                self.text(&group.stream().into_iter().collect::<Vec<_>>(), bound)
            }
            [dollar, TokenTree::Ident(name)] if is(dollar, '$') => bound.get(&name.to_string())?.clone(),
            [.., TokenTree::Ident(name), mark, TokenTree::Group(group)] if is(mark, '!') => {
                let arguments: Vec<_> = group.stream().into_iter().collect();
                if name == "concat" {
                    return self.joined(&arguments, bound);
                }
                match &*self.expand(&name.to_string(), &arguments, bound) {
                    [only] => Some(only.clone()),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn joined(&self, arguments: &[TokenTree], bound: &Bound) -> Option<String> {
        between_commas(arguments).into_iter().map(|part| self.text(part, bound)).collect()
    }
}

fn is(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

fn between_commas(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    tokens.split(|token| is(token, ',')).filter(|part| !part.is_empty()).collect()
}

/// The names in `$name:kind, …`.
fn parameters(matcher: TokenStream) -> Vec<String> {
    let tokens: Vec<_> = matcher.into_iter().collect();
    tokens
        .windows(3)
        .filter_map(|three| match three {
            [dollar, TokenTree::Ident(name), colon] if is(dollar, '$') && is(colon, ':') => {
                Some(name.to_string())
            }
            _ => None,
        })
        .collect()
}

/// What a literal adds to a text.
fn literal_text(source: &str) -> Option<String> {
    match syn::parse_str(source).ok()? {
        Lit::Str(text) => Some(text.value()),
        Lit::Int(number) => Some(number.base10_digits().to_owned()),
        _ => None,
    }
}
