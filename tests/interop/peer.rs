//! The Python libraries, behind one process that answers line by line.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use jot::Alg;
use serde_json::Value;

use crate::missing::missing;

/// A Python library and the algorithms that it does not know.
pub(crate) struct Library {
    pub(crate) name: &'static str,
    pub(crate) lacks: &'static [Alg],
}

pub(crate) const LIBRARIES: &[Library] = &[
    Library { name: "pyjwt", lacks: &[Alg::Ed25519, Alg::MlDsa44, Alg::MlDsa65, Alg::MlDsa87] },
    Library { name: "joserfc", lacks: &[Alg::MlDsa44, Alg::MlDsa65, Alg::MlDsa87] },
    Library { name: "jwcrypto", lacks: &[] },
    Library { name: "cryptography", lacks: &[] },
];

impl Library {
    /// The algorithms that it shares with us.
    pub(crate) fn shared(&self) -> impl Iterator<Item = Alg> {
        Alg::ALL.iter().copied().filter(|alg| !self.lacks.contains(alg))
    }
}

pub(crate) struct Peer {
    process: Child,
    requests: Option<ChildStdin>,
    replies: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts the process; `None`, after saying so, if its libraries are not
    /// installed.
    pub(crate) fn start() -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let python = root.join(".venv/bin/python");
        if !python.exists() {
            // `make venv` creates it.
            missing("venv");
            return None;
        }
        let mut process = Command::new(python)
            .arg(root.join("tests/interop/peer.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let requests = process.stdin.take();
        let replies = BufReader::new(process.stdout.take().unwrap());
        Some(Self { process, requests, replies })
    }

    /// Asks, and fails the test on any answer that is a fault.
    pub(crate) fn ask(&mut self, request: &Value) -> Value {
        let requests = self.requests.as_mut().unwrap();
        writeln!(requests, "{request}").unwrap();
        let mut line = String::new();
        self.replies.read_line(&mut line).unwrap();
        let reply: Value = serde_json::from_str(&line).expect("the peer has ended");
        if let Some(fault) = reply.get("fault") {
            panic!("{request}\n{}", fault.as_str().unwrap());
        }
        reply
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // At the end of its input the process ends by itself.
        drop(self.requests.take());
        let _ = self.process.wait();
    }
}
