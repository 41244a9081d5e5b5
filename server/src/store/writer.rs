//! The one thread that writes, many pieces of work in one transaction.

use std::thread;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::fault::{Outcome, StoreFault};

/// So many pieces of work may wait; a client that comes later is told to come again.
const QUEUE: usize = 4096;
/// So many go into one transaction.
const TOGETHER: usize = 512;

pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
}

/// Work that is done within the transaction, and answered after its end.
trait Job: Send {
    fn run(&mut self, connection: &Connection) -> bool;
    fn finish(self: Box<Self>, committed: Result<(), StoreFault>);
}

struct Work<F, T> {
    work: Option<F>,
    result: Option<Outcome<T>>,
    reply: oneshot::Sender<Outcome<T>>,
}

impl<T: Send, F: FnOnce(&Connection) -> Outcome<T> + Send> Job for Work<F, T> {
    fn run(&mut self, connection: &Connection) -> bool {
        self.result = self.work.take().map(|work| work(connection));
        matches!(self.result, Some(Ok(_)))
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreFault>) {
        let missing = || Err(StoreFault::Sqlite("the work was not done".to_owned()));
        let Self { result, reply, .. } = *self;
        // Whoever asked may be gone; what was done is done.
        let _ = reply.send(committed.and_then(|()| result.unwrap_or_else(missing)));
    }
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        thread::spawn(move || run(&connection, jobs));
        Self { queue }
    }

    pub(super) fn queue<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
        reply: oneshot::Sender<Outcome<T>>,
    ) -> Result<(), StoreFault> {
        let job = Box::new(Work { work: Some(work), result: None, reply });
        self.queue.try_send(job).map_err(|_| StoreFault::Busy)
    }
}

fn run(connection: &Connection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut done = Vec::with_capacity(16);
        let committed = together(connection, first, &mut jobs, &mut done);
        if committed.is_err() {
            let _ = connection.execute_batch("ROLLBACK");
        }
        for job in done {
            job.finish(committed.clone());
        }
    }
}

fn together(
    connection: &Connection,
    first: Box<dyn Job>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
    done: &mut Vec<Box<dyn Job>>,
) -> Result<(), StoreFault> {
    let begun = connection.execute_batch("BEGIN IMMEDIATE");
    let mut next = Some(first);
    while let Some(mut job) = next {
        let ran = if begun.is_ok() { one(connection, &mut *job) } else { Ok(()) };
        done.push(job);
        ran?;
        next = if begun.is_ok() && done.len() < TOGETHER { jobs.try_recv().ok() } else { None };
    }
    begun?;
    connection.execute_batch("COMMIT")?;
    Ok(())
}

/// Work that fails leaves nothing behind, and the others' stays.
fn one(connection: &Connection, job: &mut dyn Job) -> Result<(), StoreFault> {
    connection.prepare_cached("SAVEPOINT one")?.execute([])?;
    if !job.run(connection) {
        connection.prepare_cached("ROLLBACK TO one")?.execute([])?;
    }
    connection.prepare_cached("RELEASE one")?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(connection: &Connection) -> Outcome<i64> {
        Ok(connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0))?)
    }

    async fn ask<T: Send + 'static>(
        writer: &Writer,
        work: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (reply, answer) = oneshot::channel();
        writer.queue(work, reply)?;
        answer.await.unwrap()
    }

    #[tokio::test]
    async fn work_that_fails_leaves_nothing_and_the_others_stays() {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch("CREATE TABLE t(x)").unwrap();
        let writer = Writer::start(connection);
        let add = |connection: &Connection| Ok(connection.execute("INSERT INTO t VALUES (1)", [])?);
        let fail = move |connection: &Connection| {
            add(connection)?;
            Err::<(), _>(StoreFault::Sqlite("mine".to_owned()))
        };
        let (one, two, three) = tokio::join!(ask(&writer, add), ask(&writer, fail), ask(&writer, add));
        assert_eq!((one.unwrap(), three.unwrap()), (1, 1));
        assert_eq!(two.unwrap_err().to_string(), "the database: mine");
        assert_eq!(ask(&writer, count).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn nobody_is_told_of_success_when_the_commit_fails() {
        let connection = Connection::open_in_memory().unwrap();
        // A constraint that is looked at by the commit, and not before.
        connection
            .execute_batch(
                "PRAGMA foreign_keys=ON; CREATE TABLE p(x PRIMARY KEY);
                 CREATE TABLE t(x REFERENCES p(x) DEFERRABLE INITIALLY DEFERRED)",
            )
            .unwrap();
        let writer = Writer::start(connection);
        let orphan = |connection: &Connection| Ok(connection.execute("INSERT INTO t VALUES (1)", [])?);
        assert!(ask(&writer, orphan).await.unwrap_err().to_string().contains("FOREIGN KEY"));
        // And the writer goes on.
        assert_eq!(ask(&writer, count).await.unwrap(), 0);
    }
}
