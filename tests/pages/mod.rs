//! Reading the documentation: the pages, and what they put in backticks.

use std::fs;
use std::path::{Path, PathBuf};

/// A page: its path below the root, and its text.
pub(crate) struct Page {
    pub(crate) name: String,
    text: String,
}

/// The pages at the root, in `docs/`, and those of the packages.
pub(crate) fn pages(root: &Path) -> Vec<Page> {
    let mut paths: Vec<PathBuf> = ["", "docs", "accel", "cli", "bindings/python", "server"]
        .iter()
        .filter_map(|folder| fs::read_dir(root.join(folder)).ok())
        .flatten()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    paths.sort();
    let page = |path: PathBuf| {
        let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let text = if name == "docs/migration.md" { without_first_column(&text) } else { text };
        Page { name, text }
    };
    paths.into_iter().map(page).collect()
}

/// In the tables of the migration page the first column names what is gone.
fn without_first_column(text: &str) -> String {
    let rest = |line: &str| line.strip_prefix("| ")?.split_once(" |").map(|(_, rest)| rest.to_owned());
    text.lines().map(|line| rest(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

impl Page {
    /// The text outside of blocks of code.
    pub(crate) fn prose(&self) -> String {
        self.text.split("\n```").step_by(2).collect::<Vec<_>>().join("\n")
    }

    /// What stands in backticks within a line or two.
    pub(crate) fn spans(&self) -> Vec<String> {
        let prose = self.prose();
        let words = |span: &str| span.split_whitespace().collect::<Vec<_>>().join(" ");
        prose.split("\n\n").flat_map(|part| part.split('`').skip(1).step_by(2).map(words)).collect()
    }

    /// The lines of the blocks of code in these languages; those that are
    /// continued are one. The empty language is that of blocks that name none.
    pub(crate) fn lines(&self, languages: &[&str]) -> Vec<String> {
        let blocks = self.text.split("\n```").skip(1).step_by(2);
        blocks
            .filter_map(|block| block.split_once('\n'))
            .filter(|(language, _)| languages.contains(language))
            .flat_map(|(_, code)| code.replace("\\\n", " ").lines().map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }
}
