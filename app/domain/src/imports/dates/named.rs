//! The order of dates as the name of a column says it: "Date of birth (DD/MM/YYYY)", "Geburtsdatum TT.MM.JJJJ".

use super::DateOrder;

/// A part of a date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
    /// `jj` is the day in French (`jj/mm/aaaa`) and the year in German and Dutch (`TT.MM.JJ`).
    DayOrYear,
}

/// What the letters of one part stand for in English, French, German, Dutch, Spanish, Italian and Polish.
fn part(letters: &str) -> Option<Part> {
    Some(match letters {
        "d" | "dd" | "t" | "tt" | "g" | "gg" => Part::Day,
        "m" | "mm" => Part::Month,
        "yy" | "yyyy" | "aa" | "aaaa" | "rr" | "rrrr" | "jjjj" => Part::Year,
        "j" | "jj" => Part::DayOrYear,
        _ => return None,
    })
}

/// The order that a column's name says, if it says one.
pub fn order_in_name(name: &str) -> Option<DateOrder> {
    let name = name.to_lowercase();
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(3).find_map(|three| {
        use Part::{Day, DayOrYear, Month, Year};
        match (part(three[0])?, part(three[1])?, part(three[2])?) {
            (Day | DayOrYear, Month, Year) | (Day, Month, DayOrYear) => Some(DateOrder::DayFirst),
            (Month, Day | DayOrYear, Year) => Some(DateOrder::MonthFirst),
            (Year, Month, Day | DayOrYear) | (DayOrYear, Month, Day) => Some(DateOrder::YearFirst),
            _ => None,
        }
    })
}
