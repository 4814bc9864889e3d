use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Every word of both lists, with its list.
fn all() -> impl Iterator<Item = (PhraseKind, &'static str)> {
    PhraseKind::ALL.into_iter().flat_map(|kind| (0..kind.list_length()).map(move |at| (kind, kind.word(at))))
}

fn phrase(kind: PhraseKind, seed: u8) -> Phrase {
    let mut next = seed;
    Phrase::make(kind, &mut |bytes| {
        for byte in bytes {
            next = next.wrapping_mul(181).wrapping_add(57);
            *byte = next;
        }
    })
}

#[test]
fn a_phrase_has_sixty_bits_or_more() {
    for kind in PhraseKind::ALL {
        assert!(kind.bits() >= 60.0, "{kind:?}: {}", kind.bits());
    }
}

#[test]
fn the_lists_are_sorted_and_no_word_begins_with_another() {
    for kind in PhraseKind::ALL {
        for at in 1..kind.list_length() {
            let (before, word) = (kind.word(at - 1), kind.word(at));
            assert!(before < word && !word.starts_with(before), "{before} {word}");
        }
    }
}

#[test]
fn words_are_short_letters_that_no_print_makes_look_like_another_word() {
    // What a worn printer makes of letters that stand close together.
    let seen = |word: &str| {
        let together = [("rn", "m"), ("cl", "d"), ("vv", "w"), ("nn", "m"), ("ii", "u")];
        let word = together.iter().fold(word.to_owned(), |word, (two, one)| word.replace(two, one));
        word.replace(['l', 'j'], "i")
    };
    let mut looks = BTreeMap::new();
    for (kind, word) in all() {
        assert!((2..=LONGEST).contains(&word.len()), "{word}");
        assert!(word.bytes().all(|letter| letter.is_ascii_lowercase()), "{word}");
        let other = looks.insert((kind.slug(), seen(word)), word);
        assert!(other.is_none(), "{word} looks like {other:?}");
    }
    assert!(DIGITS.iter().all(|digit| !b"01".contains(digit)));
}

#[test]
fn nothing_that_hurts_is_on_a_card() {
    // The lists were read word by word too. This finds what another list adds.
    let hurtful = [
        "aids", "anal", "arse", "bitch", "bomb", "boob", "bully", "cock", "coon", "crap", "cult", "curse",
        "dago", "damn", "dead", "death", "devil", "die", "dope", "drug", "dumb", "dwarf", "dyke", "evil",
        "fag", "fat", "fool", "fuck", "gay", "grope", "gun", "hate", "hell", "hurt", "idiot", "islam",
        "kill", "kinky", "lesbo", "lust", "moron", "naked", "nazi", "nerd", "nude", "pagan", "panty", "perv",
        "piss", "poof", "porn", "pube", "rape", "retard", "sex", "shit", "slag", "slave", "slut", "spastic",
        "stupid", "suck", "thug", "tit", "turd", "twat", "ugly", "wank", "weed", "whore", "wimp",
    ];
    for (_, word) in all() {
        assert!(!hurtful.contains(&word), "{word}");
    }
}

#[test]
fn every_picture_is_another_one() {
    let mut pictures: Vec<_> = PICTURES.iter().map(|(_, picture)| *picture).collect();
    pictures.sort_unstable();
    pictures.dedup();
    assert_eq!(pictures.len(), PICTURES.len());
}

#[test]
fn a_phrase_is_read_in_any_case_with_any_separators_and_on_other_keyboards() {
    let made = phrase(PhraseKind::Words, 3);
    let shown = made.to_string();
    let spaced = shown.replace('-', "  ").to_uppercase();
    for typed in
        [shown.clone(), spaced, made.canonical(), shown.replace('-', "\u{2013}"), format!(" {shown}. ")]
    {
        assert_eq!(typed.parse(), Ok(made.clone()), "{typed}");
    }
    for typed in [
        "",
        "7K2QM-9XB4T",
        "three green caps fly",
        "apple-apple-apple-apple-4444",
        "apple-apple-apple-apple-apple-0144",
    ] {
        assert_eq!(typed.parse::<Phrase>(), Err(PhraseError), "{typed}");
    }
}

#[test]
fn nobody_reads_a_phrase_in_a_log() {
    assert_eq!(format!("{:?}", phrase(PhraseKind::Pictures, 1)), "Phrase(..)");
}

#[test]
fn numbers_are_drawn_evenly() {
    // 65,535 would favour small numbers: it is drawn again.
    let mut drawn = [u16::MAX, 818].into_iter();
    let mut fill = |bytes: &mut [u8]| bytes.copy_from_slice(&drawn.next().unwrap().to_be_bytes());
    assert_eq!(below(819, &mut fill), 818);
    assert!(drawn.next().is_none());
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(bytes: Vec<u8>, pictures: bool) {
        let kind = [PhraseKind::Words, PhraseKind::Pictures][usize::from(pictures)];
        let (mut at, bytes) = (0_usize, [bytes, vec![1]].concat());
        let made = Phrase::make(kind, &mut |filled| for byte in filled {
            // Ends however few bytes there are.
            *byte = bytes[at % bytes.len()].wrapping_add(u8::try_from(at / bytes.len() % 256).unwrap()) & 0x7f;
            at += 1;
        });
        prop_assert_eq!(made.to_string().parse(), Ok(made.clone()));
        prop_assert_eq!(made.canonical().parse(), Ok(made.clone()));
        prop_assert_eq!(made.words().count(), kind.words());
        prop_assert_eq!(made.words().all(|(_, picture)| picture.is_some()), pictures);
    }
}
