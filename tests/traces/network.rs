//! What passes between simulated hosts: as it is recorded, and as the simulation itself tells it.

use anyhow::{Context, Result, ensure};
use timeline::{Trace, What};

use workbook_tests::snapshot::same;

use crate::lines;

/// `trace` is of a program that prints all that happens in its first simulation, before a line that begins with
/// `seed`: the same is recorded, event by event, in the same order at the same times.
pub(crate) fn is_as_told(trace: &Trace) -> Result<()> {
    let printed = lines(trace);
    let told = printed.lines().take_while(|it| !it.starts_with("seed"));
    let told: Vec<&str> = told.collect();
    ensure!(told.len() > 10, "it tells of nothing: {told:?}");
    same(
        ("the simulation", &told.join("\n")),
        ("the trace", &recorded(trace)?.join("\n")),
    )
}

/// What is recorded, in the simulation's own words.
fn recorded(trace: &Trace) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut says_all = Vec::new();
    for event in &trace.events {
        let name = |host: &u32| -> Result<&String> {
            let index = (*host as usize).checked_sub(1);
            index.and_then(|it| names.get(it)).context("no such host")
        };
        let says = match &event.what {
            What::HostStarted { host, name } => {
                ensure!(*host as usize == names.len() + 1, "{host} out of turn");
                names.push(name.clone());
                format!("{name} starts")
            }
            What::HostEnded { host } => format!("{} has ended", name(host)?),
            What::Sent {
                message,
                from,
                to,
                about,
                ..
            } => {
                let (from, to) = (name(from)?, name(to)?);
                format!("{from} -> {to}  #{message}: {about}")
            }
            What::Arrived { message } => format!("#{message} arrives"),
            What::Lost { message } => format!("#{message} is lost"),
            _ => continue,
        };
        let at = event.at as f64 / 1e9;
        says_all.push(format!("{at:10.6} s  {says}"));
    }
    Ok(says_all)
}
