//! How a row is shown, in 80 columns.

use std::fmt::Write as _;

use crate::judge::{Found, Judged, amount};
use crate::row::Row;

/// A row: what it is, a line for each side, a line for each goal.
pub fn table(row: &Row, found: &Found, judged: &[Judged]) -> String {
    let mut text = format!("\n{}: {}\n", row.entry.name, row.entry.about);
    match &found.rounds {
        Some(_) => text += &times(row, found),
        None => text += &sizes(row, found),
    }
    for goal in judged {
        let _ = writeln!(text, "{goal}");
    }
    text
}

fn times(row: &Row, found: &Found) -> String {
    let mut text = format!(
        "  {:18} {:>8}  {:18} {:>7} {:>7} {:>7}\n",
        "", "CPU ns", "ours, of this", "instr.", "alloc.", "sysc."
    );
    for (number, side) in row.work.sides.iter().enumerate() {
        let Some(rounds) = &found.rounds else {
            continue;
        };
        let ratio = match number {
            0 => String::new(),
            _ => {
                let it = rounds.ratio(0, number);
                format!("{:.2} ({:.2}–{:.2})", it.median, it.low, it.high)
            }
        };
        let counts = found.counts.get(number).copied().unwrap_or_default();
        let [instructions, allocations, calls] =
            [counts.instructions, counts.allocations, counts.system_calls]
                .map(|count| count.map_or("–".into(), amount));
        let line = format!(
            "  {:18} {:>8.1}  {ratio:18} {instructions:>7} {allocations:>7} {calls:>7}",
            side.name,
            rounds.of(number).median,
        );
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn sizes(row: &Row, found: &Found) -> String {
    let mut text = format!("  {:18} {:>8}\n", "", "bytes");
    for (side, bytes) in row.work.sides.iter().zip(&found.bytes) {
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
                allocations: Some(1_234.5),
                system_calls: Some(12_345.6),
            };
            let rounds = Rounds {
                nanos: vec![vec![1e5, 2e5, 3e5, 4e5, 5e5]; sides],
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
                rounds.nanos[0] = vec![9e4, 2e5, 2.2e5, 7e5, 5e5];
            }
            let text = table(&row, &found, &judge(&row, &found));
            for line in text.lines() {
                assert!(line.chars().count() <= 80, "{line}");
            }
        }
    }
}
