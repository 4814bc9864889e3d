//! One folder per feature.
