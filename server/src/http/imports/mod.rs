//! Import routes that are not pages: the upload, the log, the faulty rows, the
//! template to download, and what is remembered of each sender.

mod log;
mod send_back;
mod senders;
mod template;
pub(super) mod upload;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use backend::tables::limits;
use domain::authorization::policy::Permission;

use super::routes::{Access, Routes};

/// Bytes of a form with a file, and the other parts around it.
pub(super) const UPLOAD: usize = limits::FILE + 64 * 1024;

/// The routes; a file may be larger than other requests.
pub(super) fn routes() -> Routes {
    const IMPORTS: Permission = Permission::ImportRoll;
    let upload = post(upload::upload).layer(DefaultBodyLimit::max(UPLOAD));
    Routes::new()
        .holding(IMPORTS, "/imports/upload", upload)
        .holding(IMPORTS, "/imports/template.csv", get(template::csv))
        .holding(IMPORTS, "/imports/template.xlsx", get(template::xlsx))
        .holding(IMPORTS, "/imports/senders", get(senders::show))
        .holding(IMPORTS, "/imports/senders/{sender}", post(senders::change))
        .step_up(Access::Holds(IMPORTS), "/imports/{import}/log", post(log::log))
        .step_up(Access::Holds(IMPORTS), "/imports/{import}/faulty", post(send_back::send_back))
}
