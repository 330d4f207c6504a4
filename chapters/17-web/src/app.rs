//! Which handler answers.

use std::any::Any;
use std::fmt;
use std::io::Write;
use std::rc::Rc;

use hyper::header::{ALLOW, HOST, HeaderValue};
use hyper::{Method, StatusCode};
use matchit::Router;

use crate::caught::{Boxed, Caught};
use crate::{AccessLog, Error, IntoResponse, Request, Response};

type Answer = Result<Response, Error>;
type Handler = Rc<dyn Fn(Request) -> Boxed<Answer>>;
type Layer = Box<dyn Fn(Request, Next) -> Boxed<Answer>>;
type ErrorHook = Box<dyn Fn(&str, &Error)>;

// ANCHOR: app
/// Routes, each with its handlers, and what stands in front of them all.
///
/// A name in braces stands for one part of the path: `/items/{item_id}`; with a star, for
/// the rest of it: `/files/{*path}`. Whatever has no name comes before what has one.
///
/// ```
/// use web::{AccessLog, App, Error, Method, Request, Response, StatusCode};
///
/// async fn ride(request: Request) -> Result<Response, Error> {
///     let number: u32 = request.param("number")?;
///     Ok(Response::text(format!("ride {number}\n")))
/// }
///
/// let app = App::new()
///     .get("/", async |_: Request| "a taxi office\n")
///     .get("/rides/{number}", ride)
///     .post("/rides", async |mut request: Request| request.text().await)
///     .route(Method::DELETE, "/rides/{number}", async |_: Request| StatusCode::NO_CONTENT)
///     .fallback(async |_: Request| Err::<Response, _>(Error::not_found()))
///     .log(AccessLog::new(|line| eprintln!("{line}")))
///     .on_error(|line, error| eprintln!("{line}: {error:?}"))
///     .hosts(["localhost"]);
/// # let _ = app;
/// ```
pub struct App {
    router: Router<usize>,
    routes: Vec<Route>,
    layers: Vec<Layer>,
    fallback: Option<Handler>,
    /// Whom it may be called, if it matters.
    hosts: Option<Vec<String>>,
    on_error: ErrorHook,
}

/// What may be done at a path.
struct Route {
    path: String,
    methods: Vec<(Method, Handler)>,
    is_mount: bool,
}
// ANCHOR_END: app

// ANCHOR: next
/// The handler, and the layers in front of it that come after this one.
///
/// ```
/// use web::{App, Next, Request};
///
/// let app = App::new().layer(async |request: Request, next: Next| {
///     let asked = request.uri().clone();
///     let response = next.run(request).await;
///     eprintln!("{asked}: {}", response.status());
///     response
/// });
/// # let _ = app;
/// ```
pub struct Next {
    app: Rc<App>,
    depth: usize,
}
// ANCHOR_END: next

/// The name under which a mount keeps what is below it.
const REST: &str = "rest";

impl Default for App {
    fn default() -> App {
        App::new()
    }
}

impl App {
    /// Without routes: everything is 404.
    pub fn new() -> App {
        App {
            router: Router::new(),
            routes: Vec::new(),
            layers: Vec::new(),
            fallback: None,
            hosts: None,
            on_error: Box::new(|line, error| {
                let cause = error.cause().map_or_else(String::new, |it| it.to_string());
                // Nobody can be told if that fails, too.
                let _ = writeln!(std::io::stderr(), "{line}: {error}: {cause}");
            }),
        }
    }

    /// Answers `GET` at this path, and `HEAD`, for which only the header is sent.
    ///
    /// # Panics
    ///
    /// As [`route`](App::route).
    #[track_caller]
    pub fn get<R: IntoResponse + 'static>(
        self,
        path: &str,
        handler: impl AsyncFn(Request) -> R + 'static,
    ) -> App {
        self.route(Method::GET, path, handler)
    }

    /// Answers `POST` at this path.
    ///
    /// # Panics
    ///
    /// As [`route`](App::route).
    #[track_caller]
    pub fn post<R: IntoResponse + 'static>(
        self,
        path: &str,
        handler: impl AsyncFn(Request) -> R + 'static,
    ) -> App {
        self.route(Method::POST, path, handler)
    }

    /// Answers this method at this path.
    ///
    /// # Panics
    ///
    /// If that has a handler already, or the path is none.
    #[track_caller]
    pub fn route<R: IntoResponse + 'static>(
        mut self,
        method: Method,
        path: &str,
        handler: impl AsyncFn(Request) -> R + 'static,
    ) -> App {
        self.add(method, path, boxed(handler), false);
        self
    }

    /// Answers `GET` of everything below this prefix, which ends with a slash: see [`Request::rest`]. Routes of their own
    /// come before it.
    ///
    /// ```
    /// use web::{App, Request};
    ///
    /// let app = App::new().mount("/css/", async |it: Request| it.rest().to_string());
    /// # let _ = app;
    /// ```
    ///
    /// # Panics
    ///
    /// If it does not end with a slash, and as [`route`](App::route).
    #[track_caller]
    pub fn mount<R: IntoResponse + 'static>(
        mut self,
        prefix: &str,
        handler: impl AsyncFn(Request) -> R + 'static,
    ) -> App {
        assert!(
            prefix.ends_with('/'),
            "a prefix ends with a slash: {prefix}"
        );
        let handler = boxed(handler);
        if self.routes.iter().all(|it| it.path != prefix) {
            self.add(Method::GET, prefix, Rc::clone(&handler), true);
        }
        let below = format!("{prefix}{{*{REST}}}");
        self.add(Method::GET, &below, handler, true);
        self
    }

    /// Answers what no route is there for, instead of 404.
    pub fn fallback<R: IntoResponse + 'static>(
        mut self,
        handler: impl AsyncFn(Request) -> R + 'static,
    ) -> App {
        self.fallback = Some(boxed(handler));
        self
    }

    // ANCHOR: layer
    /// Puts `layer` in front of what there is: it sees each request first, hands it to the
    /// [`Next`] or answers itself, and sees the answer last.
    ///
    /// ```
    /// use web::{App, Error, Next, Request, StatusCode};
    ///
    /// let app = App::new().layer(async |request: Request, next: Next| {
    ///     match request.header("authorization") {
    ///         Some(_) => Ok(next.run(request).await),
    ///         None => Err(Error::new(StatusCode::UNAUTHORIZED, "who are you?")),
    ///     }
    /// });
    /// # let _ = app;
    /// ```
    pub fn layer<R: IntoResponse + 'static>(
        mut self,
        layer: impl AsyncFn(Request, Next) -> R + 'static,
    ) -> App {
        let layer = Rc::new(layer);
        let layer: Layer = Box::new(move |request, next| {
            let layer = Rc::clone(&layer);
            Box::pin(async move { layer(request, next).await.into_response() })
        });
        self.layers.insert(0, layer);
        self
    }

    /// Writes a line for each answer.
    pub fn log(self, log: AccessLog) -> App {
        self.layer(async move |request, next| log.answered(request, next).await)
    }
    // ANCHOR_END: layer

    /// Answers those only who call the server by one of these names, without the port. A page from elsewhere can make a
    /// browser ask any server by a name of its own, and would read the answers of one that does not look.
    pub fn hosts<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> App {
        self.hosts = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Tells `hook` of each error that is the server's own fault, with the line that was asked. If nothing is said, a line
    /// on standard error does.
    pub fn on_error(mut self, hook: impl Fn(&str, &Error) + 'static) -> App {
        self.on_error = Box::new(hook);
        self
    }

    #[track_caller]
    fn add(&mut self, method: Method, path: &str, handler: Handler, is_mount: bool) {
        let known = self.routes.iter_mut().find(|it| it.path == path);
        if let Some(route) = known {
            let is_new = route.methods.iter().all(|(it, _)| *it != method);
            assert!(is_new, "{method} {path} has a handler already");
            route.methods.push((method, handler));
            return;
        }
        if let Err(why) = self.router.insert(path, self.routes.len()) {
            panic!("{path} is no route: {why}");
        }
        self.routes.push(Route {
            path: path.to_string(),
            methods: vec![(method, handler)],
            is_mount,
        });
    }
}

fn boxed<R: IntoResponse + 'static>(
    handler: impl AsyncFn(Request) -> R + 'static,
) -> Handler {
    let handler = Rc::new(handler);
    Rc::new(move |request| {
        let handler = Rc::clone(&handler);
        Box::pin(async move { handler(request).await.into_response() })
    })
}

impl Next {
    /// All of them.
    pub(crate) fn first(app: &Rc<App>) -> Next {
        let app = Rc::clone(app);
        Next { app, depth: 0 }
    }

    // ANCHOR: run
    /// The answer. There always is one: an error is one, and so is a panic, of the handler
    /// or of a layer. The connection goes on.
    pub async fn run(self, request: Request) -> Response {
        let Next { app, depth } = self;
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let future = match app.layers.get(depth) {
            Some(layer) => {
                let app = Rc::clone(&app);
                let depth = depth + 1;
                layer(request, Next { app, depth })
            }
            None => Box::pin(app.clone().dispatch(request)),
        };
        let error = match Caught(future).await {
            Ok(Ok(response)) => return response,
            Ok(Err(error)) => error,
            Err(panic) => Panicked::error(&*panic),
        };
        if error.cause().is_some() {
            (app.on_error)(&format!("{method} {uri}"), &error);
        }
        Response::text(format!("{error}\n")).with_status(error.status())
    }
    // ANCHOR_END: run
}

impl App {
    // ANCHOR: dispatch
    async fn dispatch(self: Rc<Self>, mut request: Request) -> Answer {
        self.check_host(&request)?;
        let Ok(found) = self.router.at(request.uri().path()) else {
            return match &self.fallback {
                Some(fallback) => fallback(request).await,
                None => Err(Error::not_found()),
            };
        };
        let route = &self.routes[*found.value];
        let (mut params, mut rest) = (Vec::new(), String::new());
        for (name, given) in found.params.iter() {
            match route.is_mount {
                true => rest = given.to_string(),
                false => params.push((name.to_string(), Request::decoded(given)?)),
            }
        }
        (request.params, request.rest) = (params, rest);
        match route.handler(request.method()) {
            Some(handler) => handler(request).await,
            None => Ok(route.not_allowed()),
        }
    }
    // ANCHOR_END: dispatch

    /// HTTP/1.1 asks for the name by which the server is called.
    fn check_host(&self, request: &Request) -> Result<(), Error> {
        let is_old = request.version() < hyper::Version::HTTP_11;
        let Some(host) = request.header(HOST.as_str()) else {
            return match is_old && self.hosts.is_none() {
                true => Ok(()),
                false => Err(Error::new(StatusCode::BAD_REQUEST, "no host is named")),
            };
        };
        let name = match host.rsplit_once(':') {
            // Not the last part of an IPv6 address.
            Some((name, port)) if port.bytes().all(|it| it.is_ascii_digit()) => name,
            _ => host,
        };
        match &self.hosts {
            Some(hosts) if !hosts.iter().any(|it| it.eq_ignore_ascii_case(name)) => {
                let why = "this server has another name";
                Err(Error::new(StatusCode::MISDIRECTED_REQUEST, why))
            }
            _ => Ok(()),
        }
    }
}

impl Route {
    fn handler(&self, method: &Method) -> Option<&Handler> {
        let of = |wanted: &Method| {
            let found = self.methods.iter().find(|(it, _)| it == wanted);
            found.map(|(_, handler)| handler)
        };
        // hyper leaves the body out.
        let head = || {
            (*method == Method::HEAD)
                .then(|| of(&Method::GET))
                .flatten()
        };
        of(method).or_else(head)
    }

    fn not_allowed(&self) -> Response {
        let mut names: Vec<&str> =
            self.methods.iter().map(|(it, _)| it.as_str()).collect();
        if names.contains(&"GET") && !names.contains(&"HEAD") {
            names.push("HEAD");
        }
        let names = names.join(", ");
        let allow = HeaderValue::from_str(&names).expect("a method is a token");
        Response::text(format!("allowed here: {names}\n"))
            .with_status(StatusCode::METHOD_NOT_ALLOWED)
            .with_header(ALLOW, allow)
    }
}

/// What a handler's panic is for the error hook.
#[derive(Debug)]
struct Panicked(String);

impl Panicked {
    fn error(panic: &(dyn Any + Send)) -> Error {
        let text = panic.downcast_ref::<&str>().map(|it| (*it).to_string());
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
        Panicked(text.unwrap_or_default()).into()
    }
}

impl fmt::Display for Panicked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a panic: {}", self.0)
    }
}

impl std::error::Error for Panicked {}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.routes.iter().map(|it| &it.path);
        f.debug_list().entries(paths).finish()
    }
}

impl fmt::Debug for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("depth", &self.depth).finish()
    }
}
