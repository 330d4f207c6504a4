//! tokio-postgres with a real PostgreSQL, over our sockets.
//!
//! One test, since it is one server that takes a second to start; each step has a connection of its own.

mod server;

use std::pin::pin;
use std::time::Duration;

use futures::future::join_all;
use futures::{FutureExt, TryStreamExt};
use taxi::net::{TcpStream, UnixStream};
use taxi::time::timeout;
use taxi::tokio_io::Compat;
use taxi::{JoinHandle, spawn};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Client, Config, Error, NoTls, Statement};

use workbook_tests::limits::watchdog;

use self::server::Server;

type Connection = JoinHandle<Result<(), Error>>;

fn config() -> Config {
    let mut config = Config::new();
    config.user("taxi").dbname("postgres");
    config
}

/// A client, and the task that its connection is.
async fn connect(server: &Server) -> (Client, Connection) {
    let stream = TcpStream::connect(server.address).await.unwrap();
    let connected = config().connect_raw(Compat::new(stream), NoTls).await;
    let (client, connection) = connected.unwrap();
    (client, spawn(connection))
}

/// The number that `client` is told.
async fn number(client: &Client, query: &str) -> i64 {
    client.query_one(query, &[]).await.unwrap().get(0)
}

#[test]
fn a_database_is_asked() {
    let Some(server) = Server::start_or_skip() else {
        return;
    };
    let _watchdog = watchdog();
    let asked = taxi::run(async {
        questions(&server).await;
        by_its_file(&server).await;
        an_error_is_one_of_the_question(&server).await;
        a_question_is_cancelled(&server).await;
        a_question_is_dropped(&server).await;
        a_connection_is_dropped(&server).await;
    });
    asked.unwrap();
}

async fn questions(server: &Server) {
    let (client, connection) = connect(server).await;
    let sum = client.query_one("SELECT $1::INT8 + $2::INT8", &[&20_i64, &22_i64]);
    assert_eq!(sum.await.unwrap().get::<_, i64>(0), 42);
    let table = "CREATE TEMP TABLE rides (id INT8 PRIMARY KEY, place TEXT NOT NULL)";
    client.batch_execute(table).await.unwrap();
    let insert = client.prepare("INSERT INTO rides VALUES ($1, $2)");
    let insert = insert.await.unwrap();
    // A hundred at a time on one connection: they go out before the first answer is in.
    let inserts = (0..100_i64).map(|id| ride(&client, &insert, id));
    let rows = join_all(inserts).await;
    assert_eq!(rows.iter().sum::<u64>(), 100);
    assert_eq!(
        number(&client, "SELECT sum(id)::INT8 FROM rides").await,
        4950
    );
    // Eight megabytes of answer.
    let many = "SELECT repeat('taxi', 10000) FROM generate_series(1, 200)";
    let rows = client.query_raw(many, [0_i32; 0]).await.unwrap();
    let lengths = rows.map_ok(|row| row.get::<_, &str>(0).len());
    let total = lengths.try_fold(0, async |sum, length| Ok(sum + length));
    assert_eq!(total.await.unwrap(), 8_000_000);
    drop(client);
    connection.await.unwrap().unwrap();
}

async fn ride(client: &Client, insert: &Statement, id: i64) -> u64 {
    let place = "the station";
    client.execute(insert, &[&id, &place]).await.unwrap()
}

async fn by_its_file(server: &Server) {
    let stream = UnixStream::connect(server.path()).await.unwrap();
    let connected = config().connect_raw(Compat::new(stream), NoTls).await;
    let (client, connection) = connected.unwrap();
    let connection = spawn(connection);
    assert_eq!(number(&client, "SELECT 7::INT8").await, 7);
    drop(client);
    connection.await.unwrap().unwrap();
}

async fn an_error_is_one_of_the_question(server: &Server) {
    let (client, _connection) = connect(server).await;
    let error = client.query_one("SELECT 1 / 0", &[]).await.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::DIVISION_BY_ZERO));
    let error = client
        .query_one("SELECT FROM WHERE", &[])
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::SYNTAX_ERROR));
    assert_eq!(number(&client, "SELECT 7::INT8").await, 7);
}

async fn a_question_is_cancelled(server: &Server) {
    let (client, _connection) = connect(server).await;
    let mut long = pin!(client.simple_query("SELECT pg_sleep(600)"));
    let cancel = client.cancel_token();
    // A request that comes before the question does nothing: it is made until it is heard.
    let end = loop {
        let stream = TcpStream::connect(server.address).await.unwrap();
        let asked = cancel.cancel_query_raw(Compat::new(stream), NoTls);
        asked.await.unwrap();
        if let Ok(end) = timeout(Duration::from_millis(100), long.as_mut()).await {
            break end;
        }
    };
    let error = end.unwrap_err();
    assert_eq!(error.code(), Some(&SqlState::QUERY_CANCELED));
    // A request that comes late does nothing either, or cancels this.
    while client.simple_query("SELECT 1").await.is_err() {}
}

async fn a_question_is_dropped(server: &Server) {
    let (client, _connection) = connect(server).await;
    for turns in 1..50 {
        // It is under way, and nobody wants the answer any more.
        let many = "SELECT repeat('taxi', 1000) FROM generate_series(1, 200)";
        let mut dropped = Box::pin(client.simple_query(many));
        for _ in 0..turns {
            if dropped.as_mut().now_or_never().is_some() {
                break;
            }
            taxi::yield_now().await;
        }
        // Else the connection would wait for it to take its rows.
        drop(dropped);
        assert_eq!(number(&client, "SELECT 7::INT8").await, 7);
    }
}

async fn a_connection_is_dropped(server: &Server) {
    let (client, connection) = connect(server).await;
    let mut long = pin!(client.simple_query("SELECT pg_sleep(600)"));
    assert!(long.as_mut().now_or_never().is_none());
    taxi::yield_now().await;
    connection.abort();
    assert!(connection.await.is_err());
    assert!(long.await.unwrap_err().is_closed());
    assert!(client.is_closed());
    // The server minds as little.
    let numbers = (0..10).map(|_| connect(server));
    for (client, _connection) in join_all(numbers).await {
        assert_eq!(number(&client, "SELECT 7::INT8").await, 7);
    }
}
