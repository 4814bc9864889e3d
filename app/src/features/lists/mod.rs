//! What a person wants to see of the office's lists. The lists themselves are `ui::table`.

pub mod api;
