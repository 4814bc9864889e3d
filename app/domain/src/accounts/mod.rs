//! Accounts: usernames, states, plans and batches.

pub mod action;
pub mod batch;
pub mod bulk;
pub mod change;
pub mod clash;
pub mod drift;
pub mod export;
mod generate;
mod layout;
pub mod naming;
pub mod parts;
pub mod paste;
pub mod plan;
pub mod portal_choice;
pub mod rename;
pub mod review;
pub mod settings;
pub mod taken;
pub mod template;
mod template_text;
pub mod username;
pub mod views;
