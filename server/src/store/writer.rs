//! The one thread that writes, many pieces of work in one transaction.

use std::thread;

use tokio::sync::{mpsc, oneshot};

use super::database::{Connection, Database};
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
    fn run(&mut self, database: &mut dyn Database) -> bool;
    fn finish(self: Box<Self>, committed: Result<(), StoreFault>);
}

struct Work<F, T> {
    work: Option<F>,
    result: Option<Outcome<T>>,
    reply: oneshot::Sender<Outcome<T>>,
}

impl<T: Send, F: FnOnce(&mut dyn Database) -> Outcome<T> + Send> Job for Work<F, T> {
    fn run(&mut self, database: &mut dyn Database) -> bool {
        self.result = self.work.take().map(|work| work(database));
        matches!(self.result, Some(Ok(_)))
    }

    fn finish(self: Box<Self>, committed: Result<(), StoreFault>) {
        let missing = || Err(StoreFault::Database("the work was not done".to_owned()));
        let Self { result, reply, .. } = *self;
        // Whoever asked may be gone; what was done is done.
        let _ = reply.send(committed.and_then(|()| result.unwrap_or_else(missing)));
    }
}

impl Writer {
    pub(super) fn start(connection: Box<dyn Connection>) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        thread::spawn(move || run(connection, jobs));
        Self { queue }
    }

    pub(super) fn queue<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut dyn Database) -> Outcome<T> + Send + 'static,
        reply: oneshot::Sender<Outcome<T>>,
    ) -> Result<(), StoreFault> {
        let job = Box::new(Work { work: Some(work), result: None, reply });
        self.queue.try_send(job).map_err(|_| StoreFault::Busy)
    }
}

fn run(mut connection: Box<dyn Connection>, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = jobs.blocking_recv() {
        let mut done = Vec::with_capacity(16);
        let committed = together(&mut *connection, first, &mut jobs, &mut done);
        for job in done {
            job.finish(committed.clone());
        }
    }
}

fn together(
    connection: &mut dyn Connection,
    first: Box<dyn Job>,
    jobs: &mut mpsc::Receiver<Box<dyn Job>>,
    done: &mut Vec<Box<dyn Job>>,
) -> Result<(), StoreFault> {
    if let Err(fault) = connection.begin() {
        done.push(first);
        return Err(fault);
    }
    let mut next = Some(first);
    let mut ran = Ok(());
    while let Some(mut job) = next {
        ran = one(connection, &mut *job);
        done.push(job);
        next = if ran.is_ok() && done.len() < TOGETHER { jobs.try_recv().ok() } else { None };
    }
    let committed = ran.and_then(|()| connection.commit());
    if committed.is_err() {
        connection.roll_back();
    }
    committed
}

/// Work that fails leaves nothing behind, and the others' stays.
fn one(connection: &mut dyn Connection, job: &mut dyn Job) -> Result<(), StoreFault> {
    connection.begin_part()?;
    let is_done = job.run(connection.as_database());
    connection.end_part(is_done)
}

#[cfg(test)]
mod tests {
    use super::super::sqlite::Sqlite;
    use super::*;

    fn count(database: &mut dyn Database) -> Outcome<i64> {
        database.query_number("SELECT count(*) FROM t")
    }

    fn add(database: &mut dyn Database) -> Outcome<u64> {
        database.execute("INSERT INTO t VALUES (1)", &[])
    }

    async fn ask<T: Send + 'static>(
        writer: &Writer,
        work: impl FnOnce(&mut dyn Database) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let (reply, answer) = oneshot::channel();
        writer.queue(work, reply)?;
        answer.await.unwrap()
    }

    #[tokio::test]
    async fn work_that_fails_leaves_nothing_and_the_others_stays() {
        let writer = Writer::start(Box::new(Sqlite::in_memory("CREATE TABLE t(x)")));
        let fail = |database: &mut dyn Database| {
            add(database)?;
            Err::<(), _>(StoreFault::Database("mine".to_owned()))
        };
        let (one, two, three) = tokio::join!(ask(&writer, add), ask(&writer, fail), ask(&writer, add));
        assert_eq!((one.unwrap(), three.unwrap()), (1, 1));
        assert_eq!(two.unwrap_err().to_string(), "the database: mine");
        assert_eq!(ask(&writer, count).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn nobody_is_told_of_success_when_the_commit_fails() {
        // A constraint that is looked at by the commit, and not before.
        let script = "PRAGMA foreign_keys=ON; CREATE TABLE p(x PRIMARY KEY);
             CREATE TABLE t(x REFERENCES p(x) DEFERRABLE INITIALLY DEFERRED)";
        let writer = Writer::start(Box::new(Sqlite::in_memory(script)));
        assert!(ask(&writer, add).await.unwrap_err().to_string().contains("FOREIGN KEY"));
        // And the writer goes on.
        assert_eq!(ask(&writer, count).await.unwrap(), 0);
    }
}
