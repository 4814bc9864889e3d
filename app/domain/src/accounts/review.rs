//! Usernames that need review before they are given to anyone.

use super::plan::ReviewReason;
use super::username::Username;

/// Names that mail and web systems reserve: the mailbox names of RFC 2142, the accounts that Unix and web
/// servers run under, and names that a message could pretend to come from.
const RESERVED: &[&str] = &[
    // RFC 2142, sections 3 to 7.
    "info",
    "marketing",
    "sales",
    "support",
    "abuse",
    "noc",
    "security",
    "postmaster",
    "hostmaster",
    "usenet",
    "news",
    "webmaster",
    "www",
    "uucp",
    "ftp",
    // Operating systems and servers.
    "root",
    "admin",
    "administrator",
    "daemon",
    "nobody",
    "operator",
    "system",
    "sysadmin",
    "guest",
    "anonymous",
    "localhost",
    "mail",
    "mailer-daemon",
    "autoconfig",
    "autodiscover",
    "null",
    "undefined",
    "test",
    "api",
    "imap",
    "pop",
    "smtp",
    // Schools and Greencap.
    "greencap",
    "head",
    "headteacher",
    "principal",
    "office",
    "school",
    "staff",
    "teacher",
    "student",
    "students",
    "parent",
    "parents",
    "guardian",
    "helpdesk",
    "help",
    "it",
    "all",
    "everyone",
    "noreply",
    "no-reply",
    "safeguarding",
];

/// Offensive at the start or end of a username without its symbols.
const AT_EITHER_END: &[&str] = &[
    "fuck", "cunt", "nigger", "nigga", "faggot", "wanker", "whore", "bastard", "bollock", "bitch", "asshole",
    "arsehole", "rapist", "pedo", "paedo", "hitler", "retard", "tranny", "penis", "vagina",
];

/// Offensive only at the start: names such as Akshit and Rajawat end with them.
const AT_THE_BEGINNING: &[&str] = &["shit", "slut", "twat"];

/// Words too short for that, because many names start or end with them: offensive only as the whole username
/// or a whole part of it.
const WHOLE: &[&str] = &[
    "anal", "anus", "arse", "ass", "balls", "boob", "boobs", "bum", "chink", "cock", "coon", "crap", "cum",
    "dick", "dyke", "fag", "fart", "gook", "homo", "kike", "kkk", "nazi", "nonce", "paki", "piss", "poo",
    "poof", "porn", "prick", "pussy", "rape", "satan", "sex", "sexy", "spaz", "spic", "tit", "tits", "turd",
    "wank", "wog", "xxx",
];

/// Harmless initials and names that start like a word of [`AT_THE_BEGINNING`]: S. Hitchcock, S. Hitchens.
const HARMLESS: &[&str] = &["shitch"];

/// Returns why a username needs review, if it does.
pub fn of(username: &Username) -> Option<ReviewReason> {
    let text = username.as_str();
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.' | '_'));
    if RESERVED.contains(&bare) || RESERVED.contains(&text) {
        return Some(ReviewReason::Reserved);
    }
    let joined: String = text.chars().filter(char::is_ascii_alphabetic).collect();
    let parts = text.split(|c: char| !c.is_ascii_alphabetic());
    let whole = parts.chain([joined.as_str()]).any(|part| WHOLE.contains(&part));
    let harmless = HARMLESS.iter().any(|beginning| joined.starts_with(beginning));
    let begins = |word: &&str| joined.starts_with(*word) && !harmless;
    let at_an_end = AT_EITHER_END.iter().any(|word| begins(word) || joined.ends_with(word))
        || AT_THE_BEGINNING.iter().any(begins);
    (whole || at_an_end).then_some(ReviewReason::Offensive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(text: &str) -> Option<ReviewReason> {
        of(&text.parse().unwrap())
    }

    #[test]
    fn names_of_systems_are_held_back_also_with_a_number() {
        for text in ["admin", "postmaster", "root2", "no-reply"] {
            assert_eq!(judged(text), Some(ReviewReason::Reserved), "{text}");
        }
        assert_eq!(judged("a.adminson"), None);
    }

    #[test]
    fn words_are_found_across_the_sign_between_initial_and_name() {
        for text in ["f.uckley", "a.nal", "c.unt2", "j.cock", "t.its"] {
            assert_eq!(judged(text), Some(ReviewReason::Offensive), "{text}");
        }
    }

    #[test]
    fn names_that_only_hold_such_a_word_are_left_alone() {
        for text in [
            "p.scunthorpe",
            "s.hitchcock",
            "a.dickens",
            "r.akshit",
            "m.cockburn",
            "b.assange",
            "t.itsuki",
            "e.essexford",
        ] {
            assert_eq!(judged(text), None, "{text}");
        }
    }
}
