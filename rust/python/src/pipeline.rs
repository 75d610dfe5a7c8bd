//! Pipeline: several threads work without the interpreter, between what is taken from Python and
//! what is given to it.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use pyo3::prelude::*;

/// Take jobs, do them on `threads` threads, give their results in the order of the jobs.
///
/// `take` and `give` run here, with the interpreter; `work` runs without it, here and on the other
/// threads. Signals are looked at after each result, so that Ctrl-C stops long work.
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
        loop {
            if let Some(result) = shared.result(given) {
                given += 1;
                give(result.unwrap_or_else(|panic| resume_unwind(panic)))?;
                py.check_signals()?;
            } else if !exhausted && taken - given < threads * AHEAD {
                let Some(job) = take() else {
                    exhausted = true;
                    continue;
                };
                shared.offer(taken, job);
                taken += 1;
                // A thread that cannot start is done without.
                if others < threads.min(taken) - 1 {
                    let started = thread::Builder::new();
                    let started = started.spawn_scoped(scope, || shared.work_until_closed(work));
                    others += usize::from(started.is_ok());
                }
            } else if given < taken {
                py.detach(|| shared.work_or_wait(work, given));
            } else {
                return Ok(());
            }
        }
    })
}

/// How many jobs are taken ahead of the next result, for each thread: enough that none waits, few
/// enough that little memory is held.
const AHEAD: usize = 4;

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
