//! A thread that holds one connection with its statements prepared, and does one job after another.

use std::{
    future::Future,
    sync::mpsc::{self, Receiver, Sender},
    thread::JoinHandle,
};

use rusqlite::Connection;
use state::Error;
use tokio::sync::oneshot;

use crate::statements::Statements;

type Job = Box<dyn FnOnce(&mut Statements<'_>) + Send>;

/// Hands jobs to its thread; dropped, it waits for the job under way and closes the connection.
///
/// A thread of our own, not `spawn_blocking`: statements borrow their connection, and here both
/// are locals of one function, prepared once for the life of the store.
pub(crate) struct Worker {
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Opens a connection here, so that its failure is the caller's, and starts the thread on it.
    pub(crate) fn start(open: impl FnOnce() -> Result<Connection, Error>) -> Result<Self, Error> {
        let connection = open()?;
        let (jobs, queue) = mpsc::channel();
        let (ready, prepared) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("sqlite".to_owned())
            .spawn(move || serve(&connection, &queue, &ready))
            .map_err(|cause| Error::Unavailable(Box::new(cause)))?;
        prepared.recv().map_err(|_| gone())??;
        Ok(Self { jobs: Some(jobs), thread: Some(thread) })
    }

    /// Queues the job at once; the future waits for its result. Dropping the future does not undo
    /// the job.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Statements<'_>) -> Result<T, Error> + Send + 'static,
    ) -> impl Future<Output = Result<T, Error>> + Send + 'static {
        let (answer, result) = oneshot::channel();
        // A send to nobody is dropped, and `answer` with it: then `result` is an error.
        self.queue(Box::new(move |on| drop(answer.send(job(on)))));
        async move { result.await.unwrap_or_else(|_| Err(gone())) }
    }

    /// As [`Worker::run`], for callers without a runtime.
    pub(crate) fn wait<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Statements<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (answer, result) = mpsc::channel();
        self.queue(Box::new(move |on| drop(answer.send(job(on)))));
        result.recv().unwrap_or_else(|_| Err(gone()))
    }

    fn queue(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            drop(jobs.send(job));
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn serve(connection: &Connection, queue: &Receiver<Job>, ready: &Sender<Result<(), Error>>) {
    let mut statements = match Statements::prepare(connection) {
        Ok(statements) => statements,
        Err(error) => return drop(ready.send(Err(error))),
    };
    drop(ready.send(Ok(())));
    while let Ok(job) = queue.recv() {
        job(&mut statements);
    }
}

fn gone() -> Error {
    Error::Unavailable("the thread of the file has ended".into())
}
