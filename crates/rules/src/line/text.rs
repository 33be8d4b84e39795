//! Words and where they stand. A colon ends the words that are looked at one by one: what follows
//! it is free text, whatever it looks like.

use std::ops::Range;

/// A word of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// Its text.
    pub text: &'t str,
    /// Where it stands, in bytes.
    pub at: Range<usize>,
}

impl Token<'_> {
    /// Whether it has a figure in it, as call signs and numbers do.
    pub fn has_digit(&self) -> bool {
        self.text.bytes().any(|b| b.is_ascii_digit())
    }
}

/// A line, read from left to right.
#[derive(Clone, Debug)]
pub(super) struct Line<'t> {
    /// The whole text.
    pub text: &'t str,
    at: usize,
}

impl<'t> Line<'t> {
    pub fn new(text: &'t str) -> Line<'t> {
        Line { text, at: 0 }
    }

    fn left(&self) -> Range<usize> {
        let left = &self.text[self.at..];
        let start = self.at + (left.len() - left.trim_start().len());
        start..start.max(self.at + left.trim_end().len())
    }

    /// The next word, if one is there before free text begins.
    pub fn peek(&self) -> Option<Token<'t>> {
        let left = self.left();
        let rest = &self.text[left.clone()];
        let end = rest.find(|c: char| c.is_whitespace() || c == ':').unwrap_or(rest.len());
        (end > 0).then(|| Token { text: &rest[..end], at: left.start..left.start + end })
    }

    /// The word that names the command. Signs need no blank after them.
    pub fn peek_command(&self) -> Option<Token<'t>> {
        let token = self.peek()?;
        match token.text.chars().next() {
            Some('?' | '!' | '#') => {
                Some(Token { text: &token.text[..1], at: token.at.start..token.at.start + 1 })
            }
            _ => Some(token),
        }
    }

    /// Takes the next word.
    pub fn next(&mut self) -> Option<Token<'t>> {
        self.peek().inspect(|token| self.pass(token))
    }

    /// Goes on after a word.
    pub fn pass(&mut self, token: &Token<'_>) {
        self.at = token.at.end;
    }

    /// All that is left, as free text.
    pub fn rest(&mut self) -> Option<Token<'t>> {
        if self.text[self.left()].starts_with(':') {
            self.at = self.left().start + 1;
        }
        let at = self.left();
        self.at = self.text.len();
        (!at.is_empty()).then(|| Token { text: &self.text[at.clone()], at })
    }

    /// The line with another word in this place.
    pub fn with(&self, at: &Range<usize>, word: &str) -> String {
        format!("{}{word}{}", &self.text[..at.start], &self.text[at.end..])
    }
}
