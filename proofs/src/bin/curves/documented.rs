//! The bounds that stand beside the lines of a source, in multiples of p.

use std::collections::BTreeMap;

use num_bigint::BigInt;

use crate::known::Given;

/// From, if it is given, and to, in hundredths.
type Bound = (Option<u32>, u32);

/// Reads `0.99 to 3.08` or `1.13`.
fn bound(text: &str) -> Option<Bound> {
    let hundredths = |number: &str| {
        let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
        let digits: u32 = format!("{part:0<2}").parse().ok()?;
        (part.len() <= 2).then_some(whole.parse::<u32>().ok()? * 100 + digits)
    };
    match text.split_once(" to ") {
        Some((low, high)) => Some((Some(hundredths(low)?), hundredths(high)?)),
        None => Some((None, hundredths(text)?)),
    }
}

/// Returns the bounds at the end of each line of code that has some.
fn bounds(source: &str) -> BTreeMap<u32, Vec<Bound>> {
    let mut lines = BTreeMap::new();
    for (line, number) in source.lines().zip(1..) {
        let Some((code, comment)) = line.split_once(" // ") else { continue };
        let parts =
            comment.split(", then ").flat_map(|part| part.split(", ")).flat_map(|part| part.split(" and "));
        let bounds: Option<Vec<Bound>> = parts.map(bound).collect();
        if let (false, Some(bounds)) = (code.trim().is_empty(), bounds) {
            lines.insert(number, bounds);
        }
    }
    lines
}

/// Asserts that what operations gave is within the bounds beside their lines, the last of a
/// line if there are more operations than bounds, and that every bound was met. The bounds of
/// lines with one of the texts `none` are of no operation.
pub(crate) fn assert_documented(source: &str, file: &str, none: &[&str], p: &BigInt, given: &[Given]) {
    let bounds = bounds(source);
    let mut met = BTreeMap::new();
    let of_file: Vec<&Given> = given.iter().filter(|given| given.file.ends_with(file)).collect();
    // A line can be gone through again, but no line comes between its operations.
    for operations in of_file.chunk_by(|a, b| a.line == b.line) {
        let line = operations[0].line;
        let Some(bounds) = bounds.get(&line) else { continue };
        // The same line twice in a row has as many operations twice.
        for (operation, bound) in operations.iter().rev().zip(bounds.iter().rev()) {
            let (low, high) = bound;
            assert!(
                &operation.high * 100 <= p * *high,
                "{file}:{line}: above {high}/100 p: {}",
                &operation.high * 10_000 / p
            );
            let low = low.unwrap_or(0);
            assert!(
                &operation.low * 100 >= p * low,
                "{file}:{line}: below {low}/100 p: {}",
                &operation.low * 10_000 / p
            );
        }
        *met.entry(line).or_insert(0) += 1;
    }
    let has_operation = |line: u32| {
        let text = source.lines().nth(line as usize - 1);
        text.is_some_and(|text| !none.iter().any(|none| text.contains(none)))
    };
    let missed: Vec<&u32> =
        bounds.keys().filter(|line| !met.contains_key(line) && has_operation(**line)).collect();
    assert!(missed.is_empty(), "{file}: bounds of lines that did not run: {missed:?}");
}
