//! The employments that an import of staff writes.

use domain::ids::PersonId;
use domain::staff::import::{Employment, EmploymentWrite, StaffWrite};

use crate::imports::kind::Importing;
use crate::roll::import::people;

/// An employment that is written.
pub(super) struct WrittenEmployment<'a> {
    pub(super) is_new: bool,
    /// Whether its code becomes somebody else's.
    pub(super) freed: bool,
    pub(super) person: PersonId,
    pub(super) code: &'a str,
    pub(super) employment: Employment,
}

/// The employments that are written, and those whose code becomes somebody else's.
pub(super) fn employments<'a>(
    cx: &Importing<'_>,
    writes: &'a [StaffWrite],
    people: &'a [people::Numbered<'a>],
) -> Vec<WrittenEmployment<'a>> {
    let mut written = Vec::with_capacity(writes.len());
    for (write, person) in writes.iter().zip(people) {
        let of = match write.employment {
            EmploymentWrite::Keep => None,
            EmploymentWrite::Change(employment) => Some((false, employment)),
            EmploymentWrite::Begin { starts_on, ends_on } => {
                Some((true, Employment { id: cx.backend.new_id(), starts_on, ends_on }))
            }
        };
        written.extend(of.map(|(is_new, employment)| WrittenEmployment {
            is_new,
            freed: false,
            person: person.id,
            code: person.number,
            employment,
        }));
        written.extend(write.frees.iter().map(|freed| WrittenEmployment {
            is_new: false,
            freed: true,
            person: freed.person,
            code: &freed.code,
            employment: freed.employment,
        }));
    }
    written
}
