//! Clients that keep their connection, each on a thread of its own.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::Fault;

/// A connection to the service.
pub(crate) struct Client {
    stream: TcpStream,
    port: u16,
    buffer: Vec<u8>,
}

/// An answer, and where its body begins.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a str,
}

impl Client {
    pub(crate) fn new(port: u16) -> Result<Self, Fault> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        Ok(Self { stream, port, buffer: vec![0; 64 * 1024] })
    }

    /// Makes a request as it goes over the connection.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let (port, length) = (self.port, body.len());
        format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
        )
    }

    pub(crate) fn send(&mut self, request: &str) -> Result<Answer<'_>, Fault> {
        self.stream.write_all(request.as_bytes())?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(self.buffer.get_mut(filled..).ok_or("an answer is too long")?)?;
            if read == 0 {
                return Err("the service closed the connection".into());
            }
            filled += read;
            let text = std::str::from_utf8(self.buffer.get(..filled).ok_or("no answer")?)?;
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(Ok(0), str::parse)? {
                break;
            }
        }
        let text = std::str::from_utf8(self.buffer.get(..filled).ok_or("no answer")?)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or("no answer")?;
        let status = head.split(' ').nth(1).ok_or("no status")?.parse()?;
        Ok(Answer { status, body })
    }
}

/// Finds a text in an object, all of whose texts are without escapes.
pub(crate) fn text<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = body.split_once(&format!("\"{name}\":\""))?;
    rest.split('"').next()
}

/// How often something happened on many threads, each second.
pub(crate) struct Rate {
    pub(crate) count: u64,
    pub(crate) seconds: f64,
}

impl Rate {
    pub(crate) fn per_second(&self) -> f64 {
        self.count as f64 / self.seconds
    }
}

/// Lets `threads` clients do `step` again and again for `seconds`.
pub(crate) fn repeat<S: Send, E: Into<Fault> + Send>(
    states: Vec<S>,
    seconds: f64,
    step: impl Fn(&mut S) -> Result<(), E> + Sync,
) -> Result<(Rate, Vec<S>), Fault> {
    let begun = Instant::now();
    let done: Vec<Result<(u64, S), Fault>> = std::thread::scope(|scope| {
        let work = |mut state: S| {
            let step = &step;
            scope.spawn(move || {
                let mut count = 0;
                while begun.elapsed().as_secs_f64() < seconds {
                    step(&mut state).map_err(|error| Into::<Fault>::into(error))?;
                    count += 1;
                }
                Ok((count, state))
            })
        };
        let threads: Vec<_> = states.into_iter().map(work).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a client ended")?).collect()
    });
    let seconds = begun.elapsed().as_secs_f64();
    let mut states = Vec::new();
    let mut total = 0;
    for one in done {
        let (count, state) = one?;
        total += count;
        states.push(state);
    }
    Ok((Rate { count: total, seconds }, states))
}
