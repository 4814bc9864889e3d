//! The words with which files say what an adult is to a child, in the languages of schools.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::fold::romanise;
use crate::guardians::contact::ContactFunction;
use crate::guardians::relationship::Relationship;

use Relationship as R;

#[rustfmt::skip]
const WORDS: &[(Relationship, &[&str])] = &[
    (R::Mother, &["mother", "mum", "mom", "mummy", "mam", "mama", "ma", "birth mother", "biological mother", "natural mother", "adoptive mother", "mutter",
        "madre", "matka", "mere", "maman", "moeder", "mae", "adoptivmutter", "mtr", "m"]),
    (R::Father, &["father", "dad", "daddy", "papa", "birth father", "biological father", "natural father", "adoptive father", "vater", "padre", "ojciec", "tata",
        "pere", "vader", "pai", "ftr", "f"]),
    (R::Parent, &["parent", "parents", "elternteil", "eltern", "progenitor", "rodzic", "ouder", "genitore", "adoptive parent", "birth parent"]),
    (R::StepParent, &["step parent", "stepparent", "step mother", "stepmother", "step mum", "stepmum", "step mom", "stepmom", "step father", "stepfather",
        "step dad", "stepdad", "stiefmutter", "stiefvater", "madrastra", "padrastro", "macocha", "ojczym", "belle mere", "beau pere", "stiefmoeder",
        "stiefvader", "parents partner", "mothers partner", "fathers partner"]),
    (R::Guardian, &["guardian", "legal guardian", "appointed guardian", "special guardian", "vormund", "erziehungsberechtigter", "erziehungsberechtigte",
        "tutor legal", "tutor", "tutora", "opiekun", "opiekun prawny", "opiekunka", "tuteur", "tutrice", "voogd", "tutore", "tutrice legale", "responsable legal", "encarregado de educacao"]),
    (R::FosterCarer, &["foster carer", "foster parent", "foster mother", "foster father", "foster mum", "foster dad", "carer foster", "foster", "pflegemutter",
        "pflegevater", "pflegeeltern", "familia de acogida", "rodzic zastepczy", "famille d accueil", "pleegouder", "affidatario", "affidataria"]),
    (R::Carer, &["carer", "caregiver", "care giver", "caretaker", "kinship carer", "betreuer", "betreuerin", "cuidador", "cuidadora", "verzorger", "verzorgster", "private foster carer"]),
    (R::Grandparent, &["grandparent", "grandmother", "grandma", "granny", "gran", "nan", "nana", "nanny grandmother", "grandfather", "grandad", "granddad",
        "grandpa", "oma", "opa", "grossmutter", "grossvater", "abuela", "abuelo", "babcia", "dziadek", "grand mere", "grand pere", "nonna", "nonno",
        "avo", "grootmoeder", "grootvader"]),
    (R::Sibling, &["sibling", "brother", "sister", "half brother", "half sister", "step brother", "step sister", "bruder", "schwester", "hermano", "hermana",
        "brat", "siostra", "frere", "soeur", "broer", "zus", "fratello", "sorella"]),
    (R::Relative, &["relative", "other relative", "family member", "other family member", "aunt", "auntie", "aunty", "uncle", "cousin", "tante", "onkel", "tia",
        "tio", "ciotka", "ciocia", "wujek", "oncle", "oom", "zio", "zia", "cugino", "cugina", "primo", "prima", "nephew", "niece", "great aunt", "great uncle", "great grandmother", "great grandfather"]),
    (R::SocialWorker, &["social worker", "sozialarbeiter", "sozialarbeiterin", "trabajador social", "trabajadora social", "pracownik socjalny", "case worker"]),
    (R::Organisation, &["organisation", "organization", "local authority", "council", "agency", "children s home", "childrens home", "care home", "jugendamt",
        "institution"]),
    (R::Childminder, &["childminder", "child minder", "nanny", "au pair", "babysitter", "tagesmutter", "ninera", "opiekunka do dziecka", "day care"]),
    (R::Neighbour, &["neighbour", "neighbor", "nachbar", "nachbarin", "vecino", "vecina", "sasiad", "sasiadka", "voisin", "voisine", "buurman", "buurvrouw"]),
    (R::Friend, &["friend", "family friend", "friend of family", "friend of the family", "freund", "freundin", "amigo", "amiga", "przyjaciel", "znajomy", "ami"]),
    (R::Doctor, &["doctor", "gp", "physician", "arzt", "arztin", "medico", "lekarz", "medecin", "huisarts"]),
    (R::Aide, &["aide", "teaching assistant", "learning support assistant", "schulbegleiter"]),
    (R::EmergencyContact, &["emergency", "emergency contact", "emergency only", "notfall", "notfallkontakt", "emergencia", "contacto de emergencia",
        "kontakt alarmowy", "urgence", "noodcontact"]),
    (R::Other, &["other", "other contact", "unknown", "sonstige", "otro", "otra", "inny", "inna", "autre", "andere", "not known", "none"]),
];

/// The relationship of each word. A word that stands twice is of the first.
static BY_WORD: LazyLock<HashMap<&str, Relationship>> = LazyLock::new(|| {
    let words = WORDS.iter().rev().flat_map(|(of, words)| words.iter().map(|word| (*word, *of)));
    words.collect()
});

/// What a word says: the relationship, what else the adult does, and whether the word is known.
pub fn read(text: &str) -> (Relationship, Option<ContactFunction>, bool) {
    let folded = romanise(text);
    let folded = folded.trim();
    let find = |word: &str| BY_WORD.get(word).copied();
    let of_parts = || {
        let without_note = text.split(['(', ',']).next().unwrap_or_default();
        // "Padre/Madre" is either, "Abuelo/a" is one word.
        let parts: Vec<R> = without_note.split('/').filter_map(|part| find(romanise(part).trim())).collect();
        match parts.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => Some(*first),
            [_, ..] if parts.iter().all(|of| matches!(of, R::Mother | R::Father | R::Parent)) => {
                Some(R::Parent)
            }
            _ => None,
        }
    };
    match find(folded).or_else(of_parts) {
        Some(R::EmergencyContact) => (R::EmergencyContact, Some(ContactFunction::Emergency), true),
        Some(found) => (found, None, true),
        None => (R::Other, None, false),
    }
}

/// Whether a cell says yes or no; `None` if it says something else.
pub fn yes_or_no(text: &str) -> Option<bool> {
    const YES: &[&str] = &[
        "yes", "y", "true", "t", "1", "x", "ja", "j", "oui", "o", "si", "s", "tak", "sim", "full", "active",
        "nam",
    ];
    const NO: &[&str] = &["no", "n", "false", "f", "0", "nein", "non", "nee", "nie", "nao", "none", "la"];
    let folded = romanise(text);
    let folded = folded.trim();
    if YES.contains(&folded) {
        Some(true)
    } else if NO.contains(&folded) {
        Some(false)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // C8
    #[test]
    fn words_of_families_are_known_in_many_languages_and_others_are_kept_as_text() {
        for (text, relationship) in [
            ("Mum", R::Mother),
            (" DAD ", R::Father),
            ("step-mum", R::StepParent),
            ("Oma", R::Grandparent),
            ("matka", R::Mother),
            ("Carer (foster)", R::FosterCarer),
            ("Erziehungsberechtigte", R::Guardian),
            ("NONNA", R::Grandparent),
            ("Padre/Madre", R::Parent),
            ("Abuelo/a", R::Grandparent),
        ] {
            assert_eq!(read(text), (relationship, None, true), "{text}");
        }
        assert_eq!(read("x"), (R::Other, None, false));
        assert_eq!(read("Father/Stepfather"), (R::Other, None, false));
        assert_eq!(read("Emergency").1, Some(ContactFunction::Emergency));
    }

    #[test]
    fn every_word_is_found_by_itself() {
        for (relationship, words) in WORDS {
            for word in *words {
                assert_eq!(romanise(word), *word);
                let found = read(word).0;
                assert!(found == *relationship, "{word}: {found:?} and {relationship:?}");
            }
        }
    }
}
