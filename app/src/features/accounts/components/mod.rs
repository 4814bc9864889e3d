//! Parts that pages about accounts share.

mod tally;

pub use tally::TallyStrip;
