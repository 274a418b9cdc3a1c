//! TLS: certificates as home-made CAs issue them. What OpenSSL and Node take under a CA of one's own is taken here.

use mqttscript::mqtt::options::Options;
use rcgen::{BasicConstraints, CertificateParams, DnType, GeneralSubtree, IsCa, NameConstraints, date_time_ymd};
use rustls::version::{TLS12, TLS13};

use crate::assert_code;
use crate::certificates::{Authority, Identity, as_version_one, params, tls_options};
use crate::tls::{assert_opens, dial};

/// Names its host in the common name alone.
fn common_name(name: &str) -> CertificateParams {
    let mut params = params(&[]);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn version_one(authority: &Authority, params: &CertificateParams) -> Identity {
    let mut identity = authority.issue(params);
    identity.chain = vec![as_version_one(&identity.chain[0], authority.key())];
    identity
}

fn trusting(identity: &Identity) -> Options {
    tls_options(|tls| tls.ca = vec![identity.pem.clone().into()])
}

#[tokio::test]
async fn self_signed_needs_to_be_passed_as_ca() {
    // As `openssl req -x509` makes them: marked as CA.
    let mut marked = params(&["localhost"]);
    marked.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    for params in [params(&["localhost"]), marked] {
        let identity = Identity::self_signed(&params);

        let error = dial(&Authority::new("Lab CA").trusted(), "localhost", identity.server()).await;
        assert_code(&error, "DEPTH_ZERO_SELF_SIGNED_CERT");
        assert_eq!(error.message, "self-signed certificate");
        assert_eq!(error.cause.as_deref(), Some("the certificate of `localhost` is self-signed and not in `ca`"));

        let options = trusting(&identity);
        assert_opens(&options, "localhost", identity.server()).await;
        // The name still counts.
        let error = dial(&options, "127.0.0.1", identity.server()).await;
        assert_code(&error, "ERR_TLS_CERT_ALTNAME_INVALID");
    }
}

#[tokio::test]
async fn the_common_name_counts_where_there_is_no_other() {
    let authority = Authority::new("Lab CA");
    assert_opens(&authority.trusted(), "localhost", authority.issue(&common_name("LocalHost")).server()).await;

    let error = dial(&authority.trusted(), "localhost", authority.issue(&common_name("pi2.home")).server()).await;
    assert_code(&error, "ERR_TLS_CERT_ALTNAME_INVALID");
    assert_eq!(
        error.message,
        "Hostname/IP does not match certificate's altnames: Host: localhost. is not cert's CN: pi2.home"
    );
    assert_eq!(
        error.cause.as_deref(),
        Some("the certificate is for `pi2.home`, not for `localhost`; it has no subjectAltName")
    );
    assert_eq!(error.help.as_deref(), Some("make it anew with the extension `subjectAltName=DNS:localhost`"));

    let mut other_names = common_name("localhost");
    other_names.subject_alt_names = params(&["pi2.home"]).subject_alt_names;
    let error = dial(&authority.trusted(), "localhost", authority.issue(&other_names).server()).await;
    assert_code(&error, "ERR_TLS_CERT_ALTNAME_INVALID");

    let error = dial(&authority.trusted(), "127.0.0.1", authority.issue(&common_name("127.0.0.1")).server()).await;
    assert_code(&error, "ERR_TLS_CERT_ALTNAME_INVALID");
}

#[tokio::test]
async fn version_one_of_a_passed_authority() {
    let authority = Authority::new("Lab CA");
    let identity = version_one(&authority, &common_name("localhost"));
    for version in [&TLS12, &TLS13] {
        assert_opens(&authority.trusted(), "localhost", identity.server().version(version)).await;
    }
}

#[tokio::test]
async fn version_one_that_is_not_in_order() {
    let authority = Authority::new("Lab CA");
    let mut expired = common_name("localhost");
    expired.not_after = date_time_ymd(2020, 1, 2);
    let impostor = Authority::new("Lab CA");
    // Only a CA may issue, even if it is passed in `ca`.
    let leaf = authority.issue(&common_name("leaf"));
    let mut by_leaf = leaf.issue(&common_name("leaf"), &common_name("localhost"));
    by_leaf.chain = vec![as_version_one(&by_leaf.chain[0], &leaf.key)];

    for (identity, options, code) in [
        (version_one(&authority, &common_name("pi2.home")), authority.trusted(), "ERR_TLS_CERT_ALTNAME_INVALID"),
        (version_one(&authority, &expired), authority.trusted(), "CERT_HAS_EXPIRED"),
        (
            version_one(&Authority::new("Other CA"), &common_name("localhost")),
            authority.trusted(),
            "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
        ),
        (version_one(&impostor, &common_name("localhost")), authority.trusted(), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
        (by_leaf, trusting(&leaf), "UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    ] {
        assert_code(&dial(&options, "localhost", identity.server()).await, code);
    }
}

#[tokio::test]
async fn the_common_name_does_not_evade_name_constraints() {
    let mut constrained = CertificateParams::default();
    constrained.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    constrained.name_constraints = Some(NameConstraints {
        permitted_subtrees: vec![GeneralSubtree::DnsName("home".into())],
        excluded_subtrees: Vec::new(),
    });
    let authority = Authority::with("Lab CA", constrained);
    let error = dial(&authority.trusted(), "localhost", authority.issue(&common_name("localhost")).server()).await;
    assert_code(&error, "ERR_TLS_CERT_ALTNAME_INVALID");
}

#[tokio::test]
async fn expired_all_the_same() {
    let mut params = params(&["localhost"]);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.not_after = date_time_ymd(2020, 1, 2);
    let identity = Identity::self_signed(&params);
    assert_code(&dial(&trusting(&identity), "localhost", identity.server()).await, "CERT_HAS_EXPIRED");
}
