//! Who comes in: passwords, sign-in, sessions and the first administrator.

pub mod administrator;
pub mod beat;
pub mod blocklist;
pub mod change_password;
mod codes;
pub mod cover;
pub mod create_admin;
pub(crate) mod ending;
pub mod factors;
pub(crate) mod help;
pub mod interrupted;
pub(crate) mod limits;
pub mod new_password;
pub mod office_code;
pub mod office_codes;
pub mod own_address;
pub mod password;
pub mod pending;
pub mod recovery;
pub mod requests;
pub mod reset;
pub mod roles;
pub mod session;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod sign_out;
pub mod single_sign_on;
#[cfg(test)]
mod tests;
pub mod visitor;
