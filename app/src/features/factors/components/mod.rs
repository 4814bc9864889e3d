//! Parts of the pages for second factors.

mod step_up;

pub use step_up::{StepUpDialog, with_step_up};
