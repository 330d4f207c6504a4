//! The tool `serve` as a user meets it: what it says, its status, its end.

use std::fs;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use tempfile::TempDir;
use workbook_tests::chapters::build_chapters;
use workbook_tests::process::{Finished, LIMIT, run_limited};

fn command(arguments: &[&str]) -> Command {
    let binary = build_chapters().unwrap().binary("ch17-web").unwrap();
    let mut command = Command::new(binary);
    command.arg("serve").args(arguments);
    command
}

/// What `serve` says to these arguments, with which it ends at once.
fn refused(arguments: &[&str]) -> Finished {
    run_limited(&mut command(arguments), LIMIT).unwrap()
}

/// A folder that is served until this is dropped.
struct Served {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Served {
    fn start(folder: &Path, flags: &[&str]) -> Served {
        let name = folder.to_str().unwrap();
        let mut command = command(&[&[name, "--port", "0"], flags].concat());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next().unwrap().unwrap();
        let address = ready
            .strip_prefix(&format!("{name}: http://"))
            .and_then(|rest| rest.strip_suffix('/'))
            .unwrap_or_else(|| panic!("{ready}"))
            .to_string();
        Served {
            child,
            lines,
            address,
        }
    }

    /// Its answer to one request, all of it.
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let host = "host: a\r\nconnection: close";
        write!(stream, "GET {path} HTTP/1.1\r\n{host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// What it has said since it was ready, its complaints and its status, if it is asked to end.
    #[cfg(unix)]
    fn interrupted(mut self) -> (Vec<String>, String, Option<i32>) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
        let lines = self.lines.by_ref().map(Result::unwrap).collect();
        let mut stderr = String::new();
        let mut pipe = self.child.stderr.take().unwrap();
        pipe.read_to_string(&mut stderr).unwrap();
        (lines, stderr, self.child.wait().unwrap().code())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("index.html"), "a taxi").unwrap();
    fs::create_dir(folder.path().join("night")).unwrap();
    fs::write(folder.path().join("night/fares.txt"), "12").unwrap();
    folder
}

#[cfg(unix)]
#[test]
fn a_folder_is_served_and_logged_until_ctrl_c() {
    let folder = folder();
    let served = Served::start(folder.path(), &[]);
    assert!(served.address.starts_with("127.0.0.1:"));
    let page = served.get("/");
    assert!(page.starts_with("HTTP/1.1 200 OK\r\n"), "{page}");
    assert!(page.ends_with("\r\n\r\na taxi"), "{page}");
    let closed = served.get("/night/");
    assert!(closed.starts_with("HTTP/1.1 403 "), "{closed}");
    for path in ["/none", "/../index.html", "/%2e%2e/index.html"] {
        let missing = served.get(path);
        assert!(missing.starts_with("HTTP/1.1 404 "), "{path}: {missing}");
    }
    let tasks = served.get("/tasks");
    assert!(tasks.starts_with("HTTP/1.1 200 OK\r\n"), "{tasks}");
    let (mut said, stderr, status) = served.interrupted();
    assert_eq!((&*stderr, status), ("", Some(0)));
    assert_eq!(said.pop().unwrap(), "ended; cut off: 0");
    let logged = |end: &str| said.iter().any(|line| line.ends_with(end));
    assert!(logged(r#""GET / HTTP/1.1" 200 6"#), "{said:?}");
    let asked = |path: &str| said.iter().any(|line| line.contains(path));
    assert!(asked(r#""GET /tasks HTTP/1.1" 200 "#), "{said:?}");
}

/// What is in a folder is told only if somebody wants it told.
#[test]
fn a_folder_is_listed_if_it_is_to_be() {
    let folder = folder();
    let served = Served::start(folder.path(), &["--listing"]);
    let list = served.get("/night/");
    assert!(list.starts_with("HTTP/1.1 200 OK\r\n"), "{list}");
    assert!(list.contains("fares.txt"), "{list}");
}

#[test]
fn a_wrong_command_line_is_one_clear_line_and_status_2() {
    let folder = folder();
    let here = folder.path().to_str().unwrap();
    let file = folder.path().join("index.html");
    let file = file.to_str().unwrap();
    for (arguments, wanted) in [
        (&[][..], "serve wants a folder".to_string()),
        (&["no/such/folder"], "no/such/folder is no folder".into()),
        (&[file], format!("{file} is no folder")),
        (&[here, here], "serve takes one folder".into()),
        (&[here, "--port"], "--port wants a number".into()),
        (
            &[here, "--port", "70000"],
            "--port wants a number from 0 to 65,535, not '70000'".into(),
        ),
        (
            &[here, "--host", "nowhere"],
            "--host wants an address such as 127.0.0.1 or ::, not 'nowhere'".into(),
        ),
        (&[here, "--fast"], "serve does not take '--fast'".into()),
    ] {
        let finished = refused(arguments);
        assert_eq!(finished.status.code(), Some(2), "{arguments:?}");
        assert_eq!(finished.stdout, "");
        assert_eq!(finished.stderr, format!("error: {wanted}\n"));
    }
}

#[test]
fn an_address_that_cannot_be_had_is_one_clear_line_and_status_1() {
    let folder = folder();
    let here = folder.path().to_str().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    let finished = refused(&[here, "--port", &port]);
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    assert_eq!(
        (&*finished.stdout, finished.stderr),
        (
            "",
            format!("error: {address} is taken: --port 0 finds a free one\n")
        )
    );
    // It is for documentation: nobody has it.
    let finished = refused(&[here, "--port", "0", "--host", "192.0.2.1"]);
    assert_eq!(finished.status.code(), Some(1), "{finished:?}");
    assert_eq!(
        finished.stderr,
        "error: 192.0.2.1:0 is not this machine's\n"
    );
}
