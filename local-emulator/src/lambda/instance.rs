//! One process of the function, from its start to its end.

use std::{
    pin::pin,
    process::ExitStatus,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::body::Bytes;
use time::OffsetDateTime;
use tokio::{
    sync::{mpsc, oneshot},
    time::{sleep, sleep_until},
};
use uuid::Uuid;

use super::{
    Config, environment,
    runtime_api::{self, Call, Given, Verdict},
    seat::Seat,
};
use crate::{
    front::Front,
    process::{self, Process, Program},
};

/// One event that wants an answer. Dropped unanswered, it goes to another instance: so it is
/// answered, or failed, from the moment on at which the function may have seen it.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) request_id: String,
    pub(super) event: Bytes,
    pub(super) answer: oneshot::Sender<Result<Bytes, Failure>>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("its instance ended with {0}")]
    Exited(ExitStatus),
    #[error("the function reported {kind}: {message}")]
    Function { kind: String, message: String },
    #[error("the function could not initialise, {kind}: {message}")]
    Init { kind: String, message: String },
    #[error("the function did not poll within {0:?}")]
    InitTimeout(Duration),
    #[error("the answer is longer than {0} bytes")]
    Long(usize),
    #[error("the runtime API cannot listen: {0}")]
    Port(std::io::Error),
    #[error("no process: {0}")]
    Process(process::Error),
    #[error("task timed out after {0:?}")]
    Timeout(Duration),
    #[error("the function polled again without an answer")]
    Unanswered,
}

/// Starts a process and has it work on jobs until it ends, or is ended.
pub(super) async fn run(config: Arc<Config>, seat: Arc<Seat>, mut jobs: mpsc::Receiver<Job>) {
    match Running::start(&config, &seat).await {
        Ok(running) => running.work(&mut jobs).await,
        Err(failure) => fail(&mut jobs, failure),
    }
    seat.measure();
    seat.end();
    // Here the process is dropped and thereby killed, and a job that waits goes to somebody else.
}

/// Where the function waits for its next event.
type Poll = oneshot::Sender<Given>;

struct Running<'a> {
    config: &'a Config,
    seat: &'a Seat,
    process: Process,
    calls: mpsc::Receiver<Call>,
    _api: Front,
}

impl<'a> Running<'a> {
    async fn start(config: &'a Config, seat: &'a Seat) -> Result<Self, Failure> {
        let (api, calls) = runtime_api::open().await.map_err(Failure::Port)?;
        let number = seat.about().number;
        let program = Program {
            name: format!("{}#{number}", config.name),
            path: config.program.clone(),
            args: Vec::new(),
            env: environment::of(config, number, api.address()),
            folder: config.program.parent().map(Into::into),
            log: config.log.clone(),
        };
        let process = program.start().map_err(Failure::Process)?;
        if !seat.attach(process.handle()) {
            process.kill();
        }
        Ok(Self { config, seat, process, calls, _api: api })
    }

    async fn work(mut self, jobs: &mut mpsc::Receiver<Job>) {
        let mut poll = match self.first_poll().await {
            Ok(poll) => poll,
            Err(failure) => return fail(jobs, failure),
        };
        while let Some(job) = self.next_job(jobs, &mut poll).await {
            match self.invoke(job, poll).await {
                Some(next) => poll = next,
                None => return,
            }
        }
    }

    async fn first_poll(&mut self) -> Result<Poll, Failure> {
        let within = self.config.init_timeout;
        match self.heard(Instant::now() + within).await {
            Heard::Call(Call::Next { poll, at }) => {
                self.seat.polled(at);
                Ok(poll)
            }
            Heard::Call(Call::InitError { kind, message }) => Err(Failure::Init { kind, message }),
            Heard::Call(_) => Err(Failure::Unanswered),
            Heard::Exit(status) => Err(Failure::Exited(status)),
            Heard::Late => Err(Failure::InitTimeout(within)),
        }
    }

    /// The next job; frozen while there is none. `None` when there will be none.
    async fn next_job(&mut self, jobs: &mut mpsc::Receiver<Job>, poll: &mut Poll) -> Option<Job> {
        if let Ok(job) = jobs.try_recv() {
            return Some(job);
        }
        self.seat.measure();
        self.process.freeze();
        let mut end = pin!(idle(self.config.idle));
        let job = loop {
            tokio::select! {
                job = jobs.recv() => break job,
                _ = self.process.exited() => break None,
                () = &mut end => break None,
                // Somebody let it run, and its client lost patience.
                Some(Call::Next { poll: again, .. }) = self.calls.recv() => *poll = again,
            }
        };
        self.process.thaw();
        job.filter(|_| self.process.alive())
    }

    /// Has one job answered. Returns where the function waits for the next; `None` when the process
    /// is of no more use.
    async fn invoke(&mut self, job: Job, poll: Poll) -> Option<Poll> {
        let deadline = Instant::now() + self.config.timeout;
        poll.send(self.given(&job)).ok()?;
        let answer = self.answer(&job.request_id, deadline).await;
        let usable = matches!(&answer, Ok(_) | Err(Failure::Function { .. } | Failure::Long(_)));
        if usable {
            self.seat.answered(Instant::now());
        } else {
            self.seat.end();
            self.process.kill();
        }
        // The caller may have gone; the answer was due all the same.
        let _ = job.answer.send(answer);
        if usable { self.polled_again(deadline).await } else { None }
    }

    fn given(&self, job: &Job) -> Given {
        let timeout = i64::try_from(self.config.timeout.as_millis()).unwrap_or(i64::MAX);
        let now = OffsetDateTime::now_utc().unix_timestamp();
        let now_ms = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        let now_ms = i64::try_from(now_ms).unwrap_or(i64::MAX);
        let root = Uuid::new_v4().simple().to_string();
        Given {
            request_id: job.request_id.clone(),
            deadline_ms: now_ms.saturating_add(timeout),
            arn: environment::arn(self.config),
            trace_id: format!("Root=1-{now:08x}-{};Sampled=0", root.get(..24).unwrap_or_default()),
            event: job.event.clone(),
        }
    }

    async fn answer(&mut self, request_id: &str, deadline: Instant) -> Result<Bytes, Failure> {
        loop {
            let call = match self.heard(deadline).await {
                Heard::Call(call) => call,
                Heard::Exit(status) => return Err(Failure::Exited(status)),
                Heard::Late => return Err(Failure::Timeout(self.config.timeout)),
            };
            if let Some(answer) = judge(call, request_id) {
                return answer;
            }
        }
    }

    /// A function may work on after its answer, within the time of the invocation.
    async fn polled_again(&mut self, deadline: Instant) -> Option<Poll> {
        loop {
            match self.heard(deadline).await {
                Heard::Call(Call::Next { poll, .. }) => return Some(poll),
                Heard::Call(call) => refuse(call),
                Heard::Exit(status) => return self.gone(&format!("ended with {status}")),
                Heard::Late => return self.gone("timed out"),
            }
        }
    }

    fn gone(&self, why: &str) -> Option<Poll> {
        let name = format!("{}#{}", self.config.name, self.seat.about().number);
        self.config.log.push(&name, &format!("{why} after its answer"));
        None
    }

    async fn heard(&mut self, deadline: Instant) -> Heard {
        tokio::select! {
            biased;
            Some(call) = self.calls.recv() => Heard::Call(call),
            Some(status) = self.process.exited() => Heard::Exit(status),
            () = sleep_until(deadline.into()) => Heard::Late,
        }
    }
}

enum Heard {
    Call(Call),
    Exit(ExitStatus),
    Late,
}

/// What a call means for the request that runs; `None` when it is none of its business.
fn judge(call: Call, request_id: &str) -> Option<Result<Bytes, Failure>> {
    match call {
        Call::Answer { request_id: of, answer, verdict } if of == request_id => {
            let long = matches!(answer, Err(Failure::Long(_)));
            // A runtime that hung up does not want to know.
            let _ = verdict.send(if long { Verdict::Long } else { Verdict::Accepted });
            Some(answer)
        }
        Call::Next { .. } => Some(Err(Failure::Unanswered)),
        call => {
            refuse(call);
            None
        }
    }
}

fn refuse(call: Call) {
    if let Call::Answer { verdict, .. } = call {
        let _ = verdict.send(Verdict::Unknown);
    }
}

fn fail(jobs: &mut mpsc::Receiver<Job>, failure: Failure) {
    if let Ok(job) = jobs.try_recv() {
        let _ = job.answer.send(Err(failure));
    }
}

async fn idle(limit: Option<Duration>) {
    match limit {
        Some(limit) => sleep(limit).await,
        None => std::future::pending().await,
    }
}
