//! Server functions of access.

mod end_sessions;
mod make_code;
mod me;
mod prove;
mod remove_factors;
mod remove_identities;

pub use end_sessions::end_sessions;
pub use make_code::make_code;
#[cfg(feature = "ssr")]
pub use me::SCHOOL_COOKIE;
pub use me::{Me, at_the_desk};
pub use prove::{challenge_passkey, how_to_prove, prove};
pub use remove_factors::remove_factors;
pub use remove_identities::remove_identities;
