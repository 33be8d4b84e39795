//! The log as its events make it.

use super::*;
use crate::event::{Event, Meta};

impl State {
    pub(crate) fn evolve_incident(&mut self, event: &Event, meta: &Meta) {
        if let Event::IncidentOpened { incident, .. } = event {
            self.last_incident = self.last_incident.max((incident.day, incident.n));
            self.insert_opened(event, meta);
            return;
        }
        let Some(n) = event.stream_incident() else { return };
        let Some(log) = self.incidents.get_mut(&n) else { return };
        let aside = matches!(
            event,
            Event::RadioHeard { .. } | Event::RecordingAdded { .. } | Event::TranscriptAdded { .. }
        );
        if !event.is_of_obligations() && !aside {
            // What time or a gateway does must not make somebody's next word look stale.
            log.version += 1;
        }
        log.fold(event, meta);
    }

    fn insert_opened(&mut self, event: &Event, meta: &Meta) {
        let Event::IncidentOpened {
            incident,
            contact,
            contacted_at,
            opening_code,
            location,
            words,
            informant,
            policy_version,
        } = event
        else {
            return;
        };
        let log = Incident {
            number: *incident,
            version: 1,
            contacted_at: *contacted_at,
            opened_at: meta.recorded_at,
            opened_by: meta.by.clone(),
            policy_version: policy_version.as_str().into(),
            opening_code: opening_code.clone(),
            codes_before: Vec::new(),
            location: location.clone(),
            words: words.clone(),
            informant: informant.clone(),
            contacts: contact.iter().copied().collect(),
            chased_at: Vec::new(),
            grades: Vec::new(),
            contested: None,
            thrive: Vec::new(),
            entries: List::new_sync(),
            written_at: meta.recorded_at,
            acted_at: None,
            read: Vec::new(),
            tags: Vec::new(),
            markers: Vec::new(),
            sop_settled: Vec::new(),
            sop_opened: Vec::new(),
            checks: Vec::new(),
            questions: Vec::new(),
            appointments: Vec::new(),
            prompts: Vec::new(),
            doubts: Vec::new(),
            passed_at: None,
            accepted: None,
            owner: Owner::Staff(meta.by.staff.clone()),
            needs: Vec::new(),
            rung: Vec::new(),
            referrals: Vec::new(),
            deployments: Vec::new(),
            sergeant: None,
            links: Vec::new(),
            told: Vec::new(),
            ring_back_by: None,
            ring_backs: Vec::new(),
            crime: None,
            work: Vec::new(),
            others: None,
            signal: None,
            closed: None,
            reopened_at: None,
            deployed_before: 0,
            heard: None,
        };
        self.incidents.insert_mut(*incident, log);
    }
}

impl Event {
    /// The log in whose stream this event is kept.
    pub fn stream_incident(&self) -> Option<IncidentNumber> {
        match self.stream() {
            crate::event::Stream::Incident(n) => Some(n),
            _ => None,
        }
    }
}

impl Incident {
    fn fold(&mut self, event: &Event, meta: &Meta) {
        if escalation::is_act(event) {
            self.acted_at = Some(meta.recorded_at);
        }
        if escalation::is_writing(event) {
            self.written_at = meta.recorded_at;
        }
        crate::contact::heard::fold(&mut self.heard, event, meta);
        self.fold_words(event, meta);
        self.fold_assessment(event, meta);
        self.fold_tasks(event, meta);
        self.fold_crime(event, meta);
        self.fold_work(event, meta);
        self.fold_appointments(event, meta);
        self.fold_ownership(event, meta);
        self.fold_deployment(event, meta);
        self.fold_agencies(event, meta);
        self.fold_requests(event, meta);
        self.fold_missing(event, meta);
        self.fold_fit(event, meta);
    }

    fn fold_words(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::EntryAdded { entry, text, critical, own_words, attachments, .. } => {
                self.entries.push_back_mut(Arc::new(Entry {
                    entry: *entry,
                    text: text.clone(),
                    happened_at: meta.happened_at,
                    recorded_at: meta.recorded_at,
                    by: meta.by.clone(),
                    critical: *critical,
                    own_words: *own_words,
                    attachments: attachments.clone(),
                    struck: None,
                }));
                self.mark_read(&meta.by.staff, *entry);
            }
            Event::EntryStruck { entry, reason, correction, .. } => {
                let at = (*entry as usize).saturating_sub(1);
                if let Some(old) = self.entries.get(at) {
                    let mut struck = Entry::clone(old);
                    struck.struck = Some((reason.clone(), meta.by.staff.clone(), *correction));
                    self.entries.set_mut(at, Arc::new(struck));
                }
            }
            Event::LogRead { up_to, .. } => self.mark_read(&meta.by.staff, *up_to),
            Event::ContactLinked { contact, chasing, .. } => {
                self.contacts.push(*contact);
                if *chasing {
                    self.chased_at.push(meta.recorded_at);
                }
            }
            Event::LocationSet { location, .. } => self.location = location.clone(),
            Event::InformantSet { informant, .. } => self.informant = Some(informant.clone()),
            Event::ContactSignalled { signal, .. } => {
                self.signal = self.signal.max(Some(*signal));
            }
            Event::InformantTold { told, words, .. } => {
                self.told.push((*told, words.clone(), meta.happened_at));
            }
            Event::RingBackPromised { by, .. } => self.ring_back_by = Some(*by),
            Event::RungBack { spoke, words, .. } => {
                if *spoke {
                    self.ring_back_by = None;
                }
                self.ring_backs.push(RingBackMade {
                    at: meta.happened_at,
                    by: meta.by.staff.clone(),
                    spoke: *spoke,
                    words: words.clone(),
                });
            }
            _ => {}
        }
    }

    fn mark_read(&mut self, staff: &StaffId, up_to: u32) {
        match self.read.iter_mut().find(|(s, _)| s == staff) {
            Some((_, n)) => *n = (*n).max(up_to),
            None => self.read.push((staff.clone(), up_to)),
        }
    }

    fn fold_assessment(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::MarkerFound { marker, text, officer_safety, met, .. } => {
                self.markers.push(Marker {
                    marker: marker.clone(),
                    text: text.clone(),
                    officer_safety: *officer_safety,
                    at: meta.recorded_at,
                    met: *met,
                });
            }
            Event::ThriveRecorded { version, elements, informant_understood, .. } => {
                self.thrive.push(Arc::new(Thrive {
                    version: *version,
                    elements: elements.clone(),
                    informant_understood: *informant_understood,
                    at: meta.recorded_at,
                    by: meta.by.clone(),
                }));
            }
            Event::Graded { grade, reason, suggested, agreed_by, .. } => {
                if self
                    .contested
                    .as_ref()
                    .is_some_and(|(g, ..)| grade::decides(*grade, *g, &meta.by))
                {
                    self.contested = None;
                }
                self.grades.push(Graded {
                    grade: *grade,
                    at: meta.recorded_at,
                    by: meta.by.clone(),
                    reason: reason.clone(),
                    suggested: suggested.clone(),
                    agreed_by: agreed_by.clone(),
                });
            }
            Event::GradeContested { grade, reason, .. } => {
                self.contested = Some((*grade, meta.by.staff.clone(), reason.clone()));
            }
            Event::OpeningCodeChanged { from, to, reason, .. } => {
                self.codes_before.push((from.clone(), meta.recorded_at, reason.clone()));
                self.opening_code = to.clone();
                self.doubts.iter_mut().for_each(|d| d.settled = true);
            }
            Event::OpeningCodeDoubted { doubt, suggests, words, forced, .. } => {
                self.doubts.push(Doubt {
                    doubt: doubt.clone(),
                    suggests: suggests.clone(),
                    words: words.clone(),
                    forced: *forced,
                    settled: false,
                });
            }
            Event::OpeningCodeKept { doubt, .. } => {
                self.doubts.iter_mut().filter(|d| &d.doubt == doubt).for_each(|d| d.settled = true);
            }
            _ => {}
        }
    }

    fn fold_tasks(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::NeedSaid { need, reason, .. } => self.needs.push(Need {
                need: need.clone(),
                reason: reason.clone(),
                by: meta.by.staff.clone(),
                at: meta.recorded_at,
            }),
            Event::NeedDropped { need, .. } => self.needs.retain(|n| &n.need != need),
            Event::Tagged { tag, .. } => self.tags.push(tag.clone()),
            Event::Untagged { tag, .. } => self.tags.retain(|t| t != tag),
            Event::SopOpened { .. } => {
                self.sop_opened.push((meta.by.staff.clone(), meta.recorded_at));
            }
            Event::SopStepSettled { step, outcome, .. } => self.sop_settled.push((
                step.clone(),
                outcome.clone(),
                meta.by.staff.clone(),
                meta.recorded_at,
            )),
            Event::CheckRequested { check, .. } => {
                self.checks.push(Check { check: check.clone(), outcome: None });
            }
            Event::CheckRecorded { check, outcome, .. } => {
                let open = |c: &&mut Check| &c.check == check && c.outcome.is_none();
                match self.checks.iter_mut().find(open) {
                    Some(c) => c.outcome = Some(outcome.clone()),
                    None => self
                        .checks
                        .push(Check { check: check.clone(), outcome: Some(outcome.clone()) }),
                }
            }
            Event::QuestionAsked { question, to, text, .. } => self.questions.push(Question {
                question: *question,
                to: to.clone(),
                asked_by: meta.by.staff.clone(),
                at: meta.recorded_at,
                text: text.clone(),
                outcome: None,
                answered: None,
            }),
            Event::QuestionAnswered { question, outcome, .. } => {
                self.questions.iter_mut().filter(|q| q.question == *question).for_each(|q| {
                    q.outcome = Some(outcome.clone());
                    q.answered = Some((meta.by.staff.clone(), meta.recorded_at));
                })
            }
            Event::PromptAnswered { prompt, words, answer, by_signal, .. } => {
                self.prompts.retain(|p| &p.prompt != prompt);
                self.prompts.push(Prompted {
                    prompt: prompt.clone(),
                    words: words.clone(),
                    answer: answer.clone(),
                    by_signal: *by_signal,
                    by: meta.by.staff.clone(),
                    at: meta.recorded_at,
                });
            }
            Event::IncidentLinked { other, relation, .. } => self.links.push((*other, *relation)),
            _ => {}
        }
    }

    fn fold_ownership(&mut self, event: &Event, meta: &Meta) {
        match event {
            Event::PassedToDispatch { .. } => {
                self.passed_at = Some(meta.recorded_at);
                if self.accepted.is_none() {
                    self.owner = Owner::Desk(crate::role::Role::Dispatcher);
                }
            }
            Event::IncidentAccepted { .. } => {
                self.accepted = Some((meta.by.staff.clone(), meta.recorded_at));
                self.owner = Owner::Staff(meta.by.staff.clone());
            }
            Event::OwnerChanged { to, .. } => self.owner = to.clone(),
            Event::SupervisorNamed { sergeant, .. } => self.sergeant = Some(sergeant.clone()),
            Event::IncidentClosed { closing_code, result, told, risk_now, .. } => {
                self.closed = Some(Closing {
                    code: closing_code.clone(),
                    result: result.clone(),
                    told: *told,
                    risk_now: risk_now.clone(),
                    at: meta.recorded_at,
                    by: meta.by.clone(),
                });
            }
            Event::IncidentReopened { .. } => {
                self.closed = None;
                self.reopened_at = Some(meta.recorded_at);
                self.deployed_before = self.deployments.len();
                self.passed_at = None;
                self.accepted = None;
                self.owner = Owner::Staff(meta.by.staff.clone());
            }
            _ => {}
        }
    }

    fn active(&mut self, call_sign: &CallSign) -> Option<&mut Deployment> {
        self.deployments.iter_mut().rev().find(|d| &d.call_sign == call_sign && d.left.is_none())
    }

    fn fold_deployment(&mut self, event: &Event, meta: &Meta) {
        let at = meta.happened_at;
        match event {
            Event::UnitDeployed { call_sign, reason, silent, checks_open, lacks, .. } => {
                self.deployments.push(Deployment {
                    call_sign: call_sign.clone(),
                    deployed_at: at,
                    reason: reason.clone(),
                    silent: *silent,
                    confirmed_at: None,
                    en_route_at: None,
                    card_opened_at: None,
                    at_scene_at: None,
                    heard_at: None,
                    left: None,
                    checks_open: checks_open.clone().unwrap_or_default(),
                    lacks: lacks.clone().unwrap_or_default(),
                });
            }
            Event::DeploymentConfirmed { call_sign, .. } => {
                if let Some(d) = self.active(call_sign) {
                    d.confirmed_at = d.confirmed_at.or(Some(at));
                }
            }
            Event::StatusSet { call_sign, status, card_read_out, .. } => {
                if let Some(d) = self.active(call_sign) {
                    d.status(*status, *card_read_out, at);
                }
            }
            Event::RiskCardOpened { call_sign, .. } => {
                if let Some(d) = self.active(call_sign) {
                    d.card_opened_at = d.card_opened_at.or(Some(at));
                }
            }
            Event::CheckedIn { call_sign, .. } => {
                if let Some(d) = self.active(call_sign) {
                    d.heard_at = Some(at);
                }
            }
            Event::UnitDiverted { call_sign, to, .. } => {
                if let Some(d) = self.active(call_sign) {
                    d.left = Some((at, Some(*to)));
                }
            }
            Event::UnitStoodDown { call_sign, .. } => {
                if let Some(d) = self.active(call_sign) {
                    d.left = Some((at, None));
                }
            }
            _ => {}
        }
    }
}

impl Deployment {
    fn status(&mut self, status: u8, card_read_out: bool, at: Instant) {
        self.heard_at = Some(at);
        if matches!(status, 5 | 6) {
            self.confirmed_at = self.confirmed_at.or(Some(at)); // As the obligation ends.
        }
        if card_read_out {
            self.card_opened_at = self.card_opened_at.or(Some(at));
        }
        match status {
            5 => self.en_route_at = self.en_route_at.or(Some(at)),
            6 => self.at_scene_at = self.at_scene_at.or(Some(at)),
            _ => {}
        }
    }
}
