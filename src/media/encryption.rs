//! What is known of a call's encryption, from when it is there.

use super::verification::Keys;

/// How the sound of a call is kept secret.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lock {
    /// The encryption is not up yet: nothing is claimed.
    #[default]
    Open,
    /// It is encrypted as far as our provider's server, or whatever answers there. What is beyond
    /// it we cannot know.
    Server,
    /// The telephone at the other end says that it is one like ours, so that both people see a
    /// code, and find out whether the encryption goes from one to the other.
    Direct {
        /// What the code is made of.
        keys: Keys,
        /// The two have compared it, says the user.
        verified: bool,
    },
    /// A certificate has changed in the middle of such a call, which no telephone like ours does.
    /// A code would prove nothing any more, see [`super::verification`].
    Changed,
}

impl Lock {
    /// The encryption is up, with these certificates if they could be read. What was verified was
    /// so of the old ones.
    pub fn close(&mut self, with_webphone: bool, keys: Option<Keys>) {
        *self = match (std::mem::take(self), keys) {
            (Self::Changed, _) => Self::Changed,
            (Self::Direct { keys: known, .. }, Some(keys)) if known != keys => Self::Changed,
            (known @ Self::Direct { .. }, _) => known,
            (_, Some(keys)) if with_webphone => Self::Direct { keys, verified: false },
            _ => Self::Server,
        };
    }

    /// The user says that the codes are the same, or takes it back.
    pub fn set_verified(&mut self, is: bool) {
        if let Self::Direct { verified, .. } = self {
            *verified = is;
        }
    }

    /// What is kept of it when the call is over.
    pub fn encryption(&self) -> Encryption {
        match self {
            Self::Open => Encryption::None,
            Self::Server | Self::Changed | Self::Direct { verified: false, .. } => {
                Encryption::Encrypted
            }
            Self::Direct { verified: true, .. } => Encryption::Verified,
        }
    }
}

/// How the sound of a call was kept secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// There was none, as there was no sound.
    None,
    /// By certificates that nobody has compared.
    Encrypted,
    /// From one end to the other, as the two people have found out.
    Verified,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::sdp::security::Fingerprint;

    fn keys(theirs: u8) -> Keys {
        let key = |byte| Fingerprint { hash: "sha-256", bytes: vec![byte; 32] };
        Keys { ours: key(0), theirs: key(theirs) }
    }

    #[test]
    fn only_a_webphone_has_a_code() {
        let mut lock = Lock::default();
        lock.close(false, Some(keys(1)));
        assert_eq!(lock, Lock::Server);
        lock.close(false, Some(keys(2)));
        assert_eq!(lock, Lock::Server, "a server may change its certificate");
        let mut lock = Lock::default();
        lock.close(true, None);
        assert_eq!(lock, Lock::Server);
        lock.close(true, Some(keys(1)));
        assert_eq!(lock, Lock::Direct { keys: keys(1), verified: false });
    }

    #[test]
    fn what_was_verified_stays_so_while_the_certificates_are_the_same() {
        let mut lock = Lock::default();
        lock.set_verified(true);
        assert_eq!(lock.encryption(), Encryption::None, "there is nothing to verify yet");
        lock.close(true, Some(keys(1)));
        assert_eq!(lock.encryption(), Encryption::Encrypted);
        lock.set_verified(true);
        lock.close(true, Some(keys(1)));
        lock.close(true, None);
        assert_eq!(lock.encryption(), Encryption::Verified);
        lock.set_verified(false);
        assert_eq!(lock.encryption(), Encryption::Encrypted);
        lock.set_verified(true);
        lock.close(true, Some(keys(2)));
        assert_eq!((lock.encryption(), &lock), (Encryption::Encrypted, &Lock::Changed));
        lock.close(true, Some(keys(1)));
        lock.set_verified(true);
        assert_eq!(lock, Lock::Changed, "for the rest of the call");
    }
}
