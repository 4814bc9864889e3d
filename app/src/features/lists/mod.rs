//! People's choices for the office's lists. The lists themselves are in `ui::table`.

pub mod api;
