//! The value of a cell, and why it may have none.

/// What a row says about a field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum CellValue<T> {
    /// The file does not have this column, or the cell cannot be read, so nothing changes.
    #[default]
    Nothing,
    /// The cell is empty.
    Empty,
    /// The cell has this value.
    Value(T),
}

impl<T> CellValue<T> {
    /// The value, if the cell has one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Nothing | Self::Empty => None,
        }
    }

    /// Applies `map` to the value.
    pub fn map<U>(self, map: impl FnOnce(T) -> U) -> CellValue<U> {
        match self {
            Self::Nothing => CellValue::Nothing,
            Self::Empty => CellValue::Empty,
            Self::Value(value) => CellValue::Value(map(value)),
        }
    }
}

impl<T: AsRef<str>> CellValue<T> {
    /// The text after the import, for a field that an empty cell clears.
    pub fn clearing(&self, old: &str) -> String {
        match self {
            Self::Nothing => old.to_owned(),
            Self::Empty => String::new(),
            Self::Value(new) => new.as_ref().to_owned(),
        }
    }
}

/// Why a cell's value is invalid.
pub trait CellError {
    /// A stable code, which the kind puts into words.
    fn why(&self) -> &'static str;
}

impl CellError for &'static str {
    fn why(&self) -> &'static str {
        self
    }
}

/// An untidy text as people write it, and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TidiedValue<T> {
    /// The value.
    pub value: T,
    /// Whether something that says more than the value was left out, such as "(mum)".
    pub left_out: bool,
}

/// A value that people write in many ways.
pub trait Untidy: Sized + AsRef<str> {
    /// Why no value can be found.
    type Error: CellError;

    /// Finds the value in a text.
    fn untidy(text: &str) -> Result<TidiedValue<Self>, Self::Error>;
}
