//! The sentences of an RFC that have a word of BCP 14, out of the text of the RFC
//! Editor or of a draft in Markdown.

/// The words that demand or advise; what may be done is left out.
const LEVELS: [&str; 9] = [
    "MUST NOT",
    "MUST",
    "SHALL NOT",
    "SHALL",
    "SHOULD NOT",
    "SHOULD",
    "NOT RECOMMENDED",
    "RECOMMENDED",
    "REQUIRED",
];

/// A sentence, and the section it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) section: String,
    pub(crate) text: String,
}

/// Returns the words of BCP 14 in a text, each once, in their order.
pub(crate) fn levels(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(first) = rest.chars().next() {
        let level = LEVELS.iter().find(|level| {
            let after = rest.strip_prefix(**level).map(|after| after.chars().next().unwrap_or(' '));
            !before.is_alphanumeric() && after.is_some_and(|after| !after.is_alphanumeric())
        });
        let length = level.map_or(first.len_utf8(), |level| level.len());
        if let Some(level) = level.filter(|level| !found.contains(*level)) {
            found.push(*level);
        }
        before = rest[..length].chars().next_back().unwrap();
        rest = &rest[length..];
    }
    found
}

/// Joins white space.
pub(crate) fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns every sentence of the document with a word of BCP 14, but for the
/// paragraph that says what these words mean.
pub(crate) fn requirements(text: &str, is_markdown: bool) -> Vec<Sentence> {
    let paragraphs = if is_markdown { of_markdown(text) } else { of_plain_text(text) };
    let mut found = Vec::new();
    for paragraph in paragraphs {
        for sentence in sentences(&paragraph.text) {
            let is_boilerplate = sentence.starts_with("The key words \"MUST\"");
            if !is_boilerplate && !levels(&sentence).is_empty() {
                found.push(Sentence { section: paragraph.section.clone(), text: sentence });
            }
        }
    }
    found
}

/// Returns the paragraphs, the lines of which are joined.
fn of_plain_text(text: &str) -> Vec<Sentence> {
    let mut paragraphs = Paragraphs::new();
    let mut lines = text.lines().peekable();
    let mut is_page_end = false;
    while let Some(line) = lines.next() {
        if line.trim_end().ends_with(']') && line.contains("[Page ") {
            is_page_end = true;
        } else if line.starts_with('\u{c}') {
            // The line after it names the RFC.
            lines.next();
        } else if line.trim().is_empty() {
            // A paragraph goes on over the end of a page.
            let mut ahead = lines.clone();
            let next = ahead.find(|line| !line.trim().is_empty()).unwrap_or_default();
            is_page_end |= next.contains("[Page ");
            if !is_page_end || paragraphs.is_whole() {
                paragraphs.end();
            }
        } else if let Some(section) = heading(line) {
            paragraphs.end();
            paragraphs.section = section;
            is_page_end = false;
        } else {
            is_page_end = false;
            paragraphs.add(line);
        }
    }
    paragraphs.end();
    paragraphs.found
}

/// Returns the number of the section that a line is the heading of.
fn heading(line: &str) -> Option<String> {
    let (number, title) = line.strip_prefix("Appendix ").unwrap_or(line).split_once(". ")?;
    let mut parts = number.split('.');
    let first = parts.next()?;
    let is_letter = first.len() == 1 && first.chars().all(|c| c.is_ascii_uppercase());
    let is_number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    let is_heading = (is_letter || is_number(first)) && parts.all(is_number) && !title.trim().is_empty();
    is_heading.then(|| number.to_owned())
}

fn of_markdown(text: &str) -> Vec<Sentence> {
    let mut paragraphs = Paragraphs::new();
    let mut numbers: Vec<usize> = Vec::new();
    let body = text.lines().skip_while(|line| *line != "--- middle").skip(1);
    for line in body.take_while(|line| *line != "--- back") {
        let depth = line.chars().take_while(|c| *c == '#').count();
        if depth > 0 {
            paragraphs.end();
            numbers.resize(depth, 0);
            numbers[depth - 1] += 1;
            paragraphs.section = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(".");
        } else if line.trim().is_empty() || line.starts_with("{:") {
            paragraphs.end();
        } else {
            paragraphs.add(line);
        }
    }
    paragraphs.end();
    paragraphs.found
}

struct Paragraphs {
    section: String,
    open: String,
    found: Vec<Sentence>,
}

impl Paragraphs {
    fn new() -> Self {
        Self { section: "Abstract".to_owned(), open: String::new(), found: Vec::new() }
    }

    fn add(&mut self, line: &str) {
        let text = line.trim();
        let marker = text.split(' ').next().unwrap_or_default();
        let number = marker.trim_end_matches(['.', ')']);
        let is_numbered = number != marker && number.chars().all(|c| c.is_ascii_digit());
        let rest = text[marker.len()..].trim_start();
        if (is_numbered || ["o", "*", "-", "+"].contains(&marker)) && !rest.is_empty() {
            self.end();
            self.open = rest.to_owned();
        } else {
            self.open.push(' ');
            self.open.push_str(text);
        }
    }

    fn is_whole(&self) -> bool {
        self.open.trim_end().ends_with(['.', ':', ';'])
    }

    fn end(&mut self) {
        let text = joined(&std::mem::take(&mut self.open));
        if !text.is_empty() {
            self.found.push(Sentence { section: self.section.clone(), text });
        }
    }
}

/// Splits a paragraph at full stops that a capital, a quote or a bracket follows.
fn sentences(paragraph: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, _) in paragraph.match_indices(' ') {
        let before = paragraph[start..at].trim_end_matches(['"', ')']);
        let is_short =
            ["e.g.", "i.e.", "etc.", "al.", "vs.", "Sec."].iter().any(|word| before.ends_with(word));
        let next = paragraph[at + 1..].trim_start_matches(['"', '(', '[']).chars().next();
        let begins = next.is_some_and(char::is_uppercase) || paragraph[at + 1..].starts_with(['"', '(']);
        if before.ends_with('.') && !is_short && begins {
            found.push(paragraph[start..at].to_owned());
            start = at + 1;
        }
    }
    found.push(paragraph[start..].to_owned());
    found
}
