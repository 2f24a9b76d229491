//! The elements by their names, as in `leptos::html` and `leptos::svg`.

use super::{El, el};

macro_rules! elements {
    ($($name:ident $tag:literal)*) => {$(
        #[doc = concat!("The element `", $tag, "`.")]
        pub fn $name() -> El {
            el($tag)
        }
    )*};
}

elements! {
    audio "audio"
    b "b"
    button "button"
    dd "dd"
    dialog "dialog"
    div "div"
    dl "dl"
    dt "dt"
    form "form"
    h1 "h1"
    h2 "h2"
    h3 "h3"
    header "header"
    i "i"
    input "input"
    label "label"
    li "li"
    main "main"
    nav "nav"
    ol "ol"
    option "option"
    p "p"
    section "section"
    select "select"
    small "small"
    span "span"
    strong "strong"
    svg "svg"
    textarea "textarea"
    time "time"
    ul "ul"
    use_ "use"
}
