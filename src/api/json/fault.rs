//! What is wrong with a text that is not JSON, in the words of Node 20 (V8).
//!
//! Runs only after parsing failed. Positions count UTF-16 units, as JavaScript does.

/// Node's message for `text`, or `None` if this reading finds nothing wrong with it.
pub fn explain(text: &str) -> Option<String> {
    if text == "undefined" || text == "[object Object]" {
        return Some(format!("\"{text}\" is not valid JSON"));
    }
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut scan = Scan { units: &units, at: 0 };
    scan.document().err()
}

/// Nested deeper than this no reason is looked for; `parse` refuses it too.
const DEEPEST: usize = 128;

struct Scan<'a> {
    units: &'a [u16],
    at: usize,
}

type Checked = Result<(), String>;

impl Scan<'_> {
    fn document(&mut self) -> Checked {
        self.value(0)?;
        self.blank();
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.at_position("Unexpected non-whitespace character after JSON at position")),
        }
    }

    fn peek(&self) -> Option<char> {
        self.units.get(self.at).map(|unit| char::from_u32(u32::from(*unit)).unwrap_or('\u{fffd}'))
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn at_position(&self, text: &str) -> String {
        format!("{text} {}", self.at)
    }

    fn value(&mut self, depth: usize) -> Checked {
        if depth > DEEPEST {
            return Err(format!("JSON is nested deeper than {DEEPEST} levels"));
        }
        self.blank();
        match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"') => self.string(),
            Some('-' | '0'..='9') => self.number(),
            Some('t') => self.word("true"),
            Some('f') => self.word("false"),
            Some('n') => self.word("null"),
            _ => Err(self.unexpected()),
        }
    }

    fn object(&mut self, depth: usize) -> Checked {
        self.at += 1;
        self.blank();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(());
        }
        if self.peek() != Some('"') {
            return Err(self.at_position("Expected property name or '}' in JSON at position"));
        }
        let mut first = true;
        loop {
            self.string()?;
            self.blank();
            if self.peek() != Some(':') {
                // V8 says what it expected for the first property only.
                let expected = "Expected ':' after property name in JSON at position";
                return Err(if first { self.at_position(expected) } else { self.unexpected() });
            }
            first = false;
            self.at += 1;
            self.value(depth + 1)?;
            self.blank();
            match self.peek() {
                Some(',') => self.at += 1,
                Some('}') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.at_position("Expected ',' or '}' after property value in JSON at position")),
            }
            self.blank();
            if self.peek() != Some('"') {
                return Err(self.at_position("Expected double-quoted property name in JSON at position"));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Checked {
        self.at += 1;
        self.blank();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(());
        }
        loop {
            self.value(depth + 1)?;
            self.blank();
            match self.peek() {
                Some(',') => self.at += 1,
                Some(']') => {
                    self.at += 1;
                    return Ok(());
                }
                _ => return Err(self.at_position("Expected ',' or ']' after array element in JSON at position")),
            }
        }
    }

    fn string(&mut self) -> Checked {
        self.at += 1;
        loop {
            match self.peek() {
                None => return Err(self.at_position("Unterminated string in JSON at position")),
                Some('"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(control) if control < ' ' => {
                    return Err(self.at_position("Bad control character in string literal in JSON at position"));
                }
                Some('\\') => {
                    self.at += 1;
                    match self.peek() {
                        Some('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't') => self.at += 1,
                        Some('u') => {
                            self.at += 1;
                            for _ in 0..4 {
                                if !self.peek().is_some_and(|digit| digit.is_ascii_hexdigit()) {
                                    return Err(self.at_position("Bad Unicode escape in JSON at position"));
                                }
                                self.at += 1;
                            }
                        }
                        None => return Err(self.unexpected()),
                        Some('\u{100}'..) => return Err(self.unexpected()),
                        Some(_) => return Err(self.at_position("Bad escaped character in JSON at position")),
                    }
                }
                Some(_) => self.at += 1,
            }
        }
    }

    fn digits(&mut self) -> bool {
        let start = self.at;
        while matches!(self.peek(), Some('0'..='9')) {
            self.at += 1;
        }
        self.at > start
    }

    fn number(&mut self) -> Checked {
        if self.peek() == Some('-') {
            self.at += 1;
            if !matches!(self.peek(), Some('0'..='9')) {
                return Err(self.at_position("No number after minus sign in JSON at position"));
            }
        }
        if self.peek() == Some('0') {
            self.at += 1;
            if matches!(self.peek(), Some('0'..='9')) {
                return Err(self.at_position("Unexpected number in JSON at position"));
            }
        } else {
            self.digits();
        }
        if self.peek() == Some('.') {
            self.at += 1;
            if !self.digits() {
                return Err(self.at_position("Unterminated fractional number in JSON at position"));
            }
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            self.at += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.at += 1;
            }
            if !self.digits() {
                return Err(self.at_position("Exponent part is missing a number in JSON at position"));
            }
        }
        Ok(())
    }

    fn word(&mut self, word: &str) -> Checked {
        for expected in word.chars() {
            if self.peek() != Some(expected) {
                return Err(self.unexpected());
            }
            self.at += 1;
        }
        Ok(())
    }

    /// V8 quotes the whole text if it is short, else ten characters on either side.
    fn unexpected(&self) -> String {
        const AROUND: usize = 10;
        let Some(token) = self.units.get(self.at..) else { return "Unexpected end of JSON input".to_owned() };
        let Some(token) = char::decode_utf16(token.iter().copied()).next() else {
            return "Unexpected end of JSON input".to_owned();
        };
        let token = token.unwrap_or('\u{fffd}');
        match token {
            '-' | '0'..='9' => return self.at_position("Unexpected number in JSON at position"),
            '"' => return self.at_position("Unexpected string in JSON at position"),
            _ => {}
        }
        let length = self.units.len();
        let quoted = |from: usize, to: usize| String::from_utf16_lossy(&self.units[from..to]);
        let shown = if length <= 2 * AROUND {
            format!("\"{}\"", quoted(0, length))
        } else if self.at < AROUND {
            format!("\"{}\"...", quoted(0, self.at + AROUND))
        } else if self.at + AROUND >= length {
            format!("...\"{}\"", quoted(self.at - AROUND, length))
        } else {
            format!("...\"{}\"...", quoted(self.at - AROUND, self.at + AROUND))
        };
        format!("Unexpected token '{token}', {shown} is not valid JSON")
    }
}
