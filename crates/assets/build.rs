//! Fetches what the pages use of others, by lock file, and names each file for the program.
//!
//! `CALLBOX_WEB_ASSETS=DIR` takes the installed packages from a folder instead, for a machine
//! without a registry: `DIR` is the `node_modules` that `npm ci` makes of `npm/package-lock.json`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// The name that a page uses, where the file lies in its package, and what it is.
const FILES: [(&str, &str, &str); 7] = [
    ("htmx.js", "htmx.org/dist/htmx.min.js", "text/javascript"),
    ("maplibre-gl.mjs", "maplibre-gl/dist/maplibre-gl.mjs", "text/javascript"),
    ("maplibre-gl-worker.mjs", "maplibre-gl/dist/maplibre-gl-worker.mjs", "text/javascript"),
    ("pmtiles.js", "pmtiles/dist/pmtiles.js", "text/javascript"),
    ("maplibre-gl.css", "maplibre-gl/dist/maplibre-gl.css", "text/css"),
    (
        "inter-latin.woff2",
        "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
        "font/woff2",
    ),
    (
        "inter-latin-ext.woff2",
        "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
        "font/woff2",
    ),
];

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=npm/package-lock.json");
    println!("cargo::rerun-if-changed=npm/package.json");
    println!("cargo::rerun-if-env-changed=CALLBOX_WEB_ASSETS");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR for build scripts"));
    let modules = match env::var_os("CALLBOX_WEB_ASSETS") {
        Some(dir) => PathBuf::from(dir),
        None => installed(&out)?,
    };
    let mut table = String::from("&[\n");
    for (name, path, kind) in FILES {
        let file = modules.join(path);
        if !file.is_file() {
            return Err(io::Error::other(format!(
                "{} is not there: remove {} and build again",
                file.display(),
                modules.display()
            )));
        }
        // Writing to a text does not fail.
        let _ = writeln!(
            table,
            "    Asset {{ name: {name:?}, kind: {kind:?}, bytes: include_bytes!({:?}) }},",
            file.display().to_string()
        );
    }
    table.push_str("]\n");
    fs::write(out.join("table.rs"), table)
}

/// The packages of the lock file, installed once for each state of it.
fn installed(out: &Path) -> io::Result<PathBuf> {
    let home = out.join("npm");
    let lock = fs::read("npm/package-lock.json")?;
    let done = home.join("done");
    let modules = home.join("node_modules");
    if fs::read(&done).is_ok_and(|was| was == lock) && modules.is_dir() {
        return Ok(modules);
    }
    fs::create_dir_all(&home)?;
    for file in ["package.json", "package-lock.json", ".npmrc"] {
        fs::copy(Path::new("npm").join(file), home.join(file))?;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
    npm.args(["--loglevel=error"]).current_dir(&home);
    match npm.output() {
        Ok(result) if result.status.success() => {
            fs::write(done, lock)?;
            Ok(modules)
        }
        Ok(result) => Err(io::Error::other(format!(
            "'npm ci' in {} failed:\n{}",
            home.display(),
            String::from_utf8_lossy(&result.stderr)
        ))),
        Err(e) => Err(io::Error::other(format!(
            "npm did not start ({e}): install it, as in 'apt-get install nodejs npm', or set \
             CALLBOX_WEB_ASSETS to a folder with the packages"
        ))),
    }
}
