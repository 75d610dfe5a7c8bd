//! Pipeline: several threads work without the interpreter, between what is taken from Python and
//! what is given to it.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use pyo3::prelude::*;

/// Take jobs, do them on at most `threads` threads, give their results in the order of the jobs.
///
/// `take` and `give` run here, with the interpreter; `work` runs without it, here and on the other
/// threads. Others start only when the first jobs, done here, show that they are worth it: where
/// taking and giving are nearly all of the time, threads only wait for each other. Signals are
/// looked at after each result, so that Ctrl-C stops long work.
///
/// # Errors
/// What `give` returns first, or what a signal raises. No result after it is given.
pub fn run<J: Send, R: Send>(
    py: Python<'_>,
    threads: usize,
    mut take: impl FnMut() -> Option<J>,
    work: impl Fn(J) -> R + Sync,
    mut give: impl FnMut(R) -> PyResult<()>,
) -> PyResult<()> {
    let shared = Shared { state: Mutex::new(State::default()), changed: Condvar::new() };
    thread::scope(|scope| {
        let (shared, work) = (&shared, &work);
        let _closing = Closing(shared);
        let mut others = 0;
        let (mut taken, mut given, mut exhausted) = (0, 0, false);
        let mut times = Times::default();
        loop {
            // Alone, one job after the other shows what each part of the work takes.
            let most = if others == 0 { 1 } else { AHEAD * threads };
            if let Some(result) = shared.result(given) {
                given += 1;
                let result = result.unwrap_or_else(|panic| resume_unwind(panic));
                timed(&mut times.here, || give(result))?;
                py.check_signals()?;
            } else if !exhausted && taken - given < most {
                let Some(job) = timed(&mut times.here, &mut take) else {
                    exhausted = true;
                    continue;
                };
                shared.offer(taken, job);
                taken += 1;
                // A thread that cannot start is done without.
                if others + 1 < threads && taken > ALONE && times.are_worth_a_thread() {
                    let started = thread::Builder::new();
                    let started = started.spawn_scoped(scope, || shared.work_until_closed(work));
                    others += usize::from(started.is_ok());
                }
            } else if given < taken {
                py.detach(|| timed(&mut times.work, || shared.work_or_wait(work, given)));
            } else {
                return Ok(());
            }
        }
    })
}

/// How many jobs are taken ahead of the next result, for each thread: enough that none waits, few
/// enough that little memory is held.
const AHEAD: usize = 4;

/// How many jobs are done here before others start: the first find cold memory.
const ALONE: usize = 4;

/// How long this thread took and gave, and how long it worked, or waited for others that did.
#[derive(Default)]
struct Times {
    here: Duration,
    work: Duration,
}

impl Times {
    /// Whether at least a third of the time is work that one more thread could do.
    fn are_worth_a_thread(&self) -> bool {
        2 * self.work > self.here
    }
}

/// Add to a time what a part takes.
fn timed<T>(time: &mut Duration, part: impl FnOnce() -> T) -> T {
    let begin = Instant::now();
    let result = part();
    *time += begin.elapsed();
    result
}

struct Shared<J, R> {
    state: Mutex<State<J, R>>,
    changed: Condvar,
}

struct State<J, R> {
    jobs: VecDeque<(usize, J)>,
    results: BTreeMap<usize, Finished<R>>,
    closed: bool,
}

/// A result, or the panic that it ended in.
type Finished<R> = Result<R, Box<dyn Any + Send>>;

impl<J, R> Default for State<J, R> {
    fn default() -> Self {
        State { jobs: VecDeque::new(), results: BTreeMap::new(), closed: false }
    }
}

impl<J, R> Shared<J, R> {
    fn state(&self) -> MutexGuard<'_, State<J, R>> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn offer(&self, number: usize, job: J) {
        self.state().jobs.push_back((number, job));
        self.changed.notify_all();
    }

    fn result(&self, number: usize) -> Option<Finished<R>> {
        self.state().results.remove(&number)
    }

    fn finish(&self, (number, job): (usize, J), work: &impl Fn(J) -> R) {
        let result = catch_unwind(AssertUnwindSafe(|| work(job)));
        self.state().results.insert(number, result);
        self.changed.notify_all();
    }

    /// Do jobs as they come, until there will be no more.
    fn work_until_closed(&self, work: &impl Fn(J) -> R) {
        let mut state = self.state();
        while !state.closed {
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                self.finish(job, work);
                state = self.state();
            } else {
                state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    /// Do one job; when there is none, wait for the result of job `number`.
    fn work_or_wait(&self, work: &impl Fn(J) -> R, number: usize) {
        let mut state = self.state();
        loop {
            if state.results.contains_key(&number) {
                return;
            }
            if let Some(job) = state.jobs.pop_front() {
                drop(state);
                return self.finish(job, work);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Lets the other threads end, however the work here ends.
struct Closing<'a, J, R>(&'a Shared<J, R>);

impl<J, R> Drop for Closing<'_, J, R> {
    fn drop(&mut self) {
        self.0.state().closed = true;
        self.0.changed.notify_all();
    }
}
