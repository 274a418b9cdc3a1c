//! `minVersion`, `maxVersion` and `ciphers`: which TLS versions and cipher suites are offered.

use rustls::SupportedProtocolVersion;
use rustls::crypto::CryptoProvider;
use rustls::version::{TLS12, TLS13};

use crate::mqtt::error::Error;
use crate::mqtt::options::{TlsOptions, TlsVersion};

/// OpenSSL's names of the suites there are, and their numbers (IANA).
const SUITES: [(&str, u16); 9] = [
    ("TLS_AES_256_GCM_SHA384", 0x1302),
    ("TLS_AES_128_GCM_SHA256", 0x1301),
    ("TLS_CHACHA20_POLY1305_SHA256", 0x1303),
    ("ECDHE-ECDSA-AES256-GCM-SHA384", 0xc02c),
    ("ECDHE-ECDSA-AES128-GCM-SHA256", 0xc02b),
    ("ECDHE-ECDSA-CHACHA20-POLY1305", 0xcca9),
    ("ECDHE-RSA-AES256-GCM-SHA384", 0xc030),
    ("ECDHE-RSA-AES128-GCM-SHA256", 0xc02f),
    ("ECDHE-RSA-CHACHA20-POLY1305", 0xcca8),
];

/// Words of OpenSSL's list language that mean all of the above here, as none of them is weak.
const ALL: [&str; 4] = ["DEFAULT", "HIGH", "ALL", "SECURE"];

/// Leaves only the suites that `ciphers` names, in its order.
///
/// # Errors
/// A suite that there is none of here, or none is left.
pub(super) fn choose(provider: &mut CryptoProvider, options: &TlsOptions) -> Result<(), Error> {
    let Some(list) = options.ciphers.as_deref() else { return Ok(()) };
    let mut wanted: Vec<u16> = Vec::new();
    for word in list.split([':', ',', ' ']).filter(|word| !word.is_empty() && !word.starts_with('@')) {
        if let Some(removed) = word.strip_prefix(['!', '-']) {
            // What is not there (`!aNULL`, `!MD5`) need not be removed.
            wanted.retain(|number| number_of(removed) != Some(*number));
        } else if ALL.contains(&word) {
            let rest: Vec<u16> = SUITES.iter().map(|(_, number)| *number).filter(|n| !wanted.contains(n)).collect();
            wanted.extend(rest);
        } else {
            let number = number_of(word).ok_or_else(|| unknown(word))?;
            wanted.retain(|earlier| *earlier != number);
            wanted.push(number);
        }
    }
    if wanted.is_empty() {
        return Err(Error::new("option `ciphers` leaves no cipher suite").with_help(known()));
    }
    let place = |number: u16| wanted.iter().position(|wanted| *wanted == number);
    provider.cipher_suites.retain(|suite| place(suite.suite().into()).is_some());
    provider.cipher_suites.sort_by_key(|suite| place(suite.suite().into()));
    Ok(())
}

fn number_of(name: &str) -> Option<u16> {
    SUITES.iter().find(|(known, _)| *known == name).map(|(_, number)| *number)
}

fn unknown(name: &str) -> Error {
    Error::new(format!("option `ciphers`: there is no cipher suite `{name}` here")).with_help(known())
}

fn known() -> String {
    let names: Vec<&str> = SUITES.iter().map(|(name, _)| *name).collect();
    format!("leave `ciphers` out, or name some of {}", names.join(", "))
}

/// The versions between `minVersion` and `maxVersion` that the suites are good for.
///
/// # Errors
/// None is left.
pub(super) fn versions(
    provider: &CryptoProvider,
    options: &TlsOptions,
) -> Result<Vec<&'static SupportedProtocolVersion>, Error> {
    let least = options.min_version.unwrap_or(TlsVersion::V12);
    let most = options.max_version.unwrap_or(TlsVersion::V13);
    let offered: Vec<_> = [(TlsVersion::V12, &TLS12), (TlsVersion::V13, &TLS13)]
        .into_iter()
        .filter(|(version, _)| (least..=most).contains(version))
        .map(|(_, version)| version)
        .filter(|version| provider.cipher_suites.iter().any(|suite| suite.version() == *version))
        .collect();
    if !offered.is_empty() {
        return Ok(offered);
    }
    if least > most {
        return Err(Error::new("option `minVersion` is newer than `maxVersion`")
            .with_help("leave both out: TLS 1.2 and 1.3 are offered"));
    }
    Err(Error::new("no suite of `ciphers` is one of the TLS versions that `minVersion` and `maxVersion` allow")
        .with_help("those of TLS 1.3 start with `TLS_`, the others are of TLS 1.2"))
}

#[cfg(test)]
mod tests {
    use rustls::crypto::ring;

    use super::*;

    fn chosen(ciphers: &str) -> Result<Vec<u16>, Error> {
        let mut provider = ring::default_provider();
        let options = TlsOptions { ciphers: Some(ciphers.into()), ..TlsOptions::default() };
        choose(&mut provider, &options)?;
        Ok(provider.cipher_suites.iter().map(|suite| suite.suite().into()).collect())
    }

    #[test]
    fn suites_come_in_the_order_wanted() {
        assert_eq!(chosen("ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256").expect("both exist"), [0xc02f, 0x1301]);
        assert_eq!(chosen("HIGH:!aNULL:@STRENGTH").expect("all").len(), SUITES.len());
        assert_eq!(chosen("HIGH:!TLS_AES_128_GCM_SHA256").expect("all but one").len(), SUITES.len() - 1);
    }

    #[test]
    fn all_names_are_suites_of_the_provider() {
        for (name, number) in SUITES {
            assert_eq!(chosen(name).expect("it exists"), [number], "{name}");
        }
        assert_eq!(ring::default_provider().cipher_suites.len(), SUITES.len());
    }

    #[test]
    fn unknown_suites_and_empty_choices_are_refused() {
        assert_eq!(chosen("RC4-SHA").unwrap_err().message, "option `ciphers`: there is no cipher suite `RC4-SHA` here");
        assert_eq!(chosen("!aNULL").unwrap_err().message, "option `ciphers` leaves no cipher suite");
    }

    #[test]
    fn versions_follow_the_bounds_and_the_suites() {
        let provider = ring::default_provider();
        let count = |min_version, max_version| {
            let options = TlsOptions { min_version, max_version, ..TlsOptions::default() };
            versions(&provider, &options).map(|versions| versions.len())
        };
        assert_eq!(count(None, None), Ok(2));
        assert_eq!(count(Some(TlsVersion::V13), None), Ok(1));
        assert_eq!(count(None, Some(TlsVersion::V12)), Ok(1));
        assert!(count(Some(TlsVersion::V13), Some(TlsVersion::V12)).is_err());
    }
}
