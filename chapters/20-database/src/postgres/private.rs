//! A PostgreSQL of a program's own, in a folder that goes with it: for those who have no server, but its programs.

use std::env;
use std::fmt;
use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use chapter::BadInput;
use tempfile::TempDir;

/// A server that runs as long as this lives, and does not survive this process either.
///
/// ```
/// // Where its programs are not installed, there is none.
/// if let Ok(mut server) = database::Private::start() {
///     assert!(server.url().starts_with("postgres://taxi@127.0.0.1:"));
///     server.stop();
///     server.restart()?;
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Private {
    folder: TempDir,
    port: u16,
    programs: PathBuf,
    /// A shell, which ends the server when its input ends, however this process does.
    shell: Option<Child>,
}

const SHELL: &str =
    r#""$@" </dev/null & server=$!; exec 2>&-; cat; kill -INT $server; wait $server"#;

impl Private {
    /// Makes a database and starts a server for it. It takes a second or two.
    ///
    /// # Errors
    ///
    /// If its programs are not installed, in `PATH` or where Debian has them, or do not run.
    pub fn start() -> io::Result<Private> {
        let programs =
            programs().ok_or_else(|| io::Error::other("no PostgreSQL found"))?;
        let folder = TempDir::new()?;
        if let Some((user, group)) = other_user() {
            chown(folder.path(), Some(user), Some(group))?;
        }
        let mut initdb = as_user(Command::new(programs.join("initdb")));
        initdb.current_dir(folder.path()).args(["--pgdata", "data"]);
        initdb.args(["--username=taxi", "--auth=trust", "--encoding=UTF8"]);
        initdb.args(["--locale=C", "--no-sync"]);
        let made = initdb.stdin(Stdio::null()).output()?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr).into_owned();
            return Err(io::Error::other(said));
        }
        let mut server = Private {
            folder,
            port: 0,
            programs,
            shell: None,
        };
        // A port that was free may be somebody's when the server takes it.
        let mut last = Ok(());
        for _ in 0..5 {
            server.port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            last = server.restart();
            if last.is_ok() {
                break;
            }
        }
        last.map(|()| server)
    }

    /// Where it is, for [`Postgres::at`](crate::Postgres::at).
    pub fn url(&self) -> String {
        format!("postgres://taxi@127.0.0.1:{}/postgres", self.port)
    }

    /// Stops it, with all its connections.
    pub fn stop(&mut self) {
        if let Some(mut shell) = self.shell.take() {
            drop(shell.stdin.take());
            let _ended = shell.wait();
        }
    }

    /// Starts it, again, on the same data; waits until it can be called.
    ///
    /// # Errors
    ///
    /// If it does not start; it says why.
    pub fn restart(&mut self) -> io::Result<()> {
        self.stop();
        let mut command = as_user(Command::new("sh"));
        command
            .args(["-c", SHELL, "sh"])
            .arg(self.programs.join("postgres"));
        command
            .current_dir(self.folder.path())
            .args(["-D", "data", "-k", ""]);
        command.args(["-h", "127.0.0.1", "-p", &self.port.to_string()]);
        // Its folder goes with it: nothing has to outlive a power cut.
        command.args(["-c", "lc_messages=C", "-c", "fsync=off"]);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::null());
        let mut shell = command.stderr(Stdio::piped()).spawn()?;
        let errors = shell.stderr.take();
        self.shell = Some(shell);
        let mut errors = BufReader::new(errors.expect("it was piped"));
        let (mut line, mut said) = (String::new(), String::new());
        while !line.contains("ready to accept connections") {
            line.clear();
            if errors.read_line(&mut line)? == 0 {
                self.stop();
                return Err(io::Error::other(said));
            }
            said += &line;
        }
        // It goes on to tell what happens, and somebody must take it.
        thread::spawn(move || errors.read_to_end(&mut Vec::new()));
        Ok(())
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The folder with the server's programs.
fn programs() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
    // Where Debian and its children have them, which put them into no PATH.
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    folders.extend(versions.flatten().map(|it| it.path().join("bin")));
    let whole = |it: &PathBuf| it.join("initdb").exists() && it.join("postgres").exists();
    folders.into_iter().find(whole)
}

/// Who it must run as, if this is root's process: it refuses to do so as root.
fn other_user() -> Option<(u32, u32)> {
    let own = fs::metadata(Path::new("/proc/self")).ok()?.uid();
    if own != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let named = |name: &str| {
        let lines = users.lines();
        let mut lines = lines.map(|line| line.split(':').collect::<Vec<_>>());
        let line = lines.find(|fields| fields[0] == name)?;
        Some((line.get(2)?.parse().ok()?, line.get(3)?.parse().ok()?))
    };
    named("postgres").or_else(|| named("nobody"))
}

fn as_user(mut command: Command) -> Command {
    if let Some((user, group)) = other_user() {
        command.uid(user).gid(group);
    }
    command
}

/// Runs `body` on taxi with a server: the one that `DATABASE_URL` names, or a private one.
///
/// ```
/// use database::{Error, Postgres, on_a_server};
///
/// let ended = on_a_server(async |url| {
///     let pool = Postgres::at(&url)?.build();
///     pool.get().await?.batch("SELECT 1").await
/// });
/// if let Err(error) = ended {
///     assert_eq!(error.to_string(), "no PostgreSQL found");
/// }
/// ```
///
/// # Errors
///
/// What `body` fails with; if there is no server and none can be started.
pub fn on_a_server<E: fmt::Display>(
    body: impl AsyncFnOnce(String) -> Result<(), E>,
) -> Result<(), BadInput> {
    let failed = |error: &dyn fmt::Display| BadInput::new(error.to_string());
    let (url, _server) = match env::var("DATABASE_URL") {
        Ok(url) => (url, None),
        Err(_) => {
            let server = Private::start().map_err(|error| failed(&error))?;
            (server.url(), Some(server))
        }
    };
    let ended = taxi::run(async {
        trace::name(format_args!("main"));
        body(url).await
    });
    let ended = ended.map_err(|error| failed(&error))?;
    ended.map_err(|error| failed(&error))
}
