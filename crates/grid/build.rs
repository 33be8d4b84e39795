//! Makes the table of shifts that the program carries: two numbers of 16 bits for each kilometre.
//!
//! The Ordnance Survey's OSTN15 comes packed in a crate, which cargo fetches by the lock
//! file in `table`; only its data is taken. `CALLBOX_OSTN15=FILE` names the packed file instead
//! (`OSTN15_OSGM15_DataFile.txt.xz`, its licence beside it), for a machine without a registry.

use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The package and the file in it.
const PACKAGE: &str = "ostn15_phf";
const FILE: &str = "OSTN15_OSGM15_DataFile.txt.xz";
/// Its licence, beside it.
const LICENCE: &str = "OSTN15_license.txt";
/// Points from west to east and from south to north, a kilometre apart.
const SIZE: (usize, usize) = (701, 1251);
/// What the smallest shifts are, in millimetres; see `src/shift.rs`.
const LEAST: (i64, i64) = (82_000, -85_000);

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=table");
    println!("cargo::rerun-if-env-changed=CALLBOX_OSTN15");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts"));
    let packed = match env::var_os("CALLBOX_OSTN15") {
        Some(file) => PathBuf::from(file),
        None => fetched(&out)?,
    };
    let licence = packed.with_file_name(LICENCE);
    let text = fs::read(&licence)
        .map_err(|e| io::Error::other(format!("{} does not open: {e}", licence.display())))?;
    fs::write(out.join(LICENCE), text)?;
    fs::write(out.join("ostn15.bin"), table(&packed)?)
}

/// The shifts in the order of the file, each as its excess over the least, little end first.
fn table(packed: &Path) -> io::Result<Vec<u8>> {
    let file = fs::File::open(packed)
        .map_err(|e| io::Error::other(format!("{} does not open: {e}", packed.display())))?;
    let lines = BufReader::new(lzma_rust2::XzReader::new(file, false)).lines();
    let n = SIZE.0 * SIZE.1;
    let mut bytes = Vec::with_capacity(n * 4);
    for (i, line) in lines.skip(1).enumerate() {
        let line = line?;
        let row = shifts(&line, i).ok_or_else(|| wrong(packed, i + 2, &line))?;
        bytes.extend(row.0.to_le_bytes());
        bytes.extend(row.1.to_le_bytes());
    }
    if bytes.len() == n * 4 {
        return Ok(bytes);
    }
    Err(io::Error::other(format!("{} does not hold {n} points", packed.display())))
}

fn wrong(packed: &Path, line: usize, text: &str) -> io::Error {
    io::Error::other(format!("{}, line {line}: '{text}' is no shift", packed.display()))
}

/// `number,easting,northing,shift east,shift north,...` with the number that is expected there.
fn shifts(line: &str, i: usize) -> Option<(u16, u16)> {
    let cells: Vec<&str> = line.split(',').collect();
    let place = (cells.get(1)?.parse::<usize>().ok()?, cells.get(2)?.parse::<usize>().ok()?);
    let expected = (i % SIZE.0 * 1_000, i / SIZE.0 * 1_000);
    let over = |cell: &str, least: i64| u16::try_from(millimetres(cell)? - least).ok();
    let row = (over(cells.get(3)?, LEAST.0)?, over(cells.get(4)?, LEAST.1)?);
    (place == expected).then_some(row)
}

/// `-82.020` as -82020, without rounding.
fn millimetres(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.')?;
    (part.len() == 3).then_some(())?;
    format!("{whole}{part}").parse().ok()
}

/// The package's folder, once cargo has fetched it by lock file.
fn fetched(out: &Path) -> io::Result<PathBuf> {
    let home = out.join("table");
    fs::create_dir_all(&home)?;
    for file in ["Cargo.toml", "Cargo.lock", "nothing.rs"] {
        fs::copy(Path::new("table").join(file), home.join(file))?;
    }
    let cargo = env::var_os("CARGO").expect("cargo sets CARGO for build scripts");
    let mut metadata = Command::new(cargo);
    metadata.args(["metadata", "--locked", "--format-version", "1"]).current_dir(&home);
    let result = metadata.output()?;
    if !result.status.success() {
        return Err(io::Error::other(format!(
            "cargo could not fetch {PACKAGE}: set CALLBOX_OSTN15 to its {FILE}, or go online\n{}",
            String::from_utf8_lossy(&result.stderr)
        )));
    }
    let all: serde_json::Value = serde_json::from_slice(&result.stdout)?;
    let packages = all["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .filter(|package| package["name"] == PACKAGE)
        .find_map(|package| package["manifest_path"].as_str())
        .ok_or_else(|| io::Error::other(format!("cargo does not know {PACKAGE}")))?;
    Ok(Path::new(manifest).with_file_name(FILE))
}
