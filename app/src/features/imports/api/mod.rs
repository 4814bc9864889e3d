//! Server functions for imports. The file itself is sent by a form: `POST /imports/upload`.

mod check;
mod commit;
mod discard;
mod list;
mod log;
mod mend;
mod replace;
mod settle;
mod undo;
mod view;

pub use check::check_import;
pub use commit::commit_import;
pub use discard::discard_import;
pub use list::list_imports;
pub use log::import_log;
pub use mend::{import_problems, mend_import};
pub use replace::replace_edits;
pub use settle::settle_import;
pub use undo::undo_import;
pub use view::view_import;
