//! One-time codes of authenticator apps: RFC 6238 with SHA-1, six digits and 30 seconds, which every app
//! supports.

use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use subtle::ConstantTimeEq as _;

/// 160 bits, as RFC 4226 recommends (section 4, R6).
pub(crate) type Secret = [u8; 20];

/// How long a code is shown, in seconds.
const STEP: i64 = 30;

/// How many steps before and after the current one are also accepted, because clocks differ and typing takes
/// a while (RFC 6238, section 5.2).
const DRIFT: i64 = 1;

/// Returns the step whose code this is, among those currently accepted. Compares all of them, in constant
/// time.
pub(crate) fn step_of(secret: &Secret, typed: u32, now: DateTime<Utc>) -> Option<i64> {
    let present = now.timestamp().div_euclid(STEP);
    (present - DRIFT..=present + DRIFT).fold(None, |found, step| {
        let right = bool::from(code(secret, step).ct_eq(&typed));
        found.or(right.then_some(step))
    })
}

/// How many steps away a code is still recognised, to say that a clock is off: ten minutes. It is not accepted.
const RECOGNISED: i64 = 20;

/// Returns the step of a code that is not accepted because it belongs to a time a few minutes away. Compares all of
/// them, in constant time.
pub(crate) fn step_off(secret: &Secret, typed: u32, now: DateTime<Utc>) -> Option<i64> {
    let present = now.timestamp().div_euclid(STEP);
    (present - RECOGNISED..=present + RECOGNISED).fold(None, |found, step| {
        let right = bool::from(code(secret, step).ct_eq(&typed));
        found.or((right && (step - present).abs() > DRIFT).then_some(step))
    })
}

/// The code that an app shows at this time.
#[cfg(any(test, feature = "testing"))]
pub(crate) fn code_at(secret: &Secret, moment: DateTime<Utc>) -> u32 {
    code(secret, moment.timestamp().div_euclid(STEP))
}

/// RFC 4226, section 5.3.
fn code(secret: &Secret, step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new(&block(secret).into());
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let at = usize::from(hash[19] & 0xf);
    let word = [hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]];
    u32::from_be_bytes(word) % 1_000_000
}

/// A key shorter than a block is padded with zeros (RFC 2104, section 2).
fn block(secret: &Secret) -> [u8; 64] {
    let mut block = [0; 64];
    block[..secret.len()].copy_from_slice(secret);
    block
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &Secret = b"12345678901234567890";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        for (seconds, code) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(code_at(SECRET, at(seconds)), code);
        }
    }

    #[test]
    fn a_code_of_a_clock_that_is_minutes_off_is_recognised_and_not_taken() {
        let code = code_at(SECRET, at(3_000));
        for (seconds, off) in [
            (2_399, false),
            (2_400, true),
            (2_969, true),
            (2_970, false),
            (3_060, true),
            (3_629, true),
            (3_630, false),
        ] {
            assert_eq!(step_off(SECRET, code, at(seconds)), off.then_some(100), "{seconds}");
            assert!(!off || step_of(SECRET, code, at(seconds)).is_none());
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let code = code_at(SECRET, at(3_000));
        for (seconds, taken) in [(2_969, false), (2_970, true), (3_000, true), (3_059, true), (3_060, false)]
        {
            assert_eq!(step_of(SECRET, code, at(seconds)), taken.then_some(100), "{seconds}");
        }
    }
}
