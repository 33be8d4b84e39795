//! Whatever is done, in whatever order: nothing panics, and what is owed is never lost.

use crate::world::{World, by, number, place_of, policy, words};
use proptest::prelude::*;
use rules::command::*;
use rules::event::{Event, Kept};
use rules::name::*;
use rules::obligation::Subject;
use rules::role::Owner;
use rules::state::State;
use rules::time::Span;

const PEOPLE: [&str; 9] = ["CH1", "CH2", "DD1", "DD2", "SO1", "TL1", "DS1", "FIM1", "PC1"];

/// Lines that the tables know, over three logs and two units.
const DOINGS: [&str; 83] = [
    "receives 999: he has a knife",
    "receives 101",
    "links 1",
    "links 2 chasing",
    "ends contact 1: advised",
    "opens theft from 1",
    "opens theft unnamed",
    "opens violence nowhere: hands round her throat",
    "opens suspicious circumstances: my ex-husband is at the door",
    "opens missing person: walked out of the ward",
    "writes: seen and noted",
    "writes critical: MARAC",
    "writes new: he is back",
    "strikes 1: wrong",
    "reads 0",
    "reads 1",
    "tags fim: no units",
    "untags fim: done",
    "locates: 5 River Row",
    "locates vaguely: the river",
    "identifies: Ann Example",
    "marks MARAC: on the address",
    "assesses",
    "assesses: low",
    "grades 1",
    "grades 2: as told",
    "grades 3 with TL1: an appointment",
    "contests 1: worse than it sounds",
    "recodes burglary: from a house",
    "recodes concern for safety: she is ill",
    "keeps domestic not suspicious: a stranger",
    "opens sop",
    "settles evidence: cameras",
    "crime none: it was lent",
    "crime handed: the statement",
    "crime recorded: CDF/1",
    "plans DD1 +30: ring her",
    "work 1 done: rung",
    "wants trains at caution: Network Rail | on the line",
    "wants untold where was the passenger taken: Harbour Cars | where",
    "gets 1 acknowledged: they see to it",
    "gets 1 refused told: data protection",
    "gets 2 answered: at the halt",
    "misses high: he said that he would not come back",
    "risks low: his sister has spoken to him",
    "acts hospitals: none has him",
    "acts media n/a: he is at risk of being recognised",
    "finds safe: seen and spoken to",
    "interviews: he was at his sister's",
    "homes: 5 River Row",
    "fits hospital none: the ward sister",
    "tells: please ring the hospitals",
    "requests voters",
    "records police intelligence: nothing",
    "asks CH1: which way",
    "asks dispatcher: who goes",
    "answers 1: north",
    "passes",
    "accepts",
    "accepts wrong: no address",
    "gives log to DD2: a break",
    "names sergeant PS4",
    "tells: within the hour",
    "promises +20: about the visit",
    "rings back: no answer",
    "rings back spoke: safe",
    "closes message passed",
    "closes attended - no crime",
    "reopens: she rang again",
    "rosters DC14",
    "rosters DC15",
    "removes DC14",
    "signs on",
    "signs off",
    "goes on break",
    "comes back",
    "hands over dispatcher",
    "hands over call_handler",
    "accepts line 1",
    "silences deploy_target",
    "hears 1: he has a knife. He left in a taxi",
    "hears again 1 1: he has a wife",
    "sets aside: he has a knife | a kitchen knife",
];

const OF_UNITS: [&str; 14] = [
    "deploys DC14",
    "deploys DC15: one more",
    "confirms DC14",
    "releases DC14: done",
    "releases DC15: done",
    "confirms release DC14",
    "diverts DC14 to 1 requeue",
    "diverts DC14 to 2 covered",
    "diverts DC14 to 2 with DC15",
    "status DC14 0",
    "status DC14 2",
    "status DC14 5",
    "status DC14 6 read out",
    "checks in DC14",
];

const VERBS: [&str; 4] = ["owns", "delegates", "delays", "raises"];

/// One thing that is done after a while.
#[derive(Clone, Debug)]
struct Step {
    wait_s: i64,
    who: usize,
    log: u32,
    doing: Doing,
}

#[derive(Clone, Debug)]
enum Doing {
    Line(&'static str),
    /// A verb on one of the open obligations.
    Verb(usize, usize),
    Located(f64, f64),
}

fn doing() -> impl Strategy<Value = Doing> {
    prop_oneof![
        8 => prop::sample::select(&DOINGS[..]).prop_map(Doing::Line),
        4 => prop::sample::select(&OF_UNITS[..]).prop_map(Doing::Line),
        3 => (0..VERBS.len(), 0_usize..40).prop_map(|(v, o)| Doing::Verb(v, o)),
        1 => (any::<f64>(), any::<f64>()).prop_map(|(lat, lon)| Doing::Located(lat, lon)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let wait = prop_oneof![4 => 0_i64..90, 2 => 60_i64..1_200, 1 => 1_200_i64..20_000];
    (wait, 0..PEOPLE.len(), 1_u32..4, doing()).prop_map(|(wait_s, who, log, doing)| Step {
        wait_s,
        who,
        log,
        doing,
    })
}

fn command(w: &World, step: &Step) -> Option<Command> {
    let open = |n: usize| w.s.obligations.values().nth(n).map(|o| o.id);
    let reason = Reason::parse("as agreed").expect("a reason");
    Some(match step.doing {
        Doing::Line(line) => words::command(&w.s, w.at, &marked(line, step.log)),
        Doing::Located(lat, lon) => {
            let location = Location { point: Some(Point { lat, lon }), ..place_of("here") };
            SetLocation { incident: number(step.log), location }.into()
        }
        Doing::Verb(verb, n) => {
            let obligation = open(n)?;
            match VERBS[verb] {
                "owns" => {
                    let words = Words::parse("I see to it").expect("words");
                    OwnObligation { obligation, words }.into()
                }
                "delegates" => {
                    let to = Owner::Staff(StaffId::parse(PEOPLE[n % 9]).expect("a name"));
                    GiveObligation { obligation, to, reason }.into()
                }
                "delays" => {
                    let until = w.at + Span::minutes(i64::try_from(n).expect("small"));
                    DelayObligation { obligation, until, reason }.into()
                }
                _ => RaiseObligation { obligation, reason }.into(),
            }
        }
    })
}

/// The line about this log: the number stands before what is said.
fn marked(line: &str, log: u32) -> String {
    match line.split_once(": ") {
        Some((head, said)) => format!("{head} #{log}: {said}"),
        None => format!("{line} #{log}"),
    }
}

fn holds(s: &State) {
    assert_eq!(s.due.size(), s.obligations.size(), "each is due exactly once");
    for o in s.obligations.values() {
        assert!(s.due.contains(&(o.next_at, o.id)), "{o:?} has its moment");
        let about = s.about.get(&o.about).expect("its subject knows it");
        assert_eq!(about.iter().filter(|id| **id == o.id).count(), 1);
        if let Subject::Incident(n) = &o.about {
            assert!(s.incident(*n).is_some_and(|log| log.closed.is_none()), "{o:?} is on a log");
        }
    }
    let listed: usize = s.about.values().map(Vec::len).sum();
    assert_eq!(listed, s.obligations.size());
    for (key, rolled) in s.alarms.rolled.iter() {
        assert!(!rolled.lit.is_empty(), "{key:?}");
        for id in &rolled.lit {
            let rolls_up = |rule| s.policy.alarm.rolls_up_as(rule) == key.1;
            assert!(s.obligations.get(id).is_some_and(|o| rolls_up(o.rule)), "{id} is owed");
        }
    }
}

fn as_json(s: &State) -> serde_json::Value {
    let mut told = serde_json::Map::new();
    let mut put = |name: &str, value: Result<serde_json::Value, serde_json::Error>| {
        told.insert(name.to_owned(), value.expect("it can be written"));
    };
    put("incidents", serde_json::to_value(s.incidents.values().collect::<Vec<_>>()));
    put("contacts", serde_json::to_value(s.contacts.values().collect::<Vec<_>>()));
    put("units", serde_json::to_value(s.units.values().collect::<Vec<_>>()));
    put("staff", serde_json::to_value(s.staff.values().collect::<Vec<_>>()));
    put("handovers", serde_json::to_value(s.handovers.values().collect::<Vec<_>>()));
    put("obligations", serde_json::to_value(s.obligations.values().collect::<Vec<_>>()));
    put("due", serde_json::to_value(s.due.iter().collect::<Vec<_>>()));
    put("rolled", serde_json::to_value(s.alarms.rolled.iter().collect::<Vec<_>>()));
    put("next", serde_json::to_value((s.next_contact, s.next_obligation, s.last_incident)));
    serde_json::Value::Object(told)
}

/// The state folded again from the events as the journal keeps them.
fn folded_again(w: &World) -> State {
    let mut s = State::new(policy());
    for (event, meta) in &w.done {
        let kept = Kept {
            by: meta.by.clone(),
            happened_at: None,
            of: None,
            asked: None,
            event: event.clone(),
        };
        let text = serde_json::to_string(&kept).expect("an event can be written");
        let back: Kept = serde_json::from_str(&text).expect("and read back");
        assert_eq!(back, kept);
        s.evolve(&back.event, meta);
    }
    s
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_nothing_owed_is_lost(steps in prop::collection::vec(step(), 1..90)) {
        let mut w = World::new();
        for step in &steps {
            let until = w.at + Span::seconds(step.wait_s);
            w.wait_until(until);
            let Some(command) = command(&w, step) else { continue };
            let before = w.s.seq;
            if let Err(refused) = w.act(&by(PEOPLE[step.who]), command) {
                prop_assert_eq!(w.s.seq, before, "a refusal changes nothing");
                prop_assert!(refused.sentence.len() > 12, "{:?}", refused);
            }
            holds(&w.s);
        }
        let ended: usize = w.done.iter().map(|(e, _)| match e {
            Event::ObligationsEnded { ended, .. } => ended.len(),
            _ => 0,
        }).sum();
        let armed: usize = w.done.iter().map(|(e, _)| match e {
            Event::ObligationsArmed { armed, .. } => armed.len(),
            _ => 0,
        }).sum();
        prop_assert_eq!(armed, ended + w.s.obligations.size(), "armed, ended and open add up");
        let again = folded_again(&w);
        prop_assert_eq!(as_json(&again), as_json(&w.s));
    }
}
