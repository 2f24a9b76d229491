//! What an element is made of.

use super::El;
use super::following::Live;
use leptos::prelude::*;
use std::borrow::Cow;

/// The text of an attribute; without one the element does not have it.
pub(super) type Text = Option<Cow<'static, str>>;

/// What an attribute is, once or anew whenever a signal changes.
pub enum Value {
    /// The same always.
    Fixed(Text),
    /// Found anew.
    Live(Box<dyn FnMut() -> Text + Send>),
}

impl Value {
    fn now(self) -> Text {
        match self {
            Self::Fixed(text) => text,
            Self::Live(mut find) => find(),
        }
    }
}

/// What an attribute can be given.
pub trait IntoValue {
    /// As it is kept.
    fn into_value(self) -> Value;
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl IntoValue for &'static str {
    fn into_value(self) -> Value {
        Value::Fixed(Some(Cow::Borrowed(self)))
    }
}

impl IntoValue for String {
    fn into_value(self) -> Value {
        Value::Fixed(Some(Cow::Owned(self)))
    }
}

impl IntoValue for bool {
    fn into_value(self) -> Value {
        Value::Fixed(self.then_some(Cow::Borrowed("")))
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::Fixed(None), IntoValue::into_value)
    }
}

impl<F: Fn() -> T + Send + 'static, T: IntoValue> IntoValue for F {
    fn into_value(self) -> Value {
        Value::Live(Box::new(move || self().into_value().now()))
    }
}

/// What can stand in an element.
pub trait Child {
    /// As a view.
    fn into_child(self) -> AnyView;
}

impl Child for AnyView {
    fn into_child(self) -> AnyView {
        self
    }
}

impl Child for El {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for &'static str {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl Child for String {
    fn into_child(self) -> AnyView {
        self.into_any()
    }
}

impl<T: Child> Child for Option<T> {
    fn into_child(self) -> AnyView {
        self.map_or_else(|| ().into_any(), Child::into_child)
    }
}

impl<T: Child> Child for Vec<T> {
    fn into_child(self) -> AnyView {
        self.into_iter().map(Child::into_child).collect::<Vec<_>>().into_any()
    }
}

impl<F: Fn() -> T + Send + 'static, T: Child> Child for F {
    fn into_child(self) -> AnyView {
        Live(Box::new(move || self().into_child())).into_any()
    }
}
