//! The colours of the pages, measured: contrast by WCAG 2.2 on every surface, and the badges apart
//! for people who do not see all colours (Machado, Oliveira and Fernandes 2009, whole severity).

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../src/assets/callbox.css");
const SURFACES: [&str; 5] = ["bg-app", "bg-panel", "bg-raised", "bg-input", "bg-sel"];
const TEXT: [&str; 11] =
    ["fg-strong", "fg", "fg-dim", "link", "red", "amber", "blue", "grey", "ok", "stale", "adv"];
const BADGES: [&str; 4] = ["g1", "g2", "g3", "g4"];

type Rgb = [f64; 3];
type Tokens = BTreeMap<String, Rgb>;

/// What a rule of the style sheet sets, given the text that begins it.
fn rule(begins: &str) -> Tokens {
    let from = STYLE.find(begins).unwrap_or_else(|| panic!("{begins} is in the style sheet"));
    let body = STYLE[from..].split_once('{').unwrap().1.split_once('}').unwrap().0;
    let pairs = body.split(';').filter_map(|line| line.split_once(':'));
    let named = pairs.filter_map(|(name, value)| Some((name.trim().strip_prefix("--")?, value)));
    named.filter_map(|(name, value)| Some((name.to_owned(), colour(value.trim())?))).collect()
}

/// `#rgb` or `#rrggbb` in linear light, each part from 0 to 1.
fn colour(text: &str) -> Option<Rgb> {
    let hex = text.strip_prefix('#')?;
    let long: String = match hex.len() {
        3 => hex.chars().flat_map(|c| [c, c]).collect(),
        _ => hex.to_owned(),
    };
    let part = |at: usize| {
        let value = u8::from_str_radix(long.get(at..at + 2)?, 16).ok()?;
        let s = f64::from(value) / 255.0;
        Some(if s <= 0.040_45 { s / 12.92 } else { ((s + 0.055) / 1.055).powf(2.4) })
    };
    Some([part(0)?, part(2)?, part(4)?])
}

fn dark() -> Tokens {
    rule(":root{")
}

fn light() -> Tokens {
    dark().into_iter().chain(rule(":root[data-theme=light]{")).collect()
}

fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |[r, g, b]: Rgb| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let (a, b) = (luminance(one), luminance(other));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// CIE L*a*b*, D65.
fn lab([r, g, b]: Rgb) -> Rgb {
    let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
    let x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47);
    let y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
    let z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// How somebody sees who lacks one kind of cone.
const SIGHT: [(&str, [Rgb; 3]); 4] = [
    ("all cones", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "no red cones",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "no green cones",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "no blue cones",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

fn apart(one: Rgb, other: Rgb, sight: &[Rgb; 3]) -> f64 {
    let seen = |c: Rgb| {
        lab(sight.map(|row| row.iter().zip(c).map(|(m, v)| m * v).sum::<f64>().clamp(0.0, 1.0)))
    };
    let (a, b) = (seen(one), seen(other));
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn every_text_can_be_read_on_every_surface_in_dark_and_in_light() {
    for (theme, tokens) in [("dark", dark()), ("light", light())] {
        for surface in SURFACES {
            for (least, names) in [(4.5, &TEXT[..]), (3.0, &["ctl", "focus"])] {
                for name in names {
                    let is = contrast(tokens[*name], tokens[surface]);
                    assert!(is >= least, "{theme}: {name} on {surface} has {is:.2}");
                }
            }
        }
        for badge in BADGES {
            let is = contrast(tokens[badge], tokens[&format!("{badge}-fg")]);
            assert!(is >= 4.5, "{theme}: the words of {badge} have {is:.2}");
            // Some fills are close to the panel: the ring round them is not.
            let ring = contrast(tokens["ring"], tokens["bg-panel"]);
            assert!(ring >= 3.0, "{theme}: the ring has {ring:.2}");
        }
    }
}

#[test]
fn the_badges_stay_apart_for_people_who_do_not_see_all_colours() {
    let tokens = dark();
    for (name, sight) in &SIGHT {
        for (at, one) in BADGES.iter().enumerate() {
            for other in &BADGES[at + 1..] {
                let is = apart(tokens[*one], tokens[*other], sight);
                assert!(is >= 20.0, "{name}: {one} and {other} are {is:.1} apart");
            }
        }
    }
    // The measure sees what is known to be too close: words in these two colours alone.
    let no_green = &SIGHT[2].1;
    assert!(apart(tokens["blue"], tokens["stale"], no_green) < 10.0);
}

#[test]
fn light_is_the_same_however_it_was_chosen() {
    let chosen = rule(":root[data-theme=light]{");
    assert_eq!(chosen, rule(":root:not([data-theme=dark]){"));
    assert!(chosen.len() > 10, "{chosen:?}");
}
