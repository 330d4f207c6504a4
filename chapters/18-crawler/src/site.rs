//! Sites to crawl: on this machine, as slow as they are told to be, and as bad.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use chapter::BadInput;
use taxi::net::{TcpListener, TcpStream};
use taxi::protocols::tls::{self, pki_types::CertificateDer};
use taxi::time::sleep;
use taxi::{Clock, Runtime};
use url::Url;
use web::{App, Request, Response, Running, Server, StatusCode};

/// The fifteen pages of the article in its order, their sizes as it has them, and a delay, in tenths of a second, by which
/// they come in the order in which its readers saw them.
// ANCHOR: fifteen
pub const FIFTEEN: [(&str, usize, u32); 15] = [
    ("/wiki/Portal:Arts", 25203, 5),
    ("/wiki/Portal:History", 36312, 4),
    ("/wiki/Portal:Society", 31461, 2),
    ("/wiki/Portal:Biography", 23965, 3),
    ("/wiki/Portal:Mathematics", 28749, 7),
    ("/wiki/Portal:Technology", 29587, 8),
    ("/wiki/Portal:Geography", 30298, 10),
    ("/wiki/Portal:Science", 22318, 13),
    ("/wiki/Computer_science", 67028, 15),
    ("/wiki/Python_(programming_language)", 73914, 11),
    ("/wiki/Java_(programming_language)", 63153, 1),
    ("/wiki/PHP", 79318, 9),
    ("/wiki/Node.js", 36800, 14),
    ("/wiki/The_C_Programming_Language", 15160, 6),
    ("/wiki/Go_(programming_language)", 62218, 12),
];
// ANCHOR_END: fifteen

/// A site on this machine. It ends when it is dropped.
///
/// ```
/// use crawler::site::{Site, Then};
/// use std::time::Duration;
/// use web::Response;
/// use web::client::Client;
///
/// taxi::test::run(async {
///     let client = Client::new();
///     let ask = async |site: &Site, path: &str| client.get(site.url(path).as_str()).await;
///     let site = Site::serve(async |path: &str| Response::text(path))?;
///     assert_eq!(ask(&site, "/a?b").await?.text().await?, "/a?b");
///     assert_eq!((site.asked(), site.most_at_once()), (vec!["/a?b".to_string()], 1));
///     let site = Site::fifteen(Duration::from_secs(1))?;
///     assert_eq!(ask(&site, "/wiki/PHP").await?.bytes().await?.len(), 79318);
///     let site = Site::raw(|_| ("HTTP/1.1 404 No\r\n\r\n".to_string(), Then::Close))?;
///     assert_eq!(ask(&site, "/").await?.status(), 404);
///     Ok::<(), Box<dyn std::error::Error>>(())
/// })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Site {
    address: SocketAddr,
    asked: Rc<Asked>,
    _running: Box<dyn std::any::Any>,
}

/// What a site was asked.
#[derive(Default)]
struct Asked {
    paths: RefCell<Vec<String>>,
    now: Cell<usize>,
    most: Cell<usize>,
}

/// One more, until it is dropped.
struct OneMore(Rc<Asked>);

impl OneMore {
    fn new(asked: &Rc<Asked>, path: &str) -> OneMore {
        asked.paths.borrow_mut().push(path.to_string());
        asked.now.set(asked.now.get() + 1);
        asked.most.set(asked.most.get().max(asked.now.get()));
        OneMore(Rc::clone(asked))
    }
}

impl Drop for OneMore {
    fn drop(&mut self) {
        self.0.now.set(self.0.now.get() - 1);
    }
}

impl Site {
    /// Serves what `answer` says to a path, with its query.
    ///
    /// # Errors
    ///
    /// If no port is left.
    pub fn serve(answer: impl AsyncFn(&str) -> Response + 'static) -> io::Result<Site> {
        let asked = Rc::new(Asked::default());
        let seen = Rc::clone(&asked);
        let app = App::new().fallback(async move |request: Request| {
            let path = request.uri().to_string();
            let _one_more = OneMore::new(&seen, &path);
            answer(&path).await
        });
        let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let running: Running = server.serve(app)?;
        Ok(Site {
            address: running.local_addr(),
            asked,
            _running: Box::new(running),
        })
    }

    /// Serves pages of HTML, each after the same delay; what is none of them is 404.
    ///
    /// # Errors
    ///
    /// If no port is left.
    pub fn pages(delay: Duration, pages: &[(&str, &str)]) -> io::Result<Site> {
        let pages = pages
            .iter()
            .map(|(path, html)| (path.to_string(), html.to_string()));
        let pages: HashMap<String, String> = pages.collect();
        Site::serve(async move |path: &str| {
            sleep(delay).await;
            match pages.get(path) {
                Some(html) => Response::html(html.as_str()),
                None => {
                    Response::text("no such page\n").with_status(StatusCode::NOT_FOUND)
                }
            }
        })
    }

    /// Serves the article's pages; each takes so many times `tenth` as [`FIFTEEN`] says.
    ///
    /// # Errors
    ///
    /// If no port is left.
    pub fn fifteen(tenth: Duration) -> io::Result<Site> {
        Site::serve(async move |path: &str| {
            let page = FIFTEEN.iter().find(|page| page.0 == path);
            let Some((_, size, delay)) = page else {
                return Response::text("no such page\n")
                    .with_status(StatusCode::NOT_FOUND);
            };
            sleep(tenth * *delay).await;
            Response::html(".".repeat(*size))
        })
    }

    /// Serves one page by TLS, with a certificate that nobody else has signed; and the certificate.
    ///
    /// # Errors
    ///
    /// If no port is left.
    pub fn secret(html: &'static str) -> io::Result<(Site, CertificateDer<'static>)> {
        let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_string()]);
        let made = made.map_err(io::Error::other)?;
        let certificate = made.cert.der().clone();
        let key = tls::key(made.signing_key.serialize_der());
        let acceptor =
            tls::acceptor(vec![certificate.clone()], key).map_err(io::Error::other)?;
        let app = App::new().fallback(async move |_: Request| Response::html(html));
        let server = Server::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let running: Running = server.tls(acceptor).serve(app)?;
        let site = Site {
            address: running.local_addr(),
            asked: Rc::default(),
            _running: Box::new(running),
        };
        Ok((site, certificate))
    }

    /// A server that sends whatever `answer` says to a path, be it HTTP or not, and then does that.
    ///
    /// # Errors
    ///
    /// If no port is left.
    pub fn raw(answer: impl Fn(&str) -> (String, Then) + 'static) -> io::Result<Site> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        let asked = Rc::new(Asked::default());
        let (seen, answer) = (Rc::clone(&asked), Rc::new(answer));
        let server = taxi::net::serve(listener, move |stream: TcpStream| {
            let (seen, answer) = (Rc::clone(&seen), Rc::clone(&answer));
            async move {
                let path = asked_for(&stream).await?;
                let _one_more = OneMore::new(&seen, &path);
                let (bytes, then) = answer(&path);
                stream.write_all(bytes.as_bytes()).await?;
                then.go(stream).await
            }
        })?;
        Ok(Site {
            address: server.local_addr(),
            asked,
            _running: Box::new(server),
        })
    }

    /// The address of one of its pages.
    ///
    /// # Panics
    ///
    /// If `path` does not begin with a slash.
    pub fn url(&self, path: &str) -> Url {
        assert!(path.starts_with('/'), "{path} is no path");
        let url = format!("http://{}{path}", self.address);
        url.parse().expect("an address and a path are an URL")
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The paths that it was asked for, in that order.
    pub fn asked(&self) -> Vec<String> {
        self.asked.paths.borrow().clone()
    }

    /// How many requests it has answered at once, at most.
    pub fn most_at_once(&self) -> usize {
        self.asked.most.get()
    }
}

/// What a bad server does after it has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It closes the connection.
    Close,
    /// It resets the connection: what is on the way may be lost.
    Reset,
    /// It falls asleep.
    Sleep,
    /// It goes on for ever.
    GoOn,
}

impl Then {
    async fn go(self, stream: TcpStream) -> io::Result<()> {
        match self {
            Then::Close => Ok(()),
            Then::Reset => {
                // What was sent may still be read, and then comes the reset.
                sleep(Duration::from_secs(1)).await;
                stream.options().set_linger(Some(Duration::ZERO))
            }
            Then::Sleep => std::future::pending().await,
            Then::GoOn => loop {
                stream.write_all(&[b'.'; 4096]).await?;
            },
        }
    }
}

/// Reads a request's header. What it asks for.
async fn asked_for(stream: &TcpStream) -> io::Result<String> {
    let mut header = Vec::new();
    let mut piece = [0; 1024];
    while !header.windows(4).any(|it| it == b"\r\n\r\n") {
        let length = stream.read(&mut piece).await?;
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        header.extend_from_slice(&piece[..length]);
    }
    let header = String::from_utf8_lossy(&header);
    Ok(header.split(' ').nth(1).unwrap_or_default().to_string())
}

/// Runs a program of this chapter: on the wall clock if it is to be real, else on the virtual one.
///
/// # Errors
///
/// What the program says that is wrong.
pub fn run<F>(real: bool, program: F) -> Result<(), BadInput>
where
    F: Future<Output = Result<(), Box<dyn Error>>>,
{
    let clock = match real {
        true => Clock::real(),
        false => Clock::virtual_time(),
    };
    let builder = Runtime::builder().clock(clock);
    let mut runtime = builder
        .build()
        .map_err(|error| BadInput::new(error.to_string()))?;
    let result = runtime.block_on(program);
    runtime.cancel_all();
    result.map_err(|error| BadInput::new(error.to_string()))
}
