//! Where in the text of a policy something stands, for whoever edits it.

/// The line of a policy key such as `opening_code.burglary.sop`, counted from 1; the line of the
/// nearest thing around it where it is not there itself, nothing if that is not there either.
pub fn line_of(toml: &str, key: &str) -> Option<usize> {
    let lines: Vec<&str> = toml.lines().collect();
    let (head, rest) = key.split_once('.').unwrap_or((key, ""));
    let block = block(&lines, head, rest);
    let Some((from, to, field)) = block else {
        let first = lines.iter().position(|line| names(line, head).is_some());
        return first.map(|at| at + 1);
    };
    let field = field.rsplit('.').next().unwrap_or("");
    let inside = lines.get(from..to).unwrap_or_default();
    let found = inside.iter().position(|line| !field.is_empty() && is_set(line, field));
    Some(from + found.unwrap_or(0) + 1)
}

/// The first and the last line but one of the table that the key is in, and what is left of it.
fn block<'k>(lines: &[&str], head: &str, rest: &'k str) -> Option<(usize, usize, &'k str)> {
    let heads = lines.iter().enumerate().filter(|(_, line)| line.trim_start().starts_with('['));
    let mut starts: Vec<usize> = heads.map(|(at, _)| at).collect();
    starts.push(lines.len());
    let mut best: Option<(usize, usize, usize, &'k str)> = None;
    for pair in starts.windows(2) {
        let [from, to] = pair else { continue };
        let Some(more) = lines.get(*from).and_then(|line| names(line, head)) else { continue };
        let own = match more {
            // [about], [alarm]
            "" if !lines.get(*from).is_some_and(|l| l.trim_start().starts_with("[[")) => Some(""),
            "" => named_by(lines.get(*from..*to).unwrap_or_default(), rest),
            more => rest.starts_with(more).then_some(more),
        };
        let Some(own) = own else { continue };
        let Some(left) = rest.strip_prefix(own) else { continue };
        let is_whole = own.is_empty() || left.is_empty() || left.starts_with('.');
        if !is_whole {
            continue;
        }
        if best.is_none_or(|(_, _, n, _)| own.len() > n) {
            best = Some((*from, *to, own.len(), left.trim_start_matches('.')));
        }
    }
    best.map(|(from, to, _, left)| (from, to, left))
}

/// What stands after `head` in the head of a table: nothing, or the table's own name.
fn names<'l>(line: &'l str, head: &str) -> Option<&'l str> {
    let inside = line.trim_start().strip_prefix('[')?.trim_start_matches('[');
    let inside = inside.split(']').next()?.trim();
    let more = inside.strip_prefix(head)?;
    if more.is_empty() {
        return Some("");
    }
    more.strip_prefix('.').map(|name| name.trim_matches('"'))
}

/// The name by which a key means a table of a list: the value of one of its naming fields.
fn named_by<'k>(table: &[&str], rest: &'k str) -> Option<&'k str> {
    const NAMING: [&str; 8] = ["ask", "id", "code", "codes", "rank", "name", "tag", "label"];
    let values = table.iter().filter(|l| NAMING.iter().any(|n| is_set(l, n)));
    let mut found: Option<&'k str> = None;
    for line in values {
        let value = line.split_once('=').map_or("", |(_, v)| v);
        let value = value.trim().trim_start_matches('[').trim();
        let value = match value.strip_prefix('"') {
            Some(text) => text.split('"').next().unwrap_or(""),
            None => value.split([' ', '#']).next().unwrap_or(""),
        };
        let own = rest.get(..value.len()).filter(|own| !own.is_empty() && *own == value);
        found = own.or(found);
    }
    found
}

fn is_set(line: &str, field: &str) -> bool {
    let rest = line.trim_start().strip_prefix(field);
    rest.is_some_and(|rest| rest.trim_start().starts_with('='))
}

#[cfg(test)]
mod tests {
    use super::line_of;

    const TOML: &str = "\
[about]
force = \"F\"
version = \"1\"

[[grade]]
rank = 1
deploy_target = \"4 min\"

[[grade]]
rank = 2
deploy_target = \"15 min\"

[[opening_code]]
code = \"burglary\"
definition = \"x\"
sop = []

[[question_set]]
codes = [\"burglary\", \"theft\"]

[obligation.grade_owed]
due = { any = \"2 min\" }
ladder = \"short\"

[alarm]
count_steps = []
[alarm.catalogue.grade_owed]
respond_within = \"1 min\"
";

    #[test]
    fn a_key_is_found_at_its_line() {
        for (key, line) in [
            ("about.version", Some(3)),
            ("grade.2.deploy_target", Some(11)),
            ("grade.1.arrive_target_urban", Some(5)),
            ("opening_code.burglary.sop", Some(16)),
            ("opening_code", Some(13)),
            ("question_set.burglary", Some(18)),
            ("question_set.burglary.weapon", Some(18)),
            ("obligation.grade_owed.ladder", Some(23)),
            ("alarm.count_steps", Some(26)),
            ("alarm.catalogue.grade_owed.respond_within", Some(28)),
            ("obligation.thrive_owed", Some(21)),
            ("desk.dispatcher.cover", None),
        ] {
            assert_eq!(line_of(TOML, key), line, "{key}");
        }
    }
}
