//! The people who work at the demonstration school. They exist in the embedded mode alone, and their password is made
//! at random when the school is loaded: there is none that could be known before.

use data_encoding::BASE32_NOPAD;
use domain::authorization::role::Role;

use crate::Backend;
use crate::setup::administrator::AdministratorForm;

/// Someone who works at the demonstration school.
#[derive(Clone)]
pub struct DemoStaff {
    /// What they may do.
    pub role: Role,
    /// What they sign in with.
    pub form: AdministratorForm,
}

impl DemoStaff {
    /// One of each role, with a fresh password for all of them: 100 random bits.
    pub fn new(backend: &Backend) -> Vec<Self> {
        let mut bits = [0; 15];
        backend.random.fill(&mut bits);
        let letters = BASE32_NOPAD.encode(&bits[..]).to_ascii_lowercase();
        let password = [&letters[0..5], &letters[5..10], &letters[10..15], &letters[15..20]].join("-");
        [
            (Role::Administrator, "Adaobi", "Ferreira", "quill.admin"),
            (Role::AccountManager, "Marek", "Lindqvist", "quill.manager"),
            (Role::OfficeViewer, "Sunita", "Abernathy", "quill.viewer"),
        ]
        .into_iter()
        .map(|(role, given, family, username)| {
            let form = AdministratorForm {
                given: given.to_owned(),
                family: family.to_owned(),
                email: format!("{}@quillmere.example", username.trim_start_matches("quill.")),
                username: username.to_owned(),
                password: password.clone(),
            };
            Self { role, form }
        })
        .collect()
    }
}
