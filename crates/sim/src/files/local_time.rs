//! A city's clock. In spring an hour is absent, in autumn one comes twice.

use super::FileFault;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use rules::time::Instant;

/// A city's clock.
pub struct LocalTime {
    zone: TimeZone,
    form: &'static str,
}

impl LocalTime {
    /// The clock of a time zone, its times being written in this form (of strptime).
    pub fn new(zone: &'static str, form: &'static str) -> Result<LocalTime, FileFault> {
        let found = TimeZone::get(zone);
        Ok(LocalTime { zone: found.map_err(|source| FileFault::Zone { zone, source })?, form })
    }

    /// The instant of a local time.
    ///
    /// Of a time that came twice it is the first that is not before `after`, the time before it in
    /// the same row; of an absent one it is as long after the change as was written.
    pub fn instant(&self, text: &str, after: Option<Instant>) -> Result<Instant, String> {
        let local = DateTime::strptime(self.form, text)
            .map_err(|_| format!("'{text}' is not a time like {}", self.example()))?;
        let moment = self.zone.to_ambiguous_timestamp(local);
        let twice = matches!(moment.offset(), AmbiguousOffset::Fold { .. });
        let out_of_range = |_| format!("'{text}' is out of the range of times");
        let first = Instant(moment.earlier().map_err(out_of_range)?.as_millisecond());
        let second = Instant(moment.later().map_err(out_of_range)?.as_millisecond());
        Ok(match after {
            Some(after) if twice && first < after => second,
            _ if twice => first,
            _ => Instant(moment.compatible().map_err(out_of_range)?.as_millisecond()),
        })
    }

    fn example(&self) -> String {
        jiff::civil::date(2017, 1, 31).at(21, 5, 9, 0).strftime(self.form).to_string()
    }
}
