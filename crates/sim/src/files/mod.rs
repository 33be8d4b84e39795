//! Real calls out of published files, read into one shape. What a file lacks stays missing.

mod csv_table; //  rows by column name, with the sentence for what is wrong
mod lfb; //        London Fire Brigade incidents
mod local_time; // a city's clock, with its two odd nights
mod seattle; //    Seattle police responses
mod sffd; //       San Francisco Fire calls for service
mod simple; //     our own simple format

use rules::command::Point;
use rules::name::{CallSign, Grade, Label, Place};
use rules::time::Instant;
use std::fmt;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use simple::DOCS as CSV_DOCS;

/// The formats that can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// San Francisco Fire Department calls for service, one row a unit sent (data.sfgov.org).
    Sffd,
    /// London Fire Brigade incidents, one row an incident (London Datastore).
    Lfb,
    /// Seattle police 911 responses, one row a response (data.seattle.gov).
    Seattle,
    /// Our own simple format: [`CSV_DOCS`].
    Csv,
}

impl FromStr for Format {
    type Err = String;

    fn from_str(text: &str) -> Result<Format, String> {
        match text {
            "sffd" => Ok(Format::Sffd),
            "lfb" => Ok(Format::Lfb),
            "seattle" => Ok(Format::Seattle),
            "csv" => Ok(Format::Csv),
            other => Err(format!("'{other}' is not a format: write sffd, lfb, seattle or csv")),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Sffd => "sffd",
            Format::Lfb => "lfb",
            Format::Seattle => "seattle",
            Format::Csv => "csv",
        })
    }
}

/// One call of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct FileCall {
    /// The file's own number for it.
    pub number: String,
    /// The line of its first row.
    pub line: u64,
    /// When somebody got in touch.
    pub received_at: Instant,
    /// When the file's own room had entered it, if it says so.
    pub entered_at: Option<Instant>,
    /// What it was reported as, in the file's word.
    pub kind: String,
    /// More of the file's words about it.
    pub detail: Option<String>,
    /// Where, in the file's words.
    pub place: Option<Place>,
    /// The point, if given.
    pub point: Option<Point>,
    /// The district that resources it.
    pub district: Option<Label>,
    /// The file's first priority, as written and as a grade. Without one, the usual grade of the
    /// opening code is used.
    pub original_priority: Option<Priority>,
    /// The file's later priority.
    pub priority: Option<Priority>,
    /// How it ended, in the file's words.
    pub disposition: Option<String>,
    /// The units sent.
    pub units: Vec<FileUnit>,
}

/// A priority of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Priority {
    /// As written.
    pub words: String,
    /// The grade it stands for.
    pub grade: Grade,
}

/// One unit sent to a call, with the times the file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileUnit {
    /// The call sign; of a synthetic unit it is chosen by the plan, out of this station's pool.
    pub call_sign: CallSign,
    /// The kind of unit.
    pub kind: Label,
    /// Sent.
    pub dispatch: Option<Instant>,
    /// En route.
    pub response: Option<Instant>,
    /// At the scene.
    pub on_scene: Option<Instant>,
    /// Leaving the scene with a patient.
    pub transport: Option<Instant>,
    /// At hospital.
    pub hospital: Option<Instant>,
    /// Free again.
    pub available: Option<Instant>,
    /// Its place among the units sent, from 1.
    pub sequence: u32,
    /// Whether the file names no unit, so that this one is made up.
    pub synthetic: bool,
}

impl FileUnit {
    /// Every time the file has of this unit.
    pub fn times(&self) -> impl Iterator<Item = Instant> + use<> {
        [self.dispatch, self.response, self.on_scene, self.transport, self.hospital, self.available]
            .into_iter()
            .flatten()
    }
}

/// A row that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RowRefused {
    /// Its line in the file, the header being line 1.
    pub line: u64,
    /// What is wrong with it.
    pub reason: String,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct FileCalls {
    /// Its format.
    pub format: Format,
    /// The calls, by the time they were received.
    pub calls: Vec<FileCall>,
    /// How many rows were read, those refused among them.
    pub rows: u64,
    /// The rows that could not be read.
    pub refused: Vec<RowRefused>,
}

impl FileCalls {
    /// Whether the units are made up.
    pub fn units_are_synthetic(&self) -> bool {
        self.calls.iter().flat_map(|c| &c.units).any(|u| u.synthetic)
    }

    /// Whether the times from receiving to arriving mean anything.
    pub fn has_response_times(&self) -> bool {
        self.format != Format::Seattle
    }

    /// What the file lacks and what was made up for it.
    pub fn made_up(&self) -> &'static str {
        match self.format {
            Format::Sffd => sffd::MADE_UP,
            Format::Lfb => lfb::MADE_UP,
            Format::Seattle => seattle::MADE_UP,
            Format::Csv => simple::MADE_UP,
        }
    }
}

/// Why a file cannot be replayed at all.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// It cannot be opened or read.
    #[error("could not read {}: check its name and that you may read it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// It is not of this format.
    #[error("this is no {format} file: the column '{column}' is missing; check --format")]
    Column {
        /// The format asked for.
        format: Format,
        /// The column.
        column: &'static str,
    },
    /// Its header cannot be read.
    #[error("the header of this file cannot be read: it must be CSV in UTF-8")]
    Header(#[source] csv::Error),
    /// There is no call in it.
    #[error("no call can be read from this file{}", first_refusal(first.as_ref()))]
    Empty {
        /// The first row refused.
        first: Option<RowRefused>,
    },
    /// The time zone is unknown.
    #[error("the time zone {zone} is not known here")]
    Zone {
        /// Its name.
        zone: &'static str,
        /// The cause.
        source: jiff::Error,
    },
}

fn first_refusal(first: Option<&RowRefused>) -> String {
    first.map(|f| format!(": line {}: {}", f.line, f.reason)).unwrap_or_default()
}

/// Reads a file, packed with gzip or not.
///
/// # Errors
/// A [`FileFault`] if nothing can be made of it. A row that cannot be read is not an error: it is
/// in [`FileCalls::refused`].
pub fn read_file(path: &Path, format: Format) -> Result<FileCalls, FileFault> {
    let unreadable = |source| FileFault::Unreadable { path: path.to_owned(), source };
    let mut start = [0_u8; 2];
    let n = File::open(path).and_then(|mut f| f.read(&mut start)).map_err(unreadable)?;
    let file = File::open(path).map_err(unreadable)?;
    if n == 2 && start == [0x1f, 0x8b] {
        read(flate2::read::MultiGzDecoder::new(BufReader::new(file)), format)
    } else {
        read(BufReader::new(file), format)
    }
}

/// Reads calls from plain CSV.
///
/// # Errors
/// As [`read_file`].
pub fn read(from: impl Read, format: Format) -> Result<FileCalls, FileFault> {
    let mut table = csv_table::Table::open(from, format)?;
    let calls = match format {
        Format::Sffd => sffd::calls(&mut table)?,
        Format::Lfb => lfb::calls(&mut table)?,
        Format::Seattle => seattle::calls(&mut table)?,
        Format::Csv => simple::calls(&mut table)?,
    };
    let (rows, refused) = table.finish();
    let mut calls = calls;
    if calls.is_empty() {
        return Err(FileFault::Empty { first: refused.into_iter().next() });
    }
    for call in &mut calls {
        call.units.sort_by_key(|u| (u.dispatch, u.sequence));
    }
    calls.sort_by_key(|c| (c.received_at, c.line));
    Ok(FileCalls { format, calls, rows, refused })
}

#[cfg(test)]
mod tests;
