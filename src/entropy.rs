//! Random values, from a source that is handed in.
//!
//! Every identifier that another party must not guess (tag, branch, Call-ID, cnonce, instance) is
//! made here, from the browser's cryptographic generator in the product and from a seed in tests.

/// A source of random bytes. In the product it must be cryptographic.
pub trait Entropy {
    /// Fills `bytes` with random values.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl dyn Entropy + '_ {
    /// A token of lower-case hexadecimal digits that carries `N` random bytes.
    pub fn hex<const N: usize>(&mut self) -> String {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        hex(&bytes)
    }

    /// A random UUID (RFC 9562 §5.4).
    pub fn uuid(&mut self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let digits = hex(&bytes);
        let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|range| &digits[range]);
        parts.join("-")
    }

    /// A number from 0 up to, but not including, `bound` (0 if `bound` is 0).
    ///
    /// The slight bias of the remainder does not matter for the timing jitter it serves.
    pub fn below(&mut self, bound: u32) -> u32 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        u32::from_le_bytes(bytes).checked_rem(bound).unwrap_or(0)
    }
}

/// `bytes` as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)].into());
        text.push(DIGITS[usize::from(byte & 15)].into());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Ones;
    impl Entropy for Ones {
        fn fill(&mut self, bytes: &mut [u8]) {
            bytes.fill(0xff);
        }
    }

    #[test]
    fn a_uuid_is_of_version_4() {
        let entropy: &mut dyn Entropy = &mut Ones;
        assert_eq!(entropy.uuid(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }
}
