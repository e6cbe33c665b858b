//! Regular expressions over bytes, without regard to case: `regex` where size does not matter, `regex-lite` in the
//! browser.

/// A compiled regular expression.
#[derive(Debug)]
pub(crate) struct Pattern {
    #[cfg(not(target_family = "wasm"))]
    regex: regex::bytes::Regex,
    #[cfg(target_family = "wasm")]
    regex: regex_lite::Regex,
}

#[cfg(not(target_family = "wasm"))]
impl Pattern {
    /// Compiles it, or says what is wrong with it.
    pub(crate) fn new(pattern: &[u8]) -> Result<Pattern, String> {
        let pattern = readable(pattern, |byte| format!("\\x{byte:02x}"));
        let built = regex::bytes::RegexBuilder::new(&pattern).case_insensitive(true).unicode(false).build();
        built.map(|regex| Pattern { regex }).map_err(|error| last_line(&error.to_string()))
    }
    /// Whether it matches somewhere.
    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        self.regex.is_match(bytes)
    }
}

/// This engine knows text only, so every byte becomes the character of its number, in the pattern and in what is
/// searched.
#[cfg(target_family = "wasm")]
impl Pattern {
    /// Compiles it, or says what is wrong with it.
    pub(crate) fn new(pattern: &[u8]) -> Result<Pattern, String> {
        let pattern: String = pattern.iter().map(|byte| char::from(*byte)).collect();
        let built = regex_lite::RegexBuilder::new(&pattern).case_insensitive(true).build();
        built.map(|regex| Pattern { regex }).map_err(|error| last_line(&error.to_string()))
    }
    /// Whether it matches somewhere.
    pub(crate) fn matches(&self, bytes: &[u8]) -> bool {
        match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => self.regex.is_match(text),
            _ => self.regex.is_match(&bytes.iter().map(|byte| char::from(*byte)).collect::<String>()),
        }
    }
}

/// The pattern as text, with an escape for each byte that is none.
#[cfg(not(target_family = "wasm"))]
fn readable(pattern: &[u8], escape: impl Fn(u8) -> String) -> String {
    let mut text = String::new();
    for chunk in pattern.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|byte| text.push_str(&escape(*byte)));
    }
    text
}

/// What is wrong, without the drawing around it.
fn last_line(error: &str) -> String {
    let line = error.lines().last().unwrap_or(error).trim();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
