//! Bodies made from the API's own description, so that a command without one cannot be forgotten.

use serde_json::{Map, Value, json};

/// A small source of chance that repeats itself.
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(n.max(1)).unwrap()).unwrap()
    }

    pub fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        &of[self.below(of.len())]
    }
}

/// What a room holds that bodies and addresses can name.
#[derive(Clone)]
pub struct Names {
    pub incidents: Vec<String>,
    pub call_signs: Vec<String>,
    pub contacts: u64,
}

pub struct Sampler<'d> {
    pub document: &'d Value,
    pub names: Names,
}

impl Sampler<'_> {
    /// A body for an operation; `null` if it takes none.
    pub fn body(&self, operation: &Value, chance: &mut Chance) -> Value {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() { Value::Null } else { self.value("", schema, chance, 0) }
    }

    /// The address of a path with its parameters filled in.
    pub fn address(&self, path: &str, chance: &mut Chance) -> String {
        let mut out = String::new();
        for (at, piece) in path.split(['{', '}']).enumerate() {
            if at % 2 == 0 {
                out.push_str(piece);
            } else {
                let value = self.named(piece, chance).unwrap_or_else(|| json!(1));
                let text = value.as_str().map_or(value.to_string(), str::to_owned);
                out.push_str(&text.replace(' ', "%20"));
            }
        }
        out
    }

    fn named(&self, field: &str, chance: &mut Chance) -> Option<Value> {
        let text = |t: &&str| Some(json!(*t));
        match field {
            "incident" | "other" => Some(json!(chance.one(&self.names.incidents))),
            "call_sign" => Some(json!(chance.one(&self.names.call_signs))),
            "contact" => Some(json!(1 + chance.below(self.names.contacts as usize))),
            "opening_code" | "code" => {
                text(chance.one(&["concern for safety", "domestic incident", "missing person"]))
            }
            "closing_code" => text(&"no deployment - advice"),
            "entry" | "question" | "line" | "handover" => Some(json!(1 + chance.below(3))),
            "obligation" => Some(json!(1 + chance.below(60))),
            "rule" => text(chance.one(&["grade_owed", "thrive_owed", "pass_on"])),
            "element" => text(chance.one(&["threat", "harm", "risk"])),
            "rating" => text(chance.one(&["none", "low", "high"])),
            "words" | "text" | "rationale" | "result" | "risk_now" => text(chance.one(&[
                "he has a knife and says he will kill her",
                "my son is missing, he is nine",
                "ŵyneb ŷd 👋 \u{202e}abc <script>alert(1)</script> '; -- %00",
                "nothing more is known so far",
            ])),
            "sha256" => Some(json!("0".repeat(64))),
            "toml" => text(&"about = 1"),
            "lat" => Some(json!(51.8)),
            "lon" => Some(json!(-4.9)),
            "status" => Some(json!(chance.below(18))),
            "grade" => Some(json!(1 + chance.below(4))),
            _ => None,
        }
    }

    fn value(&self, field: &str, schema: &Value, chance: &mut Chance, deep: u32) -> Value {
        let schema = self.resolved(schema);
        if field == "line" && schema["type"] == "string" {
            // What every role with a command line may do: the matrix asks about the address.
            return json!(chance.one(&["N seen at home", "? @dispatcher who goes", "?", "xyzzy"]));
        }
        let of_kind = schema["type"].as_str() != Some("object");
        if let Some(named) = self.named(field, chance).filter(|_| of_kind) {
            return named;
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return chance.one(values).clone();
        }
        for any in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[any].as_array() {
                let choice = chance.one(choices).clone();
                return self.value("", &choice, chance, deep + 1);
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => chance.one(kinds).as_str().unwrap_or("null").to_owned(),
            kind => kind.as_str().unwrap_or("null").to_owned(),
        };
        match kind.as_str() {
            "object" => self.object(schema, chance, deep),
            "array" => {
                let n = chance.below(4);
                (0..n).map(|_| self.value("", &schema["items"], chance, deep + 1)).collect()
            }
            "string" => json!(chance.one(&["DC14", "seen at home", "central", "9 Mill Lane"])),
            "integer" => json!(chance.below(40)),
            "number" => json!(chance.below(80)),
            "boolean" => json!(chance.below(2) == 1),
            _ => Value::Null,
        }
    }

    fn object(&self, schema: &Value, chance: &mut Chance, deep: u32) -> Value {
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut out = Map::new();
        for (name, field) in schema["properties"].as_object().into_iter().flatten() {
            if required.iter().any(|r| r == name) || (deep < 4 && chance.below(3) > 0) {
                out.insert(name.clone(), self.value(name, field, chance, deep + 1));
            }
        }
        Value::Object(out)
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(reference) => {
                self.document.pointer(reference.trim_start_matches('#')).unwrap_or(schema)
            }
            None => schema,
        }
    }
}
