//! Telephone numbers in groups, for eyes. What is dialled is never changed by it.

/// `number` with spaces between its groups, as far as these are known: the plans of Colombia and
/// of North America, and groups of three and four digits elsewhere. What is no number, and what is
/// too short to need groups, stays as it is.
pub fn grouped(number: &str) -> String {
    let (prefix, digits) = match (number.strip_prefix('+'), number.strip_prefix("00")) {
        (Some(digits), _) => ("+", digits),
        (_, Some(digits)) => ("00 ", digits),
        _ => ("", number),
    };
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || !(7..=15).contains(&digits.len()) {
        return number.to_owned();
    }
    if prefix.is_empty() {
        // People leave the plus out.
        return match digits.strip_prefix("57").filter(|rest| is_colombian(rest)) {
            Some(rest) => ["57 ", &in_groups(rest)].concat(),
            None => in_groups(digits),
        };
    }
    if let Some(rest) = digits.strip_prefix('1').filter(|rest| rest.len() == 10) {
        let (area, rest) = rest.split_at(3);
        let (office, line) = rest.split_at(3);
        return [prefix, "1 (", area, ") ", office, "-", line].concat();
    }
    let (country, rest) = digits.split_at(country_digits(digits));
    [prefix, country, " ", &in_groups(rest)].concat()
}

/// Mobile numbers begin with 3, fixed ones with 60 and the digit of the region.
fn is_colombian(national: &str) -> bool {
    national.len() == 10 && (national.starts_with('3') || national.starts_with("60"))
}

/// How many digits the country code has (ITU-T E.164): the first two tell.
fn country_digits(digits: &str) -> usize {
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        [b'2', b'0' | b'7', ..]
        | [b'3', b'0'..=b'4' | b'6' | b'9', ..]
        | [b'4', b'0' | b'1' | b'3'..=b'9', ..]
        | [b'5', b'1'..=b'8', ..]
        | [b'6', b'0'..=b'6', ..]
        | [b'8', b'1' | b'2' | b'4' | b'6', ..]
        | [b'9', b'0'..=b'5' | b'8', ..] => 2,
        _ => 3,
    }
}

/// Groups of three, with groups of four at the end where the digits do not come out even.
fn in_groups(digits: &str) -> String {
    let fours = digits.len() % 3;
    if digits.len() < 7 && fours != 0 {
        return digits.to_owned();
    }
    let mut text = String::with_capacity(digits.len() + 5);
    for (index, digit) in digits.chars().enumerate() {
        let left = digits.len() - index;
        let starts = if left <= fours * 4 {
            left.is_multiple_of(4)
        } else {
            (left - fours * 4).is_multiple_of(3)
        };
        if starts && index > 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_as_their_country_does() {
        for (number, shown) in [
            ("+573001234567", "+57 300 123 4567"),
            ("+576044441234", "+57 604 444 1234"),
            ("573001234567", "57 300 123 4567"),
            ("576044441234", "57 604 444 1234"),
            ("3001234567", "300 123 4567"),
            ("6044441234", "604 444 1234"),
            ("+13055551234", "+1 (305) 555-1234"),
            ("0013055551234", "00 1 (305) 555-1234"),
            ("0034600123456", "00 34 600 123 456"),
            ("+34600123456", "+34 600 123 456"),
            ("+5215512345678", "+52 155 1234 5678"),
            ("+593991234567", "+593 991 234 567"),
            ("+4930123456", "+49 3012 3456"),
            ("+79161234567", "+7 916 123 4567"),
            ("4441234", "444 1234"),
            ("44412345", "4441 2345"),
        ] {
            assert_eq!(grouped(number), shown, "{number}");
            let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
            assert_eq!(digits(&grouped(number)), digits(number), "no digit is lost");
        }
    }

    #[test]
    fn what_is_no_long_number_stays_as_it_is() {
        for text in [
            "",
            "+",
            "00",
            "1002",
            "123456",
            "*97",
            "#31#3001234567",
            "ana",
            "ana@other.example",
            "+57 300",
            "1234567890123456",
            "+1-305",
            "pbx.example",
            "٣٠٠١٢٣٤٥٦٧",
        ] {
            assert_eq!(grouped(text), text);
        }
    }
}
