//! What screens are made of: elements of one type, signals, and what a screen has of the page.
//!
//! Every name that Leptos has too means the same; docs/view.md says what is written in another way.
//!
//! `view!` gives each element a type of its own, made of the types of all that it holds, and the
//! compiler writes the code that builds, renews and removes it once for each: half of a screen's
//! bytes. An [`El`] boxes its closures instead, so that what is here is compiled once. It is a view
//! like any other: all else of a screen is Leptos as ever.

/// What Leptos asks of every view, though it makes no page on a server here.
macro_rules! made_here_only {
    ($view:ty, $state:ty) => {
        impl leptos::prelude::RenderHtml for $view {
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
                _: &mut leptos::tachys::view::Position,
                _: bool,
                _: bool,
                _: Vec<leptos::tachys::html::attribute::any_attribute::AnyAttribute>,
            ) {
            }

            fn hydrate<const FROM_SERVER: bool>(
                self,
                _: &leptos::tachys::hydration::Cursor,
                _: &leptos::tachys::view::PositionState,
            ) -> $state {
                self.build()
            }

            fn into_owned(self) -> Self {
                self
            }
        }

        leptos::tachys::no_attrs!($view);
    };
}
use made_here_only;

mod content;
mod following;
mod hooks;
pub mod html;
mod list;
mod mounted;
mod node_ref;
mod signals;

pub use content::{Child, IntoValue, Value};
pub use hooks::{keep, page_is_visible, present};
pub use mounted::follow;
pub use node_ref::NodeRef;
pub use signals::{Memo, RwSignal, effect};

use leptos::ev::EventDescriptor;
use leptos::prelude::*;
use leptos::web_sys::{Element, Event};
use list::List;
use node_ref::Reference;
use send_wrapper::SendWrapper;
use std::borrow::Cow;
use wasm_bindgen::JsCast;

/// An element as it shall be.
pub struct El(Box<Parts>);

struct Parts {
    tag: &'static str,
    /// One that was there before.
    element: Option<SendWrapper<Element>>,
    attributes: Vec<(&'static str, Value)>,
    listeners: Vec<(Cow<'static, str>, SendWrapper<Handler>)>,
    children: Vec<AnyView>,
    list: Option<List>,
    reference: Option<Reference>,
    focused: bool,
}

type Handler = Box<dyn Fn(Event)>;

/// An element of this tag; [`html`] has a name for each.
fn el(tag: &'static str) -> El {
    El(Box::new(Parts {
        tag,
        element: None,
        attributes: Vec::new(),
        listeners: Vec::new(),
        children: Vec::new(),
        list: None,
        reference: None,
        focused: false,
    }))
}

impl El {
    /// An element that was there before, for the place where this stands.
    pub fn of(element: Element) -> Self {
        let mut own = el("");
        own.0.element = Some(SendWrapper::new(element));
        own
    }

    /// Gives it an attribute: a text, a yes or no, an option of them, or a closure that finds them
    /// and is followed. `value`, `checked` and `selected` are what a field holds now, and `--…` is a property
    /// of its style.
    pub fn attr(self, name: &'static str, value: impl IntoValue) -> Self {
        self.set(name, value.into_value())
    }

    /// Gives it a state that assistive technology tells, `true` or `false`: `aria-pressed`, `aria-invalid`.
    pub fn aria<F: Fn() -> bool + Send + 'static>(self, name: &'static str, is: F) -> Self {
        self.attr(name, move || if is() { "true" } else { "false" })
    }

    /// Gives it its class.
    pub fn class(self, value: impl IntoValue) -> Self {
        self.set("class", value.into_value())
    }

    /// Listens for an event of `leptos::ev`.
    pub fn on<E>(self, event: E, handler: impl Fn(E::EventType) + 'static) -> Self
    where
        E: EventDescriptor,
        E::EventType: JsCast,
    {
        // An event of this name is of this type.
        self.listen(event.name(), Box::new(move |event| handler(event.unchecked_into())))
    }

    /// Puts something into it, after what is there: a text, a view, an option or a list of them,
    /// or a closure that finds them and is followed.
    pub fn child(self, child: impl Child) -> Self {
        self.append(child.into_child())
    }

    /// Fills it with an element for each of `ids`. Each is made once, and stays as long as its id
    /// does.
    pub fn each(
        mut self,
        ids: impl Fn() -> Vec<u64> + Send + 'static,
        make: impl Fn(u64) -> AnyView + Send + 'static,
    ) -> Self {
        self.0.list = Some(List::new(Box::new(ids), Box::new(make)));
        self
    }

    /// Has `node` refer to it, from when it is made.
    pub fn node_ref<E>(mut self, node: NodeRef<E>) -> Self {
        self.0.reference = Some(node.erase());
        self
    }

    /// Gives it the focus when it comes, so that those who use the keyboard do not lose their
    /// place.
    pub fn focused(mut self, focused: bool) -> Self {
        self.0.focused = focused;
        self
    }

    // What is generic is compiled for each use: it is kept short.

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
