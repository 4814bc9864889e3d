//! In which order the dates of a file are written: decided by all of them together, or else by the names of their
//! columns, or else by a person.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::named::order_in_name;
use super::{DateOrder, SpelledDate, spelled};
use crate::imports::quotes::between_marks;
use crate::when::long_day;

/// The pairs of orders that a date can tell apart.
const PAIRS: [(DateOrder, DateOrder); 3] = [
    (DateOrder::DayFirst, DateOrder::MonthFirst),
    (DateOrder::DayFirst, DateOrder::YearFirst),
    (DateOrder::MonthFirst, DateOrder::YearFirst),
];

/// A longer cell is no date.
const LONGEST: usize = 40;

/// A set of orders, one bit each in the order of [`DateOrder::ALL`].
type Orders = u8;

const EVERY: Orders = 0b111;

fn has(orders: Orders, order: DateOrder) -> bool {
    DateOrder::ALL.iter().position(|of| *of == order).is_some_and(|at| orders & (1 << at) != 0)
}

/// What the dates of a column say about their order, collected value by value. A single 25/12/2012 can settle it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderEvidence {
    /// How many dates are dates in just these orders; the index is the set of orders.
    fits: [u32; 8],
    /// For each of [`PAIRS`], the first date that is another day in each of the two.
    differs: [Option<DateExample>; 3],
    /// For each of [`DateOrder::ALL`], the first date that is one in this order alone.
    alone: [Option<DateExample>; 3],
    /// The orders that names of columns say, where the dates don't decide.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    named: Vec<DateOrder>,
}

/// A date of the file that depends on the order. It has its days with it, so that the browser needs no reader of dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct DateExample {
    text: String,
    /// The day in each of [`DateOrder::ALL`].
    days: [Option<NaiveDate>; 3],
}

impl DateExample {
    fn day(&self, order: DateOrder) -> Option<NaiveDate> {
        DateOrder::ALL.iter().position(|of| *of == order).and_then(|at| self.days[at])
    }
}

impl OrderEvidence {
    /// Considers one value of the column.
    pub fn note(&mut self, text: &str) {
        let text = text.trim();
        let text = between_marks(text).unwrap_or(text);
        // Most values of most columns are no dates. Only three numbers depend on the order, and they begin with one.
        if text.len() > LONGEST || !text.starts_with(char::is_numeric) {
            return;
        }
        let Some(date @ SpelledDate::Numbers(_)) = spelled(text) else { return };
        let days = DateOrder::ALL.map(|order| date.in_order(order));
        let fits =
            days.iter().enumerate().fold(0, |set, (at, day)| set | (Orders::from(day.is_some()) << at));
        if fits == 0 {
            return;
        }
        self.fits[usize::from(fits)] += 1;
        let example = || Some(DateExample { text: text.to_owned(), days });
        let day_in = |order| date.in_order(order);
        for ((one, other), differs) in PAIRS.into_iter().zip(&mut self.differs) {
            if differs.is_none()
                && let (Some(one), Some(other)) = (day_in(one), day_in(other))
                && one != other
            {
                *differs = example();
            }
        }
        for (at, alone) in self.alone.iter_mut().enumerate() {
            if fits == 1 << at && alone.is_none() {
                *alone = example();
            }
        }
    }

    /// Considers the name of the column, such as "Date of birth (DD/MM/YYYY)".
    pub fn note_name(&mut self, name: &str) {
        self.named = order_in_name(name).into_iter().collect();
    }

    /// Adds what another column of the file says: one file has one order.
    #[must_use]
    pub fn with(mut self, other: &Self) -> Self {
        for (count, more) in self.fits.iter_mut().zip(other.fits) {
            *count += more;
        }
        for (ours, theirs) in self.differs.iter_mut().zip(&other.differs) {
            *ours = ours.take().or_else(|| theirs.clone());
        }
        for (ours, theirs) in self.alone.iter_mut().zip(&other.alone) {
            *ours = ours.take().or_else(|| theirs.clone());
        }
        self.named.extend(
            other.named.iter().filter(|order| !self.named.contains(order)).copied().collect::<Vec<_>>(),
        );
        self
    }

    /// Whether no date depends on the order.
    pub fn is_empty(&self) -> bool {
        self.fits.iter().all(|count| *count == 0)
    }

    /// The order of all dates, or the question that a person has to answer.
    pub fn order(&self) -> Result<DateOrder, DateQuestion> {
        let seen = (1u8..8).filter(|set| self.fits[usize::from(*set)] > 0);
        let common = seen.clone().fold(EVERY, |common, set| common & set);
        if common == 0 {
            let choices = DateOrder::ALL.into_iter().filter(|order| seen.clone().any(|set| has(set, *order)));
            let examples = self.alone.iter().flatten().map(|example| example.text.clone()).collect();
            return Err(DateQuestion { choices: choices.collect(), asks: Asks::Contradiction { examples } });
        }
        let undecided = PAIRS.iter().zip(&self.differs).find_map(|((one, other), differs)| {
            differs.as_ref().filter(|_| has(common, *one) && has(common, *other))
        });
        let mut choices = DateOrder::ALL.into_iter().filter(|order| has(common, *order));
        match undecided {
            Some(_)
                if let [named] = self.named[..]
                    && has(common, named) =>
            {
                Ok(named)
            }
            Some(example) => Err(DateQuestion {
                choices: choices.collect(),
                asks: Asks::Which { example: example.clone() },
            }),
            None => Ok(choices.next().unwrap_or_default()),
        }
    }

    /// A date of the file that would be another day in another order, as an example of how dates are read.
    pub fn example(&self, order: DateOrder) -> Option<(&str, NaiveDate)> {
        let mut examples = self.differs.iter().chain(&self.alone).flatten();
        examples.find_map(|example| Some((example.text.as_str(), example.day(order)?)))
    }
}

/// Asks in which order the dates of a file are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateQuestion {
    /// The possible answers.
    pub choices: Vec<DateOrder>,
    asks: Asks,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Asks {
    /// Every date of the file is one in each of these orders; this one is another day in each.
    Which { example: DateExample },
    /// Some dates are dates in one order only, others in another.
    Contradiction { examples: Vec<String> },
}

impl DateQuestion {
    /// The question, with an example from the file: "Is 03/04/2012 the 3rd of April or the 4th of March?"
    pub fn words(&self) -> String {
        match &self.asks {
            Asks::Which { example } => {
                let days: Vec<NaiveDate> =
                    self.choices.iter().filter_map(|order| example.day(*order)).collect();
                let one_year = days.windows(2).all(|two| two[0].year() == two[1].year());
                let mut said: Vec<String> = Vec::new();
                for day in days {
                    let words = in_words(day, !one_year);
                    if !said.contains(&words) {
                        said.push(words);
                    }
                }
                let last = said.pop().unwrap_or_default();
                format!("Is {} {} or {last}?", example.text, said.join(", "))
            }
            Asks::Contradiction { examples } => format!(
                "The dates in this file are written in different orders: {}. Which order is right?",
                examples.join(" and ")
            ),
        }
    }

    /// What each answer means, for a form: "Day, month, year: 3 April 2012".
    pub fn label(&self, order: DateOrder) -> String {
        let mut words = order.words().to_owned();
        words[..1].make_ascii_uppercase();
        let day = match &self.asks {
            Asks::Which { example } => example.day(order),
            Asks::Contradiction { .. } => None,
        };
        day.map_or(words.clone(), |day| format!("{words}: {}", long_day(day)))
    }

    /// What happens to dates that don't have the chosen order.
    pub fn hint(&self) -> Option<&'static str> {
        matches!(self.asks, Asks::Contradiction { .. })
            .then_some("Dates that are not in the order you choose are left out, and the log says which.")
    }
}

/// "the 3rd of April", with the year if it matters.
fn in_words(day: NaiveDate, with_year: bool) -> String {
    let number = day.day();
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    // "3 April 2012"
    let long = long_day(day);
    let mut words = long.split(' ').skip(1);
    let month = words.next().unwrap_or_default();
    let year = if with_year { format!(" {}", day.year()) } else { String::new() };
    format!("the {number}{ending} of {month}{year}")
}
