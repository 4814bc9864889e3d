//! People as an email program lists them: "Berg, Ana <ana@school.example>; Bo Olsen <bo@school.example>".

/// Each person's name and address; `None` if the text is no such list.
pub(super) fn people(text: &str) -> Option<Vec<Vec<String>>> {
    if text.contains('\t') || !text.contains('<') {
        return None;
    }
    let separates = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    if !text.trim_end_matches(separates).ends_with('>') {
        return None;
    }
    // Behind each address, a comma or a semicolon separates; in a name, a comma does not.
    let mut found = Vec::new();
    for part in text.split('>') {
        let part = part.trim_matches(separates);
        if part.is_empty() {
            continue;
        }
        let (name, address) = part.split_once('<')?;
        let is_address = address.contains('@') && !address.contains(char::is_whitespace);
        if !is_address || name.contains(['\n', '@', ';']) {
            return None;
        }
        found.push(vec![name.trim().trim_matches(['"', '\'']).to_owned(), address.to_owned()]);
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_addresses_of_an_email_program_are_people() {
        let listed =
            "\"Berg, Ana\" <ana@school.example>; Bo Olsen <bo@school.example>,\n <cy@school.example>;";
        let people = people(listed).unwrap();
        assert_eq!(
            people,
            [
                ["Berg, Ana", "ana@school.example"],
                ["Bo Olsen", "bo@school.example"],
                ["", "cy@school.example"]
            ]
        );
    }

    #[test]
    fn other_texts_are_none() {
        for text in [
            "a < b",
            "Berg, Ana",
            "<p>Ana</p>",
            "<ana@x",
            "Berg\t<a@x.example>",
            "x@y.example\nBo <b@x.example>",
        ] {
            assert_eq!(people(text), None, "{text}");
        }
    }
}
