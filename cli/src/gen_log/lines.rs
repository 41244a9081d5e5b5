//! Lines of an access log.

use jot::{Code, UnixSeconds};
use jot_show::date::calendar;

use super::args::LogForm;
use super::tokens::{Kind, Plan};
use crate::draw::Draw;

/// One use of a token.
pub(super) struct Usage<'u> {
    pub(super) plan: &'u Plan,
    pub(super) token: Option<&'u str>,
    pub(super) used_at: i64,
    pub(super) code: Code,
    /// Counts the uses of the token.
    pub(super) index: u64,
}

/// The other values of a line.
pub(super) struct Line {
    pub(super) status: u16,
    pub(super) address: String,
    millisecond: u64,
    path: &'static str,
    method: &'static str,
    duration: u64,
}

const PATHS: [(&str, &str); 6] = [
    ("GET", "/orders"),
    ("GET", "/orders/17/items"),
    ("POST", "/orders"),
    ("GET", "/me"),
    ("PUT", "/me/settings"),
    ("GET", "/health"),
];

impl Line {
    pub(super) fn of(seed: u64, usage: &Usage<'_>) -> Self {
        let Usage { plan, code, index, .. } = usage;
        let mut draw = Draw::of(seed, 102_u64.wrapping_add(*index), plan.number);
        let (method, path) =
            PATHS.get(usize::try_from(draw.skewed(6)).unwrap_or_default()).copied().unwrap_or_default();
        let status = match code {
            Code::Accepted => {
                if draw.below(50) == 0 {
                    404
                } else {
                    200
                }
            }
            // Sometimes the server wrongly accepts an invalid token.
            _ if draw.below(25) == 0 => 200,
            _ => 401,
        };
        let home = plan.user;
        let address = match plan.kind {
            Kind::Replayed if *index > 0 => format!("198.51.{}.{}", index / 250 % 250, index % 250),
            _ => format!("10.{}.{}.{}", home / 62_500 % 250, home / 250 % 250, home % 250),
        };
        Self { status, address, millisecond: draw.below(1000), path, method, duration: draw.skewed(400) }
    }

    pub(super) fn write(&self, form: LogForm, usage: &Usage<'_>, out: &mut String) {
        use std::fmt::Write as _;

        let Self { status, address, millisecond, path, method, duration } = self;
        let time = calendar(UnixSeconds(usage.used_at));
        let time = time.trim_end_matches('Z');
        let bearer = usage.token.map_or_else(|| "-".to_owned(), |token| format!("Bearer {token}"));
        // Writing to a String cannot fail.
        let _ = match form {
            LogForm::Ndjson => writeln!(
                out,
                r#"{{"time":"{time}.{millisecond:03}Z","method":"{method}","path":"{path}","status":{status},"duration_ms":{duration},"address":"{address}","authorization":"{bearer}"}}"#
            ),
            LogForm::Csv => {
                writeln!(
                    out,
                    "{time}.{millisecond:03}Z,{method},{path},{status},{duration},{address},{bearer}"
                )
            }
            LogForm::Nginx => {
                let local = jiff::Timestamp::from_second(usage.used_at)
                    .map(|time| time.strftime("%d/%b/%Y:%H:%M:%S +0000").to_string())
                    .unwrap_or_default();
                writeln!(
                    out,
                    r#"{address} - - [{local}] "{method} {path} HTTP/1.1" {status} {duration} "-" "agent/1.0" "{bearer}""#
                )
            }
            LogForm::Envoy => writeln!(
                out,
                r#"[{time}.{millisecond:03}Z] "{method} {path} HTTP/2" {status} - 0 100 {duration} 1 "{address}" "agent/1.0" "-" "api.example" "10.0.0.1:80" "{bearer}""#
            ),
        };
    }
}

/// Writes a line that is unreadable in every format.
pub(super) fn garbage(form: LogForm, out: &mut String) {
    out.push_str(match form {
        LogForm::Ndjson => "{\"time\":\"2026-01-0\n",
        LogForm::Csv => "2026-01-01T00:00:00Z,GET\n",
        LogForm::Nginx | LogForm::Envoy => "2026/01/01 00:00:00 [error] 17#17: upstream timed out\n",
    });
}
