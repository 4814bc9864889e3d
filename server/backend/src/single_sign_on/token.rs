//! What a provider says about a returning person: fetched with the code they bring, and checked.

use chrono::{DateTime, TimeDelta, Utc};
use domain::factors::STEP_UP_LASTS;
use domain::single_sign_on::{CLOCKS_DIFFER, Claims, ProviderKind};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AuthType, AuthorizationCode, ClaimsVerificationError, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, IdToken, IdTokenClaims,
    IdTokenFields, IdTokenVerifier, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, Scope, SignatureVerificationError, StandardErrorResponse,
    StandardTokenResponse, SubjectIdentifier, TokenResponse as _, UserInfoClaims, UserInfoError,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::issuers::{Issuers, Metadata};
use super::providers::Provider;
use crate::{Backend, Error, Result};

/// The algorithms allowed for a token: those whose verification key is not the signing key. This excludes
/// `none` and shared secrets, for which a public key could be misused (RFC 8725, section 3.1).
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// The greatest age of a token that was just fetched.
const OLDEST: TimeDelta = TimeDelta::minutes(10);

/// Why a token from another time is refused.
const ANOTHER_TIME: &str = "issued at another time";

/// Claims that OpenID Connect does not define.
#[derive(Debug, Serialize, Deserialize)]
struct ExtraClaims {
    hd: Option<String>,
    xms_edov: Option<Value>,
    tid: Option<String>,
    oid: Option<String>,
}

impl AdditionalClaims for ExtraClaims {}

type Fields = IdTokenFields<
    ExtraClaims,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Token =
    IdToken<ExtraClaims, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;
type TokenResponse = StandardTokenResponse<Fields, CoreTokenType>;
type Party = Client<
    ExtraClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A person confirmed by a provider.
#[derive(Debug, Clone)]
pub(super) struct ConfirmedPerson {
    /// Their identifier at the provider, which never changes and is never reused there.
    pub(super) subject: String,
    /// The provider's claims about them.
    pub(super) claims: Claims,
}

/// Why nobody is confirmed; the word is for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotConfirmed {
    /// The provider does not answer.
    Unreachable,
    /// The provider's clock and ours differ by more than is tolerated.
    Clock,
    /// The response is invalid.
    Wrong(&'static str),
}

/// The secrets of one visit, derived from what the browser keeps of it.
pub(super) struct VisitSecrets {
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

impl VisitSecrets {
    pub(super) fn of(backend: &Backend, browser: &str) -> Self {
        Self {
            nonce: Nonce::new(backend.keys.of_provider_visit("nonce", browser)),
            verifier: PkceCodeVerifier::new(backend.keys.of_provider_visit("code verifier", browser)),
        }
    }
}

/// Greencap as a client of the provider.
fn party(backend: &Backend, provider: &Provider, metadata: &Metadata) -> Result<Party> {
    let secret = ClientSecret::new(provider.client_secret.clone());
    let party = Client::from_provider_metadata(
        metadata.clone(),
        ClientId::new(provider.client_id.clone()),
        Some(secret),
    );
    let redirect = RedirectUrl::new(provider.redirect_uri(backend)).map_err(Error::unexpected)?;
    let methods = metadata.token_endpoint_auth_methods_supported();
    let posts = methods.is_some_and(|methods| !methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let how = if posts { AuthType::RequestBody } else { AuthType::BasicAuth };
    Ok(party.set_redirect_uri(redirect).set_auth_type(how))
}

/// The provider's URL to send a browser to. `step_up` also asks people who are signed in there for a proof
/// and, by limiting its age, for the time it was given (OpenID Connect Core 1.0, section 3.1.2.1).
pub(super) fn address(
    backend: &Backend,
    provider: &Provider,
    metadata: &Metadata,
    secrets: VisitSecrets,
    state: String,
    step_up: bool,
) -> Result<String> {
    let party = party(backend, provider, metadata)?;
    let mut request = party
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, || CsrfToken::new(state), || secrets.nonce)
        .add_scopes(["email", "profile"].map(|scope| Scope::new(scope.to_owned())))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&secrets.verifier));
    if step_up {
        request =
            request.add_prompt(CoreAuthPrompt::Login).set_max_age(STEP_UP_LASTS.to_std().unwrap_or_default());
    }
    Ok(request.url().0.to_string())
}

/// Fetches the token for a code, and checks it.
pub(super) async fn redeem(
    backend: &Backend,
    provider: &Provider,
    metadata: &Metadata,
    secrets: VisitSecrets,
    code: String,
) -> Result<std::result::Result<ConfirmedPerson, NotConfirmed>> {
    let party = party(backend, provider, metadata)?;
    let request = party.exchange_code(AuthorizationCode::new(code)).map_err(Error::unexpected)?;
    let asking = Issuers::asking(backend);
    let answer = match request.set_pkce_verifier(secrets.verifier).request_async(&asking).await {
        Ok(answer) => answer,
        Err(RequestTokenError::Request(_)) => return Ok(Err(NotConfirmed::Unreachable)),
        Err(RequestTokenError::ServerResponse(_)) => return Ok(Err(NotConfirmed::Wrong("code refused"))),
        Err(_) => return Ok(Err(NotConfirmed::Wrong("no token in the response"))),
    };
    let Some(token) = answer.id_token() else { return Ok(Err(NotConfirmed::Wrong("no identity token"))) };
    let now = backend.now();
    let checked = match check(provider, metadata, token, &secrets.nonce, now) {
        // It may be signed with a key newer than the cached ones.
        Err("unknown key") => match Issuers::again(backend, &provider.issuer).await {
            Ok(metadata) => check(provider, &metadata, token, &secrets.nonce, now),
            Err(_) => return Ok(Err(NotConfirmed::Unreachable)),
        },
        checked => checked,
    };
    match checked {
        Ok(confirmed) => with_address(backend, provider, &party, &answer, confirmed).await,
        Err(ANOTHER_TIME) => Ok(Err(NotConfirmed::Clock)),
        Err(reason) => Ok(Err(NotConfirmed::Wrong(reason))),
    }
}

/// Requests the address separately if the token does not contain it, as in OpenID Connect Core 1.0, section
/// 5.4. Not from Microsoft, whose answer there cannot be trusted, and Google's tokens contain it.
async fn with_address(
    backend: &Backend,
    provider: &Provider,
    party: &Party,
    answer: &TokenResponse,
    mut confirmed: ConfirmedPerson,
) -> Result<std::result::Result<ConfirmedPerson, NotConfirmed>> {
    if provider.kind != ProviderKind::Other || confirmed.claims.email.is_some() {
        return Ok(Ok(confirmed));
    }
    let subject = SubjectIdentifier::new(confirmed.subject.clone());
    let Ok(request) = party.user_info(answer.access_token().clone(), Some(subject)) else {
        return Ok(Ok(confirmed));
    };
    let asking = Issuers::asking(backend);
    let told: UserInfoClaims<ExtraClaims, CoreGenderClaim> = match request.request_async(&asking).await {
        Ok(told) => told,
        Err(UserInfoError::Request(_)) => return Ok(Err(NotConfirmed::Unreachable)),
        Err(_) => return Ok(Err(NotConfirmed::Wrong("no user info"))),
    };
    confirmed.claims.email =
        told.email().map(|email| email.as_str().to_owned()).filter(|email| !email.contains(char::is_control));
    confirmed.claims.email_verified = told.email_verified() == Some(true);
    Ok(Ok(confirmed))
}

/// Checks a token (OpenID Connect Core 1.0, section 3.1.3.7); the error is a word for the log.
fn check(
    provider: &Provider,
    metadata: &Metadata,
    token: &Token,
    nonce: &Nonce,
    now: DateTime<Utc>,
) -> std::result::Result<ConfirmedPerson, &'static str> {
    let client = ClientId::new(provider.client_id.clone());
    // Without our secret, so nothing signed with it is accepted.
    let verifier = IdTokenVerifier::new_public_client(
        client.clone(),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS)
    .set_time_fn(move || now - CLOCKS_DIFFER)
    .set_issue_time_verifier_fn(move |issued| {
        let timely = issued <= now + CLOCKS_DIFFER && issued >= now - OLDEST;
        if timely { Ok(()) } else { Err(ANOTHER_TIME.to_owned()) }
    });
    let claims = token.claims(&verifier, nonce).map_err(|error| match error {
        // We have just fetched it, so one that is out of date was issued by a clock that differs from ours.
        ClaimsVerificationError::Expired(_) => ANOTHER_TIME,
        ClaimsVerificationError::InvalidAudience(_) => "another audience",
        ClaimsVerificationError::InvalidIssuer(_) => "another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "another nonce",
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            "unknown key"
        }
        ClaimsVerificationError::SignatureVerification(_) => "wrong signature",
        _ => "unsupported token",
    })?;
    // If it names who it was issued to, that must be us (section 2).
    if claims.authorized_party().is_some_and(|party| *party != client) {
        return Err("another authorized party");
    }
    let subject = claims.subject().as_str().to_owned();
    if subject.is_empty() || subject.len() > 255 {
        return Err("no subject");
    }
    let claims = read(claims);
    let (directory, person) =
        claims.directory.as_ref().map(|(directory, person)| (directory, person)).unzip();
    let kept = [directory, person, claims.email.as_ref(), claims.preferred_username.as_ref()];
    // PostgreSQL cannot keep U+0000, and no provider writes control characters into an identifier.
    if kept.into_iter().flatten().chain([&subject]).any(|text| text.contains(char::is_control)) {
        return Err("control characters");
    }
    Ok(ConfirmedPerson { subject, claims })
}

fn read(claims: &IdTokenClaims<ExtraClaims, CoreGenderClaim>) -> Claims {
    let beside = claims.additional_claims();
    Claims {
        directory: beside.tid.clone().zip(beside.oid.clone()),
        email: claims.email().map(|email| email.as_str().to_owned()),
        email_verified: claims.email_verified() == Some(true),
        preferred_username: claims.preferred_username().map(|name| name.as_str().to_owned()),
        hosted_domain: beside.hd.clone(),
        // Microsoft writes it as a boolean, a number or text.
        domain_owner_verified: beside.xms_edov.as_ref().map(|known| {
            matches!(known, Value::Bool(true))
                || known.as_u64() == Some(1)
                || known.as_str().is_some_and(|text| text == "1" || text.eq_ignore_ascii_case("true"))
        }),
        methods: claims
            .auth_method_refs()
            .into_iter()
            .flatten()
            .map(|method| method.as_str().to_owned())
            .collect(),
        assurance: claims.auth_context_ref().map(|class| class.as_str().to_owned()),
        authenticated_at: claims.auth_time(),
    }
}
