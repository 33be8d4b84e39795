//! Rooms with a past, filled by the front door: every row comes from a command.

use room::{Act, Pending, Room};
use rules::command::*;
use rules::name::*;
use rules::role::{By, Role};
use rules::time::{Instant, Span};
use std::collections::VecDeque;

type Fallible<T> = Result<T, Box<dyn std::error::Error>>;

/// The first moment of the past.
pub const BEGIN: Instant = Instant(1_764_590_400_000);
const IN_FLIGHT: usize = 1_024;

/// Fills a room, many commands under way at once.
pub struct Fill<'r> {
    room: &'r Room,
    by: By,
    at: Instant,
    pending: VecDeque<Pending>,
}

const SAID: [&str; 8] = [
    "somebody is shouting in the street outside the chip shop",
    "my neighbour has not been seen for two days",
    "two cars have touched and the drivers are arguing",
    "a man keeps knocking at the back door and will not leave",
    "the alarm of the shop on the corner has been ringing since six",
    "young people are throwing stones at the bus shelter",
    "my sister said something on the telephone that worries me",
    "a dog is locked in a hot car at the supermarket",
];

impl<'r> Fill<'r> {
    /// Begins at the room's time.
    pub fn new(room: &'r Room) -> Fallible<Fill<'r>> {
        let by = By { staff: StaffId::parse("BENCH")?, role: Role::ForceIncidentManager };
        Ok(Fill { room, by, at: room.now(), pending: VecDeque::new() })
    }

    fn submit(&mut self, command: impl Into<Command>) -> Fallible<()> {
        let act = Act { at: Some(self.at), ..Act::new(self.by.clone(), command) };
        self.pending.push_back(self.room.submit(act));
        while self.pending.len() > IN_FLIGHT {
            if let Some(pending) = self.pending.pop_front() {
                pending.wait()?;
            }
        }
        Ok(())
    }

    /// Waits until everything is durable.
    pub fn finish(&mut self) -> Fallible<()> {
        while let Some(pending) = self.pending.pop_front() {
            pending.wait()?;
        }
        Ok(())
    }

    /// Contacts that were received and ended, one a second.
    pub fn past_contacts(&mut self, n: u64, told: &dyn Fn(u64)) -> Fallible<()> {
        let first = self.room.view().next_contact;
        for i in 0..n {
            self.at = self.at + Span::seconds(1);
            self.submit(ReceiveContact {
                channel: Channel::NonEmergency,
                line: Some(line(i)?),
                name: None,
                words: Some(Words::parse(&format!("{} number {i}", said(i)))?),
                location: None,
                seat: None,
            })?;
            let outcome = Words::parse("advice given")?;
            self.submit(EndContact { contact: ContactId(first + i), outcome })?;
            if i % 10_000 == 0 {
                told(i);
            }
        }
        self.finish()
    }

    /// Open logs, graded, with a unit's worth of text.
    pub fn open_logs(&mut self, n: u64) -> Fallible<Vec<IncidentNumber>> {
        let opened: Vec<Pending> = (0..n)
            .map(|i| {
                let act = Act::new(self.by.clone(), opening(i)?);
                Ok(self.room.submit(Act { at: Some(self.at), ..act }))
            })
            .collect::<Fallible<_>>()?;
        let mut numbers = Vec::new();
        for (i, pending) in (0..n).zip(opened) {
            let number = pending.wait()?.incident().ok_or("no log was opened")?;
            numbers.push(number);
            let grade = Grade::try_from(u8::try_from(i % 3)? + 1)?;
            let reason = Some(Reason::parse("as the caller describes it")?);
            self.submit(GradeIncident { incident: number, grade, reason, agreed_by: None })?;
            self.submit(PassToDispatch { incident: number })?;
        }
        self.finish()?;
        Ok(numbers)
    }

    /// Logs that were opened, worked and closed.
    pub fn past_logs(&mut self, n: u64, told: &dyn Fn(u64)) -> Fallible<()> {
        let policy = self.room.view().policy.clone();
        let code = OpeningCode::parse("civil dispute")?;
        let steps: Vec<Label> = policy
            .opening_code(&code)
            .map(|row| row.sop.iter().map(|s| s.step.clone()).collect())
            .ok_or("the policy has no civil dispute")?;
        let closing = policy.closing_code.iter().find(|c| c.without_attendance);
        let closing = closing.ok_or("no closing code without attendance")?.code.clone();
        let rating = policy.thrive.ratings.first().ok_or("no rating")?.clone();
        let work = Work { steps, closing, policy: &policy, rating };
        let mut i = 0;
        while i < n {
            let block = (n - i).min(256);
            let mut opened = Vec::new();
            for k in i..i + block {
                self.at = self.at + Span::seconds(20);
                let open = OpenIncident { opening_code: code.clone(), ..opening(k)? };
                let act = Act { at: Some(self.at), ..Act::new(self.by.clone(), open) };
                opened.push(self.room.submit(act));
            }
            for pending in opened {
                let number = pending.wait()?.incident().ok_or("no log was opened")?;
                self.work_and_close(number, &work)?;
            }
            i += block;
            told(i);
        }
        self.finish()
    }

    fn work_and_close(&mut self, number: IncidentNumber, work: &Work<'_>) -> Fallible<()> {
        self.submit(OpenSop { incident: number })?;
        self.submit(GradeIncident {
            incident: number,
            grade: Grade::try_from(4)?,
            reason: Some(Reason::parse("nobody is in danger")?),
            agreed_by: None,
        })?;
        for step in &work.steps {
            let outcome = Outcome::NotApplicable(Reason::parse("not this time")?);
            self.submit(SettleSopStep { incident: number, step: step.clone(), outcome })?;
        }
        let elements = work.policy.thrive.elements.iter().map(|element| {
            let rationale = Words::parse("nothing suggests any danger here")?;
            Ok(ThriveElement { element: element.clone(), rating: work.rating.clone(), rationale })
        });
        let elements = elements.collect::<Result<_, String>>()?;
        self.submit(RecordThrive { incident: number, elements, informant_understood: true })?;
        let words = Words::parse("nobody will come, and why")?;
        self.submit(TellInformant { incident: number, told: Told::NoAttendance, words })?;
        self.submit(CloseIncident {
            incident: number,
            closing_code: work.closing.clone(),
            result: Words::parse("advice given on the telephone")?,
            told: Told::Result,
            risk_now: Words::parse("no risk remains")?,
        })
    }
}

/// What closing a log takes under the policy.
struct Work<'p> {
    steps: Vec<Label>,
    closing: ClosingCode,
    policy: &'p rules::policy::Policy,
    rating: Label,
}

/// A number of the range kept for drama.
fn line(i: u64) -> Result<Line, String> {
    Line::parse(&format!("07700 {:06}", 900_000 + i % 1_000))
}

fn said(i: u64) -> &'static str {
    SAID.get(usize::try_from(i % 8).unwrap_or(0)).copied().unwrap_or("")
}

/// An opening.
pub fn opening(i: u64) -> Fallible<OpenIncident> {
    Ok(OpenIncident {
        contact: None,
        opening_code: OpeningCode::parse("suspicious circumstances")?,
        location: Location {
            known: Known::Known,
            words: Some(Place::parse(&format!("{} Heol Awst, Tregaron Fach", i % 200))?),
            point: Some(Point { lat: 51.85, lon: -4.3 }),
            rural: false,
            district: Some(Label::parse("West")?),
            within: None,
        },
        words: Words::parse(said(i))?,
        informant: Some(Informant {
            name: Some(PersonName::parse("Sian Rees")?),
            line: Some(line(i)?),
            safe_to_contact: Some(true),
            missing_because: None,
        }),
    })
}
