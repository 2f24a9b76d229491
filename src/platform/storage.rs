//! Strings that outlive the page: for all visits, or for this tab.
//!
//! A browser may refuse both at any moment (private windows, blocked site data, full quota), so
//! every access is a `Result` and the phone must be able to do without.

use web_sys::Storage;

/// Where a string is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Area {
    /// `localStorage`: for every later visit, shared by all tabs.
    Local,
    /// `sessionStorage`: for this tab, across reloads.
    Session,
}

/// Why a string could not be kept or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorageError {
    /// The browser gives this page no storage.
    Unavailable,
    /// The browser did not take the value, mostly because its quota is used up.
    Full,
}

/// The string kept under `key`, or `None` if there is none.
///
/// # Errors
/// [`StorageError::Unavailable`].
pub fn get(area: Area, key: &str) -> Result<Option<String>, StorageError> {
    open(area)?.get_item(key).map_err(|_| StorageError::Unavailable)
}

/// Keeps `value` under `key` in place of what was there.
///
/// # Errors
/// [`StorageError::Unavailable`] or [`StorageError::Full`]; the old value then stays.
pub fn set(area: Area, key: &str, value: &str) -> Result<(), StorageError> {
    open(area)?.set_item(key, value).map_err(|_| StorageError::Full)
}

/// Forgets what is kept under `key`, if anything.
///
/// # Errors
/// [`StorageError::Unavailable`].
pub fn remove(area: Area, key: &str) -> Result<(), StorageError> {
    open(area)?.remove_item(key).map_err(|_| StorageError::Unavailable)
}

fn open(area: Area) -> Result<Storage, StorageError> {
    let window = web_sys::window().ok_or(StorageError::Unavailable)?;
    match area {
        Area::Local => window.local_storage(),
        Area::Session => window.session_storage(),
    }
    .ok()
    .flatten()
    .ok_or(StorageError::Unavailable)
}
