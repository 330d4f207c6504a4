//! Folders: what is served, and that nothing else is.

use std::fs;
use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::Body;
use hyper::{HeaderMap, Request, Response, StatusCode, header};
use tempfile::TempDir;
use web::files::{Content, Folder};

/// What lies outside. Whoever sees it has left the folder.
pub(crate) const OUTSIDE: &str = "nobody is to see this";

/// A folder to serve, and beside it something that is not to be served.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
}

/// An answer that has come whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    pub(crate) body: String,
}

impl Place {
    pub(crate) fn new() -> Place {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("secret.txt", OUTSIDE),
            ("public-2/secret.txt", OUTSIDE),
            ("public/index.html", "<h1>A taxi</h1>"),
            ("public/css/site.css", "p {}"),
            ("public/css/a b&c.css", "b {}"),
            ("public/css/.hidden", OUTSIDE),
            ("public/.git/config", OUTSIDE),
            ("public/0-9.txt", "0123456789"),
            ("public/empty.txt", ""),
        ] {
            let file = dir.path().join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Place { dir }
    }

    pub(crate) fn public(&self) -> PathBuf {
        self.dir.path().join("public")
    }

    pub(crate) fn folder(&self) -> Folder {
        Folder::new(self.public())
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        ask(&self.folder(), path, &[])
    }
}

/// Asks for `path` with these headers.
pub(crate) fn ask(folder: &Folder, path: &str, headers: &[(&str, &str)]) -> Answer {
    method(folder, "GET", path, headers)
}

fn method(folder: &Folder, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(()).unwrap();
    let folder = folder.clone();
    taxi::test::run(async move { whole(folder.answer("/", &request).await).await })
}

pub(crate) async fn whole(answer: Response<Content>) -> Answer {
    let (head, body) = answer.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer {
        status: head.status,
        headers: head.headers,
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

impl Answer {
    fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }
}

#[test]
fn a_file_is_served_with_its_type_and_length() {
    let place = Place::new();
    for (path, kind, body) in [
        ("/", "text/html; charset=utf-8", "<h1>A taxi</h1>"),
        (
            "/index.html?x=1",
            "text/html; charset=utf-8",
            "<h1>A taxi</h1>",
        ),
        ("/css/site.css", "text/css; charset=utf-8", "p {}"),
        ("/css/a%20b%26c.css", "text/css; charset=utf-8", "b {}"),
        ("/%63ss/./site%2ecss", "text/css; charset=utf-8", "p {}"),
        ("/empty.txt", "text/plain; charset=utf-8", ""),
    ] {
        let answer = place.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert_eq!(answer.header("content-type"), kind, "{path}");
        assert_eq!(answer.header("content-length"), body.len().to_string());
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.body, body, "{path}");
    }
    fs::write(place.public().join("night.unknown"), "?").unwrap();
    let unknown = place.get("/night.unknown");
    assert_eq!(unknown.header("content-type"), "application/octet-stream");
}

#[test]
fn head_tells_the_same_without_the_file() {
    let place = Place::new();
    let (get, head) = (
        place.get("/0-9.txt"),
        method(
            &place.folder(),
            "HEAD",
            "/0-9.txt",
            &[("range", "bytes=0-1")],
        ),
    );
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(head.headers, get.headers);
    let post = method(&place.folder(), "POST", "/0-9.txt", &[]);
    assert_eq!(post.status, 405);
    assert_eq!(post.header("allow"), "GET, HEAD");
}

#[test]
fn a_folder_without_its_slash_is_sent_to_itself_and_nowhere_else() {
    let place = Place::new();
    fs::create_dir(place.public().join("evil.example")).unwrap();
    for (path, to) in [
        ("/css", "/css/"),
        ("/css?a=b", "/css/?a=b"),
        ("//evil.example", "/evil.example/"),
        ("/./%65vil.example", "/evil.example/"),
    ] {
        let answer = place.get(path);
        assert_eq!(answer.status, 301, "{path}");
        assert_eq!(answer.header("location"), to);
    }
    assert_eq!(place.get("/0-9.txt/").status, 404);
}

#[test]
fn a_prefix_is_left_out_of_the_path_and_back_in_where_one_is_sent_to() {
    let place = Place::new();
    let folder = place.folder();
    let (file, moved, other) = taxi::test::run(async move {
        let ask = async |path: &str| {
            let request = Request::get(path).body(()).unwrap();
            whole(folder.answer("/shop/", &request).await).await
        };
        (
            ask("/shop/css/site.css").await,
            ask("/shop/css").await,
            ask("/shop/../index.html").await,
        )
    });
    assert_eq!(file.body, "p {}");
    assert_eq!(moved.header("location"), "/shop/css/");
    assert_eq!(other.status, 404);
}

#[test]
fn what_is_in_a_folder_is_told_only_on_request_and_every_name_is_text() {
    let place = Place::new();
    assert_eq!(place.get("/css/").status, 403);
    let name = "<img src=x onerror=alert(1)>\"'&.css";
    fs::write(place.public().join("css").join(name), "").unwrap();
    fs::write(place.public().join("css/javascript:alert(1)"), "").unwrap();
    fs::create_dir(place.public().join("css/more")).unwrap();
    let open = place.folder().listing(true);
    let answer = ask(&open, "/css/", &[]);
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
    assert!(!answer.body.contains("<img"), "{}", answer.body);
    assert!(!answer.body.contains("hidden") && !answer.body.contains("javascript:"));
    for line in [
        "<li><a href=\"../\">../</a>",
        "<li><a href=\"./a%20b%26c.css\">a b&amp;c.css</a>",
        "<li><a href=\"./more/\">more/</a>",
        "&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;.css</a>",
    ] {
        assert!(answer.body.contains(line), "{line}\n{}", answer.body);
    }
    // Every name that is shown leads to what has it.
    for href in answer.body.split("href=\"./").skip(1) {
        let path = href.split('"').next().unwrap();
        let there = ask(&open, &format!("/css/{path}"), &[]);
        assert_eq!(there.status, 200, "{path}");
    }
}

#[test]
fn a_page_of_ones_own_tells_that_there_is_nothing() {
    let place = Place::new();
    fs::write(place.public().join("404.html"), "<h1>No such taxi</h1>").unwrap();
    let folder = place.folder().not_found("404.html");
    for path in ["/none", "/css/none/none", "/../secret.txt", "/.git/config"] {
        let answer = ask(&folder, path, &[("range", "bytes=0-1")]);
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body, "<h1>No such taxi</h1>");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("etag"), "");
    }
    let no_page = place.folder().not_found("none.html");
    assert_eq!(ask(&no_page, "/none", &[]).status, 404);
    assert_eq!(ask(&Folder::new("no-such-folder"), "/", &[]).status, 404);
}

#[test]
fn one_range_is_answered_by_that_part() {
    let place = Place::new();
    for (range, part, told) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=4-", "456789", "bytes 4-9/10"),
        ("bytes=-3", "789", "bytes 7-9/10"),
        ("bytes=-30", "0123456789", "bytes 0-9/10"),
        ("bytes=9-99999999999999999999999", "9", "bytes 9-9/10"),
    ] {
        let answer = ask(&place.folder(), "/0-9.txt", &[("range", range)]);
        assert_eq!(answer.status, 206, "{range}");
        assert_eq!(answer.body, part, "{range}");
        assert_eq!(answer.header("content-range"), told);
        assert_eq!(answer.header("content-length"), part.len().to_string());
    }
    for range in ["bytes=10-", "bytes=99999999999999999999999-", "bytes=-0"] {
        let answer = ask(&place.folder(), "/0-9.txt", &[("range", range)]);
        assert_eq!(answer.status, 416, "{range}");
        assert_eq!(answer.header("content-range"), "bytes */10");
    }
    let many = format!("bytes={}", "0-,".repeat(2_000));
    for range in [
        "bytes=0-1,3-4",
        &many,
        "bytes=5-2",
        "bytes=x-2",
        "bytes=+1-2",
        "bytes=-",
        "bytes=--1",
        "bytes=1",
        "taxis=0-1",
        "",
    ] {
        let answer = ask(&place.folder(), "/0-9.txt", &[("range", range)]);
        assert_eq!(
            (answer.status, answer.body.len()),
            (StatusCode::OK, 10),
            "{range}"
        );
    }
}

#[test]
fn a_part_of_another_version_is_not_sent() {
    let place = Place::new();
    let folder = place.folder();
    let now = place.get("/0-9.txt");
    let (tag, date) = (now.header("etag"), now.header("last-modified"));
    for (version, status) in [
        (tag, 206),
        (date, 206),
        ("\"another\"", 200),
        (&*format!("W/{tag}"), 200),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 200),
    ] {
        let asked = [("range", "bytes=0-0"), ("if-range", version)];
        assert_eq!(ask(&folder, "/0-9.txt", &asked).status, status, "{version}");
    }
}

#[test]
fn who_has_the_file_already_is_told_so() {
    let place = Place::new();
    let folder = place.folder();
    let file = fs::File::options()
        .append(true)
        .open(place.public().join("0-9.txt"));
    let file = file.unwrap();
    let changed = UNIX_EPOCH + Duration::from_millis(1_500_000_000_900);
    file.set_modified(changed).unwrap();
    let tag = place.get("/0-9.txt").header("etag").to_string();
    let (early, exact) = (
        "Fri, 14 Jul 2017 02:39:59 GMT",
        "Fri, 14 Jul 2017 02:40:00 GMT",
    );
    let several = format!("\"a\", W/{tag}");
    for (headers, status) in [
        (&[("if-none-match", tag.as_str())][..], 304),
        (&[("if-none-match", several.as_str())], 304),
        (&[("if-none-match", "*")], 304),
        (&[("if-none-match", "\"a\"")], 200),
        (&[("if-modified-since", exact)], 304),
        (&[("if-modified-since", early)], 200),
        (&[("if-modified-since", "yesterday")], 200),
        // The tag tells more than the date.
        (
            &[("if-none-match", "\"a\""), ("if-modified-since", exact)],
            200,
        ),
        (&[("if-match", tag.as_str())], 200),
        (&[("if-match", "\"a\"")], 412),
        (&[("if-match", several.as_str())], 412),
        (&[("if-unmodified-since", early)], 412),
        (&[("if-unmodified-since", exact)], 200),
    ] {
        let answer = ask(&folder, "/0-9.txt", headers);
        assert_eq!(answer.status, status, "{headers:?}");
        assert_eq!(answer.body.is_empty(), status != 200, "{headers:?}");
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.header("last-modified"), exact);
    }
    // A change in the same second, to the same length, is another version.
    file.set_modified(changed + Duration::from_millis(50))
        .unwrap();
    let answer = ask(&folder, "/0-9.txt", &[("if-none-match", &tag)]);
    assert_eq!(answer.status, 200);
}

#[test]
fn what_is_added_to_pages_makes_them_another_version_without_parts() {
    let place = Place::new();
    let (one, two) = (
        place.folder().tail("<i>1</i>"),
        place.folder().tail("<i>2</i>"),
    );
    let first = ask(&one, "/", &[("range", "bytes=0-1")]);
    assert_eq!(first.body, "<h1>A taxi</h1><i>1</i>");
    assert_eq!(first.header("content-length"), first.body.len().to_string());
    assert_eq!(first.header("accept-ranges"), "none");
    let known = [("if-none-match", first.header("etag"))];
    assert_eq!(ask(&one, "/", &known).status, 304);
    assert_eq!(ask(&two, "/", &known).status, 200);
    assert_eq!(ask(&place.folder(), "/", &known).status, 200);
    assert_eq!(ask(&one, "/css/site.css", &[]).body, "p {}");
}

/// What `content` holds next.
async fn next(content: &mut Content) -> Option<std::io::Result<usize>> {
    let frame = content.frame().await?;
    Some(frame.map(|frame| frame.into_data().unwrap().len()))
}

#[test]
fn a_large_file_is_in_memory_by_pieces_and_read_only_when_it_is_asked_for() {
    let place = Place::new();
    let length: u64 = 10_000_000_000;
    let path = place.public().join("night.bin");
    // It has a hole: nothing of it is on the disk.
    let file = fs::File::create(&path).unwrap();
    file.set_len(length).unwrap();
    let folder = place.folder();
    taxi::test::run(async move {
        let asked = Request::get("/night.bin").body(()).unwrap();
        let mut content = folder.answer("/", &asked).await.into_body();
        assert_eq!(content.size_hint().exact(), Some(length));
        for _ in 0..100 {
            let piece = next(&mut content).await.unwrap().unwrap();
            assert!(piece > 0 && piece <= 64 * 1024, "{piece}");
        }
        // A piece that is not waited for, and an answer that is left in the middle of one.
        let mut context = Context::from_waker(Waker::noop());
        // (A thread reads it, and may be faster than a poll. Then it is the next one that is not waited for.)
        while let Poll::Ready(piece) = Pin::new(&mut content).poll_frame(&mut context) {
            let piece = piece.expect("it is not over").unwrap().into_data().unwrap();
            assert!(piece.len() <= 64 * 1024, "{}", piece.len());
        }
        drop(content);

        let range = format!("bytes=5000000000-{}", 5_000_000_000_u64 + 199_999);
        let asked = Request::get("/night.bin").header("range", range).body(());
        let answer = folder.answer("/", &asked.unwrap()).await;
        assert_eq!(answer.status(), 206);
        assert_eq!(whole(answer).await.body.len(), 200_000);
    });
}

#[test]
fn a_file_that_shrinks_while_it_is_sent_is_an_error_and_one_that_grows_is_not() {
    let place = Place::new();
    let path = place.public().join("night.bin");
    for (after, ends_well) in [(100_000, false), (900_000, true)] {
        fs::write(&path, vec![b'x'; 300_000]).unwrap();
        let (folder, path) = (place.folder(), path.clone());
        taxi::test::run(async move {
            let asked = Request::get("/night.bin").body(()).unwrap();
            let mut content = folder.answer("/", &asked).await.into_body();
            let file = fs::File::options().write(true).open(&path).unwrap();
            file.set_len(after).unwrap();
            let (mut sent, mut failed) = (0, false);
            while let Some(piece) = next(&mut content).await {
                match piece {
                    Ok(piece) => sent += piece,
                    Err(_) => failed = true,
                }
            }
            assert_eq!(failed, !ends_well);
            assert_eq!(sent == 300_000, ends_well);
        });
    }
}
