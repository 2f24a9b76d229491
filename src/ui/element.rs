//! Elements of the page, all of one type.
//!
//! `view!` gives each element a type of its own, made of the types of all that it holds, and the compiler writes the code
//! that builds, renews and removes it once for each: a third of the page's bytes. An [`El`] boxes its closures, so that
//! there is one type of element, and this file is compiled once. All else of a screen is Leptos as ever.

use crate::platform::Listener;
use leptos::ev::EventDescriptor;
use leptos::html::ElementType;
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::html::node_ref::NodeRefContainer;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::tachys::view::{Mountable, Position, PositionState};
use leptos::web_sys::{self, Element, Event, HtmlElement};
use send_wrapper::SendWrapper;
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};

/// An element as it shall be. It goes to the page as any other view.
pub(crate) struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    listeners: Vec<(Cow<'static, str>, SendWrapper<Handler>)>,
    children: Vec<AnyView>,
    reference: Option<Reference>,
}

type Handler = Box<dyn Fn(Event)>;
type Reference = Box<dyn Fn(&Element) + Send>;

/// The text of an attribute; without one the element does not have it.
type Text = Option<Cow<'static, str>>;

/// What an attribute is, once or anew whenever a signal changes.
pub(crate) enum Value {
    Fixed(Text),
    Live(Box<dyn FnMut() -> Text + Send>),
}

/// An element of this tag.
pub(crate) fn el(tag: &'static str) -> El {
    El(Box::new(Parts {
        tag,
        attributes: Vec::new(),
        listeners: Vec::new(),
        children: Vec::new(),
        reference: None,
    }))
}

/// A button that sends no form.
pub(crate) fn button(class: impl IntoValue) -> El {
    el("button").attr("type", "button").class(class)
}

impl El {
    /// Gives it an attribute: a text or a yes or no, an option of them, or a closure that finds
    /// them. `value` and `checked` are what a field holds now, and `--…` is a property of its
    /// style.
    pub(crate) fn attr(self, name: &'static str, value: impl IntoValue) -> Self {
        self.set(name, value.into_value())
    }

    /// Gives it its class.
    pub(crate) fn class(self, value: impl IntoValue) -> Self {
        self.set("class", value.into_value())
    }

    /// Listens for an event of `leptos::ev`.
    pub(crate) fn on<E>(self, event: E, handler: impl Fn(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        // An event of this name is of this type.
        self.listen(event.name(), Box::new(move |event| handler(event.unchecked_into())))
    }

    /// Puts something into it, after what is there.
    pub(crate) fn child(self, child: impl Child) -> Self {
        self.append(child.into_child())
    }

    /// Has `node` refer to it, from when it is made.
    pub(crate) fn node_ref<E>(mut self, node: NodeRef<E>) -> Self
    where
        E: ElementType + 'static,
        E::Output: JsCast + 'static,
    {
        self.0.reference = Some(Box::new(move |element| node.load(element)));
        self
    }

    fn set(mut self, name: &'static str, value: Value) -> Self {
        self.0.attributes.push((name, value));
        self
    }

    fn listen(mut self, name: Cow<'static, str>, handler: Handler) -> Self {
        self.0.listeners.push((name, SendWrapper::new(handler)));
        self
    }

    fn append(mut self, child: AnyView) -> Self {
        self.0.children.push(child);
        self
    }
}

/// What an attribute can be made of.
pub(crate) trait IntoValue {
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

impl Value {
    fn now(self) -> Text {
        match self {
            Self::Fixed(text) => text,
            Self::Live(mut find) => find(),
        }
    }
}

/// What can stand in an element.
pub(crate) trait Child {
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
        let live: Box<dyn FnMut() -> AnyView + Send> = Box::new(move || self().into_child());
        live.into_any()
    }
}

/// An element that is on the page.
pub(crate) struct Standing {
    tag: &'static str,
    element: Element,
    attributes: Vec<(&'static str, Option<RenderEffect<()>>)>,
    listeners: Vec<Listener>,
    children: Vec<AnyViewState>,
}

impl Render for El {
    type State = Standing;

    fn build(self) -> Standing {
        let Parts { tag, attributes, listeners, children, reference } = *self.0;
        let element = create(tag);
        let attributes = attributes.into_iter().map(|each| apply(&element, each)).collect();
        let children = children.into_iter().map(|child| {
            let mut child = child.build();
            child.mount(&element, None);
            child
        });
        let children = children.collect();
        let listeners = attach(&element, listeners);
        if let Some(refer) = reference {
            refer(&element);
        }
        Standing { tag, element, attributes, listeners, children }
    }

    /// Keeps the element where it is alike, so that it keeps the focus and what was typed.
    fn rebuild(self, state: &mut Standing) {
        let names = self.0.attributes.iter().map(|(name, _)| *name);
        let is_alike = self.0.tag == state.tag
            && self.0.children.len() == state.children.len()
            && names.eq(state.attributes.iter().map(|(name, _)| *name));
        if !is_alike {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let Parts { attributes, listeners, children, reference, .. } = *self.0;
        // The old closures go before the new ones come.
        state.attributes.clear();
        state.listeners.clear();
        state.attributes.extend(attributes.into_iter().map(|each| apply(&state.element, each)));
        for (child, state) in children.into_iter().zip(&mut state.children) {
            child.rebuild(state);
        }
        state.listeners = attach(&state.element, listeners);
        if let Some(refer) = reference {
            refer(&state.element);
        }
    }
}

fn create(tag: &'static str) -> Element {
    let namespace = match tag {
        "svg" | "use" => "http://www.w3.org/2000/svg",
        _ => "http://www.w3.org/1999/xhtml",
    };
    document().create_element_ns(Some(namespace), tag).expect("the name of a tag is valid")
}

fn apply(
    element: &Element,
    (name, value): (&'static str, Value),
) -> (&'static str, Option<RenderEffect<()>>) {
    let effect = match value {
        Value::Fixed(text) => {
            write(element, name, text);
            None
        }
        Value::Live(mut find) => {
            let element = element.clone();
            Some(RenderEffect::new(move |_| write(&element, name, find())))
        }
    };
    (name, effect)
}

/// Writes what has changed. The names are valid and the objects are elements, so that it does not
/// fail.
fn write(element: &Element, name: &'static str, text: Text) {
    let text = text.as_deref();
    match name {
        "value" => {
            let text = JsValue::from_str(text.unwrap_or_default());
            let _ = js_sys::Reflect::set(element, &name.into(), &text);
        }
        "checked" => {
            let _ = js_sys::Reflect::set(element, &name.into(), &text.is_some().into());
        }
        _ if name.starts_with("--") => {
            let style = element.unchecked_ref::<HtmlElement>().style();
            let _ = style.set_property(name, text.unwrap_or_default());
        }
        _ if element.get_attribute(name).as_deref() == text => {}
        _ => {
            let _ = match text {
                Some(text) => element.set_attribute(name, text),
                None => element.remove_attribute(name),
            };
        }
    }
}

fn attach(
    element: &Element,
    listeners: Vec<(Cow<'static, str>, SendWrapper<Handler>)>,
) -> Vec<Listener> {
    let listen = |(name, handler): (_, SendWrapper<Handler>)| {
        Listener::on(Some(element.clone().into()), name, handler.take())
    };
    listeners.into_iter().map(listen).collect()
}

impl Mountable for Standing {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&web_sys::Node>) {
        let _ = parent.insert_before(&self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.element.parent_element();
        parent.as_ref().map(|parent| child.mount(parent, Some(&self.element))).is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}

// Leptos asks this of every view, though it makes no page on a server here.
impl RenderHtml for El {
    type AsyncOutput = Self;
    type Owned = Self;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(
        self,
        _: &mut String,
        _: &mut Position,
        _: bool,
        _: bool,
        _: Vec<AnyAttribute>,
    ) {
    }

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Standing {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

leptos::tachys::no_attrs!(El);
