//! The tool: serves a folder, logs who asks, and ends with grace.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use chapter::{BadInput, Failure, Tool};
use trace::say;
use web::files::Folder;
use web::{AccessLog, App, Server};

pub(crate) const SERVE: Tool = Tool {
    usage: "\
Or serve a folder: cargo run -p ch17-web -- serve FOLDER [--port P] [--host IP] [--listing]
  --port P       8080, if nothing is said; 0 lets the operating system choose
  --host IP      127.0.0.1, if nothing is said: this machine alone
  --listing      tells what is in a folder that has no index.html
At /tasks it shows its own tasks. Ctrl-C ends it, when it has answered.",
    claims: |first| first == "serve",
    run,
};

struct Asked {
    folder: String,
    address: SocketAddr,
    listing: bool,
}

fn parse(arguments: &[String]) -> Result<Asked, BadInput> {
    let (mut folder, mut listing) = (None, false);
    let mut address = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080));
    let mut rest = arguments.iter().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = |wanted: &str| {
            let missing = || BadInput::new(format!("{argument} wants {wanted}"));
            rest.next().ok_or_else(missing)
        };
        match argument.as_str() {
            "--listing" => listing = true,
            "--port" => {
                let given = value("a number")?;
                address.set_port(given.parse().map_err(|_| {
                    let why = "--port wants a number from 0 to 65,535";
                    BadInput::new(format!("{why}, not '{given}'"))
                })?);
            }
            "--host" => {
                let given = value("an address")?;
                address.set_ip(given.parse::<IpAddr>().map_err(|_| {
                    let why = "--host wants an address such as 127.0.0.1 or ::";
                    BadInput::new(format!("{why}, not '{given}'"))
                })?);
            }
            flag if flag.starts_with('-') => {
                let why = format!("serve does not take '{flag}'");
                return Err(BadInput::new(why));
            }
            _ if folder.is_some() => return Err(BadInput::new("serve takes one folder")),
            path => folder = Some(path.to_string()),
        }
    }
    let folder = folder.ok_or_else(|| BadInput::new("serve wants a folder"))?;
    if !Path::new(&folder).is_dir() {
        return Err(BadInput::new(format!("{folder} is no folder")));
    }
    Ok(Asked {
        folder,
        address,
        listing,
    })
}

fn run(arguments: &[String]) -> Result<(), Failure> {
    let asked = parse(arguments)?;
    let served = taxi::run(serve(asked)).map_err(|it| it.to_string());
    served.flatten().map_err(Failure::Failed)
}

async fn serve(asked: Asked) -> Result<(), String> {
    let Asked {
        folder,
        address,
        listing,
    } = asked;
    let app = App::new()
        .live("/tasks")
        .files("/", Folder::new(&folder).listing(listing))
        .log(AccessLog::new(|line| say!("{line}")));
    let server = Server::bind(address).map_err(|error| match error.kind() {
        ErrorKind::AddrInUse => format!("{address} is taken: --port 0 finds a free one"),
        ErrorKind::AddrNotAvailable => format!("{address} is not this machine's"),
        _ => format!("{address}: {error}"),
    })?;
    let running = server.serve(app).map_err(|it| it.to_string())?;
    say!("{folder}: http://{}/", running.local_addr());
    until_asked_to_end().await.map_err(|it| it.to_string())?;
    let late = running.shutdown(Duration::from_secs(5)).await;
    say!("ended; cut off: {late}");
    Ok(())
}

#[cfg(unix)]
async fn until_asked_to_end() -> std::io::Result<()> {
    taxi::signal::ctrl_c().await
}

#[cfg(not(unix))]
async fn until_asked_to_end() -> std::io::Result<()> {
    std::future::pending().await
}
