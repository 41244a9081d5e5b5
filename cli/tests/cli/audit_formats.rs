//! docs/audit-formats.md: each log that it shows is judged rightly by its command.

use std::path::Path;
use std::process::Command;

use crate::audit_logs::FIRST;
use crate::support::{Room, objects};

fn page() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/audit-formats.md")).unwrap()
}

#[cfg(unix)]
#[test]
fn logs_of_the_page_are_judged_as_it_says() {
    let page = page();
    let blocks: Vec<_> =
        page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    let room = Room::new();
    let mut script = String::new();
    for (number, block) in blocks.iter().enumerate() {
        script += block;
        script += &match number {
            0 => "rules=\"$rules --quiet --out rows.ndjson --force\"\n".to_owned(),
            number => format!("mv rows.ndjson rows-{number}.ndjson\n"),
        };
    }
    let tools = Path::new(env!("CARGO_BIN_EXE_jotctl")).parent().unwrap();
    let run = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &script])
        .current_dir(room.path(""))
        .env("PATH", format!("{}:{}", tools.display(), std::env::var("PATH").unwrap()))
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(blocks.len() >= 40);
    for (number, block) in blocks.iter().enumerate().skip(1) {
        let rows = objects(&room.read(&format!("rows-{number}.ndjson")));
        let [row] = rows.as_slice() else { panic!("{block}{rows:?}") };
        let found = (&row["name"], &row["used_at"], &row["status"], &row["address"]);
        let wanted = ("accepted".into(), FIRST.into(), 200.into(), "192.0.2.7".into());
        assert_eq!(found, (&wanted.0, &wanted.1, &wanted.2, &wanted.3), "{block}{row}");
    }
}

/// Whoever looks for his log finds it in the table.
#[test]
fn table_of_the_page_names_every_section() {
    let page = page();
    let sections: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let linked = page.lines().filter(|line| line.starts_with("| ") && line.contains("](#"));
    assert_eq!(linked.count(), sections.len());
    for section in sections {
        let anchor = section.to_lowercase().replace(' ', "-");
        assert!(page.contains(&format!("[{section}](#{anchor})")), "{section}");
    }
}
