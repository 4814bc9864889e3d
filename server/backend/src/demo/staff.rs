//! Staff of the demonstration school. They exist only in embedded mode, with a random password made when the
//! school is loaded, so nobody can know it beforehand.

use data_encoding::BASE32_NOPAD;
use domain::authorization::role::Role;

use crate::Backend;
use crate::setup::administrator::AdministratorForm;

/// A member of staff at the demonstration school.
#[derive(Clone)]
pub struct DemoStaff {
    /// Their role.
    pub role: Role,
    /// What they sign in with.
    pub form: AdministratorForm,
}

impl DemoStaff {
    /// Creates one person for each role, all with the same new password of 100 random bits.
    pub fn new(backend: &Backend) -> Vec<Self> {
        let mut bits = [0; 15];
        backend.random.fill(&mut bits);
        let letters = BASE32_NOPAD.encode(&bits[..]).to_ascii_lowercase();
        let password = [&letters[0..5], &letters[5..10], &letters[10..15], &letters[15..20]].join("-");
        [
            (Role::Administrator, "Adaobi", "Ferreira", "quill.admin"),
            (Role::AccountManager, "Marek", "Lindqvist", "quill.manager"),
            (Role::OfficeViewer, "Sunita", "Abernathy", "quill.viewer"),
            (Role::GroupTutor, "Noor", "Bakker", "quill.tutor"),
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
