//! Access logs whose lines follow a format string of nginx, Apache or Envoy.

use std::borrow::Cow;

use memchr::memmem;

use super::{Fields, Part, Parts, Slot, Unreadable};

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
    /// What each variable is wanted for, and the text after it.
    steps: Vec<(Vec<Slot>, Vec<u8>)>,
}

impl LogFormat {
    /// Reads a format string or the name of one.
    ///
    /// # Errors
    /// A message about the format or the fields.
    pub(in crate::audit) fn new(format: &str, fields: &Fields) -> Result<Self, String> {
        let (prefix, variables) = variables(format)?;
        if variables.is_empty() {
            return Err(format!(
                "{format} is neither a format string nor one of nginx-auth, apache-auth, envoy-auth, haproxy and alb"
            ));
        }
        let last = variables.len().saturating_sub(1);
        let joined = |(place, (_, text)): (usize, &(String, String))| place < last && text.is_empty();
        if variables.iter().enumerate().any(joined) {
            return Err("two variables are side by side with nothing between them".to_owned());
        }
        let mut steps: Vec<_> =
            variables.iter().map(|(_, text)| (Vec::new(), text.as_bytes().to_vec())).collect();
        let place = |wanted: &str| variables.iter().position(|(name, _)| name == wanted);
        let named = |field: &str| {
            let name = canonical(field.trim_start_matches('$').trim_matches('%'));
            place(&name).or_else(|| place(&format!("http_{name}")))
        };
        let lacks = |field: &str| format!("the log format has no {field}");
        for (part, usual) in Part::ALL.into_iter().zip(USUAL) {
            let found = match fields.of(part).first() {
                Some(field) => Some(named(field).ok_or_else(|| lacks(field))?),
                None => usual.iter().find_map(|name| place(name)),
            };
            if part == Part::Token && found.is_none() {
                return Err(
                    "the log format has no $http_authorization; name the token's variable with --token"
                        .to_owned(),
                );
            }
            if let Some((step, _)) = found.and_then(|place| steps.get_mut(place)) {
                step.push(Slot::Part(part));
            }
        }
        for (number, kept) in fields.keep.iter().enumerate() {
            let found = kept.fields().find_map(named).ok_or_else(|| lacks(kept.name()))?;
            if let Some((step, _)) = steps.get_mut(found) {
                step.push(Slot::Kept(number));
            }
        }
        Ok(Self { prefix: prefix.into_bytes(), steps })
    }

    pub(in crate::audit) fn pick<'l>(&self, line: &'l [u8]) -> Result<Parts<'l>, Unreadable> {
        let mut rest = line.strip_prefix(self.prefix.as_slice()).ok_or(Unreadable::LogFormat)?;
        let mut parts = Parts::default();
        let last = self.steps.len().saturating_sub(1);
        for (place, (slots, behind)) in self.steps.iter().enumerate() {
            let end = match (behind.is_empty(), place == last) {
                (true, _) => Some(rest.len()),
                (false, true) => rest.len().checked_sub(behind.len()).filter(|_| rest.ends_with(behind)),
                (false, false) => find(rest, behind),
            };
            let (value, after) =
                end.and_then(|end| rest.split_at_checked(end)).ok_or(Unreadable::LogFormat)?;
            rest = after.get(behind.len()..).unwrap_or_default();
            for slot in slots {
                match slot {
                    Slot::Part(part) => parts.put(*part, (value != b"-").then_some(Cow::Borrowed(value))),
                    Slot::Kept(number) => parts.keep(*number, Cow::Borrowed(value)),
                }
            }
        }
        Ok(parts)
    }
}

/// Finds the text after a variable. A quote that a backslash escapes is part of the
/// variable.
fn find(rest: &[u8], behind: &[u8]) -> Option<usize> {
    if !behind.starts_with(b"\"") {
        return memmem::find(rest, behind);
    }
    memmem::find_iter(rest, behind).find(|end| {
        let before = rest.get(..*end).unwrap_or_default();
        before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
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
            '%' if is_apache(after) => {
                directive(after).ok_or("a directive of the log format has no letter")?
            }
            '%' => after.split_once('%').ok_or("a percent sign of the log format has no second one")?,
            _ => ("", after),
        };
        if name.is_empty() {
            found.last_mut().map_or(&mut prefix, |(_, text)| text).push(first);
        } else {
            let name = if first == '%' && is_apache(after) { of_apache(name) } else { canonical(name) };
            found.push((name, String::new()));
        }
        rest = tail;
    }
    Ok((prefix, found))
}

/// Envoy's operators are words of capitals, Apache's directives single letters.
fn is_apache(after: &str) -> bool {
    !after.bytes().take(2).all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Splits off what is between `%` and the end of a directive of Apache, such as
/// `>s`, `{Authorization}i` or `{sec}t`.
fn directive(after: &str) -> Option<(&str, &str)> {
    let argument = after.find('{').filter(|open| {
        let modifiers = after.get(..*open).unwrap_or_default();
        modifiers
            .bytes()
            .all(|byte| matches!(byte, b'<' | b'>' | b'!' | b',' | b'^') || byte.is_ascii_digit())
    });
    let closed = match argument {
        Some(open) => open.saturating_add(after.get(open..)?.find('}')?),
        None => 0,
    };
    let letter = closed.saturating_add(after.get(closed..)?.find(|c: char| c.is_ascii_alphabetic())?);
    after.split_at_checked(letter.saturating_add(1))
}

/// The name that nginx gives to a directive of Apache.
fn of_apache(directive: &str) -> String {
    let argument = directive.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|found| found.0);
    let letter = directive.chars().last().unwrap_or_default();
    let argument = argument.unwrap_or_default().to_ascii_lowercase().replace('-', "_");
    match (letter, &*argument) {
        ('i', _) => format!("http_{argument}"),
        ('C', _) => format!("cookie_{argument}"),
        ('h' | 'a', _) => "remote_addr".to_owned(),
        ('t', "") => "time_local".to_owned(),
        ('t', "sec" | "msec" | "usec") => "msec".to_owned(),
        ('s', _) => "status".to_owned(),
        ('r', _) => "request".to_owned(),
        ('U', _) => "uri".to_owned(),
        ('m', _) => "request_method".to_owned(),
        ('v' | 'V', _) => "server_name".to_owned(),
        _ => directive.to_owned(),
    }
}

/// Returns the same spelling for both kinds: `$http_x_y` and `%REQ(X-Y)%` become
/// `http_x_y`.
fn canonical(name: &str) -> String {
    let lower = name.to_ascii_lowercase().replace('-', "_");
    let header = lower.strip_prefix("req(").or_else(|| lower.strip_prefix("request_header("));
    match header.and_then(|rest| rest.split_once(')')) {
        Some((header, _)) => format!("http_{}", header.trim_start_matches(':')),
        None => lower.split(['(', ':']).next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pick(format: &str, fields: &Fields, line: &str) -> Result<Vec<String>, Unreadable> {
        let format = LogFormat::new(format, fields).unwrap();
        let parts = format.pick(line.as_bytes())?;
        let text = |part: Part| {
            parts.get(part).map_or_else(String::new, |value| String::from_utf8_lossy(value).into_owned())
        };
        Ok(Part::ALL.map(text).to_vec())
    }

    const COMBINED: &str =
        r#"192.0.2.7 - - [01/Mar/2026:12:30:45 +0000] "GET /a b HTTP/1.1" 200 17 "-" "curl" "Bearer a.b.c""#;

    #[test]
    fn format_strings_of_three_servers_are_read() {
        let nginx = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent \
            \"$http_referer\" \"$http_user_agent\" \"$http_authorization\"";
        let found = ["Bearer a.b.c", "01/Mar/2026:12:30:45 +0000", "200", "192.0.2.7"];
        assert_eq!(pick(nginx, &Fields::default(), COMBINED).unwrap(), found);
        let apache = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i" "%{Authorization}i""#;
        let found = ["Bearer a.b.c", "[01/Mar/2026:12:30:45 +0000]", "200", "192.0.2.7"];
        assert_eq!(pick(apache, &Fields::default(), COMBINED).unwrap(), found);
        for name in ["REQ", "REQUEST_HEADER"] {
            let envoy =
                format!("[%START_TIME%] \"%{name}(:METHOD)%\" %RESPONSE_CODE% \"%{name}(AUTHORIZATION)%\"");
            let line = r#"[2026-03-01T12:30:45.310Z] "POST" 204 "Bearer a.b.c""#;
            let found = ["Bearer a.b.c", "2026-03-01T12:30:45.310Z", "204", ""];
            assert_eq!(pick(&envoy, &Fields::default(), line).unwrap(), found);
        }
    }

    #[test]
    fn escaped_quote_ends_no_variable() {
        let line = r#""x\" "Bearer d.e.f" "Bearer a.b.c""#;
        let line = line.replace(r#"x\" "#, r#"x\\\" "#);
        let found = pick("\"$http_user_agent\" \"$http_authorization\"", &Fields::default(), &line).unwrap();
        assert_eq!(found.first().unwrap(), r#"Bearer a.b.c"#);
    }

    #[test]
    fn formats_of_ones_own_are_read() {
        let mut fields = Fields::default();
        fields.set(Part::Token, vec!["X-Token".to_owned()]);
        let found = pick("${msec}|$http_x_token|100%% $status;", &fields, "1772368245.123|t|100% 401;");
        assert_eq!(found.unwrap(), ["t", "1772368245.123", "401", ""]);
        assert_eq!(pick("$http_authorization", &Fields::default(), "a b").unwrap().first().unwrap(), "a b");
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
