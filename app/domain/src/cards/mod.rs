//! Cards: passwords made for people, printed and handed over. A print run, the pile, can be made void as a whole.

pub mod settings;
pub mod views;
