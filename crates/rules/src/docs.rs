//! The rules as a document, written from the rules and the policy themselves so that it cannot
//! differ from them.

use crate::obligation::Rule;
use crate::policy::{Ladder, ObligationPolicy, Policy, RungAt, RungPolicy, Tell};
use std::fmt::Write as _;

/// The whole of `docs/rules.md` for a policy: one table of every rule, then one section for each
/// ladder.
pub fn rules_markdown(policy: &Policy) -> String {
    let mut out = String::new();
    let about = &policy.about;
    line(&mut out, "# The rules");
    line(&mut out, "");
    line(
        &mut out,
        "Every rule that arms an obligation: what is owed, in what time, who is told when it is \
         not done, and the test that explains it. This page is written by a test from the rules \
         and from `policy/default.toml`; change those, not this.",
    );
    line(&mut out, "");
    line(
        &mut out,
        &format!(
            "Policy of the {}, version {}, from {}.",
            about.force, about.version, about.effective_from
        ),
    );
    line(&mut out, "");
    line(
        &mut out,
        "A1 sounds until silenced, A2 sounds once, A3 is a badge, A4 is a line on the log. \
         Reading is not acting: only what a rule names ends an obligation.",
    );
    line(&mut out, "");
    grades(&mut out, policy);
    table(&mut out, policy);
    for rule in Rule::ALL {
        section(&mut out, policy, *rule);
    }
    ladders(&mut out, policy);
    out
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}

/// Text for one cell: a bar would end it.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn grades(out: &mut String, policy: &Policy) {
    line(out, "## Grades");
    line(out, "");
    line(out, "| grade | label | deploy in | arrive in, urban | arrive in, rural | source |");
    line(out, "|---|---|---|---|---|---|");
    for g in &policy.grade {
        let span = |s: Option<crate::time::Span>| s.map_or("-".to_owned(), |s| s.to_string());
        let cells = [
            g.rank.to_string(),
            g.label.clone(),
            span(g.deploy_target),
            span(g.arrive_target_urban),
            span(g.arrive_target_rural),
            cell(&g.source),
        ];
        line(out, &format!("| {} |", cells.join(" | ")));
    }
    line(out, "");
    if let Some(least) = policy.thrive.not_understood_grade {
        let text = format!(
            "Where THRIVE says that the informant could not be heard or understood, at least {} is \
             suggested. Test: `a_caller_who_is_not_understood_is_graded_no_lower_than_policy_says`. \
             Code: `crates/rules/src/incident/grade.rs`.",
            policy.grade_label(least)
        );
        line(out, &text);
        line(out, "");
    }
}

fn table(out: &mut String, policy: &Policy) {
    line(out, "## Every rule");
    line(out, "");
    line(out, "| rule | name | time allowed | ladder | first owner | blocks closing |");
    line(out, "|---|---|---|---|---|---|");
    for rule in Rule::ALL {
        let Some(row) = policy.obligation(*rule) else { continue };
        let cells = [
            cell(rule.why()),
            format!("[`{0}`](#{0})", rule.name()),
            times(policy, row),
            ladder_names(policy, row),
            row.owner.words(),
            if row.blocks_closing { "yes" } else { "no" }.to_owned(),
        ];
        line(out, &format!("| {} |", cells.join(" | ")));
    }
    line(out, "");
}

fn section(out: &mut String, policy: &Policy, rule: Rule) {
    line(out, &format!("### {}", rule.name()));
    line(out, "");
    line(out, rule.why());
    let Some(row) = policy.obligation(rule) else { return };
    line(out, "");
    line(out, &format!("- Owed: {}.", rule.owed()));
    line(out, &format!("- Value: {}. {}", times(policy, row), cell(&row.meaning)));
    line(out, &format!("- First owner, where the rule names nobody: {}.", row.owner.words()));
    for (who, name) in row_ladders(policy, row) {
        if let Some(ladder) = policy.ladder.get(name) {
            line(out, &format!("- Ladder `{name}`{who}: {}.", climb(ladder)));
        }
    }
    let blocks =
        if row.blocks_closing { "It blocks closing." } else { "It does not block closing." };
    line(out, &format!("- {blocks}"));
    alarm(out, policy, rule);
    line(
        out,
        &format!(
            "- Source of the rule: {}. Of the value: {}.",
            cell(rule.source()),
            cell(&row.source)
        ),
    );
    line(out, &format!("- Test: `{}`. Code: `{}`.", rule.test(), rule.file()));
    line(out, "");
}

/// The rule's row of the alarm catalogue.
fn alarm(out: &mut String, policy: &Policy, rule: Rule) {
    let Some(row) = policy.alarm.row(rule) else {
        line(out, "- Alarm: none.");
        return;
    };
    let with = row.with.map(|with| format!(" Rolled up with [`{0}`](#{0}).", with.name()));
    let text = format!(
        "- Alarm: {} Respond within {}: {} Ends with: {}{}",
        cell(&row.consequence),
        row.respond_within,
        cell(&row.response),
        cell(&row.clears),
        with.unwrap_or_default(),
    );
    line(out, &text);
}

fn label(policy: &Policy, grade: &str) -> String {
    let found = policy.grade.iter().find(|g| g.rank.to_string() == grade);
    found.map_or_else(|| "any other".to_owned(), |g| g.label.clone())
}

fn times(policy: &Policy, row: &ObligationPolicy) -> String {
    if row.due.is_empty() {
        return "the grade's target, or the time promised".to_owned();
    }
    if let (1, Some(span)) = (row.due.len(), row.due.get("any")) {
        return if span.0 == 0 { "at once".to_owned() } else { span.to_string() };
    }
    let each = row.due.iter().map(|(grade, span)| format!("{}: {span}", label(policy, grade)));
    each.collect::<Vec<_>>().join(", ")
}

/// The ladders of a row, each with the grade it is for.
fn row_ladders<'p>(policy: &Policy, row: &'p ObligationPolicy) -> Vec<(String, &'p str)> {
    let special = row
        .ladder_of
        .iter()
        .map(|(grade, name)| (format!(" ({})", label(policy, grade)), name.as_str()));
    [(String::new(), row.ladder.as_str())].into_iter().chain(special).collect()
}

fn ladder_names(policy: &Policy, row: &ObligationPolicy) -> String {
    let each = row_ladders(policy, row);
    each.iter().map(|(who, name)| format!("`{name}`{who}")).collect::<Vec<_>>().join(", ")
}

/// A ladder in words.
fn climb(ladder: &Ladder) -> String {
    let rungs: Vec<String> = ladder.rung.iter().map(rung).collect();
    format!("{}; then every {}", rungs.join("; "), ladder.then_every)
}

fn rung(rung: &RungPolicy) -> String {
    let at = match rung.at {
        RungAt::Percent(0) => "at once".to_owned(),
        RungAt::Percent(p) => format!("at {p} % of the time"),
        RungAt::After(span) if span.0 == 0 => "when due".to_owned(),
        RungAt::After(span) => format!("{span} after"),
    };
    let told = rung.tell.iter().map(|t| match t {
        Tell::Owner => "its owner".to_owned(),
        Tell::Desk(role) => role.words(),
    });
    let told: Vec<String> = told.collect();
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{at} {:?} to {}", rung.level, told.join(", "));
    if rung.takes_over {
        text.push_str(", who owns it from then on");
    }
    if let Some(words) = &rung.words {
        let _ = write!(text, " ({})", cell(words));
    }
    text
}

fn ladders(out: &mut String, policy: &Policy) {
    line(out, "## Ladders");
    line(out, "");
    line(out, "| ladder | meaning | rungs | source |");
    line(out, "|---|---|---|---|");
    for (name, ladder) in &policy.ladder {
        let cells =
            [format!("`{name}`"), cell(&ladder.meaning), climb(ladder), cell(&ladder.source)];
        line(out, &format!("| {} |", cells.join(" | ")));
    }
}
