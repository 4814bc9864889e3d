use minijinja::{Value, context};

use super::*;

const HOSTILE: &str = "<svg onload=alert(1)>{{ 7*7 }}";

/// Every field that any message uses.
fn everything(name: &str, providers: Option<&str>) -> Value {
    let person = context! {
        name,
        known_as => name,
        username => "z.oneil",
        link => "https://portal.example/reset/abc",
        code => "7K2QM-9XB4T",
        until => "5 December 2026 at 09:00",
    };
    context! {
        language => "en",
        school => "Quillmere School",
        office => context! { phone => "020 7946 0000", email => "office@quillmere.example" },
        name,
        full_name => name,
        username => "z.oneil",
        link => "https://portal.example/i/abc",
        page => "https://portal.example/activate",
        code => "7K2QM-9XB4T",
        last_day => "5 December 2026",
        providers,
        people => vec![person.clone()],
        person,
        when => "4 December 2026 at 09:00",
        day => "3 March 2027",
        child => name,
        what => name,
        entry => 7,
        children => name,
        not_mine => [context! { name, link => "https://portal.example/not-mine/abc" }],
        ended => "z.oneil2",
    }
}

fn invitation(name: &str, providers: Option<&str>) -> RenderedMessage {
    render("invitation", "en", &everything(name, providers)).unwrap()
}

#[test]
fn both_parts_name_the_person_the_username_the_link_the_code_and_the_day() {
    let mail = invitation("Zo\u{eb}", None);
    // A slash is escaped too, as OWASP advises; every mail program unescapes it.
    for part in [mail.text, mail.html.replace("&#x2f;", "/")] {
        for value in ["Zo\u{eb}", "z.oneil", "7K2QM-9XB4T", "https://portal.example/i/abc", "5 December 2026"]
        {
            assert!(part.contains(value), "{value} in {part}");
        }
    }
    assert!(!mail.subject.contains('\n') && mail.subject.contains("Quillmere School"));
}

#[test]
fn where_a_school_takes_no_password_none_is_asked_for_and_the_provider_is_named() {
    let mail = invitation("Zo\u{eb}", Some("Microsoft"));
    for part in [&mail.text, &mail.html] {
        assert!(part.contains("Microsoft") && !part.to_lowercase().contains("choose a password"), "{part}");
    }
}

#[test]
fn names_are_text_and_never_markup_or_template() {
    for name in ["<svg onload=alert(1)>", "{{ 7*7 }}", "\"><b>", "{% for %}"] {
        let mail = invitation(name, None);
        assert!(mail.text.contains(name));
        assert!(!mail.html.contains("<svg") && !mail.html.contains("\"><b>"));
    }
    assert!(invitation("{{ 7*7 }}", None).html.contains("{{ 7*7 }}"));
}

#[test]
fn names_are_text_in_every_kind_of_message_and_every_kind_has_a_template() {
    for kind in crate::rooms::ROOMS.messages {
        let kind = kind.name();
        assert!(languages(kind).contains(&DEFAULT), "{kind}");
        for language in languages(kind) {
            let RenderedMessage { subject, text, html } =
                render(kind, language, &everything(HOSTILE, None)).unwrap();
            assert!(text.contains(HOSTILE) && !subject.contains('\n'), "{kind}");
            assert!(html.contains("{{ 7*7 }}") && !html.contains("<svg"), "{kind}");
        }
    }
}

#[test]
fn every_kind_of_message_says_how_to_reach_the_office_and_who_reads_replies() {
    for kind in crate::rooms::ROOMS.messages {
        let kind = kind.name();
        let both = |fields: &Value| {
            let mail = render(kind, "en", fields).unwrap();
            [mail.text, mail.html]
        };
        for part in both(&everything("Zoe", None)) {
            for words in ["020 7946 0000", "If you reply, the school office gets your message."] {
                assert!(part.contains(words), "{kind}: {words}: {part}");
            }
        }
        let without = context! { office => context! { phone => (), email => () }, ..everything("Zoe", None) };
        for part in both(&without) {
            assert!(part.contains("Nobody reads replies to"), "{kind}: {part}");
            assert!(!part.contains("If you reply") && !part.contains("phone number"), "{kind}: {part}");
        }
    }
}

#[test]
fn every_template_is_of_a_kind_that_is_registered() {
    let kinds: Vec<&str> =
        crate::rooms::ROOMS.messages.iter().map(crate::messages::kind::MessageKind::name).collect();
    for (name, _) in TEMPLATES.templates() {
        match *name.split('/').collect::<Vec<_>>() {
            // The last lines of the text part, one file for each language.
            ["email", "footer", _] | ["email", "frame.html" | "parts.html"] => {}
            ["email", kind, _, "subject.txt" | "body.txt" | "body.html"] => {
                assert!(kinds.contains(&kind), "{name}");
            }
            _ => panic!("{name} is found by nobody"),
        }
    }
}

#[test]
fn a_language_without_templates_is_written_in_english() {
    assert_eq!(language("invitation", wanted("xx-Latn")).unwrap(), "en");
    assert_eq!(language("invitation", wanted("en-US")).unwrap(), "en");
    assert!(language("no such kind", wanted("en")).is_err());
}
