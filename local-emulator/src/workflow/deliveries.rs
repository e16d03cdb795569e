//! Messages on their way: each is delivered when its time has come, again when that failed, and put
//! aside when it fails too often.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};

/// A message that nobody could take, with the queue that it was in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The queue.
    pub queue: String,
    /// The message.
    pub body: String,
}

type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Everything that is under way in the background; it ends with the last handle's owner.
pub(super) struct Background {
    jobs: mpsc::UnboundedSender<Work>,
    task: JoinHandle<()>,
}

impl Background {
    pub(super) fn start() -> Self {
        let (jobs, waiting) = mpsc::unbounded_channel();
        Self { jobs, task: tokio::spawn(work(waiting)) }
    }

    pub(super) fn handle(&self) -> Handle {
        Handle { jobs: self.jobs.clone(), dead: Arc::default() }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The set owns what is under way: it ends with this task.
async fn work(mut waiting: mpsc::UnboundedReceiver<Work>) {
    let mut running = JoinSet::new();
    loop {
        tokio::select! {
            job = waiting.recv() => match job {
                Some(job) => { running.spawn(job); }
                None => return,
            },
            Some(_) = running.join_next() => {}
        }
    }
}

/// A way to have something done in the background. Clones share what is put aside.
#[derive(Clone)]
pub(super) struct Handle {
    jobs: mpsc::UnboundedSender<Work>,
    dead: Arc<Mutex<Vec<Dead>>>,
}

impl Handle {
    /// Does this, unless everything has ended.
    pub(super) fn spawn(&self, job: impl Future<Output = ()> + Send + 'static) {
        // Nobody is left who would wait for it.
        let _ = self.jobs.send(Box::pin(job));
    }

    /// Delivers a message after this time. `deliver` says whether it was taken.
    pub(super) fn deliver<F, Done>(&self, queue: &str, body: String, delay: Duration, deliver: F)
    where
        F: Fn(String, u32) -> Done + Send + Sync + 'static,
        Done: Future<Output = bool> + Send + 'static,
    {
        let (queue, dead) = (queue.to_owned(), Arc::clone(&self.dead));
        self.spawn(async move {
            tokio::time::sleep(delay).await;
            for time in 1..=TIMES {
                if deliver(body.clone(), time).await {
                    return;
                }
                tokio::time::sleep(AGAIN).await;
            }
            lock(&dead).push(Dead { queue, body });
        });
    }

    /// What was put aside.
    pub(super) fn dead(&self) -> Vec<Dead> {
        lock(&self.dead).clone()
    }
}

fn lock(dead: &Mutex<Vec<Dead>>) -> MutexGuard<'_, Vec<Dead>> {
    dead.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How often a message is delivered: `maxDequeueCount` of the Functions host, and what a queue's redrive
/// policy is to say.
const TIMES: u32 = 5;

/// How long a message is out of sight that was not taken; seconds, where a deployment takes minutes.
const AGAIN: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn what_fails_comes_again_and_what_fails_always_is_put_aside() {
        let background = Background::start();
        let handle = background.handle();
        let counts: [Arc<AtomicU32>; 2] = Default::default();
        for (count, taken_at) in counts.iter().zip([2, u32::MAX]) {
            let count = Arc::clone(count);
            let body = taken_at.to_string();
            handle.deliver("approvals", body, Duration::ZERO, move |_, time| {
                count.store(time, Ordering::SeqCst);
                async move { time >= taken_at }
            });
        }
        while handle.dead().is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let dead = Dead { queue: "approvals".into(), body: u32::MAX.to_string() };
        assert_eq!(handle.dead(), [dead]);
        assert_eq!(counts.map(|count| count.load(Ordering::SeqCst)), [2, TIMES]);
    }

    #[tokio::test]
    async fn what_is_under_way_ends_with_its_owner() {
        let background = Background::start();
        let handle = background.handle();
        let (said, mut heard) = mpsc::channel::<()>(1);
        handle.spawn(async move {
            std::future::pending::<()>().await;
            drop(said);
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        drop(background);
        assert_eq!(heard.recv().await, None, "its half of the channel is gone with it");
    }
}
