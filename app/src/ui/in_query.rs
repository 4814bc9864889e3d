//! Values in the query of an address.

/// Encodes a value for a query: everything except letters, digits and four symbols in hexadecimal (RFC 3986,
/// section 2.1).
pub fn in_query(value: &str) -> String {
    use std::fmt::Write as _;
    value.bytes().fold(String::new(), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}
