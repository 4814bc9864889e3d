use super::*;

const PAGE: &str = r#"<html><head><title>x</title></head><body><main id="main"><h1>Page</h1>
<form action="/search"><input name="q" value="old"></form>
<form method="post" action="/take"><input type="hidden" name="id" value="1"><button>Remove</button></form>
<form method="post" action="/take"><input type="hidden" name="id" value="2&amp;3"><input name="why" value=""></form>
<form method="post" action="/all?x=1&amp;y=2">
<input name="name" value="old"><input type="checkbox" name="on"><input type="checkbox" name="allow" value="a" checked>
<input type="checkbox" name="allow" value="b"><input type="radio" name="one" value="1" checked><input type="radio" name="one" value="2">
<select name="role"><option value="">None</option><option value="r&quot;" selected>R</option><option value="s">S</option></select>
<textarea name="note">old</textarea><input name="line"><input name="line">
<input type="password" name="password"><input name="code" autocomplete="one-time-code"><input type="file" name="file">
<button name="do" value="it">Go</button></form><input name="name" value="outside"></main></body></html>"#;

fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn forms_are_read_as_they_were_drawn() {
    let forms = forms_of(PAGE).unwrap();
    assert_eq!(forms.len(), 4);
    assert!(!forms[0].is_post && forms[1].is_post);
    assert!(!forms[1].is_filled_in && forms[2].is_filled_in);
    assert_eq!(forms[2].hidden, pairs(&[("id", "2&3")]));
    assert_eq!((forms[3].action.as_str(), forms[3].has_file), ("/all?x=1&y=2", true));
    assert_eq!(forms[3].secrets, ["password", "code"]);
}

#[test]
fn a_kept_form_is_found_by_its_address_and_then_by_its_hidden_fields() {
    let forms = forms_of(PAGE).unwrap();
    assert_eq!(form_for(&forms, "/all?x=1&y=2", &pairs(&[])), Some(3));
    assert_eq!(form_for(&forms, "/take", &pairs(&[("id", "2&3"), ("why", "x")])), Some(2));
    assert_eq!(form_for(&forms, "/take", &pairs(&[("id", "4")])), None);
    assert_eq!(form_for(&forms, "/search", &pairs(&[("q", "x")])), None, "it is sent by GET");
}

#[test]
fn a_form_is_filled_in_as_it_was_and_nothing_else_changes() {
    let sent = pairs(&[
        ("name", "<b>\"O'Neil\" & co"),
        ("on", "on"),
        ("allow", "b"),
        ("one", "2"),
        ("role", "s"),
        ("note", "</textarea><script>"),
        ("line", "first"),
        ("line", "second"),
        ("password", "never"),
        ("code", "123456"),
        ("do", "it"),
    ]);
    let forms = forms_of(PAGE).unwrap();
    let additions = PageAdditions {
        forms: &forms,
        head: "<script src=x></script>".to_owned(),
        fields: vec![String::new(), "[one]".to_owned(), "[two]".to_owned(), "[three]".to_owned()],
        filled: Some((3, sent, "<p>notice</p>".to_owned())),
        above: Some("<p>above</p>".to_owned()),
    };
    let page = with_additions(PAGE, &additions).unwrap();
    for part in [
        "<title>x</title><script src=x></script></head>",
        "<main id=\"main\"><p>above</p><h1>",
        "action=\"/take\">[one]<input",
        "<p>notice</p><form method=\"post\" action=\"/all?x=1&amp;y=2\">[three]",
        "name=\"name\" value=\"&lt;b&gt;&quot;O'Neil&quot; &amp; co\"",
        "name=\"on\" checked=\"\"",
        "name=\"allow\" value=\"a\">",
        "name=\"allow\" value=\"b\" checked=\"\"",
        "name=\"one\" value=\"1\">",
        "name=\"one\" value=\"2\" checked=\"\"",
        "<option value=\"r&quot;\">",
        "<option value=\"s\" selected=\"\">",
        "&lt;/textarea&gt;&lt;script&gt;</textarea>",
        "name=\"line\" value=\"first\"",
        "name=\"line\" value=\"second\"",
        "name=\"name\" value=\"outside\"",
        "name=\"q\" value=\"old\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("never") && !page.contains("123456"), "{page}");
}

#[test]
fn a_field_that_names_its_form_belongs_to_it_wherever_it_stands() {
    let page = r#"<html><head></head><body><main><h1>x</h1>
<form method="post" action="/columns"><input name="u-1" form="rename" value="made"><input name="shown" value="1"></form>
<select name="how" form="rename"><option value="a" selected>A</option><option value="b">B</option></select>
<form method="post" action="/change" id="rename"><input type="hidden" name="hash" value="7"><input name="days" value="30"></form>
<textarea name="note" form="rename"></textarea><input name="days" form="nowhere" value="9"></main></body></html>"#;
    let forms = forms_of(page).unwrap();
    assert!(forms[0].is_filled_in && !forms[0].has_field_before);
    assert!(forms[1].is_filled_in && forms[1].has_field_before);
    let sent = pairs(&[("u-1", "typed"), ("how", "b"), ("days", "0"), ("note", "said"), ("shown", "2")]);
    let additions = PageAdditions {
        forms: &forms,
        head: String::new(),
        fields: vec![String::new(); 2],
        filled: Some((1, sent, String::new())),
        above: None,
    };
    let page = with_additions(page, &additions).unwrap();
    for part in [
        "name=\"u-1\" form=\"rename\" value=\"typed\"",
        "name=\"shown\" value=\"1\"",
        "<option value=\"a\">",
        "<option value=\"b\" selected=\"\">",
        "name=\"days\" value=\"0\"",
        ">said</textarea>",
        "form=\"nowhere\" value=\"9\"",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
}
