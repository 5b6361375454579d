//! What processes wrote and said, in its place among what the kernel did.
//!
//! Nearly everything that the kernel does is told before anybody goes on who can know it. Two things
//! are done first and told afterwards: a process becomes a zombie (a pidfd, `/proc` and its children's
//! `getppid` say so), and a parent's wait frees its number (signal 0 and another thread's wait say
//! so). But whoever knows can show it only by something that is heard here. So between hearing
//! and recording the kernel is asked what is true by now ([`crate::family::Family::look`]).

use protocol::event::ProgramMessage;

use crate::channels::Heard;
use crate::run::Run;

impl Run {
    /// Hears everything that was written and said until now, and records it after what its speakers
    /// can have known.
    pub(crate) fn drain(&mut self) {
        let heard = self.channels.drain();
        self.family.look(&self.kin, &mut self.log);
        self.forget_reaped();
        heard.into_iter().for_each(|heard| self.hear(heard));
    }

    fn hear(&mut self, heard: Heard) {
        let Run { lines, quota, log, family, .. } = self;
        match heard {
            Heard::Output(pid, stream, bytes) if family.is_alive(pid) => {
                lines.push(pid, stream, &bytes, |line| quota.output(pid, stream, line, log))
            }
            Heard::Output(_, _, bytes) => {
                quota.rejected(None, "written by no process of this run".into(), bytes.len() as u64, log)
            }
            Heard::Message(pid, bytes, length) => {
                let member = Some(pid).filter(|pid| family.is_alive(*pid));
                match (member, parse(&bytes, length)) {
                    (Some(pid), Ok(message)) => quota.message(pid, message, log),
                    (Some(pid), Err(reason)) => quota.rejected(Some(pid), reason, length as u64, log),
                    (None, _) => {
                        quota.rejected(None, "sent by no process of this run".into(), length as u64, log)
                    }
                }
            }
        }
    }
}

fn parse(bytes: &[u8], length: usize) -> Result<ProgramMessage, String> {
    if length > bytes.len() {
        return Err(format!("longer than {} bytes", bytes.len()));
    }
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}
