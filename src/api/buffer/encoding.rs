//! Text encodings by their names in Node.

use base64::Engine as _;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD, URL_SAFE_NO_PAD};

/// How bytes and text become each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `utf8`, `utf-8`.
    Utf8,
    /// `hex`.
    Hex,
    /// `base64`.
    Base64,
    /// `base64url`.
    Base64Url,
    /// `latin1`, `binary`.
    Latin1,
    /// `ascii`: seven bits when decoding.
    Ascii,
    /// `utf16le`, `ucs2`.
    Utf16Le,
}

/// Takes what Node takes: stray low bits and missing padding are no error.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

impl Encoding {
    /// The encoding with this name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "utf8" | "utf-8" => Self::Utf8,
            "hex" => Self::Hex,
            "base64" => Self::Base64,
            "base64url" => Self::Base64Url,
            "latin1" | "binary" => Self::Latin1,
            "ascii" => Self::Ascii,
            "utf16le" | "utf-16le" | "ucs2" | "ucs-2" => Self::Utf16Le,
            _ => return None,
        })
    }

    /// The bytes that `text` stands for. What an encoding does not know is skipped or ends it, as in Node.
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Hex => {
                let digits: Vec<u8> = text.chars().map_while(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
                digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect()
            }
            Self::Base64 | Self::Base64Url => decode_base64(text),
            Self::Latin1 | Self::Ascii => text.encode_utf16().map(|unit| unit as u8).collect(),
            Self::Utf16Le => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        }
    }

    /// `bytes` as text.
    pub fn decode(self, bytes: &[u8]) -> String {
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Hex => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
                bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
            }
            Self::Base64 => STANDARD.encode(bytes),
            Self::Base64Url => URL_SAFE_NO_PAD.encode(bytes),
            Self::Latin1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            Self::Ascii => bytes.iter().map(|byte| char::from(byte & 0x7f)).collect(),
            Self::Utf16Le => {
                let units = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
                char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
        }
    }
}

/// Node reads both alphabets, skips what is in neither, and stops at padding.
fn decode_base64(text: &str) -> Vec<u8> {
    let mut clean: Vec<u8> = text
        .bytes()
        .take_while(|byte| *byte != b'=')
        .filter_map(|byte| match byte {
            b'-' => Some(b'+'),
            b'_' => Some(b'/'),
            b'+' | b'/' => Some(byte),
            _ if byte.is_ascii_alphanumeric() => Some(byte),
            _ => None,
        })
        .collect();
    // One left-over digit holds six bits, no byte.
    if clean.len() % 4 == 1 {
        clean.pop();
    }
    LENIENT.decode(clean).unwrap_or_default()
}
