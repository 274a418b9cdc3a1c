//! Texts of return codes (3.x) and reason codes (5), as MQTT.js's `ReasonCodes` has them.

/// The text of a CONNACK return code (1 to 5) or of a version 5 reason code; `None` for success and unknown codes.
pub const fn text(code: u8) -> Option<&'static str> {
    let text = match code {
        1 => "Unacceptable protocol version",
        2 => "Identifier rejected",
        3 => "Server unavailable",
        4 => "Bad username or password",
        5 => "Not authorized",
        16 => "No matching subscribers",
        17 => "No subscription existed",
        128 => "Unspecified error",
        129 => "Malformed Packet",
        130 => "Protocol Error",
        131 => "Implementation specific error",
        132 => "Unsupported Protocol Version",
        133 => "Client Identifier not valid",
        134 => "Bad User Name or Password",
        135 => "Not authorized",
        136 => "Server unavailable",
        137 => "Server busy",
        138 => "Banned",
        139 => "Server shutting down",
        140 => "Bad authentication method",
        141 => "Keep Alive timeout",
        142 => "Session taken over",
        143 => "Topic Filter invalid",
        144 => "Topic Name invalid",
        145 => "Packet identifier in use",
        146 => "Packet Identifier not found",
        147 => "Receive Maximum exceeded",
        148 => "Topic Alias invalid",
        149 => "Packet too large",
        150 => "Message rate too high",
        151 => "Quota exceeded",
        152 => "Administrative action",
        153 => "Payload format invalid",
        154 => "Retain not supported",
        155 => "QoS not supported",
        156 => "Use another server",
        157 => "Server moved",
        158 => "Shared Subscriptions not supported",
        159 => "Connection rate exceeded",
        160 => "Maximum connect time",
        161 => "Subscription Identifiers not supported",
        162 => "Wildcard Subscriptions not supported",
        _ => return None,
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn codes_of_both_generations_have_texts() {
        assert_eq!(text(5), Some("Not authorized"));
        assert_eq!(text(135), Some("Not authorized"));
        assert_eq!(text(149), Some("Packet too large"));
        assert_eq!((128..=162).filter(|&code| text(code).is_none()).count(), 0);
    }

    #[test]
    fn success_and_unknown_codes_have_none() {
        for code in [0, 6, 15, 18, 24, 25, 127, 163, 255] {
            assert_eq!(text(code), None, "{code}");
        }
    }
}
