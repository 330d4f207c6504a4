//! How a row is shown, in 80 columns.

use std::fmt::Write as _;

use catalogue::measured::amount;

use crate::judge::{Found, Judged};
use crate::row::Row;

/// A row: what it is, a line for each side, a line for each goal.
pub fn table(row: &Row, found: &Found, judged: &[Judged]) -> String {
    let mut text = format!("\n{}: {}\n", row.entry.name, row.entry.about);
    match row.work.is_memory() {
        false => text += &times(row, found),
        true => text += &sizes(row, found),
    }
    for goal in judged {
        let _ = writeln!(text, "{goal}");
    }
    text
}

fn times(row: &Row, found: &Found) -> String {
    let mut text = format!(
        "  {:18} {:>8} {:>15} {:>8} {:>7} {:>6} {:>6}\n",
        "",
        row.work.time(),
        "of tokio",
        "of limit",
        "instr.",
        "alloc.",
        "sysc."
    );
    let rounds = found.rounds.as_ref();
    let place = |name: &str| row.work.sides.iter().position(|it| it.name == name);
    let tokio = place("tokio");
    let limit = row.entry.limit.as_deref().and_then(place);
    // Of a quick run, only ours has figures.
    let shown = match rounds {
        Some(_) => row.work.sides.len(),
        None => found.counts.len(),
    };
    for (number, side) in row.work.sides.iter().enumerate().take(shown) {
        if let Some(why) = (side.absent)() {
            let _ = writeln!(text, "  {:18} not here: {why}", side.name);
            continue;
        }
        let time = rounds.and_then(|it| it.of(number));
        let time = time.map_or("–".into(), |it| amount(it.median));
        let of = |other: Option<usize>| {
            let other = other.filter(|other| *other != number)?;
            rounds?.ratio(number, other)
        };
        let of_tokio = of(tokio).map(|it| {
            let [low, median, high] = [it.low, it.median, it.high].map(ratio);
            format!("{median} ({low}–{high})")
        });
        let of_limit = of(limit).map(|it| ratio(it.median));
        let [of_tokio, of_limit] = [of_tokio, of_limit].map(Option::unwrap_or_default);
        let counts = found.counts.get(number).copied().unwrap_or_default();
        let [instructions, allocations, calls] =
            [counts.instructions, counts.allocations, counts.system_calls]
                .map(|count| count.map_or("–".into(), amount));
        let line = format!(
            "  {:18} {time:>8} {of_tokio:>15} {of_limit:>8} \
             {instructions:>7} {allocations:>6} {calls:>6}",
            side.name,
        );
        text += line.trim_end();
        text.push('\n');
    }
    text
}

/// A ratio in four characters, or a few more if it is large.
fn ratio(ratio: f64) -> String {
    match ratio.abs() {
        ..9.995 => format!("{ratio:.2}"),
        ..99.95 => format!("{ratio:.1}"),
        _ => format!("{ratio:.0}"),
    }
}

fn sizes(row: &Row, found: &Found) -> String {
    let mut text = format!("  {:18} {:>8}\n", "", "bytes");
    for (side, bytes) in row.work.sides.iter().zip(&found.bytes) {
        if let Some(why) = (side.absent)() {
            let _ = writeln!(text, "  {:18} not here: {why}", side.name);
            continue;
        }
        let bytes = bytes.map_or("–".into(), |bytes| amount(bytes as f64));
        let _ = writeln!(text, "  {:18} {bytes:>8}", side.name);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counts::Counts;
    use crate::judge::judge;
    use crate::rounds::Rounds;
    use crate::row::rows;

    #[test]
    fn a_row_fits_in_80_columns() {
        for row in rows().unwrap() {
            let sides = row.work.sides.len();
            let counts = Counts {
                instructions: Some(98_765.4),
                atomics: Some(12.0),
                allocations: Some(1_234.5),
                system_calls: Some(12_345.6),
            };
            let rounds = Rounds {
                nanos: vec![vec![2e5; sides]; 5],
                others: Some(0.99),
            };
            let rounds = (!row.work.is_memory()).then_some(rounds);
            let mut found = Found {
                rounds,
                counts: vec![counts; sides],
                bytes: vec![Some(123_456); sides],
            };
            if let Some(rounds) = &mut found.rounds {
                // Ratios that differ.
                for (nanos, ours) in rounds.nanos.iter_mut().zip([9e4, 2e5, 2.2e5, 7e5]) {
                    nanos[0] = ours;
                }
            }
            let text = table(&row, &found, &judge(&row, &found));
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
    }
}
