//! Many seeds, in processes side by side.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{RecvTimeoutError, SendError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use trace::say;

/// Tries many seeds, each a run of its own, in processes side by side. A process that crashes or hangs is a seed that
/// has failed, and no harm to the others.
///
/// The processes are this same program. It is started with the arguments given here and two more, `--from N --seeds N`,
/// and is to call [`try_seeds`] then.
///
/// ```
/// use simulation::Sweep;
/// use std::time::Duration;
///
/// let seeds = 0..0; // or 0..1000
/// let sweep = Sweep::new(&["night"], seeds).processes(2).chunk(50).limit(Duration::from_secs(60)).all();
/// // A copy of this program, unless another is named.
/// let sweep = sweep.program("target/release/ch21-simulation");
/// let swept = sweep.run(|tried| eprintln!("{tried} seeds"))?;
/// for (seed, why) in &swept.failed {
///     println!("seed {seed}: {why}");
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
// ANCHOR: sweep
#[derive(Debug)]
pub struct Sweep {
    program: Option<PathBuf>,
    arguments: Vec<OsString>,
    seeds: Range<u64>,
    chunk: u64,
    processes: usize,
    limit: Duration,
    all: bool,
}
// ANCHOR_END: sweep

/// What came of a [`Sweep`].
///
/// ```
/// let swept = simulation::Swept::default();
/// assert_eq!((swept.tried, swept.failed.len()), (0, 0));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many seeds were tried to the end.
    pub tried: u64,
    /// Those that have failed, and why. The first is the lowest there is, unless the time was over.
    pub failed: BTreeMap<u64, String>,
    /// The time was over before all were tried.
    pub late: bool,
}

impl Sweep {
    /// Tries `seeds`, with this program started with these arguments: by as many processes as there are cores, for five
    /// minutes at most.
    pub fn new(arguments: &[&str], seeds: Range<u64>) -> Sweep {
        Sweep {
            program: None,
            arguments: arguments.iter().map(OsString::from).collect(),
            seeds,
            chunk: 10,
            processes: thread::available_parallelism().map_or(1, usize::from),
            limit: Duration::from_secs(300),
            all: false,
        }
    }

    /// Starts another program instead.
    pub fn program(self, program: impl Into<PathBuf>) -> Sweep {
        Sweep {
            program: Some(program.into()),
            ..self
        }
    }

    /// Uses so many processes at once, one at least.
    pub fn processes(self, processes: usize) -> Sweep {
        Sweep {
            processes: processes.max(1),
            ..self
        }
    }

    /// Has each process try so many seeds, one at least. Ten, unless it is set.
    pub fn chunk(self, chunk: u64) -> Sweep {
        Sweep {
            chunk: chunk.max(1),
            ..self
        }
    }

    /// Gives up after so much time: then whatever is under way is ended.
    pub fn limit(self, limit: Duration) -> Sweep {
        Sweep { limit, ..self }
    }

    /// Tries all seeds. Without this no process is started any more when a seed has failed.
    pub fn all(self) -> Sweep {
        Sweep { all: true, ..self }
    }

    // ANCHOR: run
    /// Tries the seeds. `progress` is told how many were tried.
    ///
    /// # Errors
    ///
    /// If a process cannot be started.
    pub fn run(self, mut progress: impl FnMut(u64)) -> io::Result<Swept> {
        let deadline = Instant::now() + self.limit;
        let next = Mutex::new(self.seeds.clone());
        let mut swept = Swept::default();
        thread::scope(|scope| {
            // Gone with this closure: a worker that finds it closed gives up.
            let (tell, told) = channel();
            let mut running = Running::default();
            for worker in 0..self.processes {
                let (sweep, next, tell) = (&self, &next, tell.clone());
                scope.spawn(move || sweep.work(worker, next, &tell));
            }
            drop(tell);
            loop {
                let left = deadline.saturating_duration_since(Instant::now());
                match told.recv_timeout(left) {
                    Ok(Told::Started(worker, child)) => running.add(worker, child),
                    Ok(Told::Tried(seed, failed)) => {
                        swept.tried += 1;
                        swept.failed.extend(failed.map(|why| (seed, why)));
                        if !self.all && !swept.failed.is_empty() {
                            close(&next);
                        }
                        progress(swept.tried);
                    }
                    Ok(Told::Ended(worker, answer)) => {
                        _ = answer.send(running.end(worker))
                    }
                    Ok(Told::Broken(error)) => {
                        close(&next);
                        running.kill();
                        return Err(error);
                    }
                    Err(RecvTimeoutError::Disconnected) => return Ok(()),
                    Err(RecvTimeoutError::Timeout) => {
                        swept.late = true;
                        close(&next);
                        running.kill();
                        return Ok(());
                    }
                }
            }
        })?;
        Ok(swept)
    }
    // ANCHOR_END: run

    /// One worker: starts a process for each chunk, and tells what that says.
    fn work(&self, worker: usize, next: &Mutex<Range<u64>>, tell: &Sender<Told>) {
        while let Some(mut chunk) = take(next, self.chunk) {
            while !chunk.is_empty() {
                if let Err(error) = self.try_chunk(worker, &mut chunk, tell) {
                    _ = tell.send(Told::Broken(error));
                    return;
                }
            }
        }
    }

    /// A process that tries the seeds of `chunk`, and takes those that it has tried off it.
    fn try_chunk(
        &self,
        worker: usize,
        chunk: &mut Range<u64>,
        tell: &Sender<Told>,
    ) -> io::Result<()> {
        let program = match &self.program {
            Some(program) => program.clone(),
            None => env::current_exe()?,
        };
        let (from, seeds) = (chunk.start, chunk.end - chunk.start);
        let mut command = Command::new(program);
        command.args(&self.arguments);
        command.args(["--from", &from.to_string(), "--seeds", &seeds.to_string()]);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut child = command.spawn()?;
        let output = child.stdout.take().expect("it was asked for");
        if let Err(SendError(Told::Started(_, child))) =
            tell.send(Told::Started(worker, child))
        {
            Running(BTreeMap::from([(worker, child)])).kill();
            chunk.start = chunk.end;
            return Ok(());
        }
        listen(output, chunk, tell);
        let (answer, ended) = channel();
        _ = tell.send(Told::Ended(worker, answer));
        let Ok(how) = ended.recv() else {
            chunk.start = chunk.end;
            return Ok(());
        };
        if !chunk.is_empty() {
            let why = format!("the process that tried it ended: {how}");
            _ = tell.send(Told::Tried(chunk.start, Some(why)));
            chunk.start += 1;
        }
        Ok(())
    }
}

/// Hears what a process says of its seeds.
fn listen(output: ChildStdout, chunk: &mut Range<u64>, tell: &Sender<Told>) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        let Some((seed, result)) = parse(&line) else {
            continue;
        };
        if seed == chunk.start && !chunk.is_empty() {
            chunk.start += 1;
            _ = tell.send(Told::Tried(seed, result));
        }
    }
}

/// What the workers tell.
enum Told {
    Started(usize, Child),
    /// This seed was tried; why it has failed, if it has.
    Tried(u64, Option<String>),
    /// The process says nothing more: how has it ended?
    Ended(usize, Sender<String>),
    Broken(io::Error),
}

/// The processes that run.
#[derive(Default)]
struct Running(BTreeMap<usize, Child>);

impl Running {
    fn add(&mut self, worker: usize, child: Child) {
        self.0.insert(worker, child);
    }

    fn end(&mut self, worker: usize) -> String {
        let status = self.0.remove(&worker).map(|mut child| child.wait());
        match status {
            Some(Ok(status)) => status.to_string(),
            Some(Err(error)) => error.to_string(),
            None => String::new(),
        }
    }

    fn kill(&mut self) {
        for child in self.0.values_mut() {
            // One that has ended by itself cannot be ended.
            _ = child.kill();
            _ = child.wait();
        }
        self.0.clear();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The next seeds, at most so many.
fn take(next: &Mutex<Range<u64>>, most: u64) -> Option<Range<u64>> {
    let mut left = next.lock().expect("nobody panics while it is held");
    let chunk = left.start..left.end.min(left.start.saturating_add(most));
    left.start = chunk.end;
    (!chunk.is_empty()).then_some(chunk)
}

fn close(next: &Mutex<Range<u64>>) {
    let mut left = next.lock().expect("nobody panics while it is held");
    left.start = left.end;
}

/// Tries the seeds from `from` on, one after the other, and says a line of each, which a [`Sweep`] reads.
///
/// ```
/// simulation::try_seeds(5, 2, |seed| match seed {
///     5 => Ok(()),
///     _ => Err("no fuel".to_string()),
/// }); // prints "seed 5: ok" and "seed 6: failed: no fuel"
/// ```
pub fn try_seeds(from: u64, seeds: u64, mut run: impl FnMut(u64) -> Result<(), String>) {
    for seed in (from..).take(usize::try_from(seeds).unwrap_or(usize::MAX)) {
        match run(seed) {
            Ok(()) => say!("seed {seed}: ok"),
            Err(why) => say!("seed {seed}: failed: {}", why.replace('\n', " ")),
        }
    }
}

/// A line of [`try_seeds`].
fn parse(line: &str) -> Option<(u64, Option<String>)> {
    let (seed, result) = line.strip_prefix("seed ")?.split_once(": ")?;
    let failed = result.strip_prefix("failed: ").map(str::to_string);
    (failed.is_some() || result == "ok").then_some(())?;
    Some((seed.parse().ok()?, failed))
}
