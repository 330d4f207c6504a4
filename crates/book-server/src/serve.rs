//! The book, and what is new of it.

use std::cell::RefCell;
use std::io;
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use rustix::process::{Resource, getrlimit, setrlimit};
use serde_json::Value;
use taxi::net::StreamReader;
use taxi::stream::stream;
use taxi::sync::watch;
use web::files::Folder;
use web::{App, Event, Limits, Request, Response, Server};

/// The names of this machine, as a browser may call it. A page elsewhere could have a name of its own lead here, and read
/// the book; its browser would say that name.
const NAMES: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The longest line that its starter may write: a book has some problems at most.
const LONGEST: usize = 1024 * 1024;

/// More connections than any number of browsers has.
const MOST: usize = 20_000;

/// What is sent after each page.
const SCRIPT: &str = include_str!("live.js");

/// Serves the folder that the command line names, until the starter is gone.
///
/// # Errors
///
/// If it was started otherwise than `pages serve` does it.
pub(crate) fn run() -> io::Result<()> {
    let usage = || io::Error::other("it is started by `cargo run -- read`");
    let dir = std::env::args_os().nth(1).ok_or_else(usage)?;
    let listener = io::stdin().as_fd().try_clone_to_owned()?;
    let starter = io::stdout().as_fd().try_clone_to_owned()?;
    let (listener, starter) = (TcpListener::from(listener), UnixStream::from(starter));
    if listener.local_addr().is_err() || starter.local_addr().is_err() {
        return Err(usage());
    }
    taxi::run(serve(dir.into(), listener, starter))?
}

async fn serve(
    dir: PathBuf,
    listener: TcpListener,
    starter: UnixStream,
) -> io::Result<()> {
    let starter = taxi::net::UnixStream::from_std(starter)?;
    let mut lines = StreamReader::with_limit(starter, LONGEST);
    let Some(first) = lines.read_line().await.map_err(io::Error::other)? else {
        return Ok(());
    };
    let folder = Folder::new(dir).not_found("404.html").cache("no-cache");
    let book = Rc::new(RefCell::new(with_script(&folder, &first)));
    let (tell, news) = watch::channel(first);
    let served = Rc::clone(&book);
    let app = App::new()
        .hosts(NAMES)
        .get("/-/news", async move |_: Request| {
            Response::events(follow(news.clone()))
        })
        .mount("/", async move |request: Request| {
            let folder = served.borrow().clone();
            folder.serve("/", &request).await
        });
    // How many milliseconds a client may take, if its starter says so: a test does.
    let patience = std::env::args().nth(2).and_then(|it| it.parse().ok());
    let patience = patience.map_or(Limits::default().header, Duration::from_millis);
    let limits = Limits {
        header: patience,
        write: patience,
        header_bytes: 16 * 1024,
        connections: room(),
        ..Limits::default()
    };
    let listener = taxi::net::TcpListener::from_std(listener)?;
    let server = Server::new(listener).limits(limits).serve(app)?;
    while let Some(line) = lines.read_line().await.map_err(io::Error::other)? {
        *book.borrow_mut() = with_script(&folder, &line);
        let _nobody_listens = tell.send(line);
    }
    server.shutdown(Duration::from_secs(1)).await;
    Ok(())
}

/// How many connections there may be at a time: as many as the operating system lets this process have files, less an eighth
/// for the book's. Those beyond wait for one to end.
fn room() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // If it cannot be raised, it stays as it is.
    let _ = setrlimit(Resource::Nofile, limit);
    let files = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let room = usize::try_from(files - files / 8).unwrap_or(MOST);
    room.clamp(1, MOST)
}

/// The folder, its pages followed by the script, which knows when they were built.
fn with_script(folder: &Folder, news: &str) -> Folder {
    let news: Value = serde_json::from_str(news).unwrap_or_default();
    let built = news
        .get("built")
        .and_then(Value::as_u64)
        .unwrap_or_default();
    let script = SCRIPT.replace("BUILT", &built.to_string());
    folder.clone().tail(format!("<script>{script}</script>"))
}

/// What is new, from now on.
fn follow(
    mut news: watch::Receiver<String>,
) -> impl taxi::stream::Stream<Item = Event> + 'static {
    stream(async move |mut yields| {
        loop {
            let now = news.get_and_update();
            yields.send(Event::new(&**now)).await;
            if news.changed().await.is_err() {
                return;
            }
        }
    })
}
