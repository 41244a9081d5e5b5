//! The report: one self-contained page.

use serde_json::Value;

use crate::failure::Failure;

const PAGE: &str = include_str!("report/page.html");
const STYLE: &str = include_str!("report/page.css");
const SCRIPT: &str = include_str!("report/page.js");
const CHARTS: &str = include_str!("report/uPlot/uPlot.iife.min.js");
const CHARTS_STYLE: &str = include_str!("report/uPlot/uPlot.min.css");

/// Makes the page of a summary.
pub(super) fn page(summary: &Value) -> Result<String, Failure> {
    let data = serde_json::to_string(summary).map_err(Failure::new)?;
    // Escaped, because `</script>` and `<!--` end or change a script element.
    let data = crate::text::harmless_json(&data).replace('<', "\\u003c");
    let mut page = PAGE.to_owned();
    for (place, content) in [
        ("/*charts-style*/", CHARTS_STYLE),
        ("/*style*/", STYLE),
        ("/*charts*/", CHARTS),
        ("/*script*/", SCRIPT),
        ("/*data*/", &data),
    ] {
        page = page.replacen(place, content, 1);
    }
    Ok(page)
}
