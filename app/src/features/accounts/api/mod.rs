//! Server functions for accounts.

mod batch;
mod batches;
mod candidates;
mod change_state;
mod count;
mod grant;
mod old_username;
mod paste;
mod propose;
mod save;
mod template;
mod undo;

pub use batch::read_batch;
pub use batches::list_batches;
pub use candidates::{find_candidates, find_taken};
pub use change_state::change_state;
pub use count::count_accounts;
pub use grant::grant_account;
pub use old_username::stop_old_usernames;
pub use paste::{check_paste, create_pasted, find_paste_place};
pub use propose::propose_account;
pub use save::save_accounts;
pub use template::{read_template, set_template};
pub use undo::undo_batch;
