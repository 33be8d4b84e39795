//! A line as its words, texts in quotation marks, and marks.

use super::fault::Wrong;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A word without quotation marks.
    Word(String),
    /// A text in quotation marks.
    Text(String),
    /// One of `, ( ) [ ] { } =` or a colon after a word.
    Mark(char),
}

const MARKS: &str = ",()[]{}=";

/// The pieces of a line.
///
/// # Errors
/// A quotation mark without its second one.
pub fn tokens(line: &str) -> Result<Vec<Token>, Wrong> {
    let mut out = Vec::new();
    let mut rest = line.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            c if c.is_whitespace() => {}
            '"' | '\u{201c}' => out.push(Token::Text(quoted(&mut rest)?)),
            c if MARKS.contains(c) || c == ':' => out.push(Token::Mark(c)),
            c => {
                let mut word = String::from(c);
                let ends =
                    |c: &char| c.is_whitespace() || MARKS.contains(*c) || "\"\u{201c}".contains(*c);
                while let Some(c) = rest.next_if(|c| !ends(c)) {
                    word.push(c);
                }
                let short = word.trim_end_matches(':');
                let colons = word.len() - short.len();
                out.push(Token::Word(short.to_owned()));
                out.extend((0..colons).map(|_| Token::Mark(':')));
            }
        }
    }
    Ok(out)
}

fn quoted(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<String, Wrong> {
    let mut text = String::new();
    loop {
        match rest.next() {
            Some('"' | '\u{201d}') => return Ok(text),
            Some('\\') => text.extend(rest.next()),
            Some(c) => text.push(c),
            None => {
                let start: String = text.chars().take(24).collect();
                return Err(Wrong::new(format!(
                    "the text that begins \"{start}\" has no second quotation mark: add it"
                )));
            }
        }
    }
}

/// The pieces of a line, taken one after the other.
#[derive(Clone, Debug)]
pub struct Cursor<'t> {
    tokens: &'t [Token],
    /// How many were taken.
    pub at: usize,
}

impl<'t> Cursor<'t> {
    /// At the first piece.
    pub fn new(tokens: &'t [Token]) -> Cursor<'t> {
        Cursor { tokens, at: 0 }
    }

    /// The next piece.
    pub fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    /// Takes the next piece.
    pub fn take(&mut self) -> Option<&'t Token> {
        let token = self.peek();
        self.at += usize::from(token.is_some());
        token
    }

    /// The next piece if it is a word.
    pub fn peek_word(&self) -> Option<&'t str> {
        match self.peek() {
            Some(Token::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// Takes the next piece if it is a word.
    pub fn word(&mut self) -> Option<&'t str> {
        let word = self.peek_word()?;
        self.at += 1;
        Some(word)
    }

    /// Takes the next piece if it is this word.
    pub fn is_word(&mut self, word: &str) -> bool {
        let is = self.peek_word().is_some_and(|w| w.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    /// Takes these words if they all come next.
    pub fn are_words(&mut self, words: &str) -> bool {
        let mut ahead = self.clone();
        let all = words.split(' ').all(|word| ahead.is_word(word));
        if all {
            self.at = ahead.at;
        }
        all
    }

    /// Takes the next piece if it is this mark.
    pub fn is_mark(&mut self, mark: char) -> bool {
        let is = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(is);
        is
    }

    /// Takes the next piece if it is a text.
    pub fn text(&mut self) -> Option<&'t str> {
        match self.peek() {
            Some(Token::Text(text)) => {
                self.at += 1;
                Some(text)
            }
            _ => None,
        }
    }

    /// Whether every piece was taken.
    pub fn is_at_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// The next piece for a sentence.
    pub fn found(&self) -> String {
        match self.peek() {
            Some(Token::Word(word)) => format!("'{word}'"),
            Some(Token::Text(text)) => {
                let start: String = text.chars().take(24).collect();
                format!("the text \"{start}\"")
            }
            Some(Token::Mark(mark)) => format!("'{mark}'"),
            None => "the end of the line".to_owned(),
        }
    }

    /// That nothing stands after this.
    ///
    /// # Errors
    /// What stands there.
    pub fn end(&self) -> Result<(), Wrong> {
        if self.is_at_end() {
            return Ok(());
        }
        Err(Wrong::new(format!("{} stands where the line should end: leave it out", self.found())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_words_texts_and_marks() {
        let line = "23:05:00 Siân does ring_back spoke=yes words=“he said \\\"no\\\"”: x";
        let found = tokens(line).expect("a line");
        assert_eq!(found.first(), Some(&Token::Word("23:05:00".to_owned())));
        assert!(found.contains(&Token::Text("he said \"no\"".to_owned())), "{found:?}");
        assert!(found.contains(&Token::Mark(':')) && found.contains(&Token::Mark('=')));
        let wrong = tokens("Sian writes on L1 \"he said").expect_err("no second mark");
        assert!(wrong.0.contains("\"he said\" has no second quotation mark"), "{wrong}");
    }
}
