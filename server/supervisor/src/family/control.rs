//! Stopped and continued, one process: job control as the log tells it.
//!
//! The kernel reports a group stop once for each thread and maybe late, so stops are
//! counted by the delivery of the signal instead. Nobody reports that a process
//! was continued; there are three traces of it, in no fixed order: what a parent's
//! `wait` returned, the parent's `SIGCHLD`, and the delivery of `SIGCONT` itself. The
//! first that comes is the event; the others of the same stop are swallowed.
//!
//! Between the delivery and the stop itself the process is still to be seen running, on a busy machine
//! for long. So who looks can tell that it goes on only after its leader was reported to stand.

use libc::c_int;

/// A trace that a process was continued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Its parent's wait said so.
    Wait,
    /// Its parent gets `SIGCHLD` with `CLD_CONTINUED`.
    Child,
    /// It gets its `SIGCONT`.
    Delivery,
    /// It is stopped anew, or was seen running.
    Sight,
}

/// Where one process stands.
#[derive(Debug, Default)]
pub struct JobControl {
    stopped: bool,
    stops: u64,
    stands: bool,
    announced: Option<c_int>,
    late_child: u32,
    late_delivery: u32,
}

impl JobControl {
    /// Whether the log says that the process is stopped.
    pub fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// The number of the stop that its leader has come to: if it runs, it was continued.
    pub fn stands_in(&self) -> Option<u64> {
        self.stands.then_some(self.stops)
    }

    /// Its leader stands still.
    pub fn has_come_to_stand(&mut self) {
        self.stands = self.stopped;
    }

    /// `SIGSTOP` is about to be delivered: nothing can prevent the stop.
    pub fn stop(&mut self) {
        self.stopped = true;
        self.stops += 1;
        self.stands = false;
        self.announced = None;
        // A SIGCONT that still waits is thrown away by the kernel when a stop comes.
        self.late_child = self.late_child.min(1);
        self.late_delivery = self.late_delivery.min(1);
    }

    /// Another stop signal is about to be delivered; a handler may catch it.
    pub fn announce(&mut self, signal: c_int) {
        self.announced = Some(signal);
    }

    /// The signal that was announced, once: the first who tells of the stop takes it. `None` for a
    /// stop that was told already, by `SIGSTOP` itself, by another thread or by the parent.
    pub fn take_announced(&mut self) -> Option<c_int> {
        self.announced.take()
    }

    /// Whether this is the first evidence that the present stop is over.
    pub fn continued(&mut self, evidence: Evidence) -> bool {
        let late = match evidence {
            Evidence::Child => self.late_child.checked_sub(1).map(|left| self.late_child = left),
            Evidence::Delivery => self.late_delivery.checked_sub(1).map(|left| self.late_delivery = left),
            Evidence::Wait | Evidence::Sight => None,
        };
        if late.is_some() || !self.stopped {
            return false;
        }
        self.stopped = false;
        self.stands = false;
        self.late_child += u32::from(evidence != Evidence::Child);
        self.late_delivery += u32::from(evidence != Evidence::Delivery);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVIDENCE: [Evidence; 3] = [Evidence::Wait, Evidence::Child, Evidence::Delivery];

    #[test]
    fn one_continue_is_told_once_in_whatever_order_its_traces_come() {
        for first in EVIDENCE {
            for second in EVIDENCE.into_iter().filter(|evidence| *evidence != first) {
                let third = EVIDENCE.into_iter().find(|evidence| *evidence != first && *evidence != second);
                let mut control = JobControl::default();
                for _ in 0..3 {
                    control.stop();
                    assert!(control.continued(first));
                    assert!(!control.continued(second));
                    assert!(!control.continued(third.unwrap()));
                }
            }
        }
    }

    #[test]
    fn a_late_trace_of_a_former_stop_does_not_end_the_present_one() {
        let mut control = JobControl::default();
        control.stop();
        assert!(control.continued(Evidence::Wait));
        control.stop();
        assert!(!control.continued(Evidence::Child));
        assert!(!control.continued(Evidence::Delivery));
        assert!(control.is_stopped());
        assert!(control.continued(Evidence::Delivery));
    }

    #[test]
    fn who_is_on_the_way_into_a_stop_does_not_stand_yet() {
        let mut control = JobControl::default();
        control.has_come_to_stand();
        assert_eq!(control.stands_in(), None, "no stop was told");
        for stop in 1..=2 {
            control.stop();
            assert_eq!(control.stands_in(), None);
            control.has_come_to_stand();
            assert_eq!(control.stands_in(), Some(stop));
        }
        assert!(control.continued(Evidence::Sight));
        assert_eq!(control.stands_in(), None);
    }

    #[test]
    fn every_thread_reports_a_group_stop_and_one_report_counts() {
        let mut control = JobControl::default();
        assert_eq!(control.take_announced(), None, "nobody sent a signal");
        control.announce(libc::SIGTSTP);
        assert_eq!(control.take_announced(), Some(libc::SIGTSTP));
        control.stop();
        assert_eq!(control.take_announced(), None, "another thread");
        assert!(control.continued(Evidence::Delivery));
        assert_eq!(control.take_announced(), None, "a late thread");
    }
}
