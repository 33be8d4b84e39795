//! Parts of a basemap that is too large to be sent whole: a PMTiles file is read by ranges of
//! bytes.

use super::super::{Shared, viewer_who_may};
use super::ACTION;
use crate::Basemap;
use crate::problem::Problem;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::Path;

/// No tile and no part of the directory is larger.
const PART_MAX: u64 = 4 * 1024 * 1024;

/// Answers `GET /map/basemap.pmtiles` with a range.
pub(super) async fn part(State(Shared(app)): State<Shared>, parts: Parts) -> Response {
    if let Err(instead) = viewer_who_may(&app, &parts, ACTION) {
        return *instead;
    }
    let Basemap::Tiles(file) = &app.config.basemap else {
        return Problem::not_found("this force's map is not a file of tiles").into_response();
    };
    let Some((first, last)) = asked(&parts.headers) else {
        let detail = "ask for a part of the file, of 4 MiB at most, with 'Range: bytes=0-16383'";
        return Problem::invalid(detail).into_response();
    };
    let file = file.clone();
    match tokio::task::spawn_blocking(move || read(&file, first, last)).await {
        Ok(Ok(read)) => read.answer(first),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "the basemap cannot be read");
            Problem::not_found("the file of the map cannot be read: tell whoever keeps Callbox")
                .into_response()
        }
        Err(_) => Problem::not_found("the map is closing").into_response(),
    }
}

/// `bytes=0-16383`: the first and the last byte.
fn asked(headers: &HeaderMap) -> Option<(u64, u64)> {
    let range = headers.get(header::RANGE)?.to_str().ok()?;
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (first, last) = (first.parse::<u64>().ok()?, last.parse::<u64>().ok()?);
    let length = last.checked_sub(first)?;
    (length < PART_MAX).then_some((first, last))
}

struct Part {
    bytes: Vec<u8>,
    /// How long the whole file is.
    whole: u64,
    /// Which file it is: another one has another.
    tag: String,
}

fn read(file: &Path, first: u64, last: u64) -> io::Result<Part> {
    let mut file = File::open(file)?;
    let about = file.metadata()?;
    let changed = about.modified()?.duration_since(std::time::UNIX_EPOCH);
    let tag = format!("\"{:x}-{:x}\"", about.len(), changed.map_or(0, |t| t.as_millis()));
    file.seek(SeekFrom::Start(first))?;
    let mut bytes = Vec::new();
    file.take(last - first + 1).read_to_end(&mut bytes)?;
    Ok(Part { bytes, whole: about.len(), tag })
}

impl Part {
    fn answer(self, first: u64) -> Response {
        let Some(n) = (self.bytes.len() as u64).checked_sub(1) else {
            let whole = format!("bytes */{}", self.whole);
            let status = StatusCode::RANGE_NOT_SATISFIABLE;
            return (status, [(header::CONTENT_RANGE, whole)]).into_response();
        };
        let range = format!("bytes {first}-{}/{}", first + n, self.whole);
        let headers = [
            (header::CONTENT_TYPE, "application/vnd.pmtiles".to_owned()),
            (header::CONTENT_RANGE, range),
            (header::ETAG, self.tag),
            // What lies under a map is about nobody; it is kept for a day.
            (header::CACHE_CONTROL, "private, max-age=86400".to_owned()),
        ];
        (StatusCode::PARTIAL_CONTENT, headers, self.bytes).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(text: &str) -> Option<(u64, u64)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::RANGE, text.parse().unwrap());
        asked(&headers)
    }

    #[test]
    fn a_part_is_a_short_range_of_bytes() {
        assert_eq!(range("bytes=0-16383"), Some((0, 16_383)));
        for wrong in ["bytes=9-8", "bytes=-5", "bytes=0-", "bytes=0-99999999", "lines=1-2", "0-9"] {
            assert_eq!(range(wrong), None, "{wrong}");
        }
        let max = u64::MAX.to_string();
        assert_eq!(range(&format!("bytes=0-{max}")), None);
        assert_eq!(range(&format!("bytes={max}-{max}")), Some((u64::MAX, u64::MAX)));
    }

    #[test]
    fn beyond_the_end_there_is_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("county.pmtiles");
        std::fs::write(&file, b"PMTiles\x03").unwrap();
        let part = read(&file, 4, 1_000).unwrap();
        assert_eq!((part.bytes.as_slice(), part.whole), (b"les\x03".as_slice(), 8));
        let answer = part.answer(4);
        assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(answer.headers()[header::CONTENT_RANGE], "bytes 4-7/8");
        let beyond = read(&file, 8, 9).unwrap().answer(8);
        assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    }
}
