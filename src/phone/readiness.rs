//! Whether a call would ring here now and could be answered, and what stands in the way.

use super::Phone;
use crate::media::permissions::{Permission, Permissions};
use crate::sip::ua::Line;

/// What it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A line by which calls come.
    Line,
    /// A user who wants them.
    Welcome,
    /// A browser that lets the page ring.
    Sound,
    /// A microphone to answer with.
    Microphone,
    /// A word to those who look at another page.
    Notifications,
}

/// Whether it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    /// It is.
    Yes,
    /// It will be, or the user will be asked.
    Later,
    /// It is not.
    No,
}

impl From<Permission> for Met {
    fn from(permission: Permission) -> Self {
        match permission {
            Permission::Granted => Self::Yes,
            Permission::Asks => Self::Later,
            Permission::Denied => Self::No,
        }
    }
}

impl Phone {
    /// What the browser lets the page do.
    pub fn permissions(&self) -> Permissions {
        self.permissions
    }

    /// It lets the page do this.
    pub fn set_permissions(&mut self, permissions: Permissions) {
        self.permissions = permissions;
    }

    /// All that it takes, and whether it is there.
    pub fn readiness(&self) -> [(Need, Met); 5] {
        let line = match self.line {
            Line::Registered => Met::Yes,
            Line::Connecting => Met::Later,
            Line::Waiting { .. } | Line::Failed(_) | Line::Off => Met::No,
        };
        let unless = |fault: bool| if fault { Met::No } else { Met::Yes };
        [
            (Need::Line, line),
            (Need::Welcome, unless(self.settings.do_not_disturb)),
            (Need::Sound, unless(self.cannot_ring)),
            (Need::Microphone, self.permissions.microphone.into()),
            (Need::Notifications, self.permissions.notifications.into()),
        ]
    }

    /// What keeps a call from being heard now, or from being answered. Who looks at another page hears
    /// it, too.
    pub fn obstacle(&self) -> Option<(Need, Met)> {
        self.readiness().into_iter().find(|(need, met)| match need {
            Need::Line => *met != Met::Yes,
            Need::Notifications => false,
            Need::Welcome | Need::Sound | Need::Microphone => *met == Met::No,
        })
    }
}
