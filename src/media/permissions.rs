//! What the browser lets the page do, as far as a telephone needs it.

/// What the browser lets the page do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Permission {
    /// It does.
    Granted,
    /// It asks the user first, or nobody knows.
    #[default]
    Asks,
    /// It does not.
    Denied,
}

/// The browser's permissions that a telephone needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Permissions {
    /// To open the microphone.
    pub microphone: Permission,
    /// To show who calls while another page is looked at.
    pub notifications: Permission,
}
