//! What tests share: a clock that can be set, repeatable randomness, people to work with, and a mail server
//! and a passkey that can be made to misbehave.

mod authenticator;
mod clock;
mod factory;
pub mod files;
mod passkey;
mod smtp;
mod upgrade;

pub use authenticator::app_code;
pub use clock::{FixedClock, SeededRandom};
pub use factory::{
    TestSchool, account, active_account, backend, contact, contact_facts, grant, group, guardian,
    member_of_staff, staff_role, student, tutor_role,
};
pub use passkey::SoftPasskey;
pub use smtp::{Fault, ReceivedMail, SmtpSink};
pub use upgrade::tables_before;
