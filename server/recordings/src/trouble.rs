//! Why the place did not do what was asked.

use std::error::Error;
use std::fmt;
use std::io;
use std::io::ErrorKind::{FileTooLarge, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};

use protocol::socket::NotKept;

/// Why the place did not do what was asked: a kind for visitors, a sentence for the operator.
#[derive(Clone, Debug)]
pub struct Trouble {
    /// What visitors are told.
    pub kind: NotKept,
    detail: String,
}

impl Trouble {
    /// Of this kind.
    pub fn new(kind: NotKept, detail: impl Into<String>) -> Self {
        Trouble { kind, detail: detail.into() }
    }

    /// What the system says of a file.
    pub(crate) fn of(name: &str, error: &io::Error) -> Self {
        Trouble::new(kind(error), format!("{name}: {error}"))
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl Error for Trouble {}

impl From<object_store::Error> for Trouble {
    fn from(error: object_store::Error) -> Self {
        use object_store::Error::{PermissionDenied, Unauthenticated};
        let kind = match (&error, root(&error)) {
            (PermissionDenied { .. } | Unauthenticated { .. }, _) => NotKept::ReadOnly,
            (_, Some(cause)) => kind(cause),
            _ => NotKept::Unreachable,
        };
        Trouble::new(kind, error.to_string())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::new(kind(&error), error.to_string())
    }
}

/// The system's own error, below those of the libraries.
fn root<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a io::Error> {
    error.downcast_ref().or_else(|| root(error.source()?))
}

fn kind(error: &io::Error) -> NotKept {
    match error.kind() {
        // A limit to a file's length (RLIMIT_FSIZE) is a kind of full disk, too.
        StorageFull | QuotaExceeded | FileTooLarge => NotKept::Full,
        PermissionDenied | ReadOnlyFilesystem => NotKept::ReadOnly,
        _ => NotKept::Unreachable,
    }
}
