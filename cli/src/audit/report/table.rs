//! Tables that read well without any script; the page's script adds sorting and
//! filtering.

use std::fmt::Write as _;

use jot_show::text::one_line;

use super::html::{escaped, number};

/// How many rows a table has, unless the rows are bounded otherwise.
const MOST_ROWS: usize = 200;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// Words of a log or of our own, which may be long.
    Text(&'static str),
    /// Dates, codes and other words that must not be broken.
    Word(&'static str),
    Number(&'static str),
    /// A picture of the number beside it.
    Bar,
}

/// A cell, and what it is sorted by if that is not its text.
pub(super) struct Cell {
    html: String,
    sort: Option<String>,
}

impl Cell {
    pub(super) fn number(count: u64) -> Self {
        Self { html: number(count), sort: Some(count.to_string()) }
    }

    pub(super) fn sorted(html: String, sort: impl ToString) -> Self {
        Self { html, sort: Some(sort.to_string()) }
    }
}

impl From<String> for Cell {
    fn from(html: String) -> Self {
        Self { html, sort: None }
    }
}

pub(super) struct Table {
    id: String,
    caption: String,
    columns: Vec<Column>,
    rows: Vec<(Option<String>, Vec<Cell>)>,
    most: usize,
    left_out: usize,
}

impl Table {
    pub(super) fn new(id: impl Into<String>, caption: impl Into<String>, columns: &[Column]) -> Self {
        let (id, caption, columns) = (id.into(), caption.into(), columns.to_vec());
        Self { id, caption, columns, rows: Vec::new(), most: MOST_ROWS, left_out: 0 }
    }

    /// Takes every row that is added.
    pub(super) fn whole(self) -> Self {
        Self { most: usize::MAX, ..self }
    }

    /// Adds a row, unless the table is full.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.add(None, cells);
    }

    /// Adds a row that links lead to.
    pub(super) fn named_row(&mut self, id: String, cells: impl IntoIterator<Item = Cell>) {
        self.add(Some(id), cells);
    }

    fn add(&mut self, id: Option<String>, cells: impl IntoIterator<Item = Cell>) {
        if self.rows.len() < self.most {
            self.rows.push((id, cells.into_iter().collect()));
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    /// Returns the table, or a sentence if it has no row. The roles are those that the
    /// elements have anyway; without them, rows that narrow windows show as blocks would
    /// lose theirs.
    pub(super) fn html(&self, nothing: &str) -> String {
        if self.rows.is_empty() {
            return format!("<p class=\"nothing\">{}</p>", escaped(nothing));
        }
        let mut html = format!(
            "<table id=\"{}\" role=\"table\"><caption>{}</caption><thead role=\"rowgroup\"><tr role=\"row\">",
            self.id,
            escaped(&self.caption)
        );
        for column in &self.columns {
            // Writing to a String cannot fail.
            let _ = match column {
                Column::Bar => write!(html, "<td role=\"cell\" class=\"bars\"></td>"),
                Column::Text(title) | Column::Word(title) => {
                    write!(html, "<th scope=\"col\" role=\"columnheader\">{title}</th>")
                }
                Column::Number(title) => {
                    write!(html, "<th scope=\"col\" role=\"columnheader\" class=\"number\">{title}</th>")
                }
            };
        }
        html.push_str("</tr></thead><tbody role=\"rowgroup\">");
        for (id, cells) in &self.rows {
            let id = id.as_ref().map(|id| format!(" id=\"{id}\"")).unwrap_or_default();
            let _ = write!(html, "<tr role=\"row\"{id}>");
            for (column, Cell { html: content, sort }) in self.columns.iter().zip(cells) {
                let sort = sort.as_ref().map(|sort| format!(" data-sort=\"{}\"", escaped(&one_line(sort))));
                let sort = sort.unwrap_or_default();
                let (class, title) = match column {
                    Column::Text(title) => ("text", *title),
                    Column::Word(title) => ("word", *title),
                    Column::Number(title) => ("number", *title),
                    Column::Bar => ("bars", ""),
                };
                let _ = write!(
                    html,
                    "<td role=\"cell\" class=\"{class}\" data-title=\"{title}\"{sort}><span>{content}</span></td>"
                );
            }
            html.push_str("</tr>");
        }
        html.push_str("</tbody></table>");
        if self.left_out > 0 {
            let more = number(u64::try_from(self.left_out).unwrap_or(u64::MAX));
            let _ = write!(html, "<p class=\"note\">{more} more are not shown.</p>");
        }
        html
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_tells_what_it_leaves_out() {
        let mut table =
            Table::new("t", "a & b", &[Column::Text("name"), Column::Number("rows"), Column::Bar]);
        assert_eq!(table.html("None."), "<p class=\"nothing\">None.</p>");
        for count in 0..201 {
            table.row([
                String::from("<bdi>x</bdi>").into(),
                Cell::number(count * 1000),
                String::new().into(),
            ]);
        }
        let html = table.html("None.");
        assert_eq!(html.matches("<tr").count(), 201);
        assert!(html.contains("<caption>a &amp; b</caption>") && html.contains("1 more are not shown."));
        assert!(html.contains("data-title=\"rows\" data-sort=\"7000\"><span>7,000</span></td>"));
    }
}
