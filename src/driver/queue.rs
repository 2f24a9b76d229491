//! What is done one after the other, by a task that ends when nothing waits any more.

use std::collections::VecDeque;

/// What waits, the oldest first.
pub(super) struct Queue<T> {
    waiting: VecDeque<T>,
    is_at_work: bool,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), is_at_work: false }
    }
}

impl<T> Queue<T> {
    /// Adds what is to be done last. Returns whether a task has to begin, which takes from
    /// [`Self::next`] until there is nothing.
    #[must_use]
    pub(super) fn push(&mut self, next: T) -> bool {
        self.waiting.push_back(next);
        !std::mem::replace(&mut self.is_at_work, true)
    }

    /// What waits longest.
    pub(super) fn next(&mut self) -> Option<T> {
        let next = self.waiting.pop_front();
        self.is_at_work = next.is_some();
        next
    }

    /// Drops of what waits all but this.
    pub(super) fn retain(&mut self, keeps: impl Fn(&T) -> bool) {
        self.waiting.retain(keeps);
    }
}
