//! Adults whom the office enters by hand.

pub mod add;
pub mod change;
pub mod deliveries;
pub mod elsewhere;
pub mod likely;
pub mod logon;
pub mod postal;
pub mod shown;
pub mod students;
pub mod survivor;
#[cfg(test)]
mod tests;
