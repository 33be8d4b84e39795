//! A file's words for what happened and how it ended, as codes of the policy.

use crate::files::Format;
use rules::name::{ClosingCode, OpeningCode};
use rules::policy::Policy;

/// The codes that a format's words stand for.
pub struct Codes {
    format: Format,
    openings: Vec<OpeningCode>,
    closings: Vec<ClosingCode>,
}

/// For a kind that no row names, of a fire or a police file.
const OTHER: &str = "assistance to other agency";
/// For a disposition that no row names.
const DEALT_WITH: &str = "attended - dealt with";

const SFFD: &[(&str, &str)] = &[
    ("Medical Incident", "medical"),
    ("Alarms", "fire"),
    ("Structure Fire", "fire"),
    ("Outside Fire", "fire"),
    ("Vehicle Fire", "fire"),
    ("Smoke Investigation (Outside)", "fire"),
    ("Electrical Hazard", "fire"),
    ("Gas Leak (Natural and LP Gases)", "fire"),
    ("Odor (Strange / Unknown)", "fire"),
    ("Fuel Spill", "fire"),
    ("HazMat", "fire"),
    ("Traffic Collision", "road traffic collision injury"),
    ("Water Rescue", "concern for safety"),
    ("Industrial Accidents", "medical"),
];

const LFB: &[(&str, &str)] = &[
    ("Fire", "fire"),
    ("False Alarm", "fire"),
    ("RTC", "road traffic collision injury"),
    ("Medical Incident", "medical"),
    ("Medical Incident - Co-responder", "medical"),
    ("Suicide/attempts", "concern for safety"),
    ("Effecting entry/exit", "concern for safety"),
    ("Rescue or evacuation from water", "concern for safety"),
    ("Animal assistance incidents", "animals"),
    ("Hazardous Materials incident", "fire"),
];

const SEATTLE: &[(&str, &str)] = &[
    ("THEFT", "theft"),
    ("SUSPICIOUS CIRCUMSTANCES", "suspicious circumstances"),
    ("PROWLER", "suspicious circumstances"),
    ("TRAFFIC RELATED CALLS", "road related offence"),
    ("ROAD RAGE", "road related offence"),
    ("DISTURBANCES", "ASB nuisance"),
    ("TRESPASS", "ASB nuisance"),
    ("MISCELLANEOUS MISDEMEANORS", "ASB nuisance"),
    ("NARCOTICS COMPLAINTS", "ASB nuisance"),
    ("PARKS EXCLUSIONS", "ASB nuisance"),
    ("VICE CALLS", "ASB nuisance"),
    ("NOISE DISTURBANCE", "ASB environmental"),
    ("RESIDENTIAL BURGLARIES", "burglary"),
    ("COMMERCIAL BURGLARIES", "burglary"),
    ("AUTO RECOVERIES", "vehicle crime"),
    ("ASSAULTS", "violence"),
    ("WEAPONS CALLS", "violence"),
    ("GUN CALLS", "firearms"),
    ("ROBBERY", "robbery"),
    ("THREATS, HARASSMENT", "stalking and harassment"),
    ("PROPERTY DAMAGE", "criminal damage"),
    ("RECKLESS BURNING", "fire"),
    ("FRAUD CALLS", "fraud"),
    ("PARKING VIOLATIONS", "highway disruption"),
    ("HAZARDS", "highway disruption"),
    ("TREES DOWN", "highway disruption"),
    ("PUBLIC WATER", "highway disruption"),
    ("PROPERTY - MISSING, FOUND", "lost or found property"),
    ("LIQUOR VIOLATIONS", "licensing"),
    ("CRISIS CALL", "concern for safety"),
    ("CASUALTIES", "medical"),
    ("PERSON DOWN/INJURY", "medical"),
    ("PERSONS - LOST, FOUND, MISSING", "missing person"),
    ("ANIMAL COMPLAINTS", "animals"),
];

const ENDINGS: &[(&str, &str)] = &[
    ("Code 2 Transport", "attended - person taken to care"),
    ("Code 3 Transport", "attended - person taken to care"),
    ("Cancelled", "cancelled before arrival"),
    ("Medical Examiner", "attended - death"),
    ("Unable to Locate", "attended - no trace"),
    ("Gone on Arrival", "attended - no trace"),
    ("SFPD", "attended by another agency"),
    ("CHP", "attended by another agency"),
];

impl Codes {
    /// The codes of a format under a policy.
    ///
    /// # Errors
    /// A sentence naming a code that the format's words stand for and the policy lacks.
    pub fn new(policy: &Policy, format: Format) -> Result<Codes, String> {
        let codes = Codes {
            format,
            openings: policy.opening_code.iter().map(|c| c.code.clone()).collect(),
            closings: policy.closing_code.iter().map(|c| c.code.clone()).collect(),
        };
        let other = (format != Format::Csv).then_some(OTHER);
        for code in codes.rows().iter().map(|(_, code)| *code).chain(other) {
            if !codes.openings.iter().any(|c| c.as_str() == code) {
                return Err(format!(
                    "this policy has no opening code '{code}', which {format} files need: add it, \
                     or replay under the policy that comes with Callbox"
                ));
            }
        }
        for code in ENDINGS.iter().map(|(_, code)| *code).chain([DEALT_WITH]) {
            if !codes.closings.iter().any(|c| c.as_str() == code) {
                return Err(format!(
                    "this policy has no closing code '{code}', which a replay needs: add it, or \
                     replay under the policy that comes with Callbox"
                ));
            }
        }
        Ok(codes)
    }

    fn rows(&self) -> &'static [(&'static str, &'static str)] {
        match self.format {
            Format::Sffd => SFFD,
            Format::Lfb => LFB,
            Format::Seattle => SEATTLE,
            Format::Csv => &[],
        }
    }

    /// The opening code of a kind.
    ///
    /// # Errors
    /// A sentence, for our own format only, where the kind is no code of the policy.
    pub fn opening(&self, kind: &str) -> Result<OpeningCode, String> {
        let named = match (self.format, self.rows().iter().find(|(word, _)| *word == kind)) {
            (Format::Csv, _) => kind,
            (_, Some((_, code))) => code,
            (_, None) => OTHER,
        };
        let found = self.openings.iter().find(|c| c.as_str().eq_ignore_ascii_case(named));
        found.cloned().ok_or_else(|| {
            format!("'{kind}' is not an opening code of this policy: write one that it has")
        })
    }

    /// The closing code of a disposition.
    pub fn closing(&self, disposition: Option<&str>) -> ClosingCode {
        let row = ENDINGS.iter().find(|(word, _)| Some(*word) == disposition);
        let code = match disposition {
            _ if row.is_some() => row.map_or(DEALT_WITH, |(_, code)| code),
            Some(words) if words.contains("ARREST") => "attended - arrest",
            _ => DEALT_WITH,
        };
        let known = self.closings.iter().find(|c| c.as_str() == code);
        known
            .or_else(|| self.closings.iter().find(|c| c.as_str() == DEALT_WITH))
            .cloned()
            .expect("the policy was checked to have this closing code")
    }
}
