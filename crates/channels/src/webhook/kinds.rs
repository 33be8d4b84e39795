//! The kinds of event a webhook can ask for: those that the journal keeps, by the same names.

use super::fault::Fault;
use rules::event::Event;
use serde::de::{self, Deserializer, Visitor};
use std::fmt;

/// Every kind, as the journal names it: `incident_opened`.
pub fn all() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // Reading an event asks for its variants by name; more of it than that is not read.
    let _ = <Event as serde::Deserialize>::deserialize(Names(&mut names));
    names
}

/// A kind as the journal names it, from the event's own name: `IncidentOpened`.
pub(crate) fn of(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The kinds asked for, each known and once, in order; none means all.
pub(crate) fn parse(asked: &[String]) -> Result<Vec<String>, Fault> {
    let known = all();
    let mut kinds = Vec::new();
    for kind in asked {
        if !known.contains(&kind.as_str()) {
            let shown: String = kind.chars().take(64).collect();
            return Err(Fault::refused(format!(
                "{shown:?} is no kind of event: the kinds are {}",
                known.join(", ")
            )));
        }
        kinds.push(kind.clone());
    }
    kinds.sort();
    kinds.dedup();
    Ok(kinds)
}

/// Takes the names of an enum's variants, and reads nothing.
struct Names<'a>(&'a mut &'static [&'static str]);

/// That nothing was read.
#[derive(Debug)]
struct NothingRead;

impl fmt::Display for NothingRead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was read")
    }
}

impl std::error::Error for NothingRead {}

impl de::Error for NothingRead {
    fn custom<T: fmt::Display>(_: T) -> NothingRead {
        NothingRead
    }
}

impl<'de> Deserializer<'de> for Names<'_> {
    type Error = NothingRead;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NothingRead> {
        Err(NothingRead)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NothingRead> {
        *self.0 = variants;
        Err(NothingRead)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_are_those_of_the_journal() {
        assert!(all().len() > 40, "{:?}", all());
        for kind in ["incident_opened", "contact_received", "unit_deployed"] {
            assert!(all().contains(&kind), "{kind}");
        }
        assert_eq!(of("IncidentOpened"), "incident_opened");
    }

    #[test]
    fn a_kind_that_is_not_one_is_refused_with_those_that_are() {
        let asked = |kinds: &[&str]| parse(&kinds.iter().map(|k| (*k).into()).collect::<Vec<_>>());
        assert_eq!(asked(&["unit_deployed", "unit_deployed"]).unwrap(), ["unit_deployed"]);
        assert_eq!(asked(&[]).unwrap(), [""; 0]);
        let refused = asked(&["incident_opend"]).unwrap_err().to_string();
        assert!(refused.contains("incident_opend") && refused.contains("incident_opened"));
    }
}
