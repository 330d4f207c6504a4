//! A simulated network for a terminal: a lane a host, a line a step.

use std::fmt::Write as _;

use crate::network::Network;
use crate::says::time;
use crate::{Damaged, Replay, Trace, What};

/// The lines for a run with simulated hosts, `most` of them at most, and the first step that has none.
pub(crate) fn lines(
    trace: &Trace,
    (most, ascii): (usize, bool),
) -> Result<(String, Option<usize>), Damaged> {
    let (mut out, mut replay) = (String::new(), Replay::new(trace));
    let hosts = trace.events.iter().filter_map(|event| match event.what {
        What::HostStarted { host, .. } => Some(host as usize),
        _ => None,
    });
    let hosts = hosts.max().unwrap_or(0);
    for (step, event) in trace.events.iter().enumerate() {
        replay.apply(event)?;
        if step == most {
            return Ok((out, Some(step)));
        }
        let network = replay.state().network();
        let mut row: Vec<char> =
            (0..hosts).map(|host| lane(network, host, ascii)).collect();
        for (host, sign) in signs(&event.what, network, ascii) {
            if let Some(place) = row.get_mut(host as usize - 1) {
                *place = sign;
            }
        }
        let row: Vec<String> = row.into_iter().map(String::from).collect();
        let says = &event.says;
        let at = time(event.at);
        let at = if ascii { at.replace('µ', "u") } else { at };
        let _ = writeln!(out, "{at:>9}  {}  {says}", row.join("  "));
    }
    Ok((out, None))
}

fn lane(network: &Network<'_>, host: usize, ascii: bool) -> char {
    let known = network.hosts().get(host);
    match (known.map(|it| (it.runs, it.leads)), ascii) {
        (Some((true, true)), false) => '┃',
        (Some((true, true)), true) => '#',
        (Some((true, false)), false) => '│',
        (Some((true, false)), true) => '|',
        _ => ' ',
    }
}

/// What is to be seen of an event in which lane.
fn signs(what: &What, network: &Network<'_>, ascii: bool) -> Vec<(u32, char)> {
    let [acts, gets, lost] = match ascii {
        true => ['o', 'v', 'x'],
        false => ['●', '▼', '×'],
    };
    let of = |message: u32| network.messages()[message as usize - 1];
    match *what {
        What::Sent { from, .. } => vec![(from, acts)],
        What::Arrived { message } => vec![(of(message).to, gets)],
        What::Lost { message } => vec![(of(message).to, lost)],
        What::HostStopped { host, .. } => vec![(host, lost)],
        What::HostStarted { host, .. }
        | What::HostEnded { host }
        | What::HostIs { host, .. }
        | What::Printed {
            host: Some(host), ..
        } => vec![(host, acts)],
        What::FaultBegan { ref hosts, .. } => {
            hosts.iter().map(|host| (*host, lost)).collect()
        }
        _ => Vec::new(),
    }
}
