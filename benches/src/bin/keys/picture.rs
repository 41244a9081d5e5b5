//! The picture: the time of a token by the number of keys.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

pub(crate) struct Line {
    pub(crate) name: String,
    /// Keys, and microseconds.
    pub(crate) points: Vec<(f64, f64)>,
}

const COLOURS: [RGBColor; 6] = [
    RGBColor(31, 119, 180),
    RGBColor(44, 160, 44),
    RGBColor(127, 127, 127),
    RGBColor(214, 39, 40),
    RGBColor(148, 103, 189),
    RGBColor(255, 127, 14),
];

/// Draws one chart beside the other, both with logarithmic axes.
pub(crate) fn draw(path: &Path, charts: &[(&str, Vec<Line>)]) -> Result<(), Box<dyn Error>> {
    let area = SVGBackend::new(path, (560 * charts.len() as u32, 420)).into_drawing_area();
    area.fill(&WHITE)?;
    for (area, (title, lines)) in area.split_evenly((1, charts.len())).iter().zip(charts) {
        let mut chart = ChartBuilder::on(area)
            .caption(*title, ("sans-serif", 20))
            .margin(10)
            .x_label_area_size(36)
            .y_label_area_size(48)
            .build_cartesian_2d((1.0..100_000.0).log_scale(), (1.0..100.0).log_scale())?;
        chart.configure_mesh().x_desc("keys").y_desc("µs a token").draw()?;
        for (line, colour) in lines.iter().zip(COLOURS) {
            let style = colour.stroke_width(2);
            chart
                .draw_series(LineSeries::new(line.points.iter().copied(), style))?
                .label(&line.name)
                .legend(move |(x, y)| PathElement::new(vec![(x, y), (x + 16, y)], style));
        }
        chart
            .configure_series_labels()
            .position(SeriesLabelPosition::UpperLeft)
            .background_style(WHITE.mix(0.8))
            .border_style(BLACK.mix(0.3))
            .draw()?;
    }
    area.present()?;
    Ok(())
}
