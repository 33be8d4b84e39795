//! The virtual machine whose power is cut: Debian's kernel and busybox, our program, and an init
//! of a few lines. Nothing of it is installed; everything lies in one folder and is kept there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a machine boots from.
pub struct Guest {
    kernel: PathBuf,
    initramfs: PathBuf,
}

/// The modules that the kernel needs to see its disk, in the order of loading.
const MODULES: [&str; 6] = [
    "virtio_ring",
    "virtio",
    "virtio_pci_modern_dev",
    "virtio_pci_legacy_dev",
    "virtio_pci",
    "virtio_blk",
];

/// What the machine does: loads its disk driver, mounts the disk, starts a PostgreSQL server if
/// somebody owns one, and runs what the kernel's command line says. A word there with `=`
/// becomes a variable by itself.
const INIT: &str = r#"#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /data /tmp
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
for m in virtio_ring virtio virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_blk; do
    /bin/busybox insmod /modules/$m.ko
done
/bin/busybox mount -t ext4 /dev/vda /data || echo "GUEST no disk"
/bin/busybox stty raw < /dev/console
STORE=sqlite
ACKS=/dev/vdb
if [ -n "$OWNER" ]; then
    STORE=postgres://callbox@127.0.0.1/postgres
    ACKS=/dev/vdc
    /bin/busybox mkdir -p /dev/shm /programs /etc
    /bin/busybox mount -t tmpfs shm /dev/shm
    /bin/busybox chmod 1777 /dev/shm /tmp
    /bin/busybox ip link set lo up
    /bin/busybox mount -t ext4 -o ro /dev/vdb /programs || echo "GUEST no programs"
    echo "server:x:$OWNER::/:/bin/sh" > /etc/passwd
    echo "server:x:${OWNER#*:}:" > /etc/group
    cd /programs/usr/lib/postgresql/15/bin
    export LD_LIBRARY_PATH=/programs/libraries
    /bin/busybox start-stop-daemon -S -c server -x "$PWD/postgres" -- -D /data/pg \
        > /tmp/server.txt 2>&1 &
    tries=0
    until ./pg_isready -q -h 127.0.0.1 -U callbox -d postgres; do
        tries=$((tries + 1))
        [ $tries -lt 80 ] || { echo "GUEST no server"; /bin/busybox cat /tmp/server.txt; break; }
        /bin/busybox sleep 0.5
    done
    unset LD_LIBRARY_PATH
    cd /
fi
if [ "$MODE" = check ]; then
    /bin/busybox cat "$ACKS" > /tmp/acks
    /bin/faults check --dir /data/room --store "$STORE" --seed "$SEED" --now "$CLOCK" \
        --obligations --acks /tmp/acks
    echo "GUEST checked"
    /bin/busybox poweroff -f
fi
# A slow host can make the server too slow to start with.
for try in 1 2 3 4 5; do
    /bin/faults victim --dir /data/room --store "$STORE" --seed "$SEED" --now "$CLOCK" --obligations
    /bin/busybox sleep 1
done
echo "GUEST ended"
/bin/busybox poweroff -f
"#;

impl Guest {
    /// Makes what a machine boots from, with a program in it. What is there already is used.
    ///
    /// # Errors
    /// What is missing, and the command that failed.
    pub fn make(work: &Path, program: &Path) -> Result<Guest, String> {
        std::fs::create_dir_all(work).map_err(|e| format!("{}: {e}", work.display()))?;
        let kernel = kernel(work)?;
        let modules = work.join("kernel/lib/modules");
        let busybox = unpacked(work, "busybox-static", "busybox")?.join("bin/busybox");
        let name = program.file_name().and_then(|n| n.to_str()).unwrap_or("faults");
        let tree = work.join(format!("tree-{name}-{}", std::process::id()));
        let initramfs = tree.with_extension("cpio.gz");
        let _ = std::fs::remove_dir_all(&tree);
        for folder in ["bin", "modules", "lib64"] {
            let folder = tree.join(folder);
            std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        copy(&busybox, &tree.join("bin/busybox"))?;
        sh(&format!("strip -o {}/bin/faults {}", tree.display(), program.display()))?;
        for module in MODULES {
            let found = sh(&format!("find {} -name {module}.ko", modules.display()))?;
            let from = found.lines().next().ok_or(format!("the kernel has no {module}.ko"))?;
            copy(Path::new(from), &tree.join("modules").join(format!("{module}.ko")))?;
        }
        libraries(program, &tree)?;
        std::fs::write(tree.join("init"), INIT).map_err(|e| e.to_string())?;
        sh(&format!(
            "cd {} && chmod 755 init && find . | cpio --quiet -o -H newc | gzip -1 > {}",
            tree.display(),
            initramfs.display()
        ))?;
        let _ = std::fs::remove_dir_all(&tree);
        Ok(Guest { kernel, initramfs })
    }

    /// A machine with these disks as a command. `words` go onto the kernel's command line.
    pub fn machine(&self, disks: &[&Path], words: &str) -> Command {
        let mut command = Command::new("qemu-system-x86_64");
        command.args(["-accel", "tcg", "-cpu", "max", "-m", "512", "-nographic", "-no-reboot"]);
        command.args(["-net", "none", "-kernel"]).arg(&self.kernel);
        command.arg("-initrd").arg(&self.initramfs);
        let line = format!("console=ttyS0 quiet loglevel=0 panic=-1 rdinit=/init {words}");
        command.args(["-append", &line]);
        for drive in disks {
            let drive = format!("file={},if=virtio,format=raw,cache=none", drive.display());
            command.args(["-drive", &drive]);
        }
        command
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.initramfs);
    }
}

/// A fresh disk with an empty ext4 file system.
///
/// # Errors
/// The command that failed.
pub fn disk(path: &Path) -> Result<(), String> {
    let path = path.display();
    sh(&format!("rm -f {path} && truncate -s 96M {path} && mkfs.ext4 -q -F {path}")).map(|_| ())
}

fn kernel(work: &Path) -> Result<PathBuf, String> {
    let depends =
        "apt-cache depends linux-image-cloud-amd64 | grep -o 'linux-image-[0-9].*' | head -1";
    let name = sh(depends)?;
    let root = unpacked(work, name.trim(), "kernel")?;
    let found = sh(&format!("ls {}/boot/vmlinuz-*", root.display()))?;
    found.lines().next().map(PathBuf::from).ok_or("the kernel package has no kernel".to_owned())
}

/// A Debian package, fetched and laid out in a folder of ours, once.
fn unpacked(work: &Path, package: &str, folder: &str) -> Result<PathBuf, String> {
    let root = work.join(folder);
    if !root.exists() {
        let (work, new) = (work.display(), format!("{}.new", root.display()));
        sh(&format!(
            "cd {work} && (ls {package}_*.deb >/dev/null 2>&1 || apt-get download -qq {package}) \
             && rm -rf {new} && dpkg -x {package}_*.deb {new} && mv {new} {}",
            root.display()
        ))?;
    }
    Ok(root)
}

/// Copies the libraries that a program needs to their places in a tree.
///
/// # Errors
/// What is missing.
pub fn libraries(program: &Path, tree: &Path) -> Result<(), String> {
    for line in sh(&format!("ldd {}", program.display()))?.lines() {
        let Some(path) = line.split_whitespace().find(|word| word.starts_with('/')) else {
            continue;
        };
        let to = tree.join(path.trim_start_matches('/'));
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
        }
        copy(Path::new(path), &to)?;
    }
    Ok(())
}

/// Copies one file.
///
/// # Errors
/// Why it could not be.
pub fn copy(from: &Path, to: &Path) -> Result<(), String> {
    std::fs::copy(from, to).map(|_| ()).map_err(|e| format!("{}: {e}", from.display()))
}

/// Runs a line of shell and gives what it printed.
///
/// # Errors
/// What it said when it failed.
pub fn sh(line: &str) -> Result<String, String> {
    let out = Command::new("sh")
        .args(["-c", line])
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("sh did not start: {e}"))?;
    if out.status.success() {
        return Ok(String::from_utf8_lossy(&out.stdout).into_owned());
    }
    Err(format!("`{line}` failed: {}", String::from_utf8_lossy(&out.stderr).trim()))
}
