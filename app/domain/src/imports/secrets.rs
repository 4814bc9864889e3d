//! Columns that hold secrets, or that a file must never decide. Their cells are dropped while a file is read,
//! before anything is stored.

use std::sync::LazyLock;

use super::kind::header_key;
use super::names::header_words;
use crate::fold::fold;

/// Words of headers whose cells are never kept: how people sign in, and what they may do.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "passwd", "passwrd", "passw", "pswd", "psw", "pword", "pwd", "pwrd", "pw", "pass", "mdp", "pin", "pins", "pincode", "hash", "salt",
    "passcode", "passcodes", "passkey", "passkeys", "secret", "secrets", "token", "tokens", "otp", "totp", "mfa", "2fa",
    "haslo", "senha", "senhas", "heslo", "hesla", "geslo", "jelszo", "parola", "parole", "parool", "sifre", "passord", "kodeord",
    "lozinka", "zaporka", "pasahitza", "wagwoord", "cyfrinair", "pasfhocal", "tunnusluku",
    "ssn", "bsn", "pesel", "iban", "privilege", "privileges", "permissions", "rights", "berechtigung", "berechtigungen",
];

/// The same, written as one word or as several: passwords, rights, and numbers of the state and of banks.
#[rustfmt::skip]
const PARTS: &[&str] = &[
    "password", "passphrase", "passwort", "kennwort", "motdepasse", "motpasse", "contrasena", "contrasenya", "contrasinal", "wachtwoord",
    "palavrapasse", "palavradepasse", "paroladordine", "losenord", "adgangskode", "salasana", "salasona", "lykilord", "slaptazodis",
    "matkhau", "katasandi", "katalaluan", "nenosiri", "nenolasiri",
    "pinnumber", "pincode", "apikey", "privatekey", "accesskey", "activationkey",
    "securityquestion", "securityanswer", "memorableword", "recoverycode", "backupcode", "activationcode", "invitationcode", "accesscode",
    "logincode", "signincode", "onetimecode", "securitycode", "verificationcode", "securitykey",
    "zugangscode", "zugangsdaten", "freischaltcode", "anmeldecode", "aktivierungscode", "einladungscode", "geheimzahl", "geheimnummer", "geheimcode",
    "codeconfidentiel", "codedacces", "codedactivation", "codigodeacceso", "codigodeacesso", "codicediaccesso", "codicesegreto",
    "toegangscode", "inlogcode", "koddostepu", "clavedeacceso", "claveacceso", "claveprivada", "clavesecreta", "clavepersonal",
    "isstaff", "superuser", "accesslevel", "accessrights", "userrights",
    "socialsecurity", "nationalinsurance", "burgerservicenummer", "passportn", "creditcard", "cardnumber", "accountnumber", "sortcode",
];

/// Passwords in other scripts, as they are written: folding takes their marks off, or takes their letters apart.
static SCRIPTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let written = [
        "كلمه المرور",
        "كلمة المرور",
        "كلمه السر",
        "كلمة السر",
        "الرقم السري",
        "رمز عبور",
        "رمز المرور",
        "کلمه عبور",
        "گذرواژه",
        "پاس ورڈ",
        "парол",
        "лозинка",
        "құпия сөз",
        "סיסמה",
        "סיסמא",
        "κωδικός πρόσβασης",
        "συνθηματικό",
        "პაროლი",
        "գաղտնաբառ",
        "密码",
        "密碼",
        "口令",
        "パスワード",
        "暗証番号",
        "비밀번호",
        "암호",
        "पासवर्ड",
        "পাসওয়ার্ড",
        "รหัสผ่าน",
    ];
    written.iter().map(|written| fold(written).replace(' ', "")).collect()
});

/// Words that are secrets only by themselves. Beside others, `Clave` is the code of a student, and `nino` a child.
const ALONE: &[&str] = &["clave", "nino", "ninono", "ninonumber"];

/// Words that make "admin" a right. Beside any other, as in `Admin No` and `Admin Group`, it stands for the admission.
#[rustfmt::skip]
const BESIDE_ADMIN: &[&str] = &[
    "", "s", "istrator", "istrators", "istrateur", "istrador", "istratore", "is", "has", "a", "an", "super", "sys", "system", "site",
    "global", "org", "organisation", "organization", "tenant", "domain", "school", "district", "account", "user", "users", "local", "it",
    "google", "workspace", "microsoft", "moodle", "canvas", "delegated", "full", "role", "roles", "access", "level", "status", "flag",
    "right", "y", "n", "yes", "true", "false",
];

/// Whether the cells of a column with this header are never kept.
pub fn is_secret(header: &str) -> bool {
    let mut words = header_words(&header.replace('#', " no "));
    // A school system, whose name has the beginning of many words for secrets at its end.
    words.retain(|word| word != "compass");
    let key = words.concat();
    let is_word = |word: &String| WORDS.contains(&word.as_str());
    let is_child = header.contains(['\u{f1}', '\u{d1}']);
    WORDS.contains(&header_key(header).as_str())
        || words.iter().any(is_word)
        || words.windows(2).any(|two| two[0] == "p" && two[1] == "w")
        || PARTS.iter().any(|part| key.contains(part))
        || SCRIPTS.iter().any(|part| key.contains(part.as_str()))
        || (ALONE.contains(&key.as_str()) && !is_child)
        || is_right_of_admins(&words)
}

/// Whether a header says who is an administrator: `Admin`, `isAdmin`, `Site admin (Y/N)`.
fn is_right_of_admins(words: &[String]) -> bool {
    // "Admin: yes/no" is no number.
    let asks = words.iter().any(|word| word == "yes");
    let is_beside = |word: &str| BESIDE_ADMIN.contains(&word) || (asks && word == "no");
    words.iter().any(|word| word.contains("admin"))
        && words.iter().all(|word| match word.split_once("admin") {
            Some((before, after)) => is_beside(before) && is_beside(after),
            None => is_beside(word),
        })
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
            "NINO",
            "Clave",
            "Clave de acceso",
        ] {
            assert!(is_secret(header), "{header}");
        }
    }

    #[test]
    fn secrets_of_other_languages_and_abbreviations_are_recognised() {
        for header in [
            "Palavra-passe",
            "Passw.",
            "pswd",
            "P/W",
            "Initial P/W",
            "Login code",
            "Zugangscode",
            "Geheimzahl",
            "Code confidentiel",
            "passkey",
            "Pass key",
            "backup codes",
            "L\u{f6}senord",
            "Salasana",
            "Heslo",
            "U\u{17e}ivatelsk\u{e9} heslo",
            "Пароль",
            "Пароль ученика",
            "密码",
            "初始密碼",
            "パスワード",
            "비밀번호",
            "كلمة السر",
            "รหัสผ่าน",
            "पासवर्ड",
            "סיסמה",
            "Κωδικός πρόσβασης",
            "\u{15e}ifre",
            "Parol\u{103}",
            "Jelsz\u{f3}",
            "Adgangskode",
            "Passord",
            "M\u{1ead}t kh\u{1ea9}u",
            "Code d\u{2019}acc\u{e8}s",
            "gmail.com password",
            "Compass password",
        ] {
            assert!(is_secret(header), "{header}");
        }
    }

    #[test]
    fn an_admin_is_a_right_and_an_admin_number_is_that_of_the_admission() {
        for header in [
            "Admin",
            "Admin?",
            "Admins",
            "ADMIN",
            "isAdmin",
            "is_admin",
            "Is an admin",
            "Site admin",
            "siteadmin",
            "superadmin",
            "sysadmin",
            "Administrator",
            "Admin (Y/N)",
            "Admin yes/no",
            "Admin rights",
            "Admin role",
            "School admin",
        ] {
            assert!(is_secret(header), "{header}");
        }
        for header in [
            "Admin No",
            "Admin No.",
            "Admin Number",
            "AdminNo",
            "adminno",
            "ADMIN NO",
            "Admin #",
            "Admin_Num",
            "Admin Nr",
            "Student Admin No",
            "School Admin No",
            "Admin ID",
            "Admin code",
            "Admin Group",
            "Admin date",
            "Administrative area",
            "Administration",
        ] {
            assert!(!is_secret(header), "{header}");
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
            "Compass",
            "Compass code",
            "Compass ID",
            "Passport country",
            "Postcode",
            "Zip code",
            "Language code",
            "School code",
            "Code postal",
            "Zugangsdatum",
            "Has logged in",
            "Mittagessen Haus",
            "Nombre del ni\u{f1}o",
            "Ni\u{f1}o",
            "Clave del alumno",
            "Key stage",
            "Pupil key",
            "Registration code",
        ] {
            assert!(!is_secret(header), "{header}");
        }
    }
}
