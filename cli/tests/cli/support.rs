//! A directory of its own for each test, and the program started in it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use arrow_array::RecordBatch;
use arrow_select::concat::concat_batches;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use tempfile::TempDir;

/// The instant at which the tests take place.
pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) struct Room {
    directory: TempDir,
}

/// What came of starting the program.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// Asserts success and returns standard output.
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{self:?}");
        self.stdout
    }

    /// Asserts wrong usage or failed input and output, told in one line that
    /// has these words.
    pub(crate) fn fails_with(self, words: &[&str]) {
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        assert!(self.stderr.starts_with("jotctl: "), "{self:?}");
        assert_eq!(self.stderr.lines().count(), 1, "{self:?}");
        for word in words {
            assert!(self.stderr.contains(word), "{word} in {self:?}");
        }
    }
}

/// Returns all rows of a Parquet file.
pub(crate) fn parquet_rows(room: &Room, name: &str) -> RecordBatch {
    let file = std::fs::File::open(room.path(name)).unwrap();
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).unwrap();
    let schema = reader.schema().clone();
    let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
    concat_batches(&schema, &batches).unwrap()
}

impl Room {
    pub(crate) fn new() -> Self {
        Self { directory: TempDir::new().unwrap() }
    }

    /// A room with an ES256 key in `key.jwk`, `public.jwk` and `jwks.json`.
    pub(crate) fn with_key() -> Self {
        let room = Self::new();
        room.run("keygen --alg ES256 --kid k1 --out-private key.jwk --out-public public.jwk").ok();
        room.run("jwks public.jwk --out jwks.json").ok();
        room
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_jotctl"));
        command.current_dir(self.directory.path()).stdin(Stdio::null());
        command
    }

    /// Starts the program with arguments that spaces part.
    pub(crate) fn run(&self, arguments: &str) -> Ran {
        self.run_with(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    pub(crate) fn run_with(&self, arguments: &[&str]) -> Ran {
        ran(self.command().args(arguments).output().unwrap())
    }

    pub(crate) fn run_reading(&self, input: impl AsRef<[u8]>, arguments: &str) -> Ran {
        let mut child = self
            .command()
            .args(arguments.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The program may end without reading all of it.
        let _ = child.stdin.take().unwrap().write_all(input.as_ref());
        ran(child.wait_with_output().unwrap())
    }

    /// Signs claims with `key.jwk`, without any date of the program's own.
    pub(crate) fn token(&self, claims: &str) -> String {
        let token = self.run_with(&["sign", "--key", "key.jwk", "--no-iat", "--claims", claims]).ok();
        token.trim_end().to_owned()
    }

    /// A token that `verify` with [`VERIFY`] accepts.
    pub(crate) fn good_token(&self) -> String {
        self.token(&format!(r#"{{"iss":"i","sub":"s","aud":"a","exp":{}}}"#, NOW + 100))
    }
}

/// What most tests verify with.
pub(crate) const VERIFY: &str =
    "verify --jwks jwks.json --alg ES256 --aud a --now 1700000000 --format ndjson --no-summary";

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Reads each line as JSON.
pub(crate) fn objects(ndjson: &str) -> Vec<serde_json::Value> {
    ndjson.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The `name` of each line.
pub(crate) fn names(ndjson: &str) -> Vec<String> {
    objects(ndjson).iter().map(|object| object["name"].as_str().unwrap().to_owned()).collect()
}

pub(crate) fn segment(json: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(json)
}

/// The JSON in a segment of a token.
pub(crate) fn part(token: &str, index: usize) -> String {
    let segment = token.split('.').nth(index).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(segment).unwrap()).unwrap()
}
