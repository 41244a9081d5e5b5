//! docs/benchmarks.md, and where its figures come from.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The folder of the whole project.
///
/// # Panics
/// When the crate was moved out of it.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the project")
}

/// Puts a section, in the place of the one that had its name or behind all
/// others, with its heading and where its figures come from.
///
/// # Panics
/// When there is no page: the table makes it.
pub fn put_section(name: &str, heading: &str, text: &str) {
    let path = root().join("docs/benchmarks.md");
    let page = fs::read_to_string(&path).expect("the table was written before");
    let (begin, end) = (format!("<!-- {name}:begin -->"), format!("<!-- {name}:end -->"));
    let (before, rest) = page.split_once(&begin).unwrap_or((&page, ""));
    let after = rest.split_once(&end).map_or("", |(_, after)| after.trim());
    let date = chrono::Utc::now().format("%Y-%m-%d");
    let origin = format!("{}, {date}, commit {}.", cpu(), commit());
    let section = format!("{begin}\n## {heading}\n\n{origin}\n\n{}\n{end}", text.trim_end());
    let page = format!("{}\n\n{section}\n\n{after}", before.trim_end());
    fs::write(path, page.trim_end().to_owned() + "\n").expect("the page can be written");
}

/// The processor, and which of the instructions that matter it has.
#[must_use]
pub fn cpu() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let field = |name: &str| {
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let flags = field("flags").unwrap_or_default();
    let wanted = ["avx2", "bmi2", "adx", "sha_ni", "avx512f", "avx512ifma"];
    let has: Vec<_> =
        wanted.into_iter().filter(|flag| flags.split(' ').any(|other| other == *flag)).collect();
    format!("{} ({})", field("model name").unwrap_or_else(|| "unknown".to_owned()), has.join(", "))
}

/// The commit that is measured.
#[must_use]
pub fn commit() -> String {
    let commit = output("git", &["rev-parse", "--short=10", "HEAD"]);
    let changed = output("git", &["status", "--porcelain", "--untracked-files=no", "src", "Cargo.toml"]);
    if changed.is_empty() { commit } else { format!("{commit}, with changes") }
}

/// What a program prints, run in the project's folder.
#[must_use]
pub fn output(program: &str, arguments: &[&str]) -> String {
    match Command::new(program).args(arguments).current_dir(root()).output() {
        Ok(output) => String::from_utf8_lossy(&output.stdout).trim().to_owned(),
        Err(_) => "unknown".to_owned(),
    }
}
