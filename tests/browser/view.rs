//! What screens are made of (`ui::view`), on a page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use leptos::ev;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::{IntoAny, on_cleanup};
use leptos::web_sys::{self, HtmlElement, HtmlInputElement};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use webphone::ui::view::{Child, El, Memo, NodeRef, RwSignal, effect, html, keep};

use crate::support::wait_until;

/// A place on the page, with what is shown in it.
struct Place {
    root: HtmlElement,
    shown: Option<Box<dyn std::any::Any>>,
}

impl Place {
    /// Shows what `make` makes.
    fn show<C: Child>(make: impl FnOnce() -> C + 'static) -> Self {
        let document = web_sys::window().and_then(|window| window.document()).expect("a page");
        let root: HtmlElement = document.create_element("div").expect("a name").unchecked_into();
        document.body().expect("a body").append_child(&root).expect("a place");
        let shown: UnmountHandle<_> = mount_to(root.clone(), move || make().into_child());
        Self { root, shown: Some(Box::new(shown)) }
    }

    /// Takes away what is shown.
    fn clear(&mut self) {
        self.shown = None;
    }

    fn html(&self) -> String {
        self.root.inner_html().replace("<!---->", "").replace("<!-- -->", "")
    }

    async fn becomes(&self, html: &str) {
        wait_until(html, || self.html() == html).await;
    }

    fn find<T: JsCast>(&self, selector: &str) -> T {
        let found = self.root.query_selector(selector).expect("a selector");
        found.expect(selector).unchecked_into()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.clear();
        self.root.remove();
    }
}

#[wasm_bindgen_test]
fn an_element_has_what_it_is_given() {
    let place = Place::show(|| {
        html::p()
            .class("lead")
            .attr("title", "said")
            .attr("hidden", true)
            .attr("lang", None::<&'static str>)
            .child("one ")
            .child(html::strong().child("two"))
            .child(None::<El>)
            .child(vec![html::i().child("3"), html::i().child("4")])
    });
    let expected =
        "<p class=\"lead\" title=\"said\" hidden=\"\">one <strong>two</strong><i>3</i><i>4</i></p>";
    assert_eq!(place.html(), expected);
}

#[wasm_bindgen_test]
fn pictures_are_elements_of_svg() {
    let place = Place::show(|| html::svg().child(html::use_().attr("href", "#mark")));
    let used: web_sys::Element = place.find("use");
    assert_eq!(used.namespace_uri().as_deref(), Some("http://www.w3.org/2000/svg"));
}

#[wasm_bindgen_test]
async fn an_attribute_follows_its_signal_and_goes_away() {
    let lead = Rc::new(RefCell::new(None));
    let out = lead.clone();
    let place = Place::show(move || {
        let title = RwSignal::new(Some("first".to_owned()));
        *out.borrow_mut() = Some(title);
        html::p().attr("title", move || title.get())
    });
    let title = lead.take().expect("a signal");
    assert_eq!(place.html(), "<p title=\"first\"></p>");
    title.set(Some("second".into()));
    place.becomes("<p title=\"second\"></p>").await;
    title.set(None);
    place.becomes("<p></p>").await;
}

#[wasm_bindgen_test]
async fn a_state_of_aria_is_true_or_false_and_never_missing() {
    let pressed = RwSignal::new(false);
    let place = Place::show(move || html::button().aria("aria-pressed", move || pressed.get()));
    assert_eq!(place.html(), "<button aria-pressed=\"false\"></button>");
    pressed.set(true);
    place.becomes("<button aria-pressed=\"true\"></button>").await;
}

#[wasm_bindgen_test]
async fn a_field_holds_what_its_value_says_whatever_was_typed() {
    let (text, on) = (RwSignal::new("first".to_owned()), RwSignal::new(true));
    let place = Place::show(move || {
        html::input().attr("value", move || text.get()).attr("checked", move || on.get())
    });
    let field: HtmlInputElement = place.find("input");
    assert_eq!((field.value().as_str(), field.checked()), ("first", true));
    field.set_value("typed");
    text.set("second".into());
    on.set(false);
    wait_until("the signal counts", || field.value() == "second" && !field.checked()).await;
    assert!(!field.has_attribute("value"), "what a field holds is no attribute");
}

#[wasm_bindgen_test]
async fn a_moved_item_of_a_list_keeps_its_node_and_its_focus() {
    let ids = RwSignal::new(vec![1_u64, 2, 3]);
    let place = Place::show(move || {
        html::ul().each(
            move || ids.get(),
            |id| html::li().attr("tabindex", "0").child(id.to_string()).into_any(),
        )
    });
    let second: HtmlElement = place.find("li:nth-child(2)");
    second.focus().expect("a focus");
    ids.set(vec![3, 2, 4]);
    wait_until("the list is another", || place.root.inner_text().replace('\n', "") == "324").await;
    assert_eq!(place.find::<HtmlElement>("li:nth-child(2)"), second);
    let document = web_sys::window().and_then(|window| window.document()).expect("a page");
    assert_eq!(document.active_element().as_ref(), Some(second.as_ref()));
}

#[wasm_bindgen_test]
async fn an_item_that_leaves_a_list_takes_what_it_keeps_along() {
    let gone = Rc::new(RefCell::new(Vec::new()));
    let ids = RwSignal::new(vec![1_u64, 2]);
    let noted = SendWrapper::new(gone.clone());
    let mut place = Place::show(move || {
        html::ul().each(
            move || ids.get(),
            move |id| {
                let noted = noted.clone();
                on_cleanup(move || noted.borrow_mut().push(id));
                html::li().into_any()
            },
        )
    });
    ids.set(vec![2]);
    wait_until("the first is gone", || *gone.borrow() == [1]).await;
    place.clear();
    wait_until("the rest goes with the list", || *gone.borrow() == [1, 2]).await;
}

#[wasm_bindgen_test]
async fn a_memo_that_stays_equal_wakes_nobody() {
    let number = RwSignal::new(1);
    let (found, told) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::new())));
    let (finds, tells) = (SendWrapper::new(found.clone()), told.clone());
    let _place = Place::show(move || {
        let is_even = Memo::new(move || {
            finds.set(finds.get() + 1);
            number.get() % 2 == 0
        });
        effect(move || tells.borrow_mut().push(is_even.get()));
        html::p()
    });
    wait_until("it is told once", || *told.borrow() == [false]).await;
    number.set(3);
    wait_until("it is found anew", || found.get() == 2).await;
    number.set(4);
    wait_until("it is told of the change", || told.borrow().len() > 1).await;
    assert_eq!(*told.borrow(), [false, true]);
}

#[wasm_bindgen_test]
async fn an_element_that_is_made_anew_alike_stays_with_what_was_typed() {
    let turn = RwSignal::new(1);
    let place = Place::show(move || {
        move || html::label().class("field").child(turn.get().to_string()).child(html::input())
    });
    let field: HtmlInputElement = place.find("input");
    field.set_value("typed");
    turn.set(2);
    place.becomes("<label class=\"field\">2<input></label>").await;
    let again: HtmlInputElement = place.find("input");
    assert_eq!(again, field);
    assert_eq!(again.value(), "typed");
}

#[wasm_bindgen_test]
async fn an_element_that_is_made_anew_unlike_takes_the_place_of_the_first() {
    let turn = RwSignal::new(false);
    let place = Place::show(move || {
        html::div()
            .child("before ")
            .child(
                move || {
                    if turn.get() { html::h2().child("new") } else { html::h1().child("old") }
                },
            )
            .child(" after")
    });
    turn.set(true);
    place.becomes("<div>before <h2>new</h2> after</div>").await;
}

#[wasm_bindgen_test]
async fn one_listener_hears_however_often_an_element_is_made_anew() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let turn = RwSignal::new(1);
    let hears = SendWrapper::new(heard.clone());
    let place = Place::show(move || {
        move || {
            let (now, hears) = (turn.get(), hears.clone());
            html::button()
                .on(ev::click, move |_| hears.borrow_mut().push(now))
                .child(now.to_string())
        }
    });
    turn.set(2);
    place.becomes("<button>2</button>").await;
    place.find::<HtmlElement>("button").click();
    assert_eq!(*heard.borrow(), [2]);
}

#[wasm_bindgen_test]
async fn a_reference_leads_to_its_element() {
    let node: Rc<Cell<Option<NodeRef<HtmlInputElement>>>> = Rc::default();
    let out = node.clone();
    let place = Place::show(move || {
        let node = NodeRef::new();
        out.set(Some(node));
        html::input().node_ref(node)
    });
    let node = node.get().expect("a reference");
    wait_until("it is there", || node.get_untracked().is_some()).await;
    assert_eq!(node.get_untracked(), Some(place.find("input")));
}

#[wasm_bindgen_test]
fn what_a_screen_keeps_goes_with_it() {
    struct Kept(Rc<Cell<bool>>);
    impl Drop for Kept {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }
    let gone = Rc::new(Cell::new(false));
    let kept = Kept(gone.clone());
    let mut place = Place::show(move || {
        keep(kept);
        html::p()
    });
    assert!(!gone.get());
    place.clear();
    assert!(gone.get());
    assert_eq!(place.html(), "");
}

#[wasm_bindgen_test]
async fn what_has_gone_from_the_page_is_woken_no_more() {
    let number = RwSignal::new(1);
    let found = Rc::new(Cell::new(0));
    let finds = SendWrapper::new(found.clone());
    let mut place = Place::show(move || {
        html::p().child(move || {
            finds.set(finds.get() + 1);
            number.get().to_string()
        })
    });
    number.set(2);
    place.becomes("<p>2</p>").await;
    place.clear();
    let before = found.get();
    number.set(3);
    let other = Place::show(move || html::i().child(move || number.get().to_string()));
    number.set(4);
    other.becomes("<i>4</i>").await;
    assert_eq!(found.get(), before);
}
