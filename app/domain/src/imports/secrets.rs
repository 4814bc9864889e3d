//! Columns that hold secrets, or that a file must never decide. Their cells are dropped while a file is read,
//! before anything is stored.

use super::kind::header_key;
use super::names::header_words;

/// Words of headers whose cells are never kept: how people sign in, and what they may do.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "passwd", "passwrd", "pwd", "pw", "pass", "mdp", "clave", "pin", "pins", "pincode", "hash", "salt", "secret", "secrets",
    "token", "tokens", "otp", "totp", "mfa", "2fa", "ssn", "nino", "bsn", "pesel", "iban",
    "admin", "admins", "sysadmin", "privilege", "privileges", "permissions", "rights", "berechtigung", "berechtigungen",
];

/// The same, written as one word or as several: passwords, rights, and numbers of the state and of banks.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "password", "passcode", "passphrase", "passwort", "kennwort", "motdepasse", "contrasena", "wachtwoord", "haslo", "senha",
    "كلمهالمرور", "كلمةالمرور", "كلمهالسر", "كلمةالسر", "pinnumber", "pincode", "apikey", "privatekey",
    "securityquestion", "securityanswer", "memorableword", "recoverycode", "activationcode", "invitationcode", "accesscode",
    "isadmin", "isstaff", "superuser", "accesslevel", "accessrights", "userrights",
    "socialsecurity", "nationalinsurance", "burgerservicenummer", "passportn", "creditcard", "cardnumber", "accountnumber", "sortcode",
];

/// Whether the cells of a column with this header are never kept.
pub fn is_secret(header: &str) -> bool {
    let key = header_key(header);
    let is_word = |word: &String| WORDS.contains(&word.as_str());
    WORDS.contains(&key.as_str())
        || header_words(header).iter().any(is_word)
        || PARTS.iter().any(|part| key.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_pins_hashes_and_rights_are_recognised_in_many_spellings() {
        for header in [
            "Password",
            "Password [Required]",
            "Password Hash Function [UPLOAD ONLY]",
            "password_policy",
            "userPassword",
            "Passwort",
            "Kennwort (neu)",
            "Mot de passe",
            "Contrase\u{f1}a",
            "Wachtwoord",
            "Has\u{142}o",
            "كلمة المرور",
            "PIN",
            "Lunch PIN",
            "Pwd",
            "password_hash",
            "Hash",
            "API key",
            "is_admin",
            "isAdmin",
            "Admin",
            "Permissions",
            "Access level",
            "SSN",
            "PESEL",
        ] {
            assert!(is_secret(header), "{header}");
        }
    }

    #[test]
    fn other_columns_are_kept() {
        for header in [
            "Pinyin name",
            "Adm No",
            "Admission number",
            "Administrative area",
            "Surname",
            "Spinoza House",
            "Class",
            "Passenger",
            "Trip permission",
            "Photo permission",
            "Email",
        ] {
            assert!(!is_secret(header), "{header}");
        }
    }
}
