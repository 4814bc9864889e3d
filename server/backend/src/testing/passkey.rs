//! A passkey for tests: an authenticator and its browser in software (Web Authentication, level 3, sections
//! 5.1 and 6). What it says can be changed before it signs.

use data_encoding::BASE64URL_NOPAD as BASE64URL;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const USER_PRESENT: u8 = 0x01;
const USER_VERIFIED: u8 = 0x04;
const CREDENTIAL_INCLUDED: u8 = 0x40;

/// One credential.
#[derive(Clone)]
pub struct SoftPasskey {
    key: SigningKey,
    id: [u8; 32],
    owner: String,
    /// The origin that the browser reports.
    pub origin: String,
    /// The name of the site that the authenticator signs for.
    pub site: String,
    /// Whether it says that it has verified its owner.
    pub verifies: bool,
    /// How many times it says that it has signed. Passkeys that are copied between devices say 0.
    pub counter: u32,
}

impl SoftPasskey {
    /// Creates a passkey as `options` ask, with a key derived from `seed`; also returns what the browser
    /// sends.
    pub fn make(seed: u8, origin: &str, options: &str) -> (Self, String) {
        let asked: Value = serde_json::from_str(options).expect("options are JSON");
        let made = Self {
            key: SigningKey::from_slice(&[seed; 32]).expect("a key"),
            id: [seed; 32],
            owner: text(&asked["user"]["id"]),
            origin: origin.to_owned(),
            site: text(&asked["rp"]["id"]),
            verifies: true,
            counter: 0,
        };
        let client_data = made.client_data("webauthn.create", &asked);
        let object = [
            // A map of "fmt": "none", "attStmt": an empty map, and "authData": this many bytes (RFC 8949).
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(),
            &[u8::try_from(made.registration_data().len()).expect("fewer than 256 bytes")],
            &made.registration_data(),
        ]
        .concat();
        let response = json!({
            "clientDataJSON": BASE64URL.encode(&client_data),
            "attestationObject": BASE64URL.encode(&object),
        });
        let credential = made.credential(&response);
        (made, credential)
    }

    /// Answers a challenge.
    pub fn answer(&self, options: &str) -> String {
        let asked: Value = serde_json::from_str(options).expect("options are JSON");
        let client_data = self.client_data("webauthn.get", &asked);
        let data = self.authenticator_data(0);
        let signature: DerSignature =
            self.key.sign(&[data.as_slice(), &Sha256::digest(&client_data)].concat());
        self.credential(&json!({
            "clientDataJSON": BASE64URL.encode(&client_data),
            "authenticatorData": BASE64URL.encode(&data),
            "signature": BASE64URL.encode(signature.as_bytes()),
            "userHandle": self.owner,
        }))
    }

    /// Copies the passkey, but names the owner of another.
    #[must_use]
    pub fn of_owner(self, other: &Self) -> Self {
        Self { owner: other.owner.clone(), ..self }
    }

    fn client_data(&self, kind: &str, asked: &Value) -> Vec<u8> {
        json!({ "type": kind, "challenge": asked["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
            .into_bytes()
    }

    fn authenticator_data(&self, more: u8) -> Vec<u8> {
        let verified = if self.verifies { USER_VERIFIED } else { 0 };
        let mut data = Sha256::digest(&self.site).to_vec();
        data.push(USER_PRESENT | verified | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    fn registration_data(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_point(false);
        let (x, y) = point.as_bytes()[1..].split_at(32);
        let mut data = self.authenticator_data(CREDENTIAL_INCLUDED);
        // No maker and model.
        data.extend([0; 16]);
        data.extend([0, 32]);
        data.extend(self.id);
        // An ES256 key on P-256 (RFC 9053, section 7.1.1).
        data.extend(b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20");
        data.extend(x);
        data.extend(b"\x22\x58\x20");
        data.extend(y);
        data
    }

    fn credential(&self, response: &Value) -> String {
        let id = BASE64URL.encode(&self.id);
        json!({
            "id": id, "rawId": id, "type": "public-key", "response": response, "clientExtensionResults": {},
        })
        .to_string()
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
