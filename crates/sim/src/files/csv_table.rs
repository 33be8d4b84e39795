//! Rows of a CSV file by column name, and the sentence for what is wrong with one.

use super::{FileCall, FileFault, Format, RowRefused};
use csv::StringRecord;
use rules::command::Point;
use std::io::Read;

/// A file being read.
pub struct Table<R> {
    reader: csv::Reader<R>,
    header: StringRecord,
    format: Format,
    rows: u64,
    refused: Vec<RowRefused>,
}

/// One row.
pub struct Row {
    record: StringRecord,
    /// Its line, the header being line 1.
    pub line: u64,
}

impl<R: Read> Table<R> {
    /// Reads the header.
    pub fn open(from: R, format: Format) -> Result<Table<R>, FileFault> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(from);
        let header = reader.headers().map_err(FileFault::Header)?.clone();
        Ok(Table { reader, header, format, rows: 0, refused: Vec::new() })
    }

    /// Where the columns of these names stand.
    pub fn columns<const N: usize>(
        &self,
        names: [&'static str; N],
    ) -> Result<[usize; N], FileFault> {
        let mut at = [0; N];
        for (place, column) in at.iter_mut().zip(names) {
            let found = self.header.iter().position(|h| h.trim_start_matches('\u{feff}') == column);
            *place = found.ok_or(FileFault::Column { format: self.format, column })?;
        }
        Ok(at)
    }

    /// Hands every row to `take`; what it says is wrong is kept as a refusal.
    pub fn each(&mut self, mut take: impl FnMut(&Row) -> Result<(), String>) {
        let mut record = StringRecord::new();
        loop {
            let read = self.reader.read_record(&mut record);
            if let Ok(false) = read {
                return;
            }
            self.rows += 1;
            let end_of_file = read.as_ref().is_err_and(csv::Error::is_io_error);
            let place = match &read {
                Ok(_) => record.position().cloned(),
                Err(e) => e.position().cloned(),
            };
            let line = place.map_or(self.rows + 1, |p| p.line());
            let row = Row { record: std::mem::take(&mut record), line };
            if let Err(reason) = self.take_row(read, &row, &mut take) {
                self.refused.push(RowRefused { line, reason });
            }
            if end_of_file {
                return;
            }
            record = row.record;
        }
    }

    /// The calls of a file that has one in each row.
    pub fn calls(&mut self, call: impl Fn(&Row) -> Result<FileCall, String>) -> Vec<FileCall> {
        let mut calls = Vec::new();
        self.each(|row| {
            calls.push(call(row)?);
            Ok(())
        });
        calls
    }

    fn take_row(
        &self,
        read: Result<bool, csv::Error>,
        row: &Row,
        take: &mut impl FnMut(&Row) -> Result<(), String>,
    ) -> Result<(), String> {
        match read {
            Err(e) if e.is_io_error() => {
                return Err(format!("the file ends here, broken ({e}): get it again"));
            }
            Err(e) => return Err(format!("this row is no CSV in UTF-8: {e}")),
            Ok(_) => {}
        }
        let (n, wanted) = (row.record.len(), self.header.len());
        if n != wanted {
            return Err(format!("this row has {n} columns and the header has {wanted}"));
        }
        take(row)
    }

    /// How many rows there were, and those refused.
    pub fn finish(self) -> (u64, Vec<RowRefused>) {
        (self.rows, self.refused)
    }
}

impl Row {
    /// The text of a column, `None` where it is empty.
    pub fn text(&self, column: usize) -> Option<&str> {
        self.record.get(column).map(str::trim).filter(|t| !t.is_empty())
    }

    /// The text of a column that must not be empty.
    pub fn need(&self, column: usize, name: &str) -> Result<&str, String> {
        self.text(column).ok_or_else(|| format!("'{name}' is empty"))
    }

    /// A column parsed, `None` where it is empty.
    pub fn parsed<T>(
        &self,
        column: usize,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, String> {
        self.text(column).map(parse).transpose()
    }
}

/// A number of degrees or seconds.
pub fn number(text: &str) -> Result<f64, String> {
    let n = text.trim().parse::<f64>().map_err(|_| format!("'{text}' is not a number"))?;
    if n.is_finite() { Ok(n) } else { Err(format!("'{text}' is not a number")) }
}

/// A point from its two numbers.
pub fn point(lat: &str, lon: &str) -> Result<Point, String> {
    let p = Point { lat: number(lat)?, lon: number(lon)? };
    if (-90.0..=90.0).contains(&p.lat) && (-180.0..=180.0).contains(&p.lon) {
        return Ok(p);
    }
    Err(format!("{lat}, {lon} is no point on the map"))
}
