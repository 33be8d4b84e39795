//! A command out of its fields, by the command's own types: what a new command asks for can be
//! written in a script at once.

use super::fault::Wrong;
use super::names::Context;
use super::value::{Fields, Value};
use super::words;
use rules::command::Command;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

/// Reads a command.
///
/// # Errors
/// The field that is missing, unknown or not well formed.
pub fn command(name: &str, fields: &Fields, context: &Context<'_>) -> Result<Command, Wrong> {
    let value = Value::Fields(fields.clone());
    let read = Command::read(name, Reader { value: &value, key: "", context });
    let unknown = || words::command(name).map(|_| ()).err();
    match read {
        None => Err(unknown().unwrap_or_else(|| Wrong::new(format!("'{name}' is no command")))),
        Some(Err(wrong)) => Err(Wrong(format!("{name}: {wrong}"))),
        Some(Ok(command)) => Ok(command),
    }
}

/// A value being read.
#[derive(Clone, Copy)]
struct Reader<'a> {
    value: &'a Value,
    key: &'a str,
    context: &'a Context<'a>,
}

impl<'a> Reader<'a> {
    fn word(&self, wanted: &str) -> Result<&'a str, Wrong> {
        self.value.plain().ok_or_else(|| {
            Wrong::new(format!("{wanted} is wanted, and something longer is written: check it"))
        })
    }

    fn number(&self) -> Result<u64, Wrong> {
        self.context.number(self.key, self.word("a number")?)
    }

    fn float(&self) -> Result<f64, Wrong> {
        let word = self.word("a number")?;
        word.parse().map_err(|_| Wrong::new(format!("'{word}' is no number")))
    }

    fn other(self, value: &'a Value) -> Reader<'a> {
        Reader { value, ..self }
    }
}

macro_rules! numbers {
    ($( $method:ident $visit:ident $n:ty ),*) => { $(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let number = self.number()?;
            let fits = <$n>::try_from(number);
            visitor.$visit(fits.map_err(|_| Wrong::new(format!("{number} is too large")))?)
        }
    )* };
}

impl<'de> de::Deserializer<'de> for Reader<'_> {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Word(_) | Value::Text(_) => self.deserialize_string(visitor),
            Value::List(_) => self.deserialize_seq(visitor),
            Value::Fields(_) => self.deserialize_map(visitor),
            Value::Of(name, _) => Err(Wrong::new(format!("'{name}(…)' cannot stand here"))),
        }
    }

    numbers! {
        deserialize_u8 visit_u8 u8, deserialize_u16 visit_u16 u16, deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64, deserialize_i8 visit_i8 i8, deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32
    }

    /// Only moments are numbers with a sign.
    fn deserialize_i64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_i64(self.context.moment(self.word("a time")?)?.0)
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_f64(self.float()?)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.word("yes or no")? {
            "yes" | "true" => visitor.visit_bool(true),
            "no" | "false" => visitor.visit_bool(false),
            other => Err(Wrong::new(format!("'{other}' is neither yes nor no"))),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        self.deserialize_string(visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Text(text) => visitor.visit_str(text),
            _ => visitor.visit_string(self.context.text(self.word("a text")?)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.value {
            Value::Word(word) if word == "none" => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let values = match self.value {
            Value::List(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        visitor.visit_seq(Items { reader: self, rest: values.iter() })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let Value::Fields(fields) = self.value else {
            return Err(Wrong::new("fields are wanted: write them as {key=value key=value}"));
        };
        visitor.visit_map(Pairs { reader: self, rest: fields.iter(), value: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        match short_form(name, self.value) {
            Some(value) => self.other(&value).deserialize_map(visitor),
            None if matches!(self.value, Value::Fields(_)) => self.deserialize_map(visitor),
            None => Err(Wrong::new(format!(
                "{} has fields: write {{{}}} with those you know",
                if self.key.is_empty() { name } else { self.key },
                fields.iter().map(|f| format!("{f}=…")).collect::<Vec<_>>().join(" ")
            ))),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let (variant, of) = choice(name, variants, &self)?;
        visitor.visit_enum(Choice { variant, of: of.as_ref().map(|value| self.other(value)) })
    }

    serde::forward_to_deserialize_any! {
        char bytes byte_buf unit unit_struct tuple tuple_struct identifier ignored_any u128 i128
    }
}

/// A text alone says where somebody is, or who they are.
fn short_form(name: &str, value: &Value) -> Option<Value> {
    let field = |key: &str, value: Value| (key.to_owned(), value);
    match (name, value) {
        ("Location", Value::Text(text)) => Some(Value::Fields(vec![
            field("known", Value::Word("known".to_owned())),
            field("words", Value::Text(text.clone())),
        ])),
        ("Location", Value::Word(word)) => {
            Some(Value::Fields(vec![field("known", Value::Word(word.clone()))]))
        }
        ("Location", Value::Of(known, words)) => Some(Value::Fields(vec![
            field("known", Value::Word(known.clone())),
            field("words", (**words).clone()),
        ])),
        ("Informant", Value::Text(text)) => {
            Some(Value::Fields(vec![field("name", Value::Text(text.clone()))]))
        }
        _ => None,
    }
}

/// Which of several choices is written, and what of it.
fn choice(
    name: &str,
    variants: &'static [&'static str],
    reader: &Reader<'_>,
) -> Result<(&'static str, Option<Value>), Wrong> {
    let known = |word: &str| {
        let word = word.replace(' ', "_");
        variants.iter().copied().find(|v| v.eq_ignore_ascii_case(&word))
    };
    let none = |word: &str| Wrong(words::unknown("choice here", word, variants.iter().copied()));
    match reader.value {
        Value::Of(word, of) => {
            let variant = known(word).ok_or_else(|| none(word))?;
            Ok((variant, Some((**of).clone())))
        }
        Value::Word(word) | Value::Text(word) if name == "Owner" => owner(word, reader, known),
        Value::Word(word) => known(word).map(|v| (v, None)).ok_or_else(|| none(word)),
        Value::Text(text) => match known(text) {
            Some(variant) => Ok((variant, None)),
            // A text alone is an answer, or what was done.
            None => ["text", "done"]
                .into_iter()
                .find_map(known)
                .map(|variant| (variant, Some(Value::Text(text.clone()))))
                .ok_or_else(|| none(text)),
        },
        _ => Err(Wrong(words::unknown("choice here", "{…}", variants.iter().copied()))),
    }
}

/// A desk, or a person.
fn owner(
    word: &str,
    reader: &Reader<'_>,
    known: impl Fn(&str) -> Option<&'static str>,
) -> Result<(&'static str, Option<Value>), Wrong> {
    use super::names::Named;
    let person = matches!(reader.context.names.get(word), Some(Named::Person(_)));
    let (variant, of) = match words::role(word) {
        _ if person => ("staff", Value::Text(reader.context.text(word))),
        Some(role) => ("desk", Value::Word(role.name().to_owned())),
        None => return Err(reader.context.unknown("person or desk", word)),
    };
    let variant = known(variant);
    variant.map(|v| (v, Some(of))).ok_or_else(|| Wrong::new("nobody can be named here"))
}

struct Items<'a> {
    reader: Reader<'a>,
    rest: std::slice::Iter<'a, Value>,
}

impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let reader = self.reader;
        self.rest.next().map(|value| seed.deserialize(reader.other(value))).transpose()
    }
}

struct Pairs<'a> {
    reader: Reader<'a>,
    rest: std::slice::Iter<'a, (String, Value)>,
    value: Option<(&'a str, &'a Value)>,
}

impl<'de> de::MapAccess<'de> for Pairs<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some((key, value));
        let key: de::value::StrDeserializer<'_, Wrong> = key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let (key, value) =
            self.value.take().ok_or_else(|| Wrong::new("a field has no value: write one"))?;
        let read = seed.deserialize(Reader { value, key, context: self.reader.context });
        read.map_err(|wrong| near(key, value, self.reader.context, wrong))
    }
}

/// Says which field it was; where a word was written, the name that was probably meant.
fn near(key: &str, value: &Value, context: &Context<'_>, wrong: Wrong) -> Wrong {
    let meant = match value {
        Value::Word(word) if !wrong.0.contains("did you mean") => {
            words::nearest(word, context.names.keys().map(String::as_str))
                .filter(|meant| meant != word)
        }
        _ => None,
    };
    match meant {
        Some(meant) => Wrong(format!("{key}: {wrong}; did you mean '{meant}'?")),
        None => Wrong(format!("{key}: {wrong}")),
    }
}

struct Choice<'a> {
    variant: &'static str,
    of: Option<Reader<'a>>,
}

impl<'a, 'de> de::EnumAccess<'de> for Choice<'a> {
    type Error = Wrong;
    type Variant = Choice<'a>;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Choice<'a>), Wrong> {
        let name: de::value::StrDeserializer<'_, Wrong> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Choice<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.of {
            None => Ok(()),
            Some(_) => Err(Wrong::new(format!("'{}' stands alone, without (…)", self.variant))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        let of = self.of.ok_or_else(|| {
            Wrong::new(format!("'{0}' needs something in brackets: {0}(…)", self.variant))
        })?;
        seed.deserialize(of)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        self.newtype_variant_seed(Whole(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        self.newtype_variant_seed(Whole(visitor))
    }
}

/// Reads whatever a visitor makes of a value.
struct Whole<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Whole<V> {
    type Value = V::Value;

    fn deserialize<D: de::Deserializer<'de>>(self, d: D) -> Result<V::Value, D::Error> {
        d.deserialize_any(self.0)
    }
}
