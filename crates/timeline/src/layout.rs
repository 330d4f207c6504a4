//! How wide each column is, and where a drawing is folded.

use crate::chart::{Chart, Kind, Mark, Sign};
use crate::says::time;

/// The measures of a drawing, in its own units: characters, or pixels.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Measures {
    /// A column in which somebody runs.
    pub run: usize,
    /// A column in which something happens.
    pub event: usize,
    /// What each arrow after the first adds.
    pub arrow: usize,
    /// What each mark in a lane after the first adds.
    pub mark: usize,
    /// The narrowest and the widest that time gets.
    pub gap: (usize, usize),
    /// Time of the usual length (the median).
    pub usual_gap: usize,
    /// Where there is room, time may become so many times as wide.
    pub stretch: usize,
    /// Time of unknown length.
    pub unknown_gap: usize,
    /// A label's length is so many of these a character, ...
    pub letter: (usize, usize),
    /// ... and so much more to keep it off the next.
    pub between_labels: usize,
}

/// A chart laid out.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    /// A column's width.
    pub widths: Vec<usize>,
    /// The bands it is folded into: the first column of each, and the first after it.
    pub bands: Vec<(usize, usize)>,
}

impl Layout {
    /// Lays `chart` out in bands of at most `width`.
    pub(crate) fn of(chart: &Chart, measures: &Measures, width: usize) -> Layout {
        let mut widths = widths(chart, measures);
        make_room_for_labels(chart, measures, &mut widths);
        for column in &mut widths {
            *column = (*column).min(width);
        }
        // The last label of a band hangs over its column.
        let labels = (0..chart.columns.len()).filter_map(|column| label(chart, column));
        let label = labels.map(|label| length(&label, measures)).max();
        let width = width.saturating_sub(label.unwrap_or(0)).max(width / 2);
        let bands = fold_evenly(chart, &widths, width);
        stretch(chart, &mut widths, &bands, (width, measures.stretch));
        Layout { widths, bands }
    }
}

/// What an instant is called.
pub(crate) fn label(chart: &Chart, column: usize) -> Option<String> {
    let clocked = !matches!(chart.clock, Some(crate::ClockKind::None));
    let named = clocked && chart.begins_instant(column);
    named.then(|| time(chart.columns[column].at))
}

/// How long a label is.
pub(crate) fn length(label: &str, measures: &Measures) -> usize {
    let (times, by) = measures.letter;
    (label.chars().count() * times).div_ceil(by)
}

fn widths(chart: &Chart, measures: &Measures) -> Vec<usize> {
    let mut arrows = vec![0_usize; chart.columns.len()];
    for arrow in chart.arrows.iter().filter(|arrow| arrow.from != arrow.to) {
        arrows[arrow.column] += 1;
    }
    let usual = usual_gap(chart);
    let columns = chart.columns.iter().zip(arrows).zip(crowds(chart));
    columns
        .map(|((column, arrows), marks)| {
            let more = (arrows.saturating_sub(1) * measures.arrow)
                .max(marks.saturating_sub(1) * measures.mark);
            match column.kind {
                Kind::Run => measures.run + more,
                Kind::Event => measures.event + more,
                Kind::Gap { to: None } => measures.unknown_gap,
                Kind::Gap { to: Some(to) } => {
                    let passes = u128::from(to.saturating_sub(column.at));
                    let width = passes * measures.usual_gap as u128 / u128::from(usual);
                    let (least, most) = measures.gap;
                    usize::try_from(width).unwrap_or(most).clamp(least, most)
                }
            }
        })
        .collect()
}

/// How many marks stand in the fullest lane of each column.
fn crowds(chart: &Chart) -> Vec<usize> {
    let mut crowds = vec![0; chart.columns.len()];
    // A letter is twice as wide as other marks.
    let place = |mark: &Mark| {
        let marks = if mark.what == Sign::Mailed { 2 } else { 1 };
        std::iter::repeat_n((mark.column, mark.who), marks)
    };
    let mut places: Vec<_> = chart.marks.iter().flat_map(place).collect();
    places.sort_unstable();
    for group in places.chunk_by(|one, other| one == other) {
        let crowd = &mut crowds[group[0].0];
        *crowd = group.len().max(*crowd);
    }
    crowds
}

/// The median of the times that pass; at least 1.
fn usual_gap(chart: &Chart) -> u64 {
    let passes = chart.columns.iter().filter_map(|column| match column.kind {
        Kind::Gap { to: Some(to) } => Some(to.saturating_sub(column.at)),
        _ => None,
    });
    let mut passes: Vec<u64> = passes.collect();
    passes.sort_unstable();
    passes.get(passes.len() / 2).copied().unwrap_or(1).max(1)
}

/// Widens the time before an instant, where the label of the one before would run into its own.
fn make_room_for_labels(chart: &Chart, measures: &Measures, widths: &mut [usize]) {
    // Where the label before begins, from here, and how long it is.
    let (mut since, mut needs) = (0_usize, 0_usize);
    for column in 0..chart.columns.len() {
        if let Some(label) = label(chart, column) {
            if let Some(gap) = column.checked_sub(1) {
                widths[gap] += needs.saturating_sub(since);
            }
            needs = length(&label, measures) + measures.between_labels;
            since = 0;
        }
        since += widths[column];
    }
}

/// Widens time by one factor in all bands, until the fullest of them fills its width.
fn stretch(
    chart: &Chart,
    widths: &mut [usize],
    bands: &[(usize, usize)],
    (width, most): (usize, usize),
) {
    let is_gap = |column: usize| match chart.columns[column].kind {
        Kind::Gap { to } => to.is_some(),
        _ => false,
    };
    // Of the room and of the time: the first band to be full is the one with the least room for its time.
    let room = bands.iter().filter_map(|&(first, end)| {
        let all: usize = widths[first..end].iter().sum();
        let time: usize = (first..end).filter(|c| is_gap(*c)).map(|c| widths[c]).sum();
        (time > 0).then(|| (width.saturating_sub(all), time))
    });
    let Some((room, time)) = room.min_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1))) else {
        return;
    };
    let room = room.min(time * most.saturating_sub(1));
    for column in (0..widths.len()).filter(|column| is_gap(*column)) {
        widths[column] += widths[column] * room / time;
    }
}

/// Folds into as few bands as `width` allows, and these about equally wide.
fn fold_evenly(chart: &Chart, widths: &[usize], width: usize) -> Vec<(usize, usize)> {
    let bands = fold(chart, widths, width);
    let (mut enough, mut too_narrow) = (width, 0);
    while enough - too_narrow > 1 {
        let middle = too_narrow + (enough - too_narrow) / 2;
        match fold(chart, widths, middle).len() <= bands.len() {
            true => enough = middle,
            false => too_narrow = middle,
        }
    }
    fold(chart, widths, enough)
}

/// Folds where the next column would go over the edge: after a stretch of time, if one ends in the last third.
fn fold(chart: &Chart, widths: &[usize], width: usize) -> Vec<(usize, usize)> {
    let mut bands = Vec::new();
    let (mut first, mut used) = (0, 0);
    let mut good: Option<usize> = None;
    let mut column = 0;
    while column < widths.len() {
        if used + widths[column] > width && column > first {
            let end = good.unwrap_or(column);
            bands.push((first, end));
            (first, used, good) = (end, 0, None);
            column = end;
            continue;
        }
        used += widths[column];
        let gap = matches!(chart.columns[column].kind, Kind::Gap { .. });
        if gap && used * 3 > width * 2 {
            good = Some(column + 1);
        }
        column += 1;
    }
    if first < widths.len() {
        bands.push((first, widths.len()));
    }
    bands
}
