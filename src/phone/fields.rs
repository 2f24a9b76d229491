//! Lines of fields with tabs between them: what one page leaves to another, or tells it.

use super::call::Party;

/// A line that is being written.
#[derive(Default)]
pub(crate) struct Row(String);

impl Row {
    pub(crate) fn text(mut self, text: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push('\t');
        }
        self.0.extend(text.chars().map(|c| if c.is_control() { ' ' } else { c }));
        self
    }

    pub(crate) fn flag(self, flag: bool) -> Self {
        self.text(if flag { "1" } else { "0" })
    }

    pub(crate) fn number(self, number: u64) -> Self {
        self.text(&number.to_string())
    }

    pub(crate) fn party(self, party: &Party) -> Self {
        let Party { name, known, address, verified, hidden, via } = party;
        self.text(name.as_deref().unwrap_or_default())
            .text(address)
            // One field, as the rows of earlier releases have it.
            .number(u64::from(*verified) + 2 * u64::from(*known))
            .flag(*hidden)
            .text(via.as_deref().unwrap_or_default())
    }

    pub(crate) fn end(self) -> String {
        self.0
    }
}

/// A line that is being read. A field that is missing is empty.
pub(crate) struct Fields<'a>(std::str::Split<'a, char>);

impl<'a> Fields<'a> {
    pub(crate) fn of(line: &'a str) -> Self {
        Self(line.split('\t'))
    }

    pub(crate) fn text(&mut self) -> &'a str {
        self.0.next().unwrap_or_default()
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.text() == "1"
    }

    pub(crate) fn number(&mut self) -> Option<u64> {
        self.text().parse().ok()
    }

    pub(crate) fn party(&mut self) -> Party {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (name, address) = (some(self.text()), self.text().to_owned());
        let marks = self.number().unwrap_or_default();
        let (verified, known) = (marks & 1 != 0, marks & 2 != 0);
        Party { name, address, verified, known, hidden: self.flag(), via: some(self.text()) }
    }
}
