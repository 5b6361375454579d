//! System calls that are refused, and system calls at which the tracer is asked, `seccomp(2)`.
//!
//! Refused is what would escape the observer or attack it; the full list of what a
//! scenario may call comes with the full sandbox. A filter has one answer, so there
//! is one filter an answer; the kernel takes the strictest.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};

use crate::{Failure, Layer};

/// At which system calls the tracer is asked, `SECCOMP_RET_TRACE`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// None: without a tracer each of them would fail with `ENOSYS`.
    Nothing,
    /// Waiting for children, killing, cloning with another parent.
    Lives,
    /// These, and writing to standard output and standard error.
    LivesAndOutput,
}

/// Filters ready to be applied.
pub struct Filters(Vec<BpfProgram>);

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

impl Filters {
    /// Compiles the filters for this machine; with `names`, the tracer is also asked when a file may be made.
    ///
    /// # Errors
    /// `ENOSYS` on a processor that the compiler does not know.
    pub fn compile(ask: Ask, names: bool) -> Result<Self, Failure> {
        let mut filters = vec![
            program(refused(), SeccompAction::Errno(libc::EPERM as u32))?,
            program(unknown(), SeccompAction::Errno(libc::ENOSYS as u32))?,
        ];
        let mut asked = match ask {
            Ask::Nothing => return Ok(Filters(filters)),
            Ask::Lives => lives(),
            Ask::LivesAndOutput => lives().into_iter().chain(output()).collect(),
        };
        if names {
            asked.extend(makers());
        }
        filters.push(program(asked, SeccompAction::Trace(0))?);
        Ok(Filters(filters))
    }

    /// Applies them to the calling process and all its descendants.
    ///
    /// # Errors
    /// `EINVAL` where the kernel has no seccomp.
    pub fn apply(&self) -> Result<(), Failure> {
        let apply = |filter| seccompiler::apply_filter(filter).map_err(|_| Failure::last(Layer::Seccomp));
        self.0.iter().try_for_each(|filter| apply(filter))
    }
}

fn program(rules: Rules, answer: SeccompAction) -> Result<BpfProgram, Failure> {
    let refused = |_| Failure { layer: Layer::Seccomp, errno: libc::ENOSYS };
    let arch = std::env::consts::ARCH.try_into().map_err(refused)?;
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, answer, arch).map_err(refused)?;
    filter.try_into().map_err(refused)
}

/// Answered with `EPERM`.
fn refused() -> Rules {
    let new_user = libc::CLONE_NEWUSER as u64;
    Rules::from([
        // A child that no tracer sees could lie about everything.
        (libc::SYS_clone, vec![flag(0, libc::CLONE_UNTRACED as u64), flag(0, new_user)]),
        // In a user namespace of one's own one is root and can forge SCM_CREDENTIALS.
        (libc::SYS_unshare, vec![flag(0, new_user)]),
        (libc::SYS_setns, vec![]),
        // A process has one tracer, and it is the supervisor.
        (libc::SYS_ptrace, vec![]),
        (libc::SYS_process_vm_writev, vec![]),
        (libc::SYS_pidfd_getfd, vec![]),
        // Its requests run where no filter sees them.
        (libc::SYS_io_uring_setup, vec![]),
        (libc::SYS_io_uring_enter, vec![]),
        (libc::SYS_io_uring_register, vec![]),
    ])
}

/// Answered with `ENOSYS`, so that callers take the older way.
fn unknown() -> Rules {
    // The flags of clone3 lie in memory, where no filter can see them.
    let mut rules = Rules::from([(libc::SYS_clone3, vec![])]);
    if cfg!(target_arch = "x86_64") {
        // A kernel with the x32 ABI knows each call by a second number, which the other
        // rules would let pass; from 512 on are those that have a number of their own there.
        const X32: i64 = 0x4000_0000;
        let twins = [refused(), lives(), output(), makers()].into_iter().flat_map(Rules::into_keys);
        rules.extend(twins.chain(512..548).map(|number| (X32 | number, vec![])));
    }
    rules
}

fn lives() -> Rules {
    let kill = libc::SIGKILL as u64;
    Rules::from([
        (libc::SYS_wait4, vec![]),
        (libc::SYS_waitid, vec![]),
        // SIGKILL reaches nobody's signal handling, so its sender is seen only here.
        (libc::SYS_kill, vec![equal(1, kill)]),
        (libc::SYS_tkill, vec![equal(1, kill)]),
        (libc::SYS_tgkill, vec![equal(2, kill)]),
        (libc::SYS_pidfd_send_signal, vec![equal(1, kill)]),
        // The caller is not the parent of such a child.
        (libc::SYS_clone, vec![flag(0, libc::CLONE_PARENT as u64)]),
    ])
}

fn output() -> Rules {
    let calls = [
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_pwritev2,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendfile,
    ];
    calls.into_iter().map(|call| (call, vec![equal(0, 1), equal(0, 2)])).collect()
}

/// Giving a file a name: opening it with `O_CREAT`, or linking it.
fn makers() -> Rules {
    let creates = libc::O_CREAT as u64;
    let mut rules = Rules::from([(libc::SYS_openat, vec![flag(2, creates)]), (libc::SYS_linkat, vec![])]);
    #[cfg(target_arch = "x86_64")]
    rules.extend([(libc::SYS_open, vec![flag(1, creates)]), (libc::SYS_link, vec![])]);
    rules
}

/// Which argument of a call that the tracer is asked about is the name that it gives to a file.
pub fn name_argument(call: i64) -> Option<usize> {
    match call {
        libc::SYS_openat => Some(1),
        libc::SYS_linkat => Some(3),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_open => Some(0),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_link => Some(1),
        _ => None,
    }
}

/// Matches when argument `index` is `value`; the kernel's int arguments have 32 bits.
fn equal(index: u8, value: u64) -> SeccompRule {
    rule(SeccompCondition::new(index, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value))
}

/// Matches when all bits of `bits` are set in argument `index`.
fn flag(index: u8, bits: u64) -> SeccompRule {
    rule(SeccompCondition::new(index, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(bits), bits))
}

fn rule(condition: Result<SeccompCondition, seccompiler::BackendError>) -> SeccompRule {
    condition
        .and_then(|condition| SeccompRule::new(vec![condition]))
        .expect("the argument numbers above are below 6 and no rule is empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_of_filters_compiles_on_this_machine() {
        for (ask, count) in [(Ask::Nothing, 2), (Ask::Lives, 3), (Ask::LivesAndOutput, 3)] {
            for names in [false, true] {
                assert_eq!(Filters::compile(ask, names).unwrap().0.len(), count);
            }
        }
    }

    #[test]
    fn every_call_that_names_a_file_has_a_name_among_its_arguments() {
        assert!(makers().into_keys().all(|call| name_argument(call).is_some()));
    }
}
