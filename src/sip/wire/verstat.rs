//! What the provider found out of a caller's signature (RFC 8224): the `verstat` of a number.

use super::Uri;

/// Whether the caller may use the number, as the network has checked (ATIS-1000074 §5.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verstat {
    /// The signature vouches for the number.
    Passed,
    /// The signature is wrong: the number may be forged.
    Failed,
    /// There was nothing that could be checked.
    Unchecked,
}

impl Verstat {
    /// The parameter of a telephone number, in a `tel:` URI or the user part of a SIP one.
    pub fn of(uri: &Uri) -> Option<Self> {
        let text = uri.to_string().to_ascii_lowercase();
        let (_, rest) = text.split_once(";verstat=")?;
        match rest.split([';', '@', '?']).next()? {
            "tn-validation-passed" => Some(Self::Passed),
            "tn-validation-failed" => Some(Self::Failed),
            "no-tn-validation" => Some(Self::Unchecked),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_stands_in_telephone_numbers_of_both_kinds() {
        let table = [
            ("tel:+576041234567;verstat=TN-Validation-Passed", Some(Verstat::Passed)),
            ("sip:+57604;verstat=TN-Validation-Failed@h;user=phone", Some(Verstat::Failed)),
            ("sip:+57604;npdi;verstat=no-tn-validation@h", Some(Verstat::Unchecked)),
            ("tel:+57604;verstat=perhaps", None),
            ("sip:1001@h", None),
        ];
        for (uri, expected) in table {
            assert_eq!(Verstat::of(&Uri::parse(uri).expect("a URI")), expected, "{uri}");
        }
    }
}
