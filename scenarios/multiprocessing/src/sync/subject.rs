//! What an observer hears of the objects that processes wait for.

use protocol::event::{ProgramEvent, SyncKind, SyncObject};
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::probe::{self, Line};

/// The object as events speak of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Subject {
    object: u64,
    kind: SyncKind,
    name: String,
}

impl Subject {
    /// A new object of a class, as `Lock-1`.
    pub(crate) fn of_class(kind: SyncKind, class: &str) -> Result<Subject> {
        let object = crate::ids::counters()?.object(kind);
        Ok(Subject { object, kind, name: format!("{class}-{object}") })
    }

    /// Its number among the objects of its kind.
    pub(crate) fn object(&self) -> u64 {
        self.object
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn set_name(&mut self, name: impl Into<String>) {
        self.name = name.into();
    }

    /// One call of a method, made from `line`.
    pub(crate) fn call(&self, line: Line) -> Call<'_> {
        Call { subject: self, line }
    }
}

/// What becomes of a call that may wait.
pub(crate) trait Tell: Copy {
    /// It has to wait.
    fn waiting(self) {}
    /// It has what it wants.
    fn acquired(self) {}
    /// It gives back, or lets others go on.
    fn released(self) {}
    /// It waits no longer, in vain; `waited` says whether it said [`waiting`](Self::waiting) before.
    fn gives_up(self, _waited: bool) {}
    /// It stands on its line, and nothing else is to be told.
    fn passes(self) {}
}

/// Nothing is worth telling.
#[derive(Clone, Copy)]
pub(crate) struct Silence;

impl Tell for Silence {}

/// One call, told to who watches, if anybody does.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    subject: &'a Subject,
    line: Line,
}

impl Tell for Call<'_> {
    fn waiting(self) {
        self.tell(ProgramEvent::SyncWaiting);
    }

    fn acquired(self) {
        self.tell(ProgramEvent::SyncAcquired);
    }

    fn released(self) {
        self.tell(ProgramEvent::SyncReleased);
    }

    fn gives_up(self, waited: bool) {
        match waited {
            true => self.tell(ProgramEvent::SyncTimeout),
            false => self.passes(),
        }
    }

    fn passes(self) {
        probe::line_reached(self.line);
    }
}

impl Call<'_> {
    #[inline]
    fn tell(self, event: fn(SyncObject) -> ProgramEvent) {
        if probe::on() {
            self.send(event);
        }
    }

    #[inline(never)]
    fn send(self, event: fn(SyncObject) -> ProgramEvent) {
        let Subject { object, kind, ref name } = *self.subject;
        probe::send(Some(self.line), event(SyncObject { object, name: probe::brief(name), kind }));
    }
}
