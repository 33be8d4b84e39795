//! What others have made and the pages use in the browser, as bytes in the program. It comes by
//! lock file when Callbox is built; nothing of it is kept with the code, and nothing is fetched
//! when Callbox runs.

/// One file.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// The name in an address.
    pub name: &'static str,
    /// Its media type.
    pub kind: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

static ALL: &[Asset] = include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// Every file.
pub fn all() -> &'static [Asset] {
    ALL
}

/// A file by its name.
pub fn find(name: &str) -> Option<&'static Asset> {
    ALL.iter().find(|asset| asset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_what_its_name_says() {
        let text = |name: &str| String::from_utf8_lossy(find(name).unwrap().bytes).into_owned();
        assert!(text("htmx.js").contains("htmx"));
        assert!(text("maplibre-gl.css").contains(".maplibregl-"));
        for asset in all() {
            assert!(asset.bytes.len() > 1_000, "{} is nearly empty", asset.name);
            if asset.kind == "font/woff2" {
                assert_eq!(&asset.bytes[..4], b"wOF2", "{}", asset.name);
            }
        }
        assert!(find("no-such-file").is_none());
    }

    #[test]
    fn the_map_finds_its_worker_beside_itself() {
        let text = String::from_utf8_lossy(find("maplibre-gl.mjs").unwrap().bytes).into_owned();
        assert!(text.contains("maplibre-gl-worker.mjs"));
    }
}
