//! The units sent to a log, with both confirmations.

use super::super::countdown::age_words;
use crate::incident::{Deployment, Incident};
use crate::name::*;
use crate::state::State;
use crate::time::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A unit sent to the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DeploymentView {
    /// The unit.
    pub call_sign: CallSign,
    /// When it was sent.
    pub deployed_at: Instant,
    /// Why one more.
    pub reason: Option<Reason>,
    /// Whether it was sent without a word on the radio.
    pub silent: bool,
    /// When the unit confirmed that it goes.
    pub confirmed_at: Option<Instant>,
    /// When it went en route.
    pub en_route_at: Option<Instant>,
    /// When the officer opened the risk card, or was read it.
    pub card_opened_at: Option<Instant>,
    /// When it arrived.
    pub at_scene_at: Option<Instant>,
    /// When the officer was last heard from.
    pub heard_at: Option<Instant>,
    /// When it left.
    pub left_at: Option<Instant>,
    /// The log it was diverted to, if it was.
    pub diverted_to: Option<IncidentNumber>,
    /// Whether the unit is released and has not confirmed it.
    pub release_unconfirmed: bool,
    /// The checks that were not done when it was sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks_open: Vec<Label>,
    /// What the log needed then, and neither it nor anybody there had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Label>,
    /// Where it stands now, in a few words.
    pub words: String,
}

pub(super) fn deployments(s: &State, log: &Incident, now: Instant) -> Vec<DeploymentView> {
    let last = |d: &Deployment| {
        let same = log.deployments.iter().filter(|x| x.call_sign == d.call_sign);
        same.map(|x| x.deployed_at).max() == Some(d.deployed_at)
    };
    let view = |d: &Deployment| {
        let unit = s.units.get(&d.call_sign);
        let awaited = unit.is_some_and(|u| u.releases_awaited.contains(&log.number));
        let release_unconfirmed = d.left.is_some() && awaited && last(d);
        DeploymentView {
            call_sign: d.call_sign.clone(),
            deployed_at: d.deployed_at,
            reason: d.reason.clone(),
            silent: d.silent,
            checks_open: d.checks_open.clone(),
            lacks: d.lacks.clone(),
            confirmed_at: d.confirmed_at,
            en_route_at: d.en_route_at,
            card_opened_at: d.card_opened_at,
            at_scene_at: d.at_scene_at,
            heard_at: d.heard_at,
            left_at: d.left.map(|(at, _)| at),
            diverted_to: d.left.and_then(|(_, to)| to),
            release_unconfirmed,
            words: words(d, release_unconfirmed, now),
        }
    };
    log.deployments.iter().map(view).collect()
}

fn words(d: &Deployment, release_unconfirmed: bool, now: Instant) -> String {
    let since = |at: Instant| age_words(at, now);
    match (d.left, d.at_scene_at, d.confirmed_at) {
        (Some((_, Some(to))), ..) if release_unconfirmed => {
            format!("diverted to {to}, release not confirmed by the unit")
        }
        (Some((_, Some(to))), ..) => format!("diverted to {to}"),
        (Some(_), ..) if release_unconfirmed => "stood down, not confirmed by the unit".to_owned(),
        (Some(_), ..) => "stood down".to_owned(),
        (None, Some(at), _) => format!("at the scene for {}", since(at)),
        (None, None, Some(_)) => match d.en_route_at {
            Some(at) => format!("en route for {}", since(at)),
            None => "confirmed, not en route yet".to_owned(),
        },
        (None, None, None) => {
            format!("sent {} ago, not confirmed by the unit", since(d.deployed_at))
        }
    }
}
