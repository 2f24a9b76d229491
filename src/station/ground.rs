//! What the telephone stands on for as long as the page is there.

use crate::entropy::Entropy;
use crate::portal::Provision;
use std::rc::Rc;

/// Short texts that outlive the page, which all pages of the browser share. Where the browser keeps
/// nothing, there are none, and the telephone does without.
pub trait Store {
    /// What is kept under this name.
    fn get(&self, name: &str) -> Option<String>;
    /// Keeps this in the place of what there was.
    fn set(&self, name: &str, text: &str);
    /// Forgets it.
    fn remove(&self, name: &str);
}

/// Makes a source of random values for a user agent; `None` where there is none that is secure.
pub type MakeEntropy = Box<dyn Fn() -> Option<Box<dyn Entropy>>>;

/// What there is before anybody signs in.
pub struct Ground {
    /// What whoever hosts the page has decided.
    pub provision: Rc<Provision>,
    /// Where short texts are kept.
    pub store: Box<dyn Store>,
    /// Where random values come from.
    pub entropy: MakeEntropy,
    /// The host from which the page came, where that was in the clear.
    pub page_host: Option<String>,
}
