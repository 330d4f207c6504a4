//! A PostgreSQL of our own: in a temporary folder, for as long as a test needs it.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use tempfile::TempDir;
use workbook_tests::process::{BUILD_LIMIT, run_limited};
use workbook_tests::required;

/// Stops it when it is dropped, and also when this process ends in any other way: the shell that started it waits for
/// the end of its input, which we hold.
pub(crate) struct Server {
    shell: Child,
    /// Where it listens.
    pub(crate) address: SocketAddr,
    folder: TempDir,
}

const SHELL: &str =
    r#""$@" </dev/null & server=$!; exec 2>&-; cat; kill -INT $server; wait $server"#;

impl Server {
    /// One that is ready, or `None` where none is installed.
    ///
    /// # Panics
    ///
    /// If it does not start; and if none is installed where no test may be left out.
    pub(crate) fn start_or_skip() -> Option<Server> {
        let Some(programs) = programs() else {
            let why = "no PostgreSQL found (initdb, in PATH or /usr/lib/postgresql)";
            assert!(!required(), "{why}");
            eprintln!("skipped: {why}");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let user = other_user();
        if let Some((user, group)) = user {
            chown(folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = folder.path().join("data");
        let mut initdb = as_user(Command::new(programs.join("initdb")), user);
        initdb.current_dir(folder.path()).arg("--pgdata").arg(&data);
        initdb.args(["--username=taxi", "--auth=trust", "--encoding=UTF8"]);
        initdb.args(["--locale=C", "--no-sync"]);
        let made = run_limited(&mut initdb, BUILD_LIMIT).unwrap();
        assert!(made.status.success(), "{}\n{}", made.stdout, made.stderr);
        // A port that was free may be somebody's when the server takes it.
        let mut tries = (0..5).map(|_| {
            let mut shell = as_user(Command::new("sh"), user);
            shell.args(["-c", SHELL, "sh"]);
            shell.arg(programs.join("postgres"));
            listening(shell, &data, folder.path())
        });
        let last = tries.find_map(Result::ok).expect("PostgreSQL starts");
        drop(tries);
        let (shell, address) = last;
        Some(Server {
            shell,
            address,
            folder,
        })
    }

    /// Its socket in the file system.
    pub(crate) fn path(&self) -> PathBuf {
        let name = format!(".s.PGSQL.{}", self.address.port());
        self.folder.path().join(name)
    }
}

/// Starts the server with what `shell` runs, and waits until it says that it is ready.
fn listening(
    mut shell: Command,
    data: &Path,
    folder: &Path,
) -> Result<(Child, SocketAddr), String> {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    shell.current_dir(folder).arg("-D").arg(data);
    shell.arg("-k").arg(folder);
    shell.args(["-h", "127.0.0.1", "-p", &address.port().to_string()]);
    // Nothing in it is to outlive the test.
    shell.args(["-c", "fsync=off", "-c", "lc_messages=C"]);
    shell.stdin(Stdio::piped()).stdout(Stdio::null());
    let mut shell = shell.stderr(Stdio::piped()).spawn().unwrap();
    let mut errors = BufReader::new(shell.stderr.take().unwrap());
    let (mut line, mut said) = (String::new(), String::new());
    while !line.contains("ready to accept connections") {
        line.clear();
        if errors.read_line(&mut line).unwrap() == 0 {
            drop(shell.stdin.take());
            shell.wait().unwrap();
            eprintln!("PostgreSQL did not start:\n{said}");
            return Err(said);
        }
        said += &line;
    }
    // It goes on to tell what happens, and somebody must take it.
    thread::spawn(move || errors.read_to_end(&mut Vec::new()));
    Ok((shell, address))
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        // It may not, if this is a test that has failed: then there is nothing to add.
        let _ = self.shell.wait();
    }
}

/// The folder with the server's programs.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    // Where Debian and its children have them, which put them into no PATH.
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    folders.extend(versions.flatten().map(|it| it.path().join("bin")));
    let whole = |it: &PathBuf| it.join("initdb").exists() && it.join("postgres").exists();
    folders.into_iter().find(whole)
}

/// Who it must run as: it refuses to do so as root.
fn other_user() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = |name: &str| {
        let mut lines = users
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>());
        let line = lines.find(|fields| fields[0] == name)?;
        Some((line.get(2)?.parse().ok()?, line.get(3)?.parse().ok()?))
    };
    named("postgres").or_else(|| named("nobody"))
}

fn as_user(mut command: Command, user: Option<(u32, u32)>) -> Command {
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
    command
}
