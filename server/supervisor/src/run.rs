//! One run from its first event to its last.
//!
//! A loop: take what `wait4(2)` reports, look at the clock, write the log, wait for the next
//! thing. What a report means is [`crate::observer`]'s, how a run is brought to its end
//! [`crate::ending`]'s. It ends when the kernel says that no child is left (`ECHILD`): the
//! supervisor is the subreaper of all, so nobody can have slipped away.

use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use protocol::event::{Outcome, RunFinished};
use protocol::{Command, Job, Pid, SupervisorEvent};
use rustix::event::epoll::EventFlags;

use crate::channels::Channels;
use crate::child::HalfMade;
use crate::commands::Commands;
use crate::degraded::Scanner;
use crate::descriptors::Descriptors;
use crate::ending::Ending;
use crate::execs::Images;
use crate::family::Family;
use crate::kin::Kin;
use crate::leftovers::Leftovers;
use crate::lines::Lines;
use crate::log::Log;
use crate::parked::Parked;
use crate::poller::{Poller, Ready};
use crate::ptrace;
use crate::quota::Quota;
use crate::rundir::RunDir;
use crate::sampler::Sampler;

/// Reports taken before the clock and the commands get their turn.
const BURST: usize = 64;

/// One run.
pub struct Run {
    pub(crate) job: Job,
    pub(crate) log: Log,
    pub(crate) quota: Quota,
    pub(crate) family: Family,
    pub(crate) kin: Kin,
    pub(crate) images: Images,
    pub(crate) lines: Lines,
    pub(crate) channels: Channels,
    pub(crate) parked: Parked,
    pub(crate) poller: Poller,
    pub(crate) descriptors: Descriptors,
    pub(crate) commands: Commands,
    pub(crate) ending: Ending,
    pub(crate) sampler: Sampler,
    pub(crate) first: HalfMade,
    /// Looks for processes where the kernel does not report them; `None` when it does.
    pub(crate) scanner: Option<Scanner>,
    pub(crate) directory: RunDir,
    pub(crate) leftovers: Leftovers,
    /// Held as long as the run lives.
    pub(crate) _user: Option<sandbox::user::Held>,
}

impl Run {
    /// Watches the run until nobody is left, and writes its last event.
    pub fn conduct(mut self) -> ExitCode {
        if let Err(error) = self.watch() {
            self.kill(Outcome::Failed, format!("the supervisor failed: {error}"));
            // Nothing can be waited for any more but the end, and everybody is being killed.
            while let Ok(Some(_)) = self.take_reports() {
                std::thread::yield_now();
            }
        }
        self.drain();
        drop(self.directory);
        self.leftovers.remove();
        finish(&mut self.log, &mut self.quota, &self.family, self.ending)
    }

    fn watch(&mut self) -> io::Result<()> {
        // Standard input or output may be a plain file: then there is nothing to wait for.
        if self.poller.add(rustix::stdio::stdin(), Ready::Command, EventFlags::IN).is_err() {
            self.commands.read();
        }
        let _ = self.poller.add(rustix::stdio::stdout(), Ready::Log, EventFlags::OUT | EventFlags::ET);
        for fd in self.channels.descriptors() {
            self.poller.add(fd, Ready::Channel, EventFlags::IN)?;
        }
        // Commands that came with the job were read with it, and nothing tells of them again.
        self.obey_commands();
        loop {
            if self.log.is_full() && !self.ending.is_killing() {
                self.stand_still()?;
                continue;
            }
            let Some(more) = self.take_reports()? else { return Ok(()) };
            if !more {
                self.adopt_orphans();
            }
            self.look_at_the_clock();
            let timeout = self.timeout(more);
            for ready in self.poller.wait(Some(timeout))? {
                self.serve(ready);
            }
        }
    }

    /// Whether there may be more; `None` when nobody is left.
    fn take_reports(&mut self) -> io::Result<Option<bool>> {
        for _ in 0..BURST {
            match ptrace::next() {
                Ok(Some(report)) => {
                    self.report(report);
                    self.check_event_limit();
                }
                Ok(None) => return Ok(Some(false)),
                Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(None),
                Err(error) => return Err(error),
            }
        }
        Ok(Some(true))
    }

    /// How long nothing may happen. Writes the log when its lines have waited for company long enough.
    fn timeout(&mut self, more: bool) -> Duration {
        let mut timeout = match more {
            true => Duration::ZERO,
            false => self.next_deadline().saturating_duration_since(Instant::now()),
        };
        if self.log.has_waiting() {
            match self.log.patience() {
                Duration::ZERO => self.log.flush(),
                patience => timeout = timeout.min(patience),
            }
        }
        timeout
    }

    fn next_deadline(&self) -> Instant {
        let scan = self.scanner.as_ref().map(Scanner::next_scan);
        let tick = scan.map_or(self.sampler.next_tick(), |scan| scan.min(self.sampler.next_tick()));
        self.ending.deadline(self.wall()).map_or(tick, |deadline| deadline.min(tick))
    }

    /// When the wall clock runs out.
    pub(crate) fn wall(&self) -> Instant {
        self.log.begun() + Duration::from_millis(self.job.limits.wall_ms)
    }

    fn serve(&mut self, ready: Ready) {
        match ready {
            Ready::Signal => {
                if self.poller.signals() {
                    self.stop("the supervisor was asked to end".into());
                }
            }
            Ready::Command => self.read_commands(),
            Ready::Channel => {
                if self.scanner.is_some() {
                    self.scan();
                }
                self.drain();
                self.channels.close_finished();
            }
            Ready::Log => self.log.flush(),
            Ready::Process(pid) => self.process_ready(pid),
        }
    }

    fn read_commands(&mut self) {
        self.commands.read();
        self.obey_commands();
        if self.commands.is_closed() {
            self.poller.remove(rustix::stdio::stdin());
            self.stop("the server is gone".into());
        }
    }

    fn obey_commands(&mut self) {
        while let Some(command) = self.commands.next() {
            self.obey(command);
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Stop { reason } => self.stop(reason),
            Command::Signal { pid, signal } => self.visitor_signal(pid, signal),
        }
    }

    /// The log's reader is slow: nothing is taken from the run until it has read. Commands,
    /// the supervisor's own signals and the wall clock still count.
    fn stand_still(&mut self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, poll};
        let (input, output) = (rustix::stdio::stdin(), rustix::stdio::stdout());
        let mut polled = [
            PollFd::from_borrowed_fd(output, PollFlags::OUT),
            PollFd::new(&self.poller.signals, PollFlags::IN),
            PollFd::from_borrowed_fd(input, PollFlags::IN),
        ];
        let listened = if self.commands.is_closed() { 2 } else { 3 };
        let left =
            self.next_deadline().saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let left = rustix::event::Timespec {
            tv_sec: left.as_secs() as i64,
            tv_nsec: i64::from(left.subsec_nanos()),
        };
        match poll(&mut polled[..listened], Some(&left)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let [_, signal, command] = polled.map(|polled| !polled.revents().is_empty());
        if signal {
            self.serve(Ready::Signal);
        }
        if command {
            self.serve(Ready::Command);
        }
        self.log.flush();
        self.look_at_the_clock();
        Ok(())
    }

    /// Whether this is the pid of the run's first process.
    pub(crate) fn is_first(&self, pid: Pid) -> bool {
        self.first.pid == pid
    }
}

/// Writes the last event and everything that still waits.
pub fn finish(log: &mut Log, quota: &mut Quota, family: &Family, ending: Ending) -> ExitCode {
    quota.finish(log);
    let (outcome, reason) = ending.verdict();
    let completed = outcome == Outcome::Completed;
    let finished = RunFinished {
        outcome,
        reason,
        duration_us: log.elapsed_us(),
        processes: family.count(),
        events: log.len() + 1,
    };
    log.supervisor(None, SupervisorEvent::RunFinished(finished));
    log.finish();
    if completed { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
