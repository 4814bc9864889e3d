//! What rooms register, one line each. The declarations themselves are in the rooms.

use crate::imports::kind::{ImportDeclaration, KindSlug};

/// The kinds of import, in the order pages offer them.
pub static IMPORTS: &[&ImportDeclaration] = &[
    &crate::roll::import::STUDENTS,
    &crate::staff::import::STAFF,
    &crate::groups::import::MEMBERSHIPS,
    &crate::groups::import::tutors::TUTORS,
    &crate::guardians::import::CONTACTS,
    &crate::guardians::import::ADULTS,
    &crate::guardians::import::LINKS,
];

/// Returns the kind of import with this slug.
pub fn import(slug: &str) -> Option<&'static ImportDeclaration> {
    IMPORTS.iter().find(|kind| kind.slug == slug).copied()
}

impl KindSlug {
    /// The declaration of the kind.
    pub fn declaration(&self) -> Option<&'static ImportDeclaration> {
        import(&self.0)
    }
}

impl From<&ImportDeclaration> for KindSlug {
    fn from(kind: &ImportDeclaration) -> Self {
        Self(kind.slug.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::imports::kind::{ImportField, header_key};
    use proptest::prelude::*;

    #[test]
    fn every_field_knows_its_own_label_and_slug() {
        for kind in IMPORTS {
            for field in kind.fields {
                for name in [field.label, field.slug] {
                    assert_eq!(kind.usual(name).map(|f| f.slug), Some(field.slug), "{}: {name}", kind.slug);
                }
            }
        }
    }

    #[test]
    fn no_name_belongs_to_two_fields() {
        for kind in IMPORTS {
            let names = |field: &'static ImportField| field.names.all().chain(field.also.iter().copied());
            let mut all: Vec<&str> = kind.fields.iter().flat_map(names).collect();
            all.sort_unstable();
            let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
            assert!(twice.is_empty(), "{}: {twice:?}", kind.slug);
        }
    }

    #[test]
    fn names_are_written_as_headers_are_folded() {
        for kind in IMPORTS {
            let names =
                kind.fields.iter().flat_map(|field| field.names.all().chain(field.also.iter().copied()));
            let pairs = kind.pairs.iter().flatten().map(|(key, _)| *key);
            for name in names.chain(pairs) {
                assert_eq!(header_key(name), name, "{}", kind.slug);
            }
        }
    }

    #[test]
    fn whatever_a_kind_names_is_one_of_its_fields() {
        for kind in IMPORTS {
            let named = [kind.key, kind.ends]
                .into_iter()
                .chain(kind.needs.iter().chain(kind.expects).flat_map(|need| need.any_of.iter().copied()))
                .chain(kind.naming.iter().flat_map(|group| group.iter().copied()))
                .chain(kind.hints.iter().map(|(_, slug)| *slug))
                .chain(kind.fields.iter().flat_map(|field| field.parts.iter().copied()))
                .chain(kind.fields.iter().filter_map(|field| field.stands_for))
                .chain(kind.pairs.iter().flatten().map(|(_, slug)| *slug))
                .chain(kind.oneroster.columns.iter().map(|(slug, _)| *slug));
            for slug in named {
                assert!(kind.field(slug).is_some(), "{}: {slug}", kind.slug);
            }
            assert_eq!(import(kind.slug).map(|found| found.slug), Some(kind.slug));
        }
    }

    proptest! {
        #[test]
        fn case_and_separators_do_not_matter(kind in 0..IMPORTS.len(), field: prop::sample::Index, sign in "[ _.-]", upper: bool) {
            let kind = IMPORTS[kind];
            let field = field.get(kind.fields);
            let mut header = field.label.replace(' ', &sign);
            if upper { header = header.to_uppercase(); }
            prop_assert_eq!(kind.usual(&header).map(|f| f.slug), Some(field.slug));
        }
    }
}
