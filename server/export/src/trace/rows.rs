//! A row for each slice, so that on a row one slice is within another or beside it, never across.
//!
//! A process has one row as long as it does one thing at a time. Threads and locks that are taken and given
//! back in turn can go on at once; the slice that does not fit goes to the next row that has room.

use super::story::Slice;

/// For each slice, which come in the order of their beginnings, the number of its row in its lane.
pub fn of(slices: &[Slice<'_>]) -> Vec<usize> {
    let lanes = slices.iter().map(|slice| slice.lane + 1).max().unwrap_or(0);
    let mut open: Vec<Vec<Vec<u64>>> = vec![Vec::new(); lanes];
    slices.iter().map(|slice| place(&mut open[slice.lane], slice)).collect()
}

/// Puts the slice onto the first row where it ends before all that are open there. A row is the ends
/// of what is open on it, the innermost last.
fn place(rows: &mut Vec<Vec<u64>>, slice: &Slice<'_>) -> usize {
    let end = slice.end.unwrap_or(slice.start);
    for (number, row) in rows.iter_mut().enumerate() {
        while row.last().is_some_and(|open| *open <= slice.start && *open < end) {
            row.pop();
        }
        if row.last().is_none_or(|open| end <= *open) {
            row.push(end);
            return number;
        }
    }
    rows.push(vec![end]);
    rows.len() - 1
}
