//! Given names that are forms of one name, folded. The first of a group stands for it.

/// Forms that differ by more than spelling. Close spellings need no entry.
const GROUPS: &[&[&str]] = &[
    &["alexander", "alex", "sandy", "sasha", "aleksander", "aleksandr", "oleksandr", "alejandro"],
    &["andrew", "andy", "drew", "andrzej", "andreas", "andrei", "andrzejek"],
    &["anthony", "tony", "antony", "antoni", "antonio"],
    &["benjamin", "ben", "benny"],
    &[
        "catherine",
        "cath",
        "cathy",
        "kate",
        "katie",
        "kathy",
        "katherine",
        "kathryn",
        "katharine",
        "kasia",
        "katarzyna",
        "kitty",
    ],
    &["charles", "charlie", "chuck", "karl", "carl", "carlos"],
    &["christopher", "chris", "kit", "krzysztof", "cristobal"],
    &["christine", "christina", "chrissie", "tina", "krystyna"],
    &["daniel", "dan", "danny"],
    &["david", "dave", "davey", "dawid"],
    &["deborah", "debbie", "deb", "debra"],
    &["dorothy", "dot", "dottie", "dorota"],
    &["edward", "ed", "eddie", "ted", "teddy", "ned", "eduardo"],
    &[
        "elizabeth",
        "liz",
        "lizzie",
        "beth",
        "betty",
        "eliza",
        "lisa",
        "libby",
        "elsie",
        "elzbieta",
        "isabel",
        "isabella",
    ],
    &["francis", "frank", "franciszek", "francisco", "paco"],
    &["frances", "fran", "fanny"],
    &["george", "jerzy", "jorge", "georg", "yuri"],
    &["gregory", "greg", "grzegorz"],
    &["hannah", "anna", "anne", "ann", "ania", "anya", "ana"],
    &["henry", "harry", "hank", "henryk", "enrique"],
    &["james", "jim", "jimmy", "jamie", "jakub", "jacob", "jake", "santiago", "diego"],
    &["jennifer", "jen", "jenny"],
    &["john", "jack", "johnny", "jan", "johann", "hans", "juan", "ivan", "sean", "ian", "giovanni", "jean"],
    &["jonathan", "jon", "jonny"],
    &["joseph", "joe", "joey", "jose", "pepe", "jozef", "giuseppe", "yusuf", "yousef", "youssef"],
    &["judith", "judy"],
    &["lawrence", "larry", "laurence"],
    &["magdalena", "magda", "madeleine", "maddie"],
    &["malgorzata", "margaret", "maggie", "meg", "peggy", "gosia", "margarita", "greta"],
    &["mary", "maria", "mariam", "maryam", "miriam", "molly", "polly", "marie"],
    &["matthew", "matt", "mateusz", "mateo"],
    &["michael", "mike", "mick", "mickey", "michal", "miguel", "mikhail"],
    &[
        "mohammed", "muhammad", "mohamed", "mohammad", "muhammed", "mohamad", "mohamud", "mahomed", "mehmet",
        "md", "mohd",
    ],
    &["nicholas", "nick", "nicky", "mikolaj", "nicolas", "nikolai"],
    &["pamela", "pam"],
    &["patricia", "pat", "patty", "trish", "tricia"],
    &["patrick", "paddy", "patryk"],
    &["peter", "pete", "piotr", "pedro", "pyotr"],
    &["philip", "phil", "felipe"],
    &["rebecca", "becky", "becca"],
    &["richard", "dick", "rick", "ricky", "rich", "ricardo", "ryszard"],
    &["robert", "bob", "bobby", "rob", "robbie", "bert", "roberto"],
    &["samuel", "sam", "sammy"],
    &["samantha", "sammie"],
    &["sarah", "sally", "sadie", "sara"],
    &["stephen", "steve", "steven", "stefan", "esteban", "szczepan"],
    &["susan", "sue", "suzanne", "zuzanna", "susie"],
    &["theresa", "tess", "terri", "teresa"],
    &["thomas", "tom", "tommy", "tomasz", "tomas"],
    &["timothy", "tim"],
    &["victoria", "vicky", "vicki", "tori"],
    &["william", "bill", "billy", "will", "willy", "liam", "wilhelm", "guillermo"],
];

/// The name that stands for all forms of a given name; itself if none is known.
pub(super) fn canonical(name: &str) -> &str {
    GROUPS.iter().find(|group| group.contains(&name)).map_or(name, |group| group[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_belongs_to_two_names() {
        let mut all: Vec<&str> = GROUPS.concat();
        let before = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), before);
    }

    #[test]
    fn forms_are_written_folded() {
        for form in GROUPS.concat() {
            assert_eq!(crate::fold::fold(form), form);
        }
    }
}
