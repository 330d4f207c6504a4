//! Which handler answers, with what.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use web::{AccessLog, App, Error, Next, Request, Response, StatusCode};

use crate::{ask, body, serve, status, talk, virtually};

#[test]
fn what_has_no_name_comes_first() {
    virtually(|| async {
        let app = App::new()
            .get("/a/{name}", async |it: Request| it.param::<String>("name"))
            .get("/a/b", async |_: Request| "plain")
            .get("/a/{name}/c", async |_: Request| "deeper")
            .get("/{*rest}", async |it: Request| it.param::<String>("rest"));
        let server = serve(app);
        for (path, wanted) in [
            ("/a/b", "plain"),
            ("/a/x", "x"),
            ("/a/x%2fy%20z", "x/y z"),
            ("/a/x/c", "deeper"),
            ("/d/e/f", "d/e/f"),
            ("/a/b?c=d", "plain"),
        ] {
            let answer = ask(&server, &format!("GET {path}"), "").await;
            assert_eq!(body(&answer), wanted, "{path}");
        }
        let answer = ask(&server, "GET /a/%ff", "").await;
        assert_eq!(status(&answer), 400, "{answer}");
    });
}

#[test]
fn a_parameter_is_what_its_handler_wants_or_422() {
    virtually(|| async {
        let app = App::new().get("/{id}", async |it: Request| {
            it.param::<u8>("id")
                .map(|id| format!("{}", u32::from(id) + 1))
        });
        let server = serve(app);
        assert_eq!(body(&ask(&server, "GET /255", "").await), "256");
        for given in ["256", "-1", "x", "1%20", "1.0"] {
            let answer = ask(&server, &format!("GET /{given}"), "").await;
            assert_eq!(status(&answer), 422, "{answer}");
            let shown = given.replace("%20", " ");
            let named = body(&answer).starts_with(&format!("id '{shown}': "));
            assert!(named, "{answer}");
        }
    });
}

#[test]
fn a_method_that_is_not_there_is_405_and_names_those_that_are() {
    virtually(|| async {
        let app = App::new()
            .get("/", async |_: Request| "a")
            .post("/", async |_: Request| "b")
            .post("/in", async |_: Request| "c");
        let server = serve(app);
        for (line, allow) in [("PUT /", "GET, POST, HEAD"), ("GET /in", "POST")] {
            let answer = ask(&server, line, "").await;
            assert_eq!(status(&answer), 405);
            assert!(answer.contains(&format!("allow: {allow}\r\n")), "{answer}");
        }
        assert_eq!(status(&ask(&server, "BREW /", "").await), 405);
        assert_eq!(status(&ask(&server, "GET /out", "").await), 404);
    });
}

#[test]
fn head_is_get_without_the_body() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| "four");
        let server = serve(app);
        let without_date = |answer: &str| {
            let header = answer.split_once("\r\n\r\n").unwrap().0.lines();
            let header = header.filter(|it| !it.starts_with("date: "));
            header.map(str::to_string).collect::<Vec<_>>()
        };
        let get = ask(&server, "GET /", "").await;
        let head = ask(&server, "HEAD /", "").await;
        assert_eq!(without_date(&get), without_date(&head));
        assert_eq!((body(&get), body(&head)), ("four", ""));
    });
}

#[test]
fn a_server_that_has_a_name_answers_to_no_other() {
    virtually(|| async {
        let app = App::new().get("/", async |_: Request| "a");
        let server = serve(app.hosts(["localhost", "[::1]"]));
        for (host, wanted) in [
            ("localhost", 200),
            ("LOCALHOST:80", 200),
            ("[::1]", 200),
            ("[::1]:8080", 200),
            ("evil.example", 421),
            ("localhost.evil.example", 421),
            ("localhost@evil.example", 421),
            ("localhost:80:80", 421),
            ("", 421),
        ] {
            let text =
                format!("GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let answer = talk(&server, text.as_bytes()).await;
            assert_eq!(status(&answer), wanted, "{host}");
        }
        for text in [
            "GET / HTTP/1.1\r\nconnection: close\r\n\r\n",
            "GET / HTTP/1.0\r\n\r\n",
        ] {
            assert_eq!(status(&talk(&server, text.as_bytes()).await), 400);
        }
    });
}

#[test]
fn a_layer_sees_a_request_first_and_its_answer_last() {
    virtually(|| async {
        let order = Rc::new(RefCell::new(Vec::new()));
        let note = |name: &'static str| {
            let order = Rc::clone(&order);
            async move |request: Request, next: Next| {
                order.borrow_mut().push(format!("{name} in"));
                let response = next.run(request).await;
                let status = response.status().as_u16();
                order.borrow_mut().push(format!("{name} out: {status}"));
                response
            }
        };
        let app = App::new().get("/", async |_: Request| "a");
        let server = serve(app.layer(note("inner")).layer(note("outer")));
        ask(&server, "GET /none", "").await;
        let wanted = ["outer in", "inner in", "inner out: 404", "outer out: 404"];
        assert_eq!(*order.borrow(), wanted);
    });
}

#[test]
fn a_fault_of_the_server_is_for_its_operator() {
    virtually(|| async {
        let told = Rc::new(RefCell::new(Vec::new()));
        let hook = Rc::clone(&told);
        let app = App::new()
            .get("/io", async |_: Request| {
                let secret = std::io::Error::other("the password is swordfish");
                Err::<&str, _>(secret)
            })
            .get("/teapot", async |_: Request| {
                Err::<&str, _>(Error::new(StatusCode::IM_A_TEAPOT, "short and stout"))
            })
            .on_error(move |line, error| {
                let cause = error.cause().unwrap().to_string();
                hook.borrow_mut().push(format!("{line}: {cause}"));
            });
        let server = serve(app);
        let answer = ask(&server, "GET /io", "").await;
        assert_eq!(status(&answer), 500);
        assert!(!answer.contains("swordfish"), "{answer}");
        let answer = ask(&server, "GET /teapot", "").await;
        assert_eq!((status(&answer), body(&answer)), (418, "short and stout\n"));
        assert_eq!(
            *told.borrow(),
            ["/io: the password is swordfish"].map(|it| format!("GET {it}"))
        );
    });
}

#[test]
fn the_log_tells_what_was_sent() {
    virtually(|| async {
        let lines = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&lines);
        let log = AccessLog::new(move |line| sink.borrow_mut().push(line.to_string()));
        let app = App::new()
            .get("/long", async |_: Request| "a".repeat(1 << 20))
            .get("/none", async |_: Request| {
                Response::empty(StatusCode::NO_CONTENT)
            });
        let server = serve(app.log(log));
        for line in [
            "GET /long",
            "HEAD /long",
            "GET /none",
            "GET /%22%0A\"quoted\"",
        ] {
            ask(&server, line, "").await;
        }
        let start = "127.0.0.1 - - [01/Jan/1970:00:00:00 +0000] ";
        let wanted = [
            "\"GET /long HTTP/1.1\" 200 1048576",
            "\"HEAD /long HTTP/1.1\" 200 -",
            "\"GET /none HTTP/1.1\" 204 -",
            "\"GET /%22%0A\\\"quoted\\\" HTTP/1.1\" 404 10",
        ];
        assert_eq!(*lines.borrow(), wanted.map(|it| format!("{start}{it}")));
    });
}

#[test]
fn a_route_that_cannot_be_is_refused_where_it_is_added() {
    let app = || App::new().get("/a/{b}", async |_: Request| "a");
    let panics: [Box<dyn Fn()>; 3] = [
        Box::new(move || drop(app().get("/a/{b}", async |_: Request| "again"))),
        Box::new(move || drop(app().get("/a/{c}", async |_: Request| "another name"))),
        Box::new(move || drop(app().mount("/css", async |_: Request| "no slash"))),
    ];
    for panics in panics {
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    }
}
