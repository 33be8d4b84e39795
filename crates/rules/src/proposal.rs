//! A policy that one person proposes and another publishes. What holds decides what every log owes,
//! so nobody changes it alone.

use crate::briefing;
use crate::command::*;
use crate::event::{Event, Meta};
use crate::name::*;
use crate::policy::Policy;
use crate::refused::Refused;
use crate::role::{By, Role};
use crate::state::State;
use crate::time::{Instant, Now, Span};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most proposals that can be open: each holds a whole policy in memory.
const OPEN_MAX: usize = 8;
/// The longest policy, in bytes: as a form it fits into one request.
pub const TOML_MAX: usize = 192 * 1024;
/// How long a briefing about a new policy is shown.
const BRIEFED_FOR: Span = Span::minutes(30 * 24 * 60);
/// The longest text of such a briefing, and its title, in characters.
const BRIEF_CHARS: usize = 7_000;
const TITLE_CHARS: usize = 120;

/// A policy that is proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its number.
    pub id: ProposalId,
    /// Who proposed it.
    pub by: StaffId,
    /// When.
    pub at: Instant,
    /// Why.
    pub why: Reason,
    /// Its own version.
    pub version: String,
    /// The version that held when it was proposed.
    pub made_from: String,
    /// The whole policy as it was written, remarks included.
    pub toml: Arc<str>,
}

/// How the policy that holds came to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopted {
    /// The place of the event.
    pub seq: u64,
    /// When.
    pub at: Instant,
    /// Who adopted or published it.
    pub by: By,
    /// Who had proposed it, if it came that way.
    pub proposed_by: Option<StaffId>,
    /// Why, as the proposal says.
    pub why: Option<Reason>,
    /// The whole policy as it was written, remarks included.
    pub toml: Arc<str>,
}

/// Reads a policy and refuses one that cannot be read or contradicts itself.
fn sound(toml: &str) -> Result<Policy, Refused> {
    let policy = Policy::parse(toml).map_err(Refused::invalid)?;
    let wrong: Vec<String> =
        crate::policy::check(&policy).into_iter().map(|x| x.sentence).collect();
    if wrong.is_empty() {
        return Ok(policy);
    }
    let sentence = format!("this policy contradicts itself: {}", wrong.join("; "));
    Err(Refused::blocked_by(sentence, wrong))
}

/// Makes a policy hold at once: when Callbox starts, and for the only administrator there is.
pub fn adopt(s: &State, c: &AdoptPolicy, by: &By) -> Result<Vec<Event>, Refused> {
    if by.role != Role::System && s.had_two_administrators {
        return Err(Refused::forbidden(
            "there have been two administrators, so nobody publishes a policy alone: propose it, \
             and another administrator publishes it",
        ));
    }
    let policy = sound(&c.toml)?;
    if policy == *s.policy && s.seq > 0 {
        return Err(Refused::conflict("this policy holds already: nothing to do"));
    }
    Ok(vec![Event::PolicyAdopted { version: policy.about.version.clone(), toml: c.toml.clone() }])
}

fn short_enough(toml: &str) -> Result<(), Refused> {
    if toml.len() > TOML_MAX {
        return Err(Refused::invalid(format!(
            "this policy has {} bytes, and {TOML_MAX} are the most: take remarks out",
            toml.len()
        )));
    }
    Ok(())
}

/// Proposes a policy. What contradicts itself, or fails a test case of its own, is not proposed.
pub fn propose(s: &State, c: &ProposePolicy) -> Result<Vec<Event>, Refused> {
    let holds = &s.policy.about.version;
    if let Some(from) = c.made_from.as_ref().filter(|from| *from != holds) {
        return Err(Refused::changed(format!(
            "policy {holds} was published since this was begun from policy {from}, and would be \
             undone: begin again from the policy that holds"
        )));
    }
    if s.proposals.size() >= OPEN_MAX {
        return Err(Refused::conflict(format!(
            "{OPEN_MAX} proposals are open already: publish or withdraw one first"
        )));
    }
    // A browser sends the ends of lines as two characters; the text would differ in every line.
    let toml = c.toml.replace("\r\n", "\n");
    short_enough(&toml)?;
    let policy = sound(&toml)?;
    let version = &policy.about.version;
    if version == holds {
        return Err(Refused::conflict(format!(
            "'{version}' is the version that holds, and each log says which it was judged under: \
             give this one another, in about.version"
        )));
    }
    if let Some(other) = s.proposals.values().find(|p| p.version == *version) {
        return Err(Refused::conflict(format!(
            "{} has proposed a version '{version}' already: give this one another, in \
             about.version",
            other.by
        )));
    }
    Ok(vec![Event::PolicyProposed {
        proposal: ProposalId(s.next_proposal),
        version: version.clone(),
        made_from: holds.clone(),
        toml,
        why: c.why.clone(),
    }])
}

fn open(s: &State, id: ProposalId) -> Result<&Proposal, Refused> {
    s.proposals.get(&id).ok_or_else(|| {
        Refused::not_found(format!(
            "there is no open proposal {id}: it was published or withdrawn, look at the list"
        ))
    })
}

/// Publishes what somebody else proposed, and briefs those whom it concerns.
///
/// Source: Learning the Lessons, cases 2 and 6: a policy changed, and nobody could show who knew.
pub fn publish(s: &State, c: &PublishPolicy, by: &By, now: Now) -> Result<Vec<Event>, Refused> {
    let p = open(s, c.proposal)?;
    if p.by == by.staff {
        return Err(Refused::forbidden(format!(
            "you proposed policy {}: another administrator reads it and publishes it",
            p.version
        )));
    }
    let holds = &s.policy.about.version;
    if p.made_from != *holds {
        return Err(Refused::changed(format!(
            "policy {holds} was published since {} proposed this from policy {}, and would be \
             undone: withdraw it, and propose it again from the policy that holds",
            p.by, p.made_from
        )));
    }
    // Another build of Callbox may know more contradictions than the one it was proposed to.
    let policy = sound(&p.toml)?;
    let briefed = match c.brief.as_slice() {
        [] => Vec::new(),
        roles => briefing::publish(s, &brief(s, p, &policy, roles, now)?, now)?,
    };
    let published =
        Event::ProposalPublished { proposal: p.id, proposed_by: p.by.clone(), why: p.why.clone() };
    let adopted = Event::PolicyAdopted { version: policy.about.version, toml: p.toml.to_string() };
    Ok([adopted, published].into_iter().chain(briefed).collect())
}

/// Why it changes and what, in words.
fn brief(
    s: &State,
    p: &Proposal,
    policy: &Policy,
    roles: &[Role],
    now: Now,
) -> Result<PublishBriefing, Refused> {
    let mut text = p.why.as_str().to_owned();
    for change in crate::views::policy::changes(&s.policy, policy) {
        let nothing = || "-".to_owned();
        let (before, after) = (change.before, change.after);
        text.push_str(&format!(
            "\n\n{}: {} -> {}",
            change.place,
            before.unwrap_or_else(nothing),
            after.unwrap_or_else(nothing)
        ));
    }
    if let Some((end, _)) = text.char_indices().nth(BRIEF_CHARS) {
        text.truncate(end);
        text.push_str("\n\n... and more: the page of the policy shows all of it.");
    }
    let title: String = format!("Policy {} holds", p.version).chars().take(TITLE_CHARS).collect();
    Ok(PublishBriefing {
        title: Title::parse(&title).map_err(Refused::invalid)?,
        text: Words::parse(&text).map_err(Refused::invalid)?,
        roles: roles.to_vec(),
        until: now.at + BRIEFED_FOR,
        read_by: None,
    })
}

/// Takes a proposal back, or turns down somebody else's.
pub fn withdraw(s: &State, c: &WithdrawPolicy) -> Result<Vec<Event>, Refused> {
    let p = open(s, c.proposal)?;
    Ok(vec![Event::ProposalWithdrawn { proposal: p.id, reason: c.reason.clone() }])
}

impl State {
    /// Whether the event was about policy and nothing else.
    pub(crate) fn evolve_policy(&mut self, event: &Event, meta: &Meta) -> bool {
        match event {
            Event::PolicyAdopted { toml, .. } => self.hold(toml, meta),
            Event::PolicyProposed { proposal, version, made_from, toml, why } => {
                self.next_proposal = self.next_proposal.max(proposal.0 + 1);
                let proposed = Proposal {
                    id: *proposal,
                    by: meta.by.staff.clone(),
                    at: meta.recorded_at,
                    why: why.clone(),
                    version: version.clone(),
                    made_from: made_from.clone(),
                    toml: toml.as_str().into(),
                };
                self.proposals.insert_mut(*proposal, proposed);
            }
            Event::ProposalPublished { proposal, proposed_by, why } => {
                self.proposals.remove_mut(proposal);
                if let Some(adopted) = &mut self.adopted {
                    let adopted = Arc::make_mut(adopted);
                    adopted.proposed_by = Some(proposed_by.clone());
                    adopted.why = Some(why.clone());
                }
            }
            Event::ProposalWithdrawn { proposal, .. } => {
                self.proposals.remove_mut(proposal);
            }
            _ => return false,
        }
        true
    }

    /// What cannot be read any more leaves what held before.
    fn hold(&mut self, toml: &str, meta: &Meta) {
        let Ok(policy) = Policy::parse(toml) else { return };
        self.revise(&policy, meta);
        self.policy = Arc::new(policy);
        self.roll_up_again();
        self.adopted = Some(Arc::new(Adopted {
            seq: meta.seq,
            at: meta.recorded_at,
            by: meta.by.clone(),
            proposed_by: None,
            why: None,
            toml: toml.into(),
        }));
    }
}
