//! Signing in with a passkey alone: the device has verified its owner, so that it is both factors at once (NIST SP
//! 800-63B-4, section 3.2.8).

use domain::access::factors::PasskeyAnswer;

use super::judge::{Owner, judge_alone};
use crate::access::beat::on_the_beat;
use crate::access::limits::{self, SOURCE};
use crate::access::pending::{Way, proceed};
use crate::access::sign_in::SignIn;
use crate::access::visitor::Visitor;
use crate::{Backend, Result};

/// Lets someone in whose passkey answered.
#[tracing::instrument(skip_all)]
pub async fn sign_in_with_passkey(
    backend: &Backend,
    visitor: &Visitor,
    answer: &PasskeyAnswer,
) -> Result<SignIn> {
    let refused = |end: &Result<SignIn>| matches!(end, Ok(SignIn::Refused));
    on_the_beat(enter(backend, visitor, answer), refused).await
}

async fn enter(backend: &Backend, visitor: &Visitor, answer: &PasskeyAnswer) -> Result<SignIn> {
    let since = backend.now();
    let Some(Owner { organisation, account, person }) = judge_alone(backend, answer).await? else {
        return Ok(SignIn::Refused);
    };
    limits::give_back(backend, &[SOURCE.from(backend, visitor.source)]).await?;
    let way = Way { second_factor_shown: true, ..Way::new(organisation, account, person, since) };
    proceed(backend, visitor, vec![way]).await
}
