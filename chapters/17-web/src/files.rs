//! Files of a folder, over HTTP.
//!
//! Two things are asked of it. A name that comes from outside must never lead outside, however it is written and whatever
//! lies in the folder: `path` reads it, and `open` lets the operating system refuse what leads out, in the very call
//! that opens. And a file must never be in memory as a whole: `body` reads the next piece, on a thread of the pool, when
//! the client has taken the last.

mod body;
mod conditions;
mod listing;
mod open;
mod path;

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use hyper::{HeaderMap, Method, Request, Response, StatusCode, Uri};

use crate::{App, Payload};

pub use body::Content;
use conditions::{Part, Stamp};
use open::{Found, Opened};
use path::{Named, Refused};

/// A folder whose files are served.
///
/// Not served, as if they were not there: names that begin with a dot, what a link leads to outside the folder, and
/// whatever is neither a file nor a folder.
///
/// ```
/// use hyper::{Request, header};
/// use web::files::Folder;
///
/// let folder = Folder::new("src");
/// taxi::run(async move {
///     let asked = Request::get("/sources/lib.rs").body(())?;
///     let answer = folder.answer("/sources/", &asked).await;
///     assert_eq!(answer.status(), 200);
///     assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/x-rust; charset=utf-8");
///
///     let asked = Request::get("/sources/%2e%2e/Cargo.toml").body(())?;
///     assert_eq!(folder.answer("/sources/", &asked).await.status(), 404);
///     Ok::<(), hyper::http::Error>(())
/// })?
/// # .map_err(std::io::Error::other)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Folder {
    // Shared with the calls on the pool's threads.
    shape: Arc<Shape>,
}

/// What of a request decides the answer.
#[derive(Clone, Copy)]
struct Asked<'a> {
    method: &'a Method,
    uri: &'a Uri,
    headers: &'a HeaderMap,
}

/// What is set of a folder.
#[derive(Debug, Clone)]
struct Shape {
    root: PathBuf,
    index: Option<String>,
    listing: bool,
    not_found: Option<String>,
    cache: Option<HeaderValue>,
    tail: Option<Bytes>,
}

impl Folder {
    /// The folder at `root`, which is looked up anew for each request: another may take its place. A folder in it shows
    /// its `index.html`, or else is forbidden.
    pub fn new(root: impl Into<PathBuf>) -> Folder {
        let shape = Shape {
            root: root.into(),
            index: Some("index.html".into()),
            listing: false,
            not_found: None,
            cache: None,
            tail: None,
        };
        Folder {
            shape: Arc::new(shape),
        }
    }

    /// Whether a folder without an index shows a list of what is in it; it does not, if nothing is said.
    ///
    /// ```
    /// use hyper::Request;
    /// use web::files::Folder;
    ///
    /// let (closed, open) = (Folder::new("src"), Folder::new("src").listing(true));
    /// let asked = Request::get("/").body(()).unwrap();
    /// taxi::run(async move {
    ///     assert_eq!(closed.answer("/", &asked).await.status(), 403);
    ///     assert_eq!(open.answer("/", &asked).await.status(), 200);
    /// })?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn listing(mut self, on: bool) -> Folder {
        Arc::make_mut(&mut self.shape).listing = on;
        self
    }

    /// The name of the file that is shown for a folder, instead of `index.html`.
    ///
    /// ```
    /// use hyper::Request;
    /// use web::files::Folder;
    ///
    /// let folder = Folder::new("src").index("lib.rs");
    /// let asked = Request::get("/").body(()).unwrap();
    /// assert_eq!(taxi::run(async move { folder.answer("/", &asked).await.status() })?, 200);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn index(mut self, name: impl Into<String>) -> Folder {
        Arc::make_mut(&mut self.shape).index = Some(name.into());
        self
    }

    /// The file at the folder's top that goes with the status 404, instead of a line of text.
    ///
    /// ```
    /// use hyper::{Request, header};
    /// use web::files::Folder;
    ///
    /// let folder = Folder::new("src").not_found("lib.rs");
    /// let asked = Request::get("/none").body(()).unwrap();
    /// let answer = taxi::run(async move { folder.answer("/", &asked).await })?;
    /// assert_eq!(answer.status(), 404);
    /// assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/x-rust; charset=utf-8");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn not_found(mut self, name: impl Into<String>) -> Folder {
        Arc::make_mut(&mut self.shape).not_found = Some(name.into());
        self
    }

    /// What caches are told, in the header `Cache-Control`. Without it they go by the time of the last change.
    ///
    /// ```
    /// use hyper::{Request, header};
    /// use web::files::Folder;
    ///
    /// let folder = Folder::new("src").cache("no-cache");
    /// let asked = Request::get("/lib.rs").body(()).unwrap();
    /// let answer = taxi::run(async move { folder.answer("/", &asked).await })?;
    /// assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-cache");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `value` has characters that no header can have.
    #[must_use]
    #[track_caller]
    pub fn cache(mut self, value: &str) -> Folder {
        let value = value.parse().unwrap_or_else(|_| {
            panic!("no header can have this value: {value:?}");
        });
        Arc::make_mut(&mut self.shape).cache = Some(value);
        self
    }

    /// What is sent after the last byte of each HTML page, such as a script for those who write it. Such a page is sent
    /// whole or not at all.
    ///
    /// ```
    /// use http_body_util::BodyExt;
    /// use hyper::Request;
    /// use web::files::Folder;
    ///
    /// let page = std::env::temp_dir().join(format!("web-tail-{}", std::process::id()));
    /// std::fs::create_dir_all(&page)?;
    /// std::fs::write(page.join("index.html"), "<p>A taxi</p>")?;
    /// let folder = Folder::new(&page).tail("<script></script>");
    /// let asked = Request::get("/").body(()).unwrap();
    /// taxi::run(async move {
    ///     let answer = folder.answer("/", &asked).await;
    ///     let whole = answer.into_body().collect().await.unwrap().to_bytes();
    ///     assert_eq!(whole, "<p>A taxi</p><script></script>");
    /// })?;
    /// std::fs::remove_dir_all(page)?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn tail(mut self, text: impl Into<Bytes>) -> Folder {
        Arc::make_mut(&mut self.shape).tail = Some(text.into());
        self
    }

    /// The answer to `request`, whose path begins with `prefix`: the file that the rest of its path names, or what
    /// keeps it from being served. What a client does wrong is an answer like any other.
    ///
    /// # Panics
    ///
    /// If no loop with threads runs.
    pub async fn answer<B>(
        &self,
        prefix: &str,
        request: &Request<B>,
    ) -> Response<Content> {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let asked = Asked {
            method,
            uri,
            headers,
        };
        self.respond(prefix, asked).await
    }

    /// The same, for a handler of an [`App`] that chooses the folder when it is asked. [`App::files`] is for the others.
    ///
    /// ```
    /// use web::client::Client;
    /// use web::files::Folder;
    /// use web::{App, Request, Server};
    ///
    /// taxi::test::run(async {
    ///     let app = App::new().mount("/", async |request: Request| {
    ///         let top = request.header("x-tests").map_or("src", |_| "tests");
    ///         Folder::new(top).serve("/", &request).await
    ///     });
    ///     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
    ///     let url = format!("http://{}/lib.rs", server.local_addr());
    ///     assert_eq!(Client::new().get(&url).await?.status(), 200);
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If no loop with threads runs.
    pub async fn serve(&self, prefix: &str, request: &crate::Request) -> crate::Response {
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        let asked = Asked {
            method,
            uri,
            headers,
        };
        let (head, content) = self.respond(prefix, asked).await.into_parts();
        let mut response = crate::Response::empty(head.status);
        *response.headers_mut() = head.headers;
        response.with_payload(Payload::body(content))
    }

    async fn respond(&self, prefix: &str, asked: Asked<'_>) -> Response<Content> {
        if !matches!(*asked.method, Method::GET | Method::HEAD) {
            let mut answer = self.plain(StatusCode::METHOD_NOT_ALLOWED);
            set(&mut answer, header::ALLOW, "GET, HEAD");
            return answer;
        }
        let answer = match self.find(prefix, asked).await {
            Ok(answer) => answer,
            Err(error) => self.failed(&error).await,
        };
        match *asked.method {
            Method::HEAD => answer.map(|_| Content::empty()),
            _ => answer,
        }
    }

    async fn find(
        &self,
        prefix: &str,
        asked: Asked<'_>,
    ) -> io::Result<Response<Content>> {
        let path = asked.uri.path();
        let below = path.strip_prefix(prefix).unwrap_or("");
        let named = match path::read(below) {
            Ok(named) => named,
            Err(Refused::Unreadable) => return Ok(self.plain(StatusCode::BAD_REQUEST)),
            Err(Refused::Elsewhere) => return Err(io::ErrorKind::NotFound.into()),
        };
        let shape = Arc::clone(&self.shape);
        let Named { path, is_folder } = named.clone();
        // Each of these calls may wait for a disk: all in one job, since each job is a walk to another thread.
        let looked = taxi::spawn_blocking(move || {
            let index = shape.index.as_deref();
            open::find(&shape.root, &path, is_folder, index, shape.listing)
        });
        Ok(match looked.await.map_err(io::Error::other)?? {
            Found::File(opened) => self.file(opened, asked.method, asked.headers),
            Found::FolderWithoutSlash => {
                let query = asked.uri.query();
                let mut answer = self.plain(StatusCode::MOVED_PERMANENTLY);
                let to = named.location(prefix, query);
                set(&mut answer, header::LOCATION, &to);
                answer
            }
            Found::Closed => self.plain(StatusCode::FORBIDDEN),
            Found::List(list) => self.text(
                StatusCode::OK,
                "text/html; charset=utf-8",
                listing::page(&named, &list),
            ),
        })
    }

    /// The whole file, a part of it, or that the client has it already.
    fn file(
        &self,
        opened: Opened,
        method: &Method,
        headers: &HeaderMap,
    ) -> Response<Content> {
        let kind = kind(&opened.path);
        let tail = self.shape.tail.clone();
        let tail = tail.filter(|_| kind.starts_with("text/html"));
        let stamp = Stamp::of(&opened, tail.as_ref().map(hash));
        if let Some(status) = stamp.judges(headers) {
            let mut answer = self.bare(status, Content::empty());
            stamp.write(answer.headers_mut());
            return answer;
        }
        let whole = tail.is_some() || *method != Method::GET;
        let part = match whole {
            true => Part::Whole,
            false => stamp.part(headers),
        };
        let (status, range) = match part {
            Part::Whole => (StatusCode::OK, 0..opened.length),
            Part::Range(range) => (StatusCode::PARTIAL_CONTENT, range),
            Part::None => {
                let mut answer = self.plain(StatusCode::RANGE_NOT_SATISFIABLE);
                let range = format!("bytes */{}", opened.length);
                set(&mut answer, header::CONTENT_RANGE, &range);
                return answer;
            }
        };
        let more = tail.as_ref().map_or(0, |tail| tail.len() as u64);
        let length = range.end - range.start + more;
        let (first, of) = (range.start, opened.length);
        let ranges = if tail.is_some() { "none" } else { "bytes" };
        let content = Content::of(opened.file, opened.start, range.clone(), tail);
        let mut answer = self.bare(status, content);
        set(&mut answer, header::CONTENT_TYPE, &kind);
        set(&mut answer, header::CONTENT_LENGTH, &length.to_string());
        set(&mut answer, header::ACCEPT_RANGES, ranges);
        if status == StatusCode::PARTIAL_CONTENT {
            let range = format!("bytes {first}-{}/{of}", range.end - 1);
            set(&mut answer, header::CONTENT_RANGE, &range);
        }
        stamp.write(answer.headers_mut());
        answer
    }

    /// What keeps a file from being served. Only what is nobody's fault but ours is called so: a client that is told
    /// "forbidden" for one name and "not found" for another learns which there are.
    async fn failed(&self, error: &io::Error) -> Response<Content> {
        if !open::is_missing(error) {
            return self.plain(StatusCode::INTERNAL_SERVER_ERROR);
        }
        let missing = self.plain(StatusCode::NOT_FOUND);
        let Some(name) = self.shape.not_found.clone() else {
            return missing;
        };
        let shape = Arc::clone(&self.shape);
        let looked = taxi::spawn_blocking(move || {
            open::find(&shape.root, Path::new(&name), false, None, false)
        });
        let Ok(Ok(Found::File(opened))) = looked.await else {
            return missing;
        };
        let mut page = self.file(opened, &Method::GET, &HeaderMap::new());
        *page.status_mut() = StatusCode::NOT_FOUND;
        // They are the page's, and not those of what was asked for.
        for name in [header::ETAG, header::LAST_MODIFIED, header::ACCEPT_RANGES] {
            page.headers_mut().remove(name);
        }
        page
    }

    /// A status, said in a line.
    fn plain(&self, status: StatusCode) -> Response<Content> {
        self.text(status, "text/plain; charset=utf-8", format!("{status}\n"))
    }

    fn text(&self, status: StatusCode, kind: &str, text: String) -> Response<Content> {
        let length = text.len().to_string();
        let mut answer = self.bare(status, Content::text(text));
        set(&mut answer, header::CONTENT_TYPE, kind);
        set(&mut answer, header::CONTENT_LENGTH, &length);
        answer
    }

    fn bare(&self, status: StatusCode, content: Content) -> Response<Content> {
        let mut answer = Response::new(content);
        *answer.status_mut() = status;
        // A file is what its name says, and not what a browser guesses from its first bytes.
        set(&mut answer, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        if let Some(cache) = &self.shape.cache {
            let headers: &mut HeaderMap = answer.headers_mut();
            headers.insert(header::CACHE_CONTROL, cache.clone());
        }
        answer
    }
}

impl App {
    // ANCHOR: files
    /// Has whatever is asked for below `prefix` answered by a folder.
    ///
    /// ```
    /// use web::client::Client;
    /// use web::files::Folder;
    /// use web::{App, Server};
    ///
    /// taxi::test::run(async {
    ///     let app = App::new().files("/sources/", Folder::new("src"));
    ///     let server = Server::bind("127.0.0.1:0".parse()?)?.serve(app)?;
    ///     let url = format!("http://{}/sources/lib.rs", server.local_addr());
    ///     assert!(Client::new().get(&url).await?.text().await?.starts_with("//!"));
    ///     Ok::<(), Box<dyn std::error::Error>>(())
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    ///
    /// If `prefix` does not end with a slash, or another route has it.
    #[must_use]
    #[track_caller]
    pub fn files(self, prefix: &str, folder: Folder) -> App {
        let below = prefix.to_string();
        self.mount(prefix, async move |request: crate::Request| {
            folder.serve(&below, &request).await
        })
    }
    // ANCHOR_END: files
}

/// Sets a header to what this module has made, which any header can have.
fn set(answer: &mut Response<Content>, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        answer.headers_mut().insert(name, value);
    }
}

/// The type of a file, by the end of its name.
fn kind(file: &Path) -> String {
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    let mut name = kind.essence_str().to_string();
    if kind.type_() == mime_guess::mime::TEXT {
        let _ = write!(name, "; charset=utf-8");
    }
    name
}

fn hash(text: &Bytes) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
