//! One program, twice: on simulated hosts, then as three processes on real sockets. The leader is killed in both.
//!
//! twin: none, asyncio has no simulated network
//! needs: unix
//! flag: --replica K  be that replica, for another process that has started this one
//! flag: --office PID  which one that is
//! flag: --ports P  where the three are, as one number: the program makes and reads it

use std::cell::RefCell;
use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;
use std::process::Stdio;
use std::rc::Rc;
use std::time::Duration;
use std::{env, fs, io, process, thread};

use chapter::{Args, BadInput};
use simulation::dispatch::{
    Client, Desk, History, Op, PORT, Reply, Settings, Verdict, check, host, serve,
};
use simulation::{Outcome, Real, Simulation, World};
use taxi::process::{Child, Command};
use trace::say;

const WISHES: u32 = 6;

fn settings() -> Settings {
    let patience = Duration::from_millis(400)..Duration::from_millis(800);
    Settings {
        patience,
        ..Settings::default()
    }
}

// ANCHOR: customer
/// A customer with six wishes. After the third it ends whoever leads.
async fn customer<W: World>(
    world: W,
    id: u64,
    name: &str,
    history: &History,
    end: impl AsyncFn(u32) -> io::Result<()>,
) -> io::Result<()> {
    let mut client = Client::new(world, id, 3).await?;
    let mut taxi = None;
    for wish in 0..WISHES {
        let op = match taxi {
            _ if wish % 3 == 2 => Op::Ask,
            None => Op::order(name),
            Some(taxi) => Op::Release {
                taxi,
                customer: name.to_string(),
            },
        };
        match history.ask(&mut client, name, op).await? {
            Reply::Taxi(number) => taxi = Some(number),
            Reply::Released => taxi = None,
            _ => {}
        }
        if id == 1 && wish == 2 {
            end(client.leader()).await?;
        }
    }
    Ok(())
}

// ANCHOR_END: customer

// ANCHOR: office
/// Three customers at once.
async fn office<W: World>(
    world: W,
    history: &History,
    end: impl AsyncFn(u32) -> io::Result<()>,
) -> Outcome {
    let ann = customer(world.clone(), 1, "Ann", history, &end);
    let ben = customer(world.clone(), 2, "Ben", history, &end);
    let cora = customer(world, 3, "Cora", history, &end);
    let (ann, (ben, cora)) = taxi::join(ann, taxi::join(ben, cora)).await;
    ann.and(ben).and(cora)?;
    Ok(())
}
// ANCHOR_END: office

fn judge(history: &History) {
    let history = history.calls();
    let answered = history.iter().filter(|it| it.answered.is_some()).count();
    say!("  {answered} of {} wishes were answered", 3 * WISHES);
    let taxis = settings().taxis;
    let fits = matches!(check(Desk::new(taxis), &history, 100_000), Verdict::Fits(_));
    say!("  one desk would have answered so: {fits}");
}

// ANCHOR: simulated
fn simulated() -> Result<(), Box<dyn Error>> {
    let mut simulation = Simulation::new(7);
    for id in 1..=3 {
        simulation.host(&host(id), move |world| serve(world, id, settings()));
    }
    let (history, control) = (Rc::new(History::default()), simulation.control());
    let book = Rc::clone(&history);
    simulation.client("office", move |world| {
        let (book, control) = (Rc::clone(&book), control.clone());
        async move {
            let end = async |leader| {
                control.kill(&host(leader));
                control.restart(&host(leader));
                Ok(())
            };
            office(world, &book, end).await
        }
    });
    simulation.run()?;
    judge(&history);
    Ok(())
}
// ANCHOR_END: simulated

/// Where a process keeps its files.
fn folder(office: u32, name: &str) -> PathBuf {
    env::temp_dir()
        .join(format!("dispatch-{office}"))
        .join(name)
}

/// A real host, and where it finds the replicas.
fn real(office: u32, name: &str, ports: u64) -> io::Result<Real> {
    let folder = folder(office, name);
    fs::create_dir_all(&folder)?;
    let mut world = Real::new(name, &folder);
    for id in 1..=3 {
        let port = (ports >> (16 * (id - 1))) as u16;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        world = world.with(&host(id), PORT, address);
    }
    Ok(world)
}

// ANCHOR: start
fn start(id: u32, office: u32, ports: u64) -> io::Result<Child> {
    let mut command = Command::new(env::current_exe()?);
    command.args(["three-machines", "--replica", &id.to_string()]);
    command.args([
        "--office",
        &office.to_string(),
        "--ports",
        &ports.to_string(),
    ]);
    // It ends when this end of the pipe does, however that comes about.
    command.stdin(Stdio::piped()).kill_on_drop(true).spawn()
}

// ANCHOR_END: start

// ANCHOR: real
async fn on_sockets() -> Result<(), Box<dyn Error>> {
    let (me, history) = (process::id(), History::default());
    let sockets = [0; 3].map(|port| UdpSocket::bind((Ipv4Addr::LOCALHOST, port)));
    let mut ports = 0;
    for (at, socket) in sockets.into_iter().enumerate() {
        ports |= u64::from(socket?.local_addr()?.port()) << (16 * at);
    }
    let children = (1..=3)
        .map(|id| start(id, me, ports))
        .collect::<io::Result<_>>()?;
    let children: RefCell<Vec<Child>> = RefCell::new(children);
    let end = async |leader: u32| {
        let mut child = children.borrow_mut().remove(leader as usize - 1);
        child.kill()?;
        child.wait().await?;
        let child = start(leader, me, ports)?;
        children.borrow_mut().insert(leader as usize - 1, child);
        Ok(())
    };
    office(real(me, "office", ports)?, &history, end).await?;
    judge(&history);
    Ok(())
}
// ANCHOR_END: real

fn replica(id: u32, args: &Args) -> Result<(), Box<dyn Error>> {
    let office = args.number("office", 0..=u32::MAX)?.unwrap_or(0);
    let ports = args.number("ports", 0..=u64::MAX)?.unwrap_or(0);
    thread::spawn(|| {
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        process::exit(0);
    });
    let world = real(office, &host(id), ports)?;
    taxi::run(serve(world, id, settings()))?
}

pub fn run(args: &Args) -> Result<(), BadInput> {
    let done = match args.number("replica", 1..=3_u32)? {
        Some(id) => replica(id, args),
        None => both(),
    };
    done.map_err(|error| BadInput::new(error.to_string()))
}

fn both() -> Result<(), Box<dyn Error>> {
    say!("simulated");
    simulated()?;
    say!("real");
    let done = taxi::run(on_sockets());
    fs::remove_dir_all(folder(process::id(), "")).ok();
    done?
}
