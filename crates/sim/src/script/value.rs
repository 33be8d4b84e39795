//! What stands after `key=`: a word, a text, a list, fields, or one thing of another.

use super::fault::Wrong;
use super::lex::{Cursor, Token};

/// A value as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `priority`: a number, a choice, or the name of something in the script.
    Word(String),
    /// `"he said so"`.
    Text(String),
    /// `[one, two]`.
    List(Vec<Value>),
    /// `{key=value key=value}`.
    Fields(Fields),
    /// `done("as the procedure says")`.
    Of(String, Box<Value>),
}

/// Values by their keys, in order.
pub type Fields = Vec<(String, Value)>;

impl Value {
    /// The word or text itself.
    pub fn plain(&self) -> Option<&str> {
        match self {
            Value::Word(text) | Value::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Takes a value.
///
/// # Errors
/// What stands where it should.
pub fn value(line: &mut Cursor<'_>) -> Result<Value, Wrong> {
    match line.peek() {
        Some(Token::Text(text)) => {
            line.take();
            Ok(Value::Text(text.clone()))
        }
        Some(Token::Word(word)) => {
            line.take();
            if !line.is_mark('(') {
                return Ok(Value::Word(word.clone()));
            }
            let of = value(line)?;
            close(line, ')')?;
            Ok(Value::Of(word.clone(), Box::new(of)))
        }
        Some(Token::Mark('[')) => {
            line.take();
            let mut list = Vec::new();
            while !line.is_mark(']') {
                list.push(value(line)?);
                if !line.is_mark(',') {
                    close(line, ']')?;
                    break;
                }
            }
            Ok(Value::List(list))
        }
        Some(Token::Mark('{')) => {
            line.take();
            let fields = fields(line)?;
            close(line, '}')?;
            Ok(Value::Fields(fields))
        }
        _ => Err(Wrong::new(format!("{} stands where a value should: write one", line.found()))),
    }
}

/// Takes every `key=value` that comes next.
///
/// # Errors
/// A key without its value.
pub fn fields(line: &mut Cursor<'_>) -> Result<Fields, Wrong> {
    let mut fields = Fields::new();
    loop {
        let mut ahead = line.clone();
        let Some(key) = ahead.word().filter(|_| ahead.is_mark('=')) else { return Ok(fields) };
        line.at = ahead.at;
        if fields.iter().any(|(known, _)| known == key) {
            return Err(Wrong::new(format!("'{key}' is written twice: leave one of them out")));
        }
        fields.push((key.to_owned(), value(line)?));
        line.is_mark(',');
    }
}

fn close(line: &mut Cursor<'_>, mark: char) -> Result<(), Wrong> {
    if line.is_mark(mark) {
        return Ok(());
    }
    Err(Wrong::new(format!("{} stands where '{mark}' should: add it", line.found())))
}
