//! Rust types, and the PostgreSQL types that they are read from.

use quote::ToTokens as _;
use syn::{GenericArgument, PathArguments, Type};

/// A type as written, without spaces.
pub fn written(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}

/// The last name of a type's path, such as `Row` of `queries::Row`; empty for a type without a path.
pub fn name_of(ty: &Type) -> String {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The element type of a container: `T` of `Vec<T>`, if that is what the type is.
pub fn within<'a>(ty: &'a Type, container: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == container)?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Whether the compiler infers part of it.
pub fn is_inferred(ty: &Type) -> bool {
    written(ty).split(|sign: char| !sign.is_alphanumeric() && sign != '_').any(|word| word == "_")
}

/// The PostgreSQL types that sqlx reads a Rust type from (`sqlx::postgres::types`), as sqlx names them;
/// `None` if unknown here.
pub fn read_from(ty: &Type) -> Option<Vec<String>> {
    if let Some(inner) = within(ty, "Option") {
        return read_from(inner);
    }
    if written(ty) == "Vec<u8>" {
        return Some(vec!["BYTEA".to_owned()]);
    }
    if let Some(inner) = within(ty, "Vec") {
        return Some(read_from(inner)?.into_iter().map(|name| name + "[]").collect());
    }
    let names: &[&str] = match &*name_of(ty) {
        "bool" => &["BOOL"],
        "i16" => &["INT2"],
        "i32" => &["INT4"],
        "i64" => &["INT8"],
        "f32" => &["FLOAT4"],
        "f64" => &["FLOAT8"],
        "String" => &["TEXT", "VARCHAR", "NAME", "CHAR"],
        "Uuid" => &["UUID"],
        "NaiveDate" => &["DATE"],
        "NaiveTime" => &["TIME"],
        "NaiveDateTime" => &["TIMESTAMP"],
        "DateTime" => &["TIMESTAMPTZ"],
        "Json" | "Value" => &["JSON", "JSONB"],
        _ => return None,
    };
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}
