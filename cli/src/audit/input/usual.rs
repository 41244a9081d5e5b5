//! The names that are tried where none is given.

use super::{Fields, Part};

/// Tokens: our own log, nginx, Traefik, Caddy, Kong, Kubernetes, Elastic, Amazon.
const TOKENS: &[&str] = &[
    "token",
    "authorization",
    "Authorization",
    "access_token",
    "jwt",
    "http_authorization",
    "request_Authorization",
    "request.headers.Authorization",
    "request.headers.authorization",
    "headers.Authorization",
    "headers.authorization",
    "http.request.headers.authorization",
    "_source.http.request.headers.authorization",
    "cs(Authorization)",
    "cookie_access_token",
    "cookie_token",
    "arg_access_token",
    "x-amzn-oidc-data",
];

/// Times of use. Those that only servers write stand first: beside them `time`
/// may be when the line was written.
const TIMES: &[&str] = &[
    // Two columns of W3C's format.
    "date+time",
    "StartUTC",
    "requestTimeEpoch",
    "requestTime",
    "started_at",
    "requestReceivedTimestamp",
    "eventTime",
    "time",
    "timestamp",
    "@timestamp",
    "_source.@timestamp",
    "ts",
    "used_at",
    "start_time",
    "time_iso8601",
    "time_local",
    "msec",
    "_time",
    "__REALTIME_TIMESTAMP",
];

const STATUSES: &[&str] = &[
    "status",
    "response_code",
    "status_code",
    "response.status",
    "DownstreamStatus",
    "http.response.status_code",
    "_source.http.response.status_code",
    "responseStatus.code",
    "sc-status",
];

const ADDRESSES: &[&str] = &[
    "address",
    "remote_addr",
    "client_ip",
    "remote_ip",
    "ip",
    "request.client_ip",
    "request.remote_ip",
    "ClientHost",
    "clientip",
    "client.ip",
    "source.ip",
    "_source.client.ip",
    "_source.source.ip",
    "downstream_remote_address",
    "sourceIPs",
    "sourceIPAddress",
    "c-ip",
];

pub(super) const fn of(part: Part) -> &'static [&'static str] {
    match part {
        Part::Token => TOKENS,
        Part::Time => TIMES,
        Part::Status => STATUSES,
        Part::Address => ADDRESSES,
    }
}

/// Fills in the usual names where none was given.
pub(super) fn completed(named: &Fields) -> Fields {
    let mut fields = named.clone();
    for part in Part::ALL {
        if named.of(part).is_empty() {
            fields.set(part, of(part).iter().map(|name| (*name).to_owned()).collect());
        }
    }
    fields
}
