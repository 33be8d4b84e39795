//! How the alarms did over the last day, as gauges for a program that watches. Desks and rules are
//! named, people never.

use metrics::gauge;
use room::Room;
use room::roles::may;
use rules::obligation::Rule;
use rules::role::{Owner, Role};
use rules::views::kpi::{AlarmKpi, Load, Waits};
use std::time::Duration;

/// How long one scrape may read the journal for. What it has not read, the next goes on with.
const READ_WITHIN: Duration = Duration::from_millis(500);

/// Brings the gauges up to date; while the day is still being read they stay as they are.
pub(crate) async fn publish_alarms(room: &Room) {
    let room = room.clone();
    match tokio::task::spawn_blocking(move || room.alarm_kpi(READ_WITHIN)).await {
        Ok(Ok(Some(kpi))) => publish(&kpi),
        Ok(Ok(None)) => {}
        Ok(Err(fault)) => tracing::warn!(%fault, "the alarms of the day were not counted"),
        Err(error) => tracing::error!(%error, "the alarms of the day were not counted"),
    }
}

fn publish(kpi: &AlarmKpi) {
    gauge!("callbox_alarm_day_sounds").set(f64::from(kpi.sounds));
    load("all", &kpi.all, 0);
    for role in Role::ALL.into_iter().filter(|role| may(*role, "view_alarms")) {
        let found = kpi.positions.iter().find(|p| p.position == Owner::Desk(role));
        let quiet = (Load::default(), 0);
        let (heard, flood) = found.map_or(quiet, |p| (p.load, p.flood_per_mille));
        load(role.name(), &heard, flood);
    }
    for told in &kpi.told_by_level {
        let level = format!("{:?}", told.level);
        gauge!("callbox_alarm_day_told", "level" => level).set(f64::from(told.n));
    }
    gauge!("callbox_alarm_day_bad_actors_ratio").set(f64::from(kpi.bad_actors_percent) / 100.0);
    gauge!("callbox_alarm_day_chattering").set(kpi.chattering.len() as f64);
    gauge!("callbox_alarms_standing").set(f64::from(kpi.n_standing));
    gauge!("callbox_alarms_stale").set(f64::from(kpi.n_stale));
    gauge!("callbox_alarm_day_without_deed").set(f64::from(kpi.n_without_deed));
    gauge!("callbox_alarm_day_delays").set(f64::from(kpi.delays.n));
    gauge!("callbox_alarms_delayed").set(f64::from(kpi.delays.n_now));
    waits("all", "silence", kpi.to_silence);
    waits("all", "deed", kpi.to_deed);
    for rule in Rule::ALL {
        let row = kpi.rules.iter().find(|row| row.rule == *rule);
        let sounds = row.map_or(0, |row| row.sounds);
        gauge!("callbox_alarm_day_rule_sounds", "rule" => rule.name()).set(f64::from(sounds));
        waits(rule.name(), "silence", row.map(|row| row.to_silence).unwrap_or_default());
        waits(rule.name(), "deed", row.map(|row| row.to_deed).unwrap_or_default());
    }
}

fn load(position: &'static str, load: &Load, flood_per_mille: u32) {
    for (quantile, n) in [("0.5", load.p50), ("0.95", load.p95), ("1", load.most)] {
        gauge!("callbox_alarms_per_10_min", "position" => position, "quantile" => quantile)
            .set(f64::from(n));
    }
    gauge!("callbox_alarm_day_flood_ratio", "position" => position)
        .set(f64::from(flood_per_mille) / 1_000.0);
}

/// Not a number where nothing was waited for.
fn waits(rule: &'static str, until: &'static str, all: Waits) {
    for (quantile, s) in [("0.5", all.p50_s), ("0.95", all.p95_s)] {
        gauge!("callbox_alarm_day_wait", "rule" => rule, "until" => until, "quantile" => quantile)
            .set(s.map_or(f64::NAN, f64::from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use metrics_exporter_prometheus::PrometheusBuilder;
    use rules::name::StaffId;
    use rules::views::kpi::{AlarmLog, PositionLoad, alarm_kpi};

    #[test]
    fn desks_and_rules_are_gauges_and_nobody_is_named() {
        let policy = include_str!("../../../policy/default.toml");
        let policy = rules::policy::Policy::parse(policy).unwrap();
        let state = rules::state::State::new(policy);
        let now = rules::time::Instant(1_795_000_000_000);
        let mut kpi = alarm_kpi(&AlarmLog::default(), &state, now);
        let heard = Load { stretches: 6, p50: 1, p95: 4, most: 5, over: 0 };
        for position in
            [Owner::Desk(Role::Dispatcher), Owner::Staff(StaffId::parse("4418").unwrap())]
        {
            kpi.positions.push(PositionLoad {
                position,
                sounds: 9,
                load: heard,
                flood_per_mille: 25,
            });
        }
        kpi.to_deed = Waits { n: 3, p50_s: Some(90), p95_s: Some(300) };
        let recorder = PrometheusBuilder::new().build_recorder();
        metrics::with_local_recorder(&recorder, || publish(&kpi));
        let text = recorder.handle().render();
        for line in [
            "callbox_alarms_per_10_min{position=\"dispatcher\",quantile=\"0.95\"} 4",
            "callbox_alarms_per_10_min{position=\"team_leader\",quantile=\"0.95\"} 0",
            "callbox_alarm_day_flood_ratio{position=\"dispatcher\"} 0.025",
            "callbox_alarm_day_wait{rule=\"all\",until=\"deed\",quantile=\"0.5\"} 90",
            "callbox_alarm_day_wait{rule=\"unresourced\",until=\"deed\",quantile=\"0.5\"} NaN",
            "callbox_alarm_day_rule_sounds{rule=\"unresourced\"} 0",
            "callbox_alarms_stale 0",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        assert!(!text.contains("4418"), "a person is named");
    }
}
