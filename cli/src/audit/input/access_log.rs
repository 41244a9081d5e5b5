//! Access logs whose lines follow a format string of nginx or Envoy.

use std::borrow::Cow;

use memchr::memmem;

use super::{Fields, Part, Parts, Unreadable};

/// Named format strings: nginx's `combined` and Envoy's default, each followed by the
/// Authorization header.
const PRESETS: [(&str, &str); 2] = [
    (
        "nginx-auth",
        "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \
         \"$http_referer\" \"$http_user_agent\" \"$http_authorization\"",
    ),
    (
        "envoy-auth",
        "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\" %RESPONSE_CODE% \
         %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \
         \"%REQ(X-FORWARDED-FOR)%\" \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\" \
         \"%UPSTREAM_HOST%\" \"%REQ(AUTHORIZATION)%\"",
    ),
];

/// The variables to try for each part if no field is named, best first.
const USUAL: [&[&str]; 4] = [
    &["http_authorization", "cookie_token", "cookie_access_token", "arg_access_token"],
    &["time_iso8601", "time_local", "msec", "start_time"],
    &["status", "response_code"],
    &[
        "remote_addr",
        "downstream_remote_address_without_port",
        "downstream_remote_address",
        "http_x_forwarded_for",
    ],
];

/// A parsed format string.
#[derive(Debug)]
pub(in crate::audit) struct LogFormat {
    prefix: Vec<u8>,
    /// Each variable's part, if any, and the text after it.
    steps: Vec<(Option<Part>, Vec<u8>)>,
}

impl LogFormat {
    /// Reads a format string or the name of one.
    ///
    /// # Errors
    /// A message about the format or the fields.
    pub(in crate::audit) fn new(format: &str, fields: &Fields) -> Result<Self, String> {
        let format = PRESETS.iter().find(|(name, _)| *name == format).map_or(format, |(_, text)| *text);
        let (prefix, variables) = variables(format)?;
        if variables.is_empty() {
            return Err(format!("{format} is neither a format string nor one of nginx-auth and envoy-auth"));
        }
        let last = variables.len().saturating_sub(1);
        let joined = |(place, (_, text)): (usize, &(String, String))| place < last && text.is_empty();
        if variables.iter().enumerate().any(joined) {
            return Err("two variables are side by side with nothing between them".to_owned());
        }
        let mut steps: Vec<_> = variables.iter().map(|(_, text)| (None, text.as_bytes().to_vec())).collect();
        for (part, usual) in Part::ALL.into_iter().zip(USUAL) {
            let place = |wanted: &str| variables.iter().position(|(name, _)| name == wanted);
            let found = match fields.of(part) {
                Some(field) => {
                    let name = canonical(field.trim_start_matches('$').trim_matches('%'));
                    let found = place(&name).or_else(|| place(&format!("http_{name}")));
                    Some(found.ok_or_else(|| format!("the log format has no {field}"))?)
                }
                None => usual.iter().find_map(|name| place(name)),
            };
            if part == Part::Token && found.is_none() {
                return Err(
                    "the log format has no $http_authorization; name the token's variable with --token"
                        .to_owned(),
                );
            }
            if let Some((step, _)) = found.and_then(|place| steps.get_mut(place)) {
                *step = Some(part);
            }
        }
        Ok(Self { prefix: prefix.into_bytes(), steps })
    }

    pub(in crate::audit) fn has_time(&self) -> bool {
        self.steps.iter().any(|(part, _)| *part == Some(Part::Time))
    }

    pub(in crate::audit) fn pick<'l>(&self, line: &'l [u8]) -> Result<Parts<'l>, Unreadable> {
        let mut rest = line.strip_prefix(self.prefix.as_slice()).ok_or(Unreadable::LogFormat)?;
        let mut parts = Parts::default();
        let last = self.steps.len().saturating_sub(1);
        for (place, (part, behind)) in self.steps.iter().enumerate() {
            let end = match (behind.is_empty(), place == last) {
                (true, _) => Some(rest.len()),
                (false, true) => rest.len().checked_sub(behind.len()).filter(|_| rest.ends_with(behind)),
                (false, false) => memmem::find(rest, behind),
            };
            let (value, after) =
                end.and_then(|end| rest.split_at_checked(end)).ok_or(Unreadable::LogFormat)?;
            rest = after.get(behind.len()..).unwrap_or_default();
            let Some(slot) = part.and_then(|part| parts.get_mut(part as usize)) else { continue };
            *slot = (value != b"-").then_some(Cow::Borrowed(value));
        }
        Ok(parts)
    }
}

/// Splits a format string into the text before the first variable, and each variable
/// with the text after it.
fn variables(format: &str) -> Result<(String, Vec<(String, String)>), String> {
    let (mut prefix, mut found) = (String::new(), Vec::<(String, String)>::new());
    let mut rest = format.strip_suffix('\n').unwrap_or(format);
    while let Some(first) = rest.chars().next() {
        let after = rest.get(first.len_utf8()..).unwrap_or_default();
        let (name, tail) = match first {
            '$' => match after.strip_prefix('{') {
                Some(braced) => braced.split_once('}').ok_or("a brace of the log format is not closed")?,
                None => {
                    let end =
                        after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
                    after.split_at(end)
                }
            },
            '%' if after.starts_with('%') => ("", after.get(1..).unwrap_or_default()),
            '%' => after.split_once('%').ok_or("a percent sign of the log format has no second one")?,
            _ => ("", after),
        };
        if name.is_empty() {
            found.last_mut().map_or(&mut prefix, |(_, text)| text).push(first);
        } else {
            found.push((canonical(name), String::new()));
        }
        rest = tail;
    }
    Ok((prefix, found))
}

/// Returns the same spelling for both kinds: `$http_x_y` and `%REQ(X-Y)%` become
/// `http_x_y`.
fn canonical(name: &str) -> String {
    let lower = name.to_ascii_lowercase().replace('-', "_");
    match lower.strip_prefix("req(").and_then(|rest| rest.split_once(')')) {
        Some((header, _)) => format!("http_{}", header.trim_start_matches(':')),
        None => lower.split(['(', ':']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(format: &str, fields: &Fields, line: &str) -> Result<Vec<String>, Unreadable> {
        let text = |part: &Option<Cow<'_, [u8]>>| {
            part.as_ref().map_or_else(String::new, |value| String::from_utf8_lossy(value).into_owned())
        };
        Ok(LogFormat::new(format, fields).unwrap().pick(line.as_bytes())?.iter().map(text).collect())
    }

    #[test]
    fn presets_find_what_an_audit_wants() {
        let nginx = r#"192.0.2.7 - - [01/Mar/2026:12:30:45 +0000] "GET /a b HTTP/1.1" 200 17 "-" "curl/8 \x22x\x22" "Bearer a.b.c""#;
        assert_eq!(
            pick("nginx-auth", &Fields::default(), nginx).unwrap(),
            ["Bearer a.b.c", "01/Mar/2026:12:30:45 +0000", "200", "192.0.2.7"]
        );
        let envoy = r#"[2026-03-01T12:30:45.310Z] "POST /api/v1 HTTP/2" 204 - 154 0 226 100 "198.51.100.9" "agent" "cc21d9b0" "host" "127.0.0.1:80" "-""#;
        assert_eq!(
            pick("envoy-auth", &Fields::default(), envoy).unwrap(),
            ["", "2026-03-01T12:30:45.310Z", "204", "198.51.100.9"]
        );
    }

    #[test]
    fn formats_of_ones_own_are_read() {
        let fields = Fields { token: Some("X-Token".into()), ..Fields::default() };
        let found = pick("${msec}|$http_x_token|100%% $status;", &fields, "1772368245.123|t|100% 401;");
        assert_eq!(found.unwrap(), ["t", "1772368245.123", "401", ""]);
        assert_eq!(pick("$http_authorization", &Fields::default(), "a b").unwrap()[0], "a b");
        assert_eq!(
            pick("$status $http_authorization", &Fields::default(), "200"),
            Err(Unreadable::LogFormat)
        );
        for (format, words) in [
            ("combined", "neither"),
            ("$status$msec", "side by side"),
            ("$status", "--token"),
            ("%REQ(AUTHORIZATION)", "second"),
            ("${status", "closed"),
        ] {
            let error = LogFormat::new(format, &Fields::default()).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }
}
