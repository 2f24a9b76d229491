//! `config.json` as it is written, before it is known what it means.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// The settings of a file, by their names.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Document(pub(super) Vec<(String, Given)>);

/// The value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// A text; all that the elements of a page can say.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A list of texts.
    List(Vec<String>),
    /// Something else, which no setting is.
    Other,
}

impl Document {
    /// What a setting is given. The last one counts, as in JSON.
    pub(super) fn get(&self, name: &str) -> Option<&Given> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, given)| given)
    }
}

impl Given {
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Number(_) | Self::Flag(_) | Self::Other => false,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text.trim()),
            _ => None,
        }
    }

    /// Several texts as one, as the elements have them.
    pub(super) fn list(&self, separator: &str) -> Option<String> {
        match self {
            Self::List(list) => Some(list.join(separator)),
            _ => self.text().map(str::to_owned),
        }
    }

    pub(super) fn number(&self) -> Option<u32> {
        match self {
            // What is no whole number is another one then.
            Self::Number(number) => Some(*number as u32).filter(|own| f64::from(*own) == *number),
            _ => self.text()?.parse().ok(),
        }
    }

    pub(super) fn flag(&self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(*flag),
            _ => self.one_of(&["no", "false", "yes", "true"]).map(|place| place > 1),
        }
    }

    /// The place of the word that this is.
    pub(super) fn one_of(&self, words: &[&str]) -> Option<usize> {
        let text = self.text()?;
        words.iter().position(|word| word.eq_ignore_ascii_case(text))
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Document;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object of settings")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Document, A::Error> {
                let mut all = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    all.push(entry);
                }
                Ok(Document(all))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Value;
        impl<'de> Visitor<'de> for Value {
            type Value = Given;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a setting")
            }

            fn visit_bool<E>(self, flag: bool) -> Result<Given, E> {
                Ok(Given::Flag(flag))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Given, E> {
                Ok(Given::Number(number as f64))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Given, E> {
                Ok(Given::Number(number as f64))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Given, E> {
                Ok(Given::Number(number))
            }

            fn visit_str<E>(self, text: &str) -> Result<Given, E> {
                Ok(Given::Text(text.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Given, E> {
                // As if it were not there.
                Ok(Given::List(Vec::new()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Given, A::Error> {
                let mut all = Some(Vec::new());
                while let Some(given) = list.next_element()? {
                    match (given, &mut all) {
                        (Given::Text(text), Some(all)) => all.push(text),
                        _ => all = None,
                    }
                }
                Ok(all.map_or(Given::Other, Given::List))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Given::Other)
            }
        }
        deserializer.deserialize_any(Value)
    }
}
