//! Imports of any kind of list: what a column is, what a row says and what it would change. Each kind
//! declares itself in its own feature ([`kind`]).

use chrono::TimeDelta;

pub mod about;
pub mod cell_value;
pub mod cells;
mod choices;
pub mod counts;
pub mod crossing;
pub mod dates;
pub mod deciding;
pub mod encoding;
pub mod export;
pub mod extras;
pub mod fault;
pub mod field;
pub mod groups;
pub mod header;
pub mod headings;
pub mod held;
pub mod held_words;
pub mod kind;
mod letters;
pub mod made_date;
pub mod mapping;
mod matching;
pub mod mend;
pub mod names;
pub mod note;
pub mod oneroster;
pub mod outcome;
pub mod parted;
pub mod plan;
pub mod problem;
mod quotes;
mod read_row;
pub mod reading;
pub mod recognise;
pub mod remark;
pub mod repeats;
pub mod required;
mod row_reader;
pub mod secrets;
pub mod senders;
pub mod sent_back;
pub mod settings;
mod short_row;
pub mod unsent;
pub mod value;
pub mod views;
pub mod who;
pub mod whole;
pub mod words;

/// The most characters in a key, the number that identifies a student or a member of staff: the identifiers of
/// OneRoster have up to 255 (1EdTech, OneRoster 1.1, 4.13).
pub const MAX_KEY: usize = 255;

/// How long rows, logs and undo data are kept after a file was uploaded or imported: long enough to ask what
/// an import did, and no longer, because they contain names.
pub const KEPT_FOR: TimeDelta = TimeDelta::days(30);

/// How long a file is kept whose columns nobody has checked: until then, it also has the cells of columns that
/// will not be imported.
pub const UNCHECKED_FOR: TimeDelta = TimeDelta::days(1);
