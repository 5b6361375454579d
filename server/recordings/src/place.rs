//! Where recordings are kept, as an operator writes it.

use std::fmt;
use std::path::{Path, PathBuf, absolute};
use std::str::FromStr;

/// Where recordings are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A directory of this machine.
    Directory(PathBuf),
    /// A bucket, `s3://bucket/prefix`. Region, keys and the address of a store that is not Amazon's are
    /// in the environment, as `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`.
    Bucket(String),
}

/// What an operator wrote is no place.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum NoPlace {
    /// A URL of another kind.
    #[error("{0:?} is none of: a directory, file:///DIR, s3://BUCKET/PREFIX, none")]
    Unknown(String),
    /// Nothing.
    #[error("it is empty; write none to keep no runs")]
    Empty,
}

impl FromStr for Place {
    type Err = NoPlace;

    fn from_str(text: &str) -> Result<Self, NoPlace> {
        let unknown = || NoPlace::Unknown(text.to_owned());
        match text.split_once("://") {
            Some(("s3", bucket)) if !bucket.trim_matches('/').is_empty() => {
                Ok(Place::Bucket(text.to_owned()))
            }
            Some(("file", path)) if path.starts_with('/') => Ok(Place::Directory(path.into())),
            Some(_) => Err(unknown()),
            None if text.is_empty() => Err(NoPlace::Empty),
            None => absolute(Path::new(text)).map(Place::Directory).map_err(|_| unknown()),
        }
    }
}

impl Place {
    /// Where they are kept unless told: a directory of the system's where the user is root, else one of
    /// the user's (XDG Base Directory Specification). `None` where the user has no home.
    pub fn usual(is_root: bool, variable: impl Fn(&str) -> Option<PathBuf>) -> Option<Self> {
        if is_root {
            return Some(Place::Directory("/var/lib/process-playground".into()));
        }
        // The specification wants paths that are not absolute to be ignored.
        let named = |name: &str| variable(name).filter(|path| path.is_absolute());
        let data = named("XDG_DATA_HOME").or_else(|| Some(named("HOME")?.join(".local/share")))?;
        Some(Place::Directory(data.join("process-playground")))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Directory(path) => path.display().fmt(formatter),
            Place::Bucket(url) => url.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_as_people_write_them() {
        let directory = |path: &str| Ok(Place::Directory(path.into()));
        assert_eq!("/srv/runs".parse(), directory("/srv/runs"));
        assert_eq!("file:///srv/runs".parse(), directory("/srv/runs"));
        assert!(matches!("runs".parse(), Ok(Place::Directory(path)) if path.is_absolute()));
        assert_eq!("s3://bucket/runs".parse(), Ok(Place::Bucket("s3://bucket/runs".into())));
        for wrong in ["s3://", "ftp://host/dir", "file://host/dir", ""] {
            assert!(Place::from_str(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_usual_place_is_the_systems_or_the_users() {
        let usual = |name: &'static str, value: &'static str| {
            Place::usual(false, move |asked| (asked == name).then(|| value.into()))
        };
        let directory = |path: &str| Some(Place::Directory(path.into()));
        assert_eq!(usual("XDG_DATA_HOME", "/data"), directory("/data/process-playground"));
        assert_eq!(usual("HOME", "/home/a"), directory("/home/a/.local/share/process-playground"));
        assert_eq!(usual("XDG_DATA_HOME", "relative"), None);
        assert_eq!(Place::usual(true, |_| None), directory("/var/lib/process-playground"));
    }
}
