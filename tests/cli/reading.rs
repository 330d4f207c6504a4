//! `read` while a chapter does not do what it should: the book is there.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use workbook_tests::chapters::{build, cargo};
use workbook_tests::process::{BUILD_LIMIT, LIMIT};
use workbook_tests::reader::{Reader, with_built_copy};
use workbook_tests::root;

/// A book of one page.
const BOOK: [(&str, &str); 3] = [
    (
        "book.toml",
        "[book]\ntitle = \"Small\"\n[output.html]\nhash-files = false\n",
    ),
    ("src/SUMMARY.md", "# Summary\n\n[Small](small.md)\n"),
    ("src/small.md", "# Small\n\nA page of the book.\n"),
];

/// What stands on chapter 2 as the book's server stands on chapter 17: it works only if the chapter does.
const SERVER: &str = r#"
use std::io::{self, Read, Write};
use std::net::TcpListener;
use std::os::fd::AsFd;

fn main() {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/begun"), "").unwrap();
    let mut heap = event_loop::TimeHeap::new();
    heap.push(event_loop::Time::ZERO, ());
    assert!(heap.pop().is_some());
    let listener = TcpListener::from(io::stdin().as_fd().try_clone_to_owned().unwrap());
    for mut stream in listener.incoming().map(Result::unwrap) {
        let (mut request, mut byte) = (Vec::new(), [0]);
        while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
            request.push(byte[0]);
        }
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\nby the chapter too";
        stream.write_all(answer.as_bytes()).unwrap();
    }
}
"#;

const MANIFEST: &str = "[package]
name = \"book-server\"
version.workspace = true
edition.workspace = true

[dependencies]
event-loop.workspace = true
";

/// Part of what `read` says when taxi's server does not serve.
const THREADS: &str = "server of threads";

/// The book as a reader has it open.
struct Open {
    pages: Child,
    address: String,
    said: Receiver<String>,
}

impl Open {
    /// `read` in the workspace of `reader`, from the moment on at which it says where the book is.
    fn book(reader: &Reader) -> Result<Open> {
        let built = build(&mut cargo(&root()), &["pages"])?;
        let mut command = Command::new(built.binary("pages")?);
        command
            .args(["serve", "--port", "0"])
            .current_dir(&reader.folder);
        command.env("CARGO_NET_OFFLINE", "true");
        command.env("CARGO_TARGET_DIR", reader.folder.join("target"));
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut pages = command.stderr(Stdio::piped()).spawn()?;
        let said = heard(pages.stderr.take().context("its standard error")?);
        let mut open = Open {
            pages,
            address: String::new(),
            said,
        };
        let stdout = open.pages.stdout.take().context("its standard output")?;
        let first = BufReader::new(stdout).lines().next();
        let first = first.context("it ended without a word")??;
        let address = first
            .split("http://")
            .nth(1)
            .and_then(|it| it.split('/').next());
        open.address = address.with_context(|| first.clone())?.to_string();
        Ok(open)
    }

    /// A page of it, as a browser gets it.
    fn page(&self) -> Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(LIMIT))?;
        let host = format!("Host: {}\r\nConnection: close", self.address);
        stream.write_all(
            format!("GET /small.html HTTP/1.1\r\n{host}\r\n\r\n").as_bytes(),
        )?;
        let mut page = vec![0; 1 << 20];
        let mut length = 0;
        // The chapter's stand-in does not close, so as much as has to be there for it is enough.
        while !page[..length].ends_with(b"too") {
            match stream.read(&mut page[length..])? {
                0 => break,
                more => length += more,
            }
        }
        Ok(String::from_utf8_lossy(&page[..length]).into_owned())
    }

    /// Waits until it says on its standard error why the server of threads serves.
    fn why(&self) -> Result<String> {
        loop {
            let line = self.said.recv_timeout(BUILD_LIMIT)?;
            if let Some((_, why)) = line.split_once("since taxi's does not: ") {
                return Ok(why.to_string());
            }
        }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let pid = rustix::process::Pid::from_child(&self.pages);
        // So that it ends what it has started.
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let _ = self.pages.wait();
    }
}

/// The lines of a pipe, as they come.
fn heard(pipe: ChildStderr) -> Receiver<String> {
    let (tell, said) = mpsc::channel();
    thread::spawn(move || {
        let lines = BufReader::new(pipe).lines().map_while(Result::ok);
        lines.for_each(|line| drop(tell.send(line)));
    });
    said
}

/// It cannot be built, it ends, it hangs: the book is there all the same, by the server that needs no chapter.
pub(crate) fn broken_chapter() -> Result<()> {
    let reader = with_built_copy()?;
    for (file, text) in BOOK {
        reader.write(&format!("book/{file}"), text)?;
    }
    reader.write("crates/book-server/Cargo.toml", MANIFEST)?;
    reader.write("crates/book-server/src/main.rs", SERVER)?;
    let members = "\"crates/book-server\", \"crates/chapter\"";
    reader.edit("Cargo.toml", "\"crates/chapter\"", members)?;
    let begun = reader.folder.join("target/begun");
    let (lib, heap) = (
        "chapters/01-generators/src/lib.rs",
        "chapters/02-event-loop/src/heap.rs",
    );

    let sound = reader.read(lib)?;
    reader.write(lib, "compile_error!(\"the meter is broken\");\n")?;
    let book = Open::book(&reader)?;
    by_threads(&book)?;
    let why = book.why()?;
    ensure!(why == "ch01-generators does not compile", "{why}");
    by_threads(&book)?;
    drop(book);
    reader.write(lib, &sound)?;

    let cut = reader.types("practice 2 push")?;
    ensure!(cut.status.success(), "{cut:?}");
    let book = Open::book(&reader)?;
    let why = book.why()?;
    ensure!(why == "it ended" || why == "it hung up", "{why}");
    by_threads(&book)?;
    drop(book);
    let back = reader.types("solve 2 push")?;
    ensure!(back.status.success(), "{back:?}");

    let sound = reader.read(heap)?;
    let pop = "pub fn pop(&mut self) -> Option<(Time, T)> {";
    reader.edit(
        heap,
        pop,
        &format!("{pop}\n        loop {{ std::thread::yield_now(); }}"),
    )?;
    fs::remove_file(&begun)?;
    let book = Open::book(&reader)?;
    while !begun.exists() {
        let line = book.said.recv_timeout(Duration::from_millis(20));
        let line = line.unwrap_or_default();
        ensure!(!line.contains(THREADS), "it did not begin: {line}");
    }
    by_threads(&book)?;
    let mut said = book.said.try_iter();
    let too_late = said.find(|line| line.contains(THREADS));
    ensure!(too_late.is_none(), "the page came late: {too_late:?}");
    drop(book);
    reader.write(heap, &sound)?;

    let book = Open::book(&reader)?;
    while !book.page()?.ends_with("by the chapter too") {
        ensure!(book.said.try_iter().all(|line| !line.contains(THREADS)));
    }
    Ok(())
}

fn by_threads(book: &Open) -> Result<()> {
    let page = book.page()?;
    ensure!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    ensure!(page.contains("A page of the book."), "{page}");
    Ok(())
}
