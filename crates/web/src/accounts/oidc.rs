//! OpenID Connect: the authorization code flow with PKCE, a state and a nonce.

use super::provider::{Begun, Known, Later, Provider};
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreAuthenticationFlow, CoreErrorResponseType,
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
    CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, Client, ClientId, ClientSecret,
    CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IdTokenClaims, IdTokenFields, IssuerUrl, Nonce, OAuth2TokenResponse,
    PkceCodeChallenge, PkceCodeVerifier, ProviderMetadataWithLogout, RedirectUrl, Scope,
    StandardErrorResponse, StandardTokenResponse, TokenResponse,
};
use rules::name::StaffId;
use rules::role::Role;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use thiserror::Error;

/// How a provider is reached and what its claims mean.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the button says: sign on with ...
    pub name: String,
    /// The issuer's address, as its own discovery document has it.
    pub issuer: String,
    /// The name under which Callbox is registered there.
    pub client_id: String,
    /// The file that holds the secret; none for a public client.
    pub client_secret_file: Option<std::path::PathBuf>,
    /// Where browsers reach Callbox, such as `https://callbox.force.example`. Registered there
    /// with `/sign-on/return` after it.
    pub callbox: String,
    /// The claim that holds the collar number or user name.
    #[serde(default = "staff_claim")]
    pub staff_claim: String,
    /// The claim that lists groups.
    #[serde(default = "groups_claim")]
    pub groups_claim: String,
    /// What is asked for beside `openid`.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The role that each group gives.
    pub roles: BTreeMap<String, Role>,
}

fn staff_claim() -> String {
    "preferred_username".to_owned()
}

fn groups_claim() -> String {
    "groups".to_owned()
}

fn scopes() -> Vec<String> {
    vec!["profile".to_owned()]
}

/// Why a provider cannot be used.
#[derive(Debug, Error)]
pub enum OidcFault {
    /// The secret's file.
    #[error("the secret {} cannot be read: see whether it is there and readable", path.display())]
    Secret {
        /// Which.
        path: std::path::PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// An address.
    #[error("'{0}' is no address that a provider can have: write it as https://...")]
    Address(String),
    /// No HTTP client.
    #[error("no HTTP client can be made: see whether the system's certificates can be read")]
    Client(#[source] reqwest::Error),
}

/// The claims beside the standard ones.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Others {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Others {}

type Fields = IdTokenFields<
    Others,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Ours = Client<
    Others,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    StandardTokenResponse<Fields, CoreTokenType>,
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
type Claims = IdTokenClaims<Others, CoreGenderClaim>;

/// A provider reached by OpenID Connect.
pub struct Oidc {
    settings: Settings,
    issuer: IssuerUrl,
    back: RedirectUrl,
    secret: Option<ClientSecret>,
    http: reqwest::Client,
    /// What the provider says of itself, and when it said so.
    metadata: Mutex<Option<(ProviderMetadataWithLogout, Instant)>>,
}

/// What a provider says of itself is asked for again after so long: its keys change.
const METADATA_HOLDS: Duration = Duration::from_secs(300);
/// The longest that a provider may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);
/// The longest answer, in bytes.
const ANSWER_MAX: usize = 1 << 20;
/// Signatures that only the provider can have made. A shared secret is none of them.
const SIGNED: [CoreJwsSigningAlgorithm; 5] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl Oidc {
    /// A provider. It is not asked for anything yet.
    ///
    /// # Errors
    /// A secret that cannot be read, or an address that is none.
    pub fn new(settings: Settings) -> Result<Oidc, OidcFault> {
        let secret = match &settings.client_secret_file {
            None => None,
            Some(path) => Some(
                std::fs::read_to_string(path)
                    .map_err(|source| OidcFault::Secret { path: path.clone(), source })?,
            ),
        };
        let address = |text: &str| OidcFault::Address(text.to_owned());
        if !(is_safe(&settings.issuer) && is_safe(&settings.callbox)) {
            return Err(address(&settings.issuer));
        }
        let issuer =
            IssuerUrl::new(settings.issuer.clone()).map_err(|_| address(&settings.issuer))?;
        let back = format!("{}/sign-on/return", settings.callbox.trim_end_matches('/'));
        let back = RedirectUrl::new(back).map_err(|_| address(&settings.callbox))?;
        // Another part of the program may have chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(ANSWER_WITHIN)
            .build()
            .map_err(OidcFault::Client)?;
        let secret = secret.map(|text| ClientSecret::new(text.trim().to_owned()));
        Ok(Oidc { settings, issuer, back, secret, http, metadata: Mutex::new(None) })
    }

    async fn metadata(&self) -> Result<ProviderMetadataWithLogout, String> {
        let held = self.metadata.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((metadata, at)) = held
            && at.elapsed() < METADATA_HOLDS
        {
            return Ok(metadata);
        }
        let http = |request| send(self.http.clone(), request);
        let found = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &http)
            .await
            .map_err(|e| words(&e))?;
        *self.metadata.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((found.clone(), Instant::now()));
        Ok(found)
    }

    fn client(&self, metadata: ProviderMetadataWithLogout) -> Ours {
        let id = ClientId::new(self.settings.client_id.clone());
        Ours::from_provider_metadata(metadata, id, self.secret.clone())
            .set_redirect_uri(self.back.clone())
    }

    async fn start(&self) -> Result<Begun, String> {
        let client = self.client(self.metadata().await?);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = self.settings.scopes.iter().cloned().map(Scope::new);
        let (to, state, nonce) = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(scopes)
            .set_pkce_challenge(challenge)
            .url();
        Ok(Begun {
            to: to.into(),
            state: state.into_secret(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        })
    }

    async fn redeem(&self, begun: Begun, code: String) -> Result<Known, String> {
        let metadata = self.metadata().await?;
        let end = metadata.additional_metadata().end_session_endpoint.clone();
        let client = self.client(metadata);
        let http = |request| send(self.http.clone(), request);
        let answer = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|e| words(&e))?
            .set_pkce_verifier(PkceCodeVerifier::new(begun.verifier))
            .request_async(&http)
            .await
            .map_err(|e| words(&e))?;
        let token = answer.id_token().ok_or("no identity came with the code")?;
        let verifier = client.id_token_verifier().set_allowed_algs(SIGNED);
        let claims = token.claims(&verifier, &Nonce::new(begun.nonce)).map_err(|e| words(&e))?;
        if let Some(expected) = claims.access_token_hash() {
            let (alg, key) = (
                token.signing_alg().map_err(|e| words(&e))?,
                token.signing_key(&verifier).map_err(|e| words(&e))?,
            );
            let actual = AccessTokenHash::from_token(answer.access_token(), alg, key)
                .map_err(|e| words(&e))?;
            if actual != *expected {
                return Err("the access token belongs to another identity".to_owned());
            }
        }
        let sign_off = end.map(|end| self.sign_off(&end.to_string()));
        self.known(claims, sign_off)
    }

    /// Who it is, by the claims that the settings name.
    fn known(&self, claims: &Claims, sign_off: Option<String>) -> Result<Known, String> {
        let others = &claims.additional_claims().all;
        let claim = self.settings.staff_claim.as_str();
        let staff = match claim {
            "sub" => Some(claims.subject().as_str()),
            "preferred_username" => claims.preferred_username().map(|name| name.as_str()),
            other => others.get(other).and_then(Value::as_str),
        };
        let staff = staff.ok_or_else(|| format!("the identity has no claim '{claim}'"))?;
        let staff = StaffId::parse(staff)?;
        let name = claims
            .name()
            .and_then(|name| name.get(None))
            .map_or_else(|| staff.to_string(), |name| name.as_str().to_owned());
        let groups = others.get(&self.settings.groups_claim).and_then(Value::as_array);
        let groups = groups.into_iter().flatten().filter_map(Value::as_str);
        let mut roles: Vec<Role> =
            groups.filter_map(|group| self.settings.roles.get(group).copied()).collect();
        roles.sort_unstable();
        roles.dedup();
        roles.retain(|role| *role != Role::System);
        Ok(Known { staff, name, roles, sign_off })
    }

    fn sign_off(&self, end: &str) -> String {
        let back = format!("{}/sign-on", self.settings.callbox.trim_end_matches('/'));
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", &back)
            .finish();
        let join = if end.contains('?') { '&' } else { '?' };
        format!("{end}{join}{query}")
    }
}

impl Provider for Oidc {
    fn name(&self) -> &str {
        &self.settings.name
    }

    fn begin(&self) -> Later<'_, Begun> {
        Box::pin(self.start())
    }

    fn finish(&self, begun: Begun, code: String) -> Later<'_, Known> {
        Box::pin(self.redeem(begun, code))
    }
}

/// HTTPS, or this very machine, where nobody listens in between.
fn is_safe(address: &str) -> bool {
    let host = |rest: &str| rest.split(['/', ':', '?']).next().unwrap_or("").to_owned();
    match address.split_once("://") {
        Some(("https", rest)) => !host(rest).is_empty(),
        Some(("http", rest)) => matches!(host(rest).as_str(), "localhost" | "127.0.0.1"),
        _ => false,
    }
}

/// Why an answer did not come.
#[derive(Debug, Error)]
enum NoAnswer {
    #[error("the provider could not be reached")]
    Http(#[from] reqwest::Error),
    #[error("the provider's answer cannot be read")]
    Form(#[from] http::Error),
    #[error("the provider's answer is too long")]
    TooLong,
}

async fn send(client: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, NoAnswer> {
    let mut answer = client.execute(request.try_into()?).await?;
    let mut whole = http::Response::builder().status(answer.status());
    if let Some(headers) = whole.headers_mut() {
        headers.clone_from(answer.headers());
    }
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await? {
        if body.len() + piece.len() > ANSWER_MAX {
            return Err(NoAnswer::TooLong);
        }
        body.extend_from_slice(&piece);
    }
    Ok(whole.body(body)?)
}

/// A fault with everything behind it, for the traces.
fn words(fault: &dyn std::error::Error) -> String {
    let mut out = fault.to_string();
    let mut cause = fault.source();
    while let Some(behind) = cause {
        out = format!("{out}: {behind}");
        cause = behind.source();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_is_reached_by_https_or_on_this_machine() {
        for good in ["https://id.force.example/t", "http://127.0.0.1:9/x", "http://localhost:1"] {
            assert!(is_safe(good), "{good}");
        }
        for bad in
            ["http://id.force.example", "ftp://x", "https://", "http://localhost.evil.example", ""]
        {
            assert!(!is_safe(bad), "{bad}");
        }
    }
}
