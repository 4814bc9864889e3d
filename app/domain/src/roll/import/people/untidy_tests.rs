//! Phone numbers and email addresses as people write them into lists: collected from reports about imports that refused
//! them, and from guides to cleaning such lists. The people and numbers are made up.

use super::*;

/// The value, and `*` after it if a note says how the cell was read; or why there is none.
fn read<T: Untidy>(text: &str) -> Result<String, &'static str> {
    use crate::imports::cells::CellError as _;
    T::untidy(text)
        .map(|tidied| format!("{}{}", tidied.value.as_ref(), if tidied.left_out { "*" } else { "" }))
        .map_err(|error| error.why())
}

#[test]
fn phone_numbers_are_read_as_people_write_them() {
    for (cell, number) in [
        ("07700 900118 (mum)", "07700900118*"),
        ("07700 900118 mum", "07700900118*"),
        ("Mum 07700 900118", "07700900118*"),
        ("mum: 07700900118", "07700900118*"),
        ("Mum:07700 900118", "07700900118*"),
        ("07700 900118 - Dad", "07700900118*"),
        ("07700 900118 / mum", "07700900118*"),
        ("(M) 07700 900118", "07700900118*"),
        ("m07700900118", "07700900118*"),
        ("07700900118mum", "07700900118*"),
        ("07700 900118 (Ann's mum, not before 5pm)", "07700900118*"),
        ("07700 900118 ring after 5", "07700900118*"),
        ("Tel: 020 7946 0018", "02079460018"),
        ("tel:+44-20-7946-0018", "+442079460018"),
        ("tel. 020 7946 0018", "02079460018"),
        ("T 020 7946 0018", "02079460018"),
        ("07700 900118;", "07700900118"),
        ("07700 900118,", "07700900118"),
        ("07700.900.118", "07700900118"),
        ("07700\u{2013}900\u{2013}118", "07700900118"),
        ("07700\u{a0}900\u{a0}118", "07700900118"),
        ("\u{202D}+44 7700 900118\u{202C}", "+447700900118"),
        ("+44 (0) 7700 900118", "+447700900118"),
        ("+44(0)7700 900118", "+447700900118"),
        ("(+44) 7700 900118", "+447700900118"),
        ("+44 07700 900118", "+447700900118*"),
        ("+44 07700 900118 (mum)", "+447700900118*"),
        ("0044 07700 900118", "00447700900118*"),
        ("+39 06 1234 5678", "+390612345678"),
        ("\u{FF0B}44 7700 900118", "+447700900118"),
        (
            "\u{FF10}\u{FF17}\u{FF17}\u{FF10}\u{FF10} \u{FF19}\u{FF10}\u{FF10}\u{FF11}\u{FF11}\u{FF18}",
            "07700900118",
        ),
        ("(555)123-1234 Ext.9876", "5551231234*"),
        ("555-123-1234\u{D7}9876", "5551231234*"),
        ("555.123.1234 x 9876", "5551231234*"),
        ("555-123-1234x9876", "5551231234*"),
        ("020 7946 0018 ext 4", "02079460018*"),
        ("020 7946 0018 ext.4", "02079460018*"),
        ("020 7946 0018#4", "02079460018*"),
        ("+19052223333;ext=555", "+19052223333*"),
        ("07700,900118", "07700900118"),
        ("07700_900118", "07700900118"),
        ("*07700 900118*", "07700900118"),
        ("07700 900118 (", "07700900118"),
        ("0221/12345678", "022112345678"),
        ("07700 900118; 07700900118", "07700900118"),
    ] {
        assert_eq!(read::<PhoneNumber>(cell).as_deref(), Ok(number), "{cell}");
    }
}

#[test]
fn where_a_cell_is_no_single_phone_number_the_reason_is_said() {
    for (cell, why) in [
        ("07700 900118 / 020 7946 0018", "several"),
        ("07700 900118, 020 7946 0018", "several"),
        ("07700 900118 or 020 7946 0018", "several"),
        ("07700900118;02079460018", "several"),
        ("07700 900118\n020 7946 0018", "several"),
        ("mum 07700 900118 dad 07700 900119", "several"),
        ("m:07700900118 h:02079460018", "several"),
        ("07700 900118/9", "several"),
        ("07700 900118 07700 900119", "several"),
        ("O7700 900118", "letters"),
        ("0770O 900118", "letters"),
        ("07700 9001l8", "letters"),
        ("07700 90011B", "letters"),
        ("1-800-FLOWERS", "digits"),
        ("ext. 4", "digits"),
        ("withheld", "digits"),
        ("ex-directory", "digits"),
        ("ask the office", "digits"),
        ("118", "digits"),
        ("0000000000", "digits"),
        ("ann@home.example", "digits"),
    ] {
        assert_eq!(read::<PhoneNumber>(cell), Err(why), "{cell}");
    }
}

#[test]
fn email_addresses_are_read_as_people_write_them() {
    for (cell, address) in [
        ("ann@home.example ", "ann@home.example"),
        ("ann@home.example;", "ann@home.example"),
        ("ann@home.example,", "ann@home.example"),
        ("ann@home.example.", "ann@home.example"),
        ("ann@home.example/", "ann@home.example"),
        ("mailto:ann@home.example", "ann@home.example"),
        ("MAILTO:ann@home.example", "ann@home.example"),
        ("mailto:ann@home.example?subject=Roll", "ann@home.example"),
        ("<ann@home.example>", "ann@home.example"),
        ("'ann@home.example'", "ann@home.example"),
        ("\"ann@home.example\"", "ann@home.example"),
        ("\u{201c}ann@home.example\u{201d}", "ann@home.example"),
        ("(ann@home.example)", "ann@home.example"),
        ("[ann@home.example](mailto:ann@home.example)", "ann@home.example"),
        ("Ann Pym <ann@home.example>", "ann@home.example*"),
        ("'Ann Pym' <ann@home.example>", "ann@home.example*"),
        ("\"Pym, Ann\" <ann@home.example>", "ann@home.example*"),
        ("Pym, Ann <ann@home.example>", "ann@home.example*"),
        ("ann@home.example (mum)", "ann@home.example*"),
        ("ann@home.example mum", "ann@home.example*"),
        ("ann@home.example - mum", "ann@home.example*"),
        ("Mum: ann@home.example", "ann@home.example*"),
        ("Mum:ann@home.example", "ann@home.example*"),
        ("Email ann@home.example", "ann@home.example*"),
        ("ann @ home.example", "ann@home.example"),
        ("ann@ home.example", "ann@home.example"),
        ("ann (at) home (dot) example", "ann@home.example*"),
        ("ann[at]home[dot]example", "ann@home.example*"),
        ("ann\u{FF20}home\u{FF0E}example", "ann@home.example"),
        ("a\u{200B}nn@home.example", "ann@home.example"),
        ("ann@home.example\u{200C}", "ann@home.example"),
        ("ann@home.example, ann@home.example", "ann@home.example"),
        ("ann@home.example; ANN@home.example", "ann@home.example"),
        ("ann@home.example\r", "ann@home.example"),
        ("=HYPERLINK(\"mailto:ann@home.example\",\"ann@home.example\")", "ann@home.example*"),
    ] {
        assert_eq!(read::<EmailAddress>(cell).as_deref(), Ok(address), "{cell}");
    }
}

#[test]
fn where_a_cell_is_no_single_email_address_the_reason_is_said() {
    for (cell, why) in [
        ("ann@home.example; ben@home.example", "several"),
        ("ann@home.example ben@home.example", "several"),
        ("ann@home.example/ben@home.example", "several"),
        ("ann@home.example\nben@home.example", "several"),
        ("ann@home.example, ben@home", "several"),
        ("ann pym@home.example", "space"),
        ("ann@home.co uk", "space"),
        ("ann@home .example", "space"),
        ("not an address", "no_at"),
        ("see contacts", "no_at"),
        ("ann.home.example", "no_at"),
        ("ann@home", "domain"),
        ("ann@home,example", "domain"),
        ("ann@home..example", "domain"),
        ("ann@b\u{fc}cher.example", "domain"),
        ("@home.example", "local_part"),
        ("ann.@home.example", "local_part"),
        ("zo\u{eb}@home.example", "local_part"),
    ] {
        assert_eq!(read::<EmailAddress>(cell), Err(why), "{cell}");
    }
}
