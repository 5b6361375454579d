//! The place itself: a directory or a bucket, by one interface.
//!
//! A directory is ours alone (0700), because a run is another user's and must not read the others'. What
//! a writer that was killed left half-written in it (`NAME#1`) is nobody's file: it has no name that is
//! looked for, and is swept when it is an hour old. By then no writer of another server holds it any more.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path as FilePath, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientConfigKey, GetResult, ObjectStore, ObjectStoreExt, RetryConfig};
use protocol::socket::NotKept;

use crate::place::Place;
use crate::terms::Entry;
use crate::trouble::Trouble;

/// Below the directory that was named: it is made by us, whoever made that one.
const FOLDER: &str = "runs";

const SUFFIX: &str = ".recording";

/// A bucket that does not answer for so long will not.
const REQUEST_WITHIN: &str = "10 s";

/// For so long a request to a bucket that fails is tried again.
const RETRY_FOR: Duration = Duration::from_secs(20);

/// A half-written file of that age has no writer any more.
const LEFT_AFTER: Duration = Duration::from_secs(60 * 60);

/// An open place.
#[derive(Clone)]
pub struct Shelf {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    directory: Option<PathBuf>,
}

impl Shelf {
    /// Opens the place; a directory is made if it is not there.
    ///
    /// # Errors
    /// The directory cannot be had, or the bucket's name or what the environment says of it is no good.
    pub fn open(place: &Place) -> Result<Self, Trouble> {
        match place {
            Place::Directory(path) => directory(path),
            Place::Bucket(url) => bucket(url),
        }
    }

    /// Writes a file, in the place of what may have had its name. When this is done it is there to stay.
    ///
    /// # Errors
    /// It is not written; what had its name is still there.
    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), Trouble> {
        self.store.put(&self.path(name), bytes.into()).await?;
        Ok(())
    }

    /// Reads a file, and when it was written. `None` where there is none of this name.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn get(&self, name: &str, max_bytes: u64) -> Result<Option<(Vec<u8>, SystemTime)>, Trouble> {
        let found: GetResult = match self.store.get(&self.path(name)).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        if found.meta.size > max_bytes {
            return Err(Trouble::new(NotKept::Unreachable, format!("{name} has {} bytes", found.meta.size)));
        }
        let at = found.meta.last_modified.into();
        Ok(Some((found.bytes().await?.into(), at)))
    }

    /// How long a file is, if it is there.
    ///
    /// # Errors
    /// It cannot be told.
    pub async fn length(&self, name: &str) -> Result<Option<u64>, Trouble> {
        match self.store.head(&self.path(name)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file, if it is there.
    ///
    /// # Errors
    /// It is there and cannot be removed.
    pub async fn remove(&self, name: &str) -> Result<(), Trouble> {
        match self.store.delete(&self.path(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// All files. Those that are not ours are left out.
    ///
    /// # Errors
    /// They cannot be listed.
    pub async fn list(&self) -> Result<Vec<Entry<String>>, Trouble> {
        let files = self.store.list(Some(&self.prefix));
        let ours = files.try_filter_map(|file| async move {
            let name = file.location.filename().and_then(|name| name.strip_suffix(SUFFIX));
            let entry =
                |name: &str| Entry { at: file.last_modified.into(), name: name.to_owned(), bytes: file.size };
            Ok(name.map(entry))
        });
        // A file can go while it is being listed: another server's hand, or an owner's.
        let there = ours.filter(|file| {
            let is_gone = matches!(file, Err(object_store::Error::NotFound { .. }));
            async move { !is_gone }
        });
        Ok(there.try_collect().await?)
    }

    /// Removes what writers that were killed left half-written.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn sweep(&self, now: SystemTime) -> io::Result<()> {
        let Some(directory) = &self.directory else { return Ok(()) };
        for entry in fs::read_dir(directory)? {
            let entry = entry?;
            // What is gone by now need not be removed.
            let Ok(at) = entry.metadata().and_then(|data| data.modified()) else { continue };
            let is_left = now.duration_since(at).is_ok_and(|age| age >= LEFT_AFTER);
            if is_left && is_half_written(&entry.path()) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn path(&self, name: &str) -> Path {
        self.prefix.clone().join(format!("{name}{SUFFIX}"))
    }
}

/// As `object_store` calls what it will rename: the name, `#`, a number.
fn is_half_written(path: &FilePath) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let parts = name.and_then(|name| name.rsplit_once('#'));
    parts.is_some_and(|(name, number)| name.ends_with(SUFFIX) && number.parse::<u64>().is_ok())
}

fn directory(path: &FilePath) -> Result<Shelf, Trouble> {
    let folder = path.join(FOLDER);
    let refused = |error: io::Error| Trouble::of(&folder.display().to_string(), &error);
    DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(refused)?;
    let is_ours_alone = fs::metadata(&folder).map_err(refused)?.permissions().mode() & 0o077 == 0;
    if !is_ours_alone {
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).map_err(refused)?;
    }
    let store = LocalFileSystem::new_with_prefix(&folder)?.with_fsync(true);
    Ok(Shelf { store: Arc::new(store), prefix: Path::default(), directory: Some(folder) })
}

fn bucket(url: &str) -> Result<Shelf, Trouble> {
    // What speaks TLS must be said once; that it was said before is no fault.
    drop(rustls::crypto::ring::default_provider().install_default());
    let retry = RetryConfig { backoff: BackoffConfig::default(), max_retries: 5, retry_timeout: RETRY_FOR };
    let (_, path) = url.split_once("://").unwrap_or_default();
    let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
    let store = AmazonS3Builder::from_env()
        .with_bucket_name(bucket)
        .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), REQUEST_WITHIN)
        .with_retry(retry)
        .build()?;
    let prefix = Path::parse(prefix.trim_matches('/')).map_err(object_store::Error::from)?;
    Ok(Shelf { store: Arc::new(store), prefix, directory: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_half_written_recordings_are_swept_and_only_old_ones() {
        let place = tempfile::tempdir().unwrap();
        let shelf = Shelf::open(&Place::Directory(place.path().into())).unwrap();
        let folder = place.path().join(FOLDER);
        for name in ["a.recording#1", "a.recording", "notes#1", "a.recording#b"] {
            fs::write(folder.join(name), "x").unwrap();
        }
        let names = || {
            let mut names: Vec<_> =
                fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        shelf.sweep(SystemTime::now()).unwrap();
        assert_eq!(names().len(), 4, "a writer may be at it");
        shelf.sweep(SystemTime::now() + LEFT_AFTER).unwrap();
        assert_eq!(names(), ["a.recording", "a.recording#b", "notes#1"]);
    }

    #[test]
    fn others_cannot_enter_the_directory_even_if_it_was_there() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join(FOLDER);
        for _ in 0..2 {
            Shelf::open(&Place::Directory(place.path().into())).unwrap();
            assert_eq!(fs::metadata(&folder).unwrap().permissions().mode() & 0o777, 0o700);
            fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        }
    }
}
