//! What the tests share.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use webphone::platform::timer::sleep;
use webphone::platform::{Listener, clock};

/// Waits until `condition` holds; fails the test if that takes more than ten seconds.
pub(crate) async fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let began = clock::now();
    while !condition() {
        assert!(clock::now().since(began) < Duration::from_secs(60), "never happened: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// The exceptions that nobody catches, such as that of a callback which is called after it was
/// dropped.
pub(crate) struct Uncaught {
    log: Log<()>,
    _listener: Listener,
}

impl Uncaught {
    /// Watches from now on.
    pub(crate) fn watch() -> Self {
        let log = Log::new();
        let write = log.writer();
        Self { log, _listener: Listener::on_window("error", move |_| write(())) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.log.is_empty()
    }
}

/// The events that a callback has been given, in order.
pub(crate) struct Log<T>(Rc<RefCell<Vec<T>>>);

impl<T: Clone + PartialEq + 'static> Log<T> {
    pub(crate) fn new() -> Self {
        Self(Rc::default())
    }

    /// A callback that adds to this log.
    pub(crate) fn writer(&self) -> impl Fn(T) + 'static {
        let entries = Rc::clone(&self.0);
        move |entry| entries.borrow_mut().push(entry)
    }

    pub(crate) fn entries(&self) -> Vec<T> {
        self.0.borrow().clone()
    }

    pub(crate) fn has(&self, entry: &T) -> bool {
        self.0.borrow().contains(entry)
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }
}
