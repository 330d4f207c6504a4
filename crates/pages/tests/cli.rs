//! The command line of the book, on a book of one page.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A workspace without chapters, whose introduction says `text`.
fn workspace(text: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (file, text) in [
        (
            "book/plan.toml",
            "milestone = []\nchapter = []\narticle = []\nrow = []\n",
        ),
        (
            "book/book.toml",
            "[book]\ntitle = \"One page\"\n[output.html.playground]\nrunnable = false\n",
        ),
        ("book/src/SUMMARY.md", "[Introduction](introduction.md)\n"),
        ("book/src/introduction.md", text),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::create_dir(folder.path().join("chapters")).unwrap();
    folder
}

fn pages(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pages"));
    command.args(arguments).current_dir(folder.path());
    command.stdin(Stdio::null());
    command
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code(), String::from_utf8(text).unwrap())
}

#[test]
fn build_says_where_the_book_is() {
    let folder = workspace("# One page\n");
    let (status, text) = said(&pages(&folder, &["build"]).output().unwrap());
    assert_eq!(status, Some(0), "{text}");
    assert!(text.trim_end().ends_with("index.html"), "{text}");
    assert!(folder.path().join("target/book/index.html").is_file());
}

#[test]
fn build_lists_all_problems_and_fails() {
    let folder = workspace("# One page\n\n{{none}}\n\n[gone](gone.md)\n");
    let (status, text) = said(&pages(&folder, &["build"]).output().unwrap());
    assert_eq!(status, Some(1), "{text}");
    let page = "book/src/introduction.md";
    assert!(
        text.contains(&format!("{page}:3: unknown directive")),
        "{text}"
    );
    assert!(
        text.contains(&format!("{page}:5: the link `gone.html`")),
        "{text}"
    );
}

#[test]
fn what_is_not_understood_is_refused_and_nothing_is_built() {
    let folder = workspace("# One page\n");
    for (line, why) in [
        ("", "what is it to do?"),
        ("bake", "`bake` cannot be asked for"),
        ("build --port 1", "--port and --open are for `serve`"),
        ("serve --port 70000", "cannot parse argument \"70000\""),
        ("serve --loud", "invalid option '--loud'"),
    ] {
        let arguments: Vec<&str> = line.split_whitespace().collect();
        let (status, text) = said(&pages(&folder, &arguments).output().unwrap());
        assert_eq!(status, Some(2), "{line}: {text}");
        assert!(text.starts_with(&format!("error: {why}")), "{line}: {text}");
    }
    assert!(!folder.path().join("target").exists(), "built all the same");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = workspace("# One page\n");
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let serve = ["serve", "--port", &port.to_string()];
    let (status, text) = said(&pages(&folder, &serve).output().unwrap());
    let other = port + 1;
    assert_eq!(status, Some(2), "{text}");
    assert_eq!(
        text,
        format!(
            "error: port {port} is in use; choose another: cargo run -- read --port {other}\n"
        )
    );
    assert!(!folder.path().join("target").exists(), "built all the same");
}

/// A server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a server on any free port, and returns its address.
fn serve(folder: &TempDir) -> (Served, String) {
    let mut command = pages(folder, &["serve", "--port", "0"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut served = Served(child.unwrap());
    let mut line = String::new();
    let out = served.0.stdout.take().unwrap();
    BufReader::new(out).read_line(&mut line).unwrap();
    let address = line.split("http://").nth(1).expect("an address");
    let address = address.split('/').next().unwrap().to_string();
    (served, address)
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn the_book_is_served_on_this_machine() {
    let folder = workspace("# One page\n");
    let (_served, address) = serve(&folder);
    assert!(address.starts_with("127.0.0.1:"), "{address}");
    let page = get(&address, "/").to_lowercase();
    assert!(page.starts_with("http/1.1 200"), "{page}");
    assert!(page.contains("content-type: text/html"), "{page}");
    assert!(page.contains("cache-control: no-cache"), "{page}");
    let none = get(&address, "/none.html");
    assert!(none.starts_with("HTTP/1.1 404"), "{none}");
    let outside = get(&address, "/../../book/plan.toml");
    assert!(!outside.contains("milestone"), "{outside}");
}

#[test]
fn a_book_with_problems_can_still_be_read() {
    let folder = workspace("# One page\n\nStill here.\n\n{{none}}\n");
    let (_served, address) = serve(&folder);
    assert!(get(&address, "/introduction.html").contains("Still here."));
}

#[test]
fn preprocess_answers_mdbook() {
    let folder = workspace("# One page\n");
    let supports = ["preprocess", "supports", "html"];
    let (status, text) = said(&pages(&folder, &supports).output().unwrap());
    assert_eq!((status, text.as_str()), (Some(0), ""));
    let (status, text) = said(&pages(&folder, &["preprocess"]).output().unwrap());
    assert_eq!(status, Some(1));
    assert!(text.contains("Unable to parse the input"), "{text}");
}
