//! What a reader of JSON or of a query complains about, in the words of the person who sent it.

/// Turns a complaint about a field (its path, empty for the whole) into a sentence that says what
/// to do.
pub(crate) fn of_complaint(path: &str, message: &str) -> String {
    let message = without_position(message);
    let path = if path == "." { "" } else { path };
    if let Some(field) = quoted_after(message, "missing field ") {
        return format!("the field '{}' is missing: add it", join(path, field));
    }
    if let Some(field) = quoted_after(message, "unknown field ") {
        let field = join(parent(path, field), field);
        return match known(message) {
            Some(known) => {
                format!("the field '{field}' is not known here: leave it out (known are {known})")
            }
            None => format!("the field '{field}' is not known here: leave it out"),
        };
    }
    if let Some(field) = quoted_after(message, "duplicate field ") {
        return format!("'{field}' is there twice: say it once");
    }
    let what = if path.is_empty() { "it".to_owned() } else { format!("'{path}'") };
    if let Some(value) = quoted_after(message, "unknown variant ") {
        let known = known(message).unwrap_or_default();
        return format!("{what} is '{value}', which is not known: use one of {known}");
    }
    for start in ["invalid type: ", "invalid value: ", "invalid length "] {
        if let Some((got, wanted)) =
            message.strip_prefix(start).and_then(|rest| rest.rsplit_once(", expected "))
        {
            return format!("{what} is {}, but {} is wanted: correct it", said(got), said(wanted));
        }
    }
    if path.is_empty() { message.to_owned() } else { format!("{what}: {message}") }
}

/// A reader adds where it stood, which helps nobody who wrote one line.
fn without_position(message: &str) -> &str {
    let Some((before, after)) = message.rsplit_once(" at line ") else { return message };
    let is_position = after.chars().all(|c| c.is_ascii_digit() || " column".contains(c));
    if is_position { before } else { message }
}

fn quoted_after<'m>(message: &'m str, start: &str) -> Option<&'m str> {
    let rest = message.strip_prefix(start)?.strip_prefix('`')?;
    // A field's name may hold anything, so its end is looked for from the right.
    let end = rest.find("`, ").or_else(|| rest.rfind('`'))?;
    rest.get(..end)
}

/// The list of what is known, at the end of a complaint.
fn known(message: &str) -> Option<String> {
    let (_, list) = message.rsplit_once("expected ")?;
    Some(list.trim_start_matches("one of ").replace('`', "'"))
}

fn join(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

/// The path of an unknown field may end with that field.
fn parent<'p>(path: &'p str, field: &str) -> &'p str {
    match path.strip_suffix(field) {
        Some(before) => before.trim_end_matches('.'),
        None => path,
    }
}

/// The reader's words for values, in ours.
fn said(words: &str) -> String {
    let words = words.replace('`', "'");
    let swaps = [
        ("struct variant", "an object"),
        ("unit value", "nothing"),
        ("null", "nothing"),
        ("sequence", "a list"),
        ("a sequence", "a list"),
        ("map", "an object"),
        ("a map", "an object"),
        ("a string", "a text"),
        ("a boolean", "true or false"),
        ("u8", "a whole number from 0 to 255"),
        ("u32", "a whole number from 0"),
        ("u64", "a whole number from 0"),
        ("i64", "a whole number"),
        ("f64", "a number"),
    ];
    if let Some((_, ours)) = swaps.iter().find(|(theirs, _)| *theirs == words) {
        return (*ours).to_owned();
    }
    if let Some(name) = words.strip_prefix("struct ") {
        return format!("an object ({name})");
    }
    for (theirs, ours) in [
        ("string ", "the text "),
        ("integer ", "the number "),
        ("floating point ", "the number "),
        ("boolean ", "the value "),
    ] {
        if let Some(value) = words.strip_prefix(theirs) {
            return format!("{ours}{}", value.trim_matches('\''));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_says_what_to_do() {
        for (path, message, sentence) in [
            ("", "missing field `text`", "the field 'text' is missing: add it"),
            (
                "location",
                "missing field `known` at line 1 column 20",
                "the field 'location.known' is missing: add it",
            ),
            (
                "foo",
                "unknown field `foo`, expected `a` or `b`",
                "the field 'foo' is not known here: leave it out (known are 'a' or 'b')",
            ),
            (
                "foo",
                "unknown field `foo`, there are no fields",
                "the field 'foo' is not known here: leave it out",
            ),
            (
                "told",
                "unknown variant `x`, expected one of `delay`, `result`",
                "'told' is 'x', which is not known: use one of 'delay', 'result'",
            ),
            (
                "entry",
                "invalid type: string \"a\", expected u32",
                "'entry' is the text \"a\", but a whole number from 0 is wanted: correct it",
            ),
            ("text", "the text is empty: write it", "'text': the text is empty: write it"),
        ] {
            assert_eq!(of_complaint(path, message), sentence);
        }
    }
}
