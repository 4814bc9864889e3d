//! The code that people type: 10 characters of Crockford's base 32 (<https://www.crockford.com/base32.html>),
//! 50 bits. Case, spaces and dashes are ignored; O is read as 0, I and L as 1.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::fold::typed_code;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The number of characters in a code.
pub const CODE_LENGTH: usize = 10;

/// An invitation code in its canonical form. Shown in two groups of five.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationCode([u8; CODE_LENGTH]);

/// Text that is not an invitation code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "An invitation code has 10 letters and digits, such as 7K2QM-9XB4T. Check it against the message or letter."
)]
pub struct CodeError;

impl InvitationCode {
    /// Makes a code from at least 50 random bits: the first seven bytes.
    pub fn from_random(bytes: &[u8; 8]) -> Self {
        let mut bits = u64::from_be_bytes(*bytes);
        let mut code = [0; CODE_LENGTH];
        for place in &mut code {
            *place = ALPHABET[(bits >> 59) as usize];
            bits <<= 5;
        }
        Self(code)
    }

    /// The ten characters without the hyphen, for hashing.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl FromStr for InvitationCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        let mut code = [0; CODE_LENGTH];
        let mut length = 0;
        for c in typed_code(text).chars().filter(|c| !matches!(c, '-' | '_')) {
            let canonical = match c.to_ascii_uppercase() {
                'O' => b'0',
                'I' | 'L' => b'1',
                other => u8::try_from(other).map_err(|_| CodeError)?,
            };
            if !ALPHABET.contains(&canonical) || length == CODE_LENGTH {
                return Err(CodeError);
            }
            code[length] = canonical;
            length += 1;
        }
        if length == CODE_LENGTH { Ok(Self(code)) } else { Err(CodeError) }
    }
}

impl fmt::Display for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if at == CODE_LENGTH / 2 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*byte))?;
        }
        Ok(())
    }
}

impl fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationCode(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn look_alikes_case_and_spacing_are_forgiven() {
        let code: InvitationCode = "01ABC-DEFGH".parse().unwrap();
        for typed in ["oiabc defgh", "OLAbc—DEFGH", " 0 1 a b c d e f g h ", "۰١ＡBС-DEFGＨ"] {
            assert_eq!(typed.parse::<InvitationCode>().unwrap(), code, "{typed}");
        }
        for typed in ["0UABC-DEFGH", "0ABC", "0ABCD-EFGHJK", "ÄBCDE-FGHJK"] {
            assert_eq!(typed.parse::<InvitationCode>(), Err(CodeError), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back(bytes: [u8; 8]) {
            let code = InvitationCode::from_random(&bytes);
            prop_assert_eq!(code.to_string().parse::<InvitationCode>().unwrap(), code.clone());
            prop_assert_eq!(code.to_string().to_lowercase().parse::<InvitationCode>().unwrap(), code);
        }
    }
}
