//! The fewest faults with which a run still fails.

/// The fewest of `faults`, in their order, with which `fails` is still true: taking any one of them away as well makes it
/// false. `fails` is asked for at most a few times the square of their number; it must be true for all of them.
///
/// The algorithm is *delta debugging*, by Andreas Zeller and Ralf Hildebrandt (*Simplifying and Isolating
/// Failure-Inducing Input*, 2002).
///
/// ```
/// let faults = [1, 2, 3, 4, 5, 6, 7, 8];
/// let mut runs = 0;
/// let fewest = simulation::shrink(&faults, |some| {
///     runs += 1;
///     some.contains(&3) && some.contains(&8)
/// });
/// assert_eq!(fewest, [3, 8]);
/// assert!(runs < 40);
/// ```
// ANCHOR: shrink
pub fn shrink<T: Clone>(faults: &[T], mut fails: impl FnMut(&[T]) -> bool) -> Vec<T> {
    let mut left = faults.to_vec();
    let mut parts = 2;
    while !left.is_empty() {
        let size = left.len().div_ceil(parts);
        match without_a_part(&left, size, &mut fails) {
            // What failed is fewer: on with that, in parts of about the same size.
            Some(fewer) => {
                left = fewer;
                parts = (parts - 1).max(2);
            }
            // Each was needed, alone.
            None if size == 1 => break,
            None => parts = (parts * 2).min(left.len()),
        }
    }
    left
}
// ANCHOR_END: shrink

// ANCHOR: without
/// The first that fails, of those that lack one part of so many faults.
fn without_a_part<T: Clone>(
    faults: &[T],
    size: usize,
    fails: &mut impl FnMut(&[T]) -> bool,
) -> Option<Vec<T>> {
    // hole: shrink — leave out one part after the other, until what is left still fails
    // tried by: sweep
    // also: simulation
    for start in (0..faults.len()).step_by(size) {
        let end = faults.len().min(start + size);
        let fewer = [&faults[..start], &faults[end..]].concat();
        if fails(&fewer) {
            return Some(fewer);
        }
    }
    None
    // end hole
}
// ANCHOR_END: without
