//! What a virtual machine needs to run a PostgreSQL server: the host's own programs on a disk of
//! their own, and a disk with an empty cluster. Both are made without mounting anything.

use crate::guest::{copy, libraries, sh};
use crate::server;
use std::path::{Path, PathBuf};

/// The disks that every machine of a run starts from.
pub struct GuestPostgres {
    /// The server's programs; never written to.
    pub programs: PathBuf,
    /// An empty cluster, copied for each machine.
    cluster: PathBuf,
    /// Whose the cluster is, as `uid:gid`.
    pub owner: String,
}

/// The server in the machine: small, and as durable as it comes, for this is what is tried.
/// Names of places and times other than UTC would need more files.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 20
shared_buffers = 32MB
jit = off
timezone = 'GMT'
log_timezone = 'GMT'
";

impl GuestPostgres {
    /// Makes the disks.
    ///
    /// # Errors
    /// What is missing, and the command that failed.
    pub fn make(work: &Path) -> Result<GuestPostgres, String> {
        let here = |name: &str| work.join(format!("{}-{name}", std::process::id()));
        let tree = here("postgres");
        let made = programs(&tree, &here("programs.img"));
        let _ = std::fs::remove_dir_all(&tree);
        let programs = made?;
        server::open_to_all(&tree);
        let made = cluster(&tree, &here("cluster.img"));
        let _ = std::fs::remove_dir_all(&tree);
        let (cluster, owner) = made?;
        Ok(GuestPostgres { programs, cluster, owner })
    }

    /// A fresh disk with an empty cluster.
    ///
    /// # Errors
    /// The command that failed.
    pub fn disk(&self, path: &Path) -> Result<(), String> {
        sh(&format!("cp --sparse=always {} {}", self.cluster.display(), path.display())).map(drop)
    }
}

impl Drop for GuestPostgres {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.programs);
        let _ = std::fs::remove_file(&self.cluster);
    }
}

/// A disk with the server and what it reads, at the places it expects one beside the other.
fn programs(tree: &Path, image: &Path) -> Result<PathBuf, String> {
    let below = |path: &Path| -> Result<PathBuf, String> {
        let to = tree.join(path.strip_prefix("/").unwrap_or(path));
        let folder = to.parent().unwrap_or(tree);
        std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        Ok(to)
    };
    let bin = server::bin();
    for program in ["postgres", "pg_isready"] {
        let from = bin.join(program);
        copy(&from, &below(&from)?)?;
        libraries(&from, tree)?;
    }
    let place = |of: &str| sh(&format!("{}/pg_config --{of}", bin.display()));
    let (share, modules) = (place("sharedir")?, place("pkglibdir")?);
    let share = Path::new(share.trim());
    sh(&format!("cp -rL {} {}", share.display(), below(share)?.display()))?;
    // The server looks whether it is there; of its modules we need none.
    sh(&format!("mkdir -p {}", below(Path::new(modules.trim()))?.display()))?;
    // One folder, so that the machine's search for libraries is one word.
    let (tree, image_at) = (tree.display(), image.display());
    sh(&format!(
        "mkdir {tree}/libraries && find {tree} -name '*.so*' -exec mv -t {tree}/libraries {{}} + \
         && rm -f {image_at} && truncate -s 256M {image_at} \
         && mkfs.ext4 -q -F -O ^has_journal -d {tree} {image_at}"
    ))?;
    Ok(image.to_owned())
}

fn cluster(tree: &Path, image: &Path) -> Result<(PathBuf, String), String> {
    let (tree_at, image_at) = (tree.display(), image.display());
    let owner = server::owner()?;
    sh(&format!("mkdir -p {tree_at}/pg && chown {owner} {tree_at}/pg"))?;
    let mut initdb = server::unprivileged(tree);
    initdb.arg(server::bin().join("initdb")).arg("-D").arg(tree.join("pg"));
    initdb.args(["-U", "callbox", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
    server::run(&mut initdb)?;
    let settings = tree.join("pg/postgresql.conf");
    let text = std::fs::read_to_string(&settings).map_err(|e| e.to_string())? + SETTINGS;
    std::fs::write(&settings, text).map_err(|e| format!("{}: {e}", settings.display()))?;
    sh(&format!(
        "rm -f {image_at} && truncate -s 512M {image_at} && mkfs.ext4 -q -F -d {tree_at} {image_at}"
    ))?;
    Ok((image.to_owned(), owner))
}
