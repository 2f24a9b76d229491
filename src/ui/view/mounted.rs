//! Elements on the page.

use super::content::Text;
use super::following::Following;
use super::keep;
use super::node_ref::Reference;
use super::{El, Handler, IntoValue, Parts, Value};
use crate::platform::{Listener, timer::next_task};
use leptos::prelude::*;
use leptos::tachys::view::Mountable;
use leptos::tachys::view::any_view::AnyViewState;
use leptos::web_sys::{self, Element, HtmlElement};
use send_wrapper::SendWrapper;
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue};

/// An element that is on the page.
pub struct Mounted {
    tag: &'static str,
    element: Element,
    attributes: Vec<(&'static str, Option<Following<()>>)>,
    listeners: Vec<Listener>,
    children: Vec<AnyViewState>,
    /// It is followed as long as this is there.
    _list: Option<Following<()>>,
}

impl Render for El {
    type State = Mounted;

    fn build(self) -> Mounted {
        let Parts { tag, element, attributes, listeners, children, list, reference, focused } =
            *self.0;
        let element = element.map_or_else(|| create(tag), SendWrapper::take);
        let attributes = attributes.into_iter().map(|each| apply(&element, each)).collect();
        let children = children.into_iter().map(|child| {
            let mut child = child.build();
            child.mount(&element, None);
            child
        });
        let children = children.collect();
        let listeners = attach(&element, listeners);
        come(&element, reference, focused);
        let list = list.map(|list| list.fill(&element));
        Mounted { tag, element, attributes, listeners, children, _list: list }
    }

    /// Keeps the element where it is alike, so that it keeps the focus and what was typed.
    fn rebuild(self, state: &mut Mounted) {
        let names = self.0.attributes.iter().map(|(name, _)| *name);
        let is_alike = self.0.tag == state.tag
            && self.0.list.is_none()
            && state._list.is_none()
            && self.0.children.len() == state.children.len()
            && names.eq(state.attributes.iter().map(|(name, _)| *name));
        if !is_alike {
            let mut new = self.build();
            state.insert_before_this(&mut new);
            state.unmount();
            *state = new;
            return;
        }
        let Parts { attributes, listeners, children, reference, focused, .. } = *self.0;
        // The old closures go before the new ones come.
        state.attributes.clear();
        state.listeners.clear();
        state.attributes.extend(attributes.into_iter().map(|each| apply(&state.element, each)));
        for (child, state) in children.into_iter().zip(&mut state.children) {
            child.rebuild(state);
        }
        state.listeners = attach(&state.element, listeners);
        come(&state.element, reference, focused);
    }
}

/// Gives an attribute to an element that was there before, as long as the screen that is being
/// made.
pub fn follow(element: &Element, name: &'static str, value: impl IntoValue) {
    keep(apply(element, (name, value.into_value())));
}

fn create(tag: &'static str) -> Element {
    let namespace = match tag {
        "svg" | "use" => "http://www.w3.org/2000/svg",
        _ => "http://www.w3.org/1999/xhtml",
    };
    document().create_element_ns(Some(namespace), tag).expect("the name is one of HTML's")
}

fn apply(
    element: &Element,
    (name, value): (&'static str, Value),
) -> (&'static str, Option<Following<()>>) {
    let effect = match value {
        Value::Fixed(text) => {
            write(element, name, text);
            None
        }
        Value::Live(mut find) => {
            let element = element.clone();
            Some(Following::new(move |_| write(&element, name, find())))
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
        "checked" | "selected" => {
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

/// Says that an element is there. It is on the page as soon as what makes it is done.
fn come(element: &Element, reference: Option<Reference>, focused: bool) {
    if let Some(reference) = reference {
        reference.set(Some(SendWrapper::new(element.clone())));
    }
    if focused {
        let element: HtmlElement = element.clone().unchecked_into();
        leptos::task::spawn_local(async move {
            // As it makes the browser lay out the page at once, it waits for what is being done.
            next_task().await;
            let _ = element.focus();
        });
    }
}

impl Mountable for Mounted {
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

super::made_here_only!(El, Mounted);
