//! Greencap under faults: the real binary on a real cluster for one test, with a mail server in this process
//! that counts.

mod full_disk;
mod kills;
mod machine;
mod outages;

use std::fmt::Write as _;

/// A roll without clashing names, so that every account is created without review.
fn students(round: usize, count: usize) -> String {
    let mut file = String::from("Admission number,Forename,Surname,Year,Start date,Email\n");
    for n in 0..count {
        let word = |number: usize| -> String {
            [number / 676 % 26, number / 26 % 26, number % 26]
                .map(|letter| char::from(b'a' + u8::try_from(letter).expect("a letter")))
                .iter()
                .collect()
        };
        let (given, family) = (format!("Kal{}", word(n)), format!("Vor{}ine", word(round)));
        let _ = writeln!(file, "{round:02}{n:04},{given},{family},7,2024-09-01,s{round}.{n}@example.org");
    }
    file
}
