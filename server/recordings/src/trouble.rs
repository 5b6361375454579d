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
        Trouble::new(kind, told(&error))
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Trouble::new(kind(&error), error.to_string())
    }
}

/// What a library says, and what it says is at the bottom of it, which some leave out: `Connection refused`.
fn told(error: &(dyn Error + 'static)) -> String {
    let said = error.to_string();
    let last = bottom(error).to_string();
    if said.contains(&last) { said } else { format!("{said}: {last}") }
}

fn bottom<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    error.source().map_or(error, bottom)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_store_that_refuses_connections_is_said_to_do_so() {
        use object_store::{ObjectStoreExt, aws::AmazonS3Builder, path::Path};
        // As `shelf` does it; another test may have.
        drop(rustls::crypto::ring::default_provider().install_default());
        // The port is one's own for a moment, and then nobody's.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let store = AmazonS3Builder::new()
            .with_bucket_name("bucket")
            .with_endpoint(format!("http://127.0.0.1:{port}"))
            .with_allow_http(true)
            .with_access_key_id("any")
            .with_secret_access_key("any")
            .with_retry(object_store::RetryConfig { max_retries: 0, ..Default::default() })
            .build()
            .unwrap();
        let trouble = Trouble::from(store.head(&Path::from("x")).await.unwrap_err());
        assert_eq!(trouble.kind, NotKept::Unreachable);
        assert!(trouble.to_string().contains("Connection refused"), "{trouble}");
    }
}
