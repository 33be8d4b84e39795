//! A form's fields as a command's: dotted names become objects, numbered ones lists, and each text
//! becomes what the command's own schema says it is. So every command can be given by a form, and
//! none needs a handler of its own.
//!
//! - `location.words=Pier` is `{"location": {"words": "Pier"}}`; `elements.0.rating=high` a list.
//! - an empty text is nothing where nothing is allowed; a box that is not ticked is `false`.
//! - a choice with content may be one text: `to=staff:4417` is `{"to": {"staff": "4417"}}`.
//! - a moment may be `until.in_minutes=10`, or on the force's clock: `until.at=23:30` the next time
//!   it shows that, `since.was=23:30` the last time, `until.on=2026-11-21T23:30` on that day, or
//!   `until.on=2026-11-21` until that day is over.

use crate::openapi;
use rules::time::Instant;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// More fields than this are no form of ours.
const MOST: usize = 500;
/// No field's name has more dots.
const DEEPEST: usize = 8;
/// So much of a name that is too deep is named back.
const NAMED: usize = 64;
/// A list is never longer.
const LONGEST_LIST: usize = 200;

/// The force's clock, for moments that a person writes as they read them.
pub(super) struct Clock {
    /// The moment of asking.
    pub now: Instant,
    /// The force's zone.
    pub zone: jiff::tz::TimeZone,
}

/// The fields as a command's.
pub(super) fn object(
    fields: &[(String, String)],
    schema: fn(&mut SchemaGenerator) -> Schema,
    clock: &Clock,
) -> Map<String, Value> {
    let mut tree = Map::new();
    for (name, value) in fields.iter().take(MOST) {
        // What is deeper than any form of ours would be unpacked a call a level.
        if name.matches('.').count() < DEEPEST {
            put(&mut tree, name, value);
        } else {
            tree.insert(name.chars().take(NAMED).collect(), Value::Null);
        }
    }
    let of = described(schema);
    let shape = Shape { known: &of.known, clock };
    match shape.fit(Some(Value::Object(tree)), of.schema.as_value()) {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

/// A command's schema with the others it names.
struct Described {
    schema: Schema,
    known: Value,
}

/// A schema, made once.
fn described(schema: fn(&mut SchemaGenerator) -> Schema) -> Arc<Described> {
    static MADE: Mutex<BTreeMap<usize, Arc<Described>>> = Mutex::new(BTreeMap::new());
    let made = &mut *MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let of = made.entry(schema as usize).or_insert_with(|| {
        let mut generator = openapi::generator();
        let schema = schema(&mut generator);
        let known = Value::Object(generator.definitions().clone());
        Arc::new(Described { schema, known })
    });
    of.clone()
}

/// Puts a text where its dotted name says.
fn put(tree: &mut Map<String, Value>, name: &str, value: &str) {
    match name.split_once('.') {
        Some((head, rest)) => {
            let inside = tree.entry(head).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inside) = inside {
                put(inside, rest, value);
            }
        }
        None => match tree.get_mut(name) {
            None => {
                tree.insert(name.to_owned(), value.into());
            }
            // A name that comes again is a list.
            Some(Value::Array(list)) => list.push(value.into()),
            Some(before) => *before = Value::Array(vec![before.take(), value.into()]),
        },
    }
}

struct Shape<'a> {
    known: &'a Value,
    clock: &'a Clock,
}

impl Shape<'_> {
    /// What a value is by its schema; nothing if it was left empty and may be.
    fn fit(&self, value: Option<Value>, schema: &Value) -> Option<Value> {
        let schema = self.resolved(schema);
        if let Some(of) = ["anyOf", "oneOf"].iter().find_map(|key| schema[*key].as_array()) {
            return self.one_of(value, of, schema);
        }
        let kinds = kinds(schema);
        let is = |kind: &str| kinds.contains(&kind);
        match value {
            None if is("boolean") && schema.get("default").is_none() => Some(Value::Bool(false)),
            None if is("object") && !is("null") && schema.get("properties").is_some() => {
                self.fields(Map::new(), schema).filter(|_| !is("null"))
            }
            None => None,
            Some(Value::String(text)) if text.trim().is_empty() && is("null") => None,
            Some(Value::String(text)) if is("boolean") => Some(truth(&text)),
            Some(Value::String(text)) if is("integer") || is("number") => number(&text),
            Some(Value::String(text)) if is("array") => {
                let texts = if text.trim().is_empty() { Vec::new() } else { vec![text.into()] };
                Some(self.list(texts, schema))
            }
            Some(Value::Array(items)) if is("array") => Some(self.list(items, schema)),
            Some(Value::Object(tree)) if is("array") => Some(self.list(numbered(tree), schema)),
            Some(Value::Object(tree)) if is("null") && is_empty(&tree) => None,
            Some(Value::Object(tree)) if is("integer") => self.moment(&tree),
            Some(Value::Object(tree)) if is("object") => self.fields(tree, schema),
            // Ticked and not ticked, sent together: the last one counts.
            Some(Value::Array(items)) => self.fit(items.into_iter().next_back(), schema),
            Some(other) => Some(other),
        }
    }

    fn resolved<'s>(&'s self, schema: &'s Value) -> &'s Value {
        match schema["$ref"].as_str() {
            Some(path) => {
                let name = path.rsplit('/').next().unwrap_or("");
                self.resolved(&self.known[name])
            }
            None => schema,
        }
    }

    fn fields(&self, mut tree: Map<String, Value>, schema: &Value) -> Option<Value> {
        let mut out = Map::new();
        if let Some(properties) = schema["properties"].as_object() {
            for (name, of) in properties {
                if let Some(value) = self.fit(tree.remove(name), of) {
                    out.insert(name.clone(), value);
                }
            }
        }
        // What is left is no field: the command says so in its own words.
        out.extend(tree);
        Some(Value::Object(out))
    }

    /// A choice: the alternative that has the field, or that the text names.
    fn one_of(&self, value: Option<Value>, of: &[Value], schema: &Value) -> Option<Value> {
        let may_be_nothing = of.iter().any(|a| kinds(self.resolved(a)).contains(&"null"));
        match value {
            None => schema.get("default").cloned(),
            Some(Value::String(text)) if text.trim().is_empty() && may_be_nothing => None,
            Some(Value::Object(tree)) if may_be_nothing && is_empty(&tree) => None,
            Some(Value::Object(tree)) => {
                let inside = |a: &&Value| {
                    let a = self.resolved(a);
                    let has = |key: &String| a["properties"].get(key).is_some();
                    let deeper = ["anyOf", "oneOf"].iter().any(|k| a.get(*k).is_some());
                    tree.keys().any(has) || deeper
                };
                match of.iter().find(inside) {
                    Some(alternative) => self.fit(Some(Value::Object(tree)), alternative),
                    // A moment, where it may also be left out.
                    None if of.iter().any(|a| kinds(self.resolved(a)).contains(&"integer")) => {
                        self.moment(&tree)
                    }
                    None => Some(Value::Object(tree)),
                }
            }
            Some(Value::String(text)) => Some(self.named(text, of)),
            Some(other) => Some(other),
        }
    }

    /// `staff:4417` where one of the alternatives is an object with the field `staff`.
    fn named(&self, text: String, of: &[Value]) -> Value {
        if let Some((name, rest)) = text.split_once(':') {
            for alternative in of {
                let alternative = self.resolved(alternative);
                if let Some(inner) =
                    ["anyOf", "oneOf"].iter().find_map(|k| alternative[*k].as_array())
                {
                    let found = self.named(text.clone(), inner);
                    if found.is_object() {
                        return found;
                    }
                }
                if let Some(schema) = alternative["properties"].get(name)
                    && let Some(value) = self.fit(Some(rest.into()), schema)
                {
                    return Value::Object(Map::from_iter([(name.to_owned(), value)]));
                }
            }
        }
        // A number or a truth, where one may also be left out.
        let plain = |a: &&Value| {
            let kinds = kinds(self.resolved(a));
            ["integer", "number", "boolean"].iter().any(|kind| kinds.contains(kind))
        };
        if let Some(alternative) = of.iter().find(plain)
            && let Some(value) = self.fit(Some(text.as_str().into()), alternative)
        {
            return value;
        }
        text.into()
    }

    fn list(&self, items: Vec<Value>, schema: &Value) -> Value {
        let of = &schema["items"];
        // A row of a form that was left empty is no row.
        let is_row = |item: &Value| match item {
            Value::Object(tree) => !is_empty(tree),
            Value::String(text) => !text.trim().is_empty(),
            _ => true,
        };
        let items = items.into_iter().take(LONGEST_LIST).filter(is_row);
        let fitted = items.filter_map(|i| self.fit(Some(i), of));
        Value::Array(fitted.collect())
    }

    /// A moment as a person writes it. One that cannot be read stays as it is, to be refused.
    fn moment(&self, tree: &Map<String, Value>) -> Option<Value> {
        let text = |name: &str| tree.get(name).and_then(Value::as_str).unwrap_or("").trim();
        if let Ok(minutes) = text("in_minutes").parse::<i64>() {
            return Some((self.clock.now.0 + minutes.clamp(0, 525_600) * 60_000).into());
        }
        let written = ["at", "was", "on"].into_iter().find(|name| !text(name).is_empty());
        let written = written.unwrap_or("at");
        let at = match written {
            "was" => self.clock.last(text("was")),
            "on" => self.clock.on(text("on")),
            _ => self.clock.next(text("at")),
        };
        match at {
            Some(at) => Some(at.0.into()),
            None => Some(text(written).to_owned().into()),
        }
    }
}

impl Clock {
    /// The next moment at which the force's clock shows `23:30`.
    pub fn next(&self, text: &str) -> Option<Instant> {
        self.found(text, |at, now| at > now, 1)
    }

    /// The latest moment, not after now, at which the force's clock showed `23:30` or `23:30:15`.
    pub fn last(&self, text: &str) -> Option<Instant> {
        self.found(text, |at, now| at <= now, -1)
    }

    /// `2026-11-21T23:30`, or the end of `2026-11-21`.
    pub fn on(&self, text: &str) -> Option<Instant> {
        let at: jiff::civil::DateTime = match text.parse::<jiff::civil::DateTime>() {
            Ok(at) if text.contains([':']) => at,
            _ => {
                let day: jiff::civil::Date = text.parse().ok()?;
                day.tomorrow().ok()?.to_datetime(jiff::civil::Time::midnight())
            }
        };
        let at = self.zone.to_ambiguous_timestamp(at).compatible().ok()?;
        Some(Instant(at.as_millisecond()))
    }

    fn found(
        &self,
        text: &str,
        holds: impl Fn(jiff::Timestamp, jiff::Timestamp) -> bool,
        step: i64,
    ) -> Option<Instant> {
        let time: jiff::civil::Time = text.parse().ok()?;
        let now = jiff::Timestamp::from_millisecond(self.now.0).ok()?;
        let today = now.to_zoned(self.zone.clone()).date();
        for days in [0, step] {
            let day = today.checked_add(jiff::Span::new().days(days)).ok()?;
            // In the hour that comes twice, the later one is meant: it is the nearer for what has
            // been, and for what is to be it is the one that cannot be early.
            let ambiguous = self.zone.to_ambiguous_timestamp(day.to_datetime(time));
            for at in [ambiguous.later().ok()?, ambiguous.earlier().ok()?] {
                if holds(at, now) {
                    return Some(Instant(at.as_millisecond()));
                }
            }
        }
        None
    }
}

fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_empty(tree: &Map<String, Value>) -> bool {
    tree.values().all(|value| match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Object(inside) => is_empty(inside),
        Value::Array(items) => items.is_empty(),
        _ => false,
    })
}

fn truth(text: &str) -> Value {
    Value::Bool(matches!(text.trim(), "on" | "true" | "yes" | "1"))
}

/// A number; what is none stays a text, to be refused by name.
fn number(text: &str) -> Option<Value> {
    let trimmed = text.trim();
    let whole = trimmed.parse::<i64>().map(Value::from);
    let any = || trimmed.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    match whole {
        Ok(whole) => Some(whole),
        Err(_) => Some(any().map_or_else(|| text.to_owned().into(), Value::Number)),
    }
}

/// The members of a numbered object in the order of their numbers.
fn numbered(tree: Map<String, Value>) -> Vec<Value> {
    let mut items: Vec<(usize, Value)> =
        tree.into_iter().filter_map(|(k, v)| Some((k.parse().ok()?, v))).collect();
    items.sort_by_key(|(n, _)| *n);
    items.into_iter().map(|(_, value)| value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::{Does, ROUTES};
    use rules::command::*;

    const NOON: Instant = Instant(1_795_262_400_000); // 2026-11-21 12:00 in London.

    fn clock() -> Clock {
        Clock { now: NOON, zone: jiff::tz::TimeZone::get("Europe/London").unwrap() }
    }

    fn command(name: &str, text: &str) -> Command {
        let fields: Vec<_> = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        let route = ROUTES.iter().find(|r| r.action == Some(name)).unwrap();
        let Does::Command { parse, schema, .. } = &route.does else { panic!("no command") };
        parse(object(&fields, *schema, &clock())).unwrap()
    }

    #[test]
    fn a_form_opens_a_log() {
        let given = command(
            "open_incident",
            "contact=7&opening_code=DOMESTIC+ABUSE&location.known=vague&location.words=the+pier\
             &location.point.lat=51.5&location.point.lon=-3&location.rural=on&location.district=\
             &words=He+is+outside&informant.name=&informant.line=07700900123\
             &informant.safe_to_contact=no&informant.missing_because=",
        );
        let Command::OpenIncident(c) = given else { panic!("{given:?}") };
        assert_eq!(c.contact.unwrap().0, 7);
        assert!(c.location.rural && c.location.district.is_none());
        let point = c.location.point.unwrap();
        assert!((point.lat - 51.5).abs() < 1e-9 && (point.lon + 3.0).abs() < 1e-9);
        let informant = c.informant.unwrap();
        assert_eq!(informant.safe_to_contact, Some(false));
        assert!(informant.name.is_none());
    }

    #[test]
    fn what_is_left_empty_and_may_be_is_nothing() {
        let given = command(
            "open_incident",
            "contact=&opening_code=SUSPICIOUS&location.known=unknown&location.words=\
             &location.point.lat=&location.point.lon=&words=x&informant.name=&informant.line=",
        );
        let Command::OpenIncident(c) = given else { panic!("{given:?}") };
        assert!(c.contact.is_none() && c.informant.is_none());
        assert!(c.location.point.is_none() && c.location.words.is_none() && !c.location.rural);
    }

    #[test]
    fn lists_choices_and_boxes() {
        let given = command(
            "record_thrive",
            "incident=20261121-0001&elements.1.element=harm&elements.1.rating=low\
             &elements.1.rationale=b&elements.0.element=threat&elements.0.rating=high\
             &elements.0.rationale=a&informant_understood=no&informant_understood=yes",
        );
        let Command::RecordThrive(c) = given else { panic!("{given:?}") };
        assert_eq!(c.elements.len(), 2);
        assert_eq!(c.elements[0].element.as_str(), "threat");
        assert!(c.informant_understood, "the last of two counts");
        let given = command("ask_question", "incident=20261121-0001&to=desk:dispatcher&text=who");
        let Command::AskQuestion(c) = given else { panic!("{given:?}") };
        assert_eq!(c.to, rules::role::Owner::Desk(rules::role::Role::Dispatcher));
        let given = command(
            "settle_sop_step",
            "incident=20261121-0001&step=ambulance&outcome.not_applicable=nobody+is+hurt",
        );
        let Command::SettleSopStep(c) = given else { panic!("{given:?}") };
        assert!(matches!(c.outcome, Outcome::NotApplicable(_)));
        let given = command("add_entry", "incident=20261121-0001&text=seen");
        let Command::AddEntry(c) = given else { panic!("{given:?}") };
        assert!(!c.critical && c.attachments.is_empty());
    }

    #[test]
    fn a_moment_is_written_as_it_is_read() {
        let delay = |until: &str| {
            let given =
                command("delay_obligation", &format!("obligation=1&reason=no+unit&{until}"));
            let Command::DelayObligation(c) = given else { panic!("{given:?}") };
            c.until.0 - NOON.0
        };
        assert_eq!(delay("until.in_minutes=10"), 600_000);
        assert_eq!(delay("until.at=12:30"), 1_800_000);
        assert_eq!(delay("until.at=11:30"), 23 * 3_600_000 + 1_800_000, "tomorrow");
        assert_eq!(clock().last("11:59:30").unwrap().0 - NOON.0, -30_000);
        assert_eq!(clock().last("12:01").unwrap().0 - NOON.0, -(24 * 3_600_000 - 60_000));
        assert!(clock().next("25:99").is_none());
    }

    #[test]
    fn a_row_and_a_moment_that_are_left_empty_are_none() {
        let given = command(
            "enter_agency",
            "agency=Rail+control&kind=rail&numbers.0.purpose=desk&numbers.0.line=01632\
             &numbers.1.purpose=&numbers.1.line=&hours=&note=",
        );
        let Command::EnterAgency(c) = given else { panic!("{given:?}") };
        assert_eq!((c.numbers.len(), c.hours), (1, None));
        let brief = |read_by: &str| {
            let given = command(
                "publish_briefing",
                &format!("title=x&text=y&roles=officer&until.in_minutes=60&{read_by}"),
            );
            let Command::PublishBriefing(c) = given else { panic!("{given:?}") };
            assert_eq!(c.roles, [rules::role::Role::Officer], "one box is a list of one");
            c.read_by
        };
        assert_eq!(brief("read_by.in_minutes="), None);
        assert_eq!(brief("read_by.in_minutes=30"), Some(Instant(NOON.0 + 1_800_000)));
    }

    #[test]
    fn the_hour_that_comes_twice_is_the_one_that_has_been() {
        // 2026-10-25 01:30 in London comes at 00:30 and again at 01:30 UTC.
        let zone = jiff::tz::TimeZone::get("Europe/London").unwrap();
        let at = |text: &str| Instant(text.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let between = Clock { now: at("2026-10-25T00:45:00Z"), zone: zone.clone() };
        assert_eq!(between.last("01:30"), Some(at("2026-10-25T00:30:00Z")));
        assert_eq!(between.next("01:30"), Some(at("2026-10-25T01:30:00Z")));
        let after = Clock { now: at("2026-10-25T02:00:00Z"), zone };
        assert_eq!(after.last("01:30"), Some(at("2026-10-25T01:30:00Z")));
    }

    #[test]
    fn a_name_of_a_thousand_dots_is_no_field_and_does_no_harm() {
        let route = ROUTES.iter().find(|r| r.action == Some("add_entry")).unwrap();
        let Does::Command { parse, schema, .. } = &route.does else { panic!("no command") };
        let deep = "a.".repeat(100_000) + "a";
        let fields = [("incident", "20261121-0001"), ("text", "x"), (deep.as_str(), "1")];
        let fields: Vec<_> = fields.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let problem = parse(object(&fields, *schema, &clock())).unwrap_err();
        assert!(problem.detail.contains("a.a.a."), "{}", problem.detail);
        assert!(problem.detail.len() < 1_000, "{}", problem.detail.len());
    }

    #[test]
    fn a_field_that_is_no_field_is_named_to_whoever_sent_it() {
        let fields = [("incident", "20261121-0001"), ("text", "x"), ("colour", "red")];
        let fields: Vec<_> = fields.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let route = ROUTES.iter().find(|r| r.action == Some("add_entry")).unwrap();
        let Does::Command { parse, schema, .. } = &route.does else { panic!("no command") };
        let problem = parse(object(&fields, *schema, &clock())).unwrap_err();
        assert!(problem.detail.contains("colour"), "{}", problem.detail);
    }
}
