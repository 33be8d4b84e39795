//! The default policy, and the same with every length of time made short, so that obligations
//! fall due while a fault is being made.

/// The policy Callbox comes with.
pub const DEFAULT: &str = include_str!("../../../policy/default.toml");

/// The default policy with minutes for hours and seconds for minutes.
pub fn sixty_times_faster() -> String {
    DEFAULT.lines().map(faster_line).collect::<Vec<_>>().join("\n")
}

/// Lengths stand alone in quotation marks; prose that mentions a length does not.
fn faster_line(line: &str) -> String {
    let parts: Vec<String> = line
        .split('"')
        .enumerate()
        .map(|(at, part)| if at % 2 == 1 { faster(part) } else { None }.unwrap_or(part.to_owned()))
        .collect();
    parts.join("\"")
}

fn faster(length: &str) -> Option<String> {
    let (number, unit) = length.split_once(' ')?;
    let n: u64 = number.parse().ok()?;
    match unit {
        "d" => Some(format!("{} min", n * 24)),
        "h" => Some(format!("{n} min")),
        "min" => Some(format!("{n} s")),
        "s" if n > 0 => Some(format!("{} s", n.div_ceil(60))),
        _ => None,
    }
}

/// The default policy with questions due two hours after they are asked, whatever the grade.
///
/// # Errors
/// That the default policy no longer has the row.
pub fn questions_due_in_two_hours() -> Result<String, String> {
    let mut out = String::new();
    let (mut within, mut changed) = (false, false);
    for line in DEFAULT.lines() {
        if line.starts_with('[') {
            within = line.trim() == "[obligation.question_open]";
        }
        if within && line.starts_with("due = ") {
            out.push_str("due = { any = \"2 h\" }\n");
            changed = true;
        } else {
            out.push_str(line);
            out.push('\n');
        }
    }
    if changed { Ok(out) } else { Err("the policy has no row for open questions".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::policy::Policy;

    #[test]
    fn the_changed_policies_are_policies() {
        let slow = Policy::parse(DEFAULT).unwrap();
        let fast = Policy::parse(&sixty_times_faster()).unwrap();
        let grades = slow.grade.iter().zip(&fast.grade);
        for (slow, fast) in grades.filter(|(slow, _)| slow.arrive_target_urban.is_some()) {
            let (slow, fast) =
                (slow.arrive_target_urban.unwrap(), fast.arrive_target_urban.unwrap());
            assert_eq!(slow.0, fast.0 * 60);
        }
        Policy::parse(&questions_due_in_two_hours().unwrap()).unwrap();
    }
}
