//! Nothing is lost, whatever the server does.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use load_test::{Failure, Http, Load, Plan, Report};
use taxi::net::{StreamReader, TcpListener, TcpStream};
use taxi::spawn;
use taxi::time::sleep;

use crate::millis;

const TAXI: &str = "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\na taxi";

/// Waits for the end of a request's header; false at the end of the connection.
async fn request(reader: &mut StreamReader<&TcpStream>) -> io::Result<bool> {
    while let Some(line) = reader.read_line().await? {
        if line.trim_end().is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A server that calls `answer` for each connection.
fn serve<F>(answer: impl Fn(TcpStream) -> F + 'static) -> SocketAddr
where
    F: Future<Output = io::Result<()>> + 'static,
{
    let listener = TcpListener::bind(([127, 0, 0, 1], 0).into()).unwrap();
    let address = listener.local_addr().unwrap();
    drop(spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            drop(spawn(answer(stream)));
        }
    }));
    address
}

async fn ask(address: SocketAddr, plan: Plan) -> (Report, Rc<Http>) {
    let target = Http::new(&format!("http://{address}/")).unwrap();
    let target = Rc::new(target.look_up().await.unwrap());
    let http = Rc::clone(&target);
    let load = Load::new(plan);
    let report = load
        .run(async move |client, _| http.send(client).await)
        .await;
    (report, target)
}

fn plan(clients: usize, requests: u64) -> Plan {
    let mut plan = Plan::new(clients);
    plan.requests = Some(requests);
    plan.timeout = millis(1000);
    plan
}

/// What becomes of twelve requests by three clients, if a server does this to each.
async fn all_fail<F>(answer: impl Fn(TcpStream) -> F + 'static) -> Failure
where
    F: Future<Output = io::Result<()>> + 'static,
{
    let (report, _) = ask(serve(answer), plan(3, 12)).await;
    assert_eq!((report.tally.answered(), report.tally.failed()), (0, 12));
    let (failure, count) = report.tally.failures.into_iter().next().unwrap();
    assert_eq!(count, 12, "{failure}");
    failure
}

#[test]
fn a_refused_connection() {
    taxi::test::run(async {
        let listener = TcpListener::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        drop(listener);
        let (report, _) = ask(address, plan(3, 12)).await;
        assert_eq!(report.tally.failures[&Failure::Refused], 12);
        assert_eq!(report.tally.since_due.count(), 0);
    });
}

#[test]
fn a_reset() {
    taxi::test::run(async {
        let failure = all_fail(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            stream.options().set_linger(Some(Duration::ZERO))
        });
        assert_eq!(failure.await, Failure::Reset);
    });
}

#[test]
fn an_end_instead_of_an_answer_and_one_within_it() {
    taxi::test::run(async {
        let failure = all_fail(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            Ok(())
        });
        assert_eq!(failure.await, Failure::Closed);
        let failure = all_fail(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            stream.write_all(&TAXI.as_bytes()[..TAXI.len() - 1]).await
        });
        assert_eq!(failure.await, Failure::Closed);
    });
}

#[test]
fn what_is_no_http() {
    taxi::test::run(async {
        let failure = all_fail(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            stream.write_all(b"a taxi, at once\r\n\r\n").await
        });
        assert_eq!(failure.await, Failure::Other("no HTTP".into()));
    });
}

#[test]
fn silence_and_an_answer_that_does_not_end() {
    taxi::test::run(async {
        let failure = all_fail(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            sleep(Duration::from_secs(100)).await;
            Ok(())
        });
        assert_eq!(failure.await, Failure::TimedOut);
        let failure = all_fail(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
                .await?;
            loop {
                stream.write_all(b"x").await?;
                sleep(millis(100)).await;
            }
        });
        assert_eq!(failure.await, Failure::TimedOut);
    });
}

#[test]
fn a_late_answer_is_not_taken_for_that_of_the_next_request() {
    taxi::test::run(async {
        let asked = Rc::new(Cell::new(0));
        let count = Rc::clone(&asked);
        let address = serve(move |stream| {
            let count = Rc::clone(&count);
            async move {
                let mut reader = StreamReader::new(&stream);
                while request(&mut reader).await? {
                    count.set(count.get() + 1);
                    let number = count.get();
                    if number == 2 {
                        sleep(millis(1500)).await; // half a second too late
                    }
                    let head =
                        format!("HTTP/1.1 20{number} OK\r\ncontent-length: 0\r\n\r\n");
                    stream.write_all(head.as_bytes()).await?;
                    sleep(millis(1)).await;
                }
                Ok(())
            }
        });
        let (report, target) = ask(address, plan(1, 4)).await;
        let statuses: Vec<u16> = report.tally.statuses.keys().copied().collect();
        assert_eq!(statuses, [201, 203, 204]);
        assert_eq!(report.tally.failures[&Failure::TimedOut], 1);
        assert_eq!(target.connections(), 2);
    });
}

#[test]
fn a_connection_that_the_server_does_not_keep_is_made_again() {
    taxi::test::run(async {
        let address = serve(async |stream| {
            request(&mut StreamReader::new(&stream)).await?;
            let head =
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(head.as_bytes()).await
        });
        let (report, target) = ask(address, plan(2, 20)).await;
        assert_eq!(report.tally.answered(), 20);
        assert_eq!(target.connections(), 20);
    });
}

/// Though this server would keep them.
#[test]
fn without_keep_alive_each_request_has_its_connection_and_says_so() {
    taxi::test::run(async {
        let heads = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&heads);
        let address = serve(move |stream| {
            let seen = Rc::clone(&seen);
            async move {
                let mut reader = StreamReader::new(&stream);
                let mut head = String::new();
                while let Some(line) = reader.read_line().await? {
                    head += &format!("{line}\n");
                    if line.trim_end().is_empty() {
                        seen.borrow_mut().push(std::mem::take(&mut head));
                        stream.write_all(TAXI.as_bytes()).await?;
                    }
                }
                Ok(())
            }
        });
        let target = Http::new(&format!("http://{address}/a?b")).unwrap();
        let target = target.keep_alive(false).look_up().await.unwrap();
        for _ in 0..5 {
            assert_eq!(target.send(0).await.unwrap().received, 6);
        }
        assert_eq!(target.connections(), 5);
        let heads = heads.take();
        assert_eq!(heads.len(), 5);
        for head in heads {
            assert!(head.starts_with("GET /a?b HTTP/1.1"), "{head}");
            let head = head.to_lowercase();
            let has = |line: &str| head.lines().any(|it| it.trim_end() == line);
            assert!(has("connection: close"), "{head}");
            assert!(has(&format!("host: {address}")), "{head}");
        }
    });
}

#[test]
fn an_address_that_is_none_says_what_one_is() {
    let told = [
        ("", "'' is no address such as http://127.0.0.1:8080/"),
        (
            "/station",
            "'/station' is no address such as http://127.0.0.1:8080/",
        ),
        (
            "ftp://a/",
            "'ftp://a/' is no address such as http://127.0.0.1:8080/",
        ),
        (
            "http://a:b/",
            "'http://a:b/' is no address such as http://127.0.0.1:8080/",
        ),
        ("https://a/", "'https://a/': only http:// can be tested"),
    ];
    for (url, says) in told {
        assert_eq!(Http::new(url).unwrap_err().to_string(), says);
    }
    assert_eq!(Http::new("http://taxi/").unwrap().host(), "taxi:80");
    assert_eq!(Http::new("http://[::1]:81/a?b").unwrap().host(), "[::1]:81");
}
