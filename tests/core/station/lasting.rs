//! What outlives the page, and how the next page begins.

use super::*;
use webphone::phone::Line;
use webphone::station::LastWords;

/// A page of the same browser, a little later.
fn next_page(desk: &Desk) -> Desk {
    let mut next = Desk::in_browser(&desk.browser, browser::provision());
    next.moment = desk.moment;
    next
}

/// Its vault is open, and what was in it is there.
fn open_vault(desk: &mut Desk) {
    let kept = desk.browser.vault();
    desk.input(Input::Vault(Vault::Open(kept)));
}

/// Somebody is registered who wants to stay.
fn staying() -> Desk {
    let mut desk = Desk::new();
    open_vault(&mut desk);
    let (mut desk, register) = desk.sign_in(true);
    desk.grant(&register);
    desk
}

#[test]
fn who_stays_is_signed_in_by_the_next_page_without_a_form() {
    let desk = staying();
    let mut next = next_page(&desk);
    open_vault(&mut next);
    assert_eq!(next.phone().stage(), &Stage::SignedIn);
    assert!(next.asked.contains(&Output::ShowForm), "it is known what to show");
    next.input(Input::Link(LinkEvent::Opened));
    let register = next.request(Method::Register);
    next.grant(&register);
    assert_eq!(next.phone().line(), &Line::Registered);
}

#[test]
fn who_signs_in_for_this_page_alone_is_not_known_to_the_next() {
    let mut desk = Desk::new();
    open_vault(&mut desk);
    let (mut desk, register) = desk.sign_in(false);
    desk.grant(&register);
    assert_eq!(desk.browser.vault(), None);
    assert_eq!(desk.browser.get("webphone.stays"), None);
    let mut next = next_page(&desk);
    open_vault(&mut next);
    assert_eq!(next.asked, [Output::ShowForm]);
    assert_eq!(next.phone().stage(), &Stage::SignedOut { fault: None });
}

#[test]
fn who_is_not_registered_yet_is_not_kept() {
    let mut desk = Desk::new();
    open_vault(&mut desk);
    let (desk, _) = desk.sign_in(true);
    assert_eq!(desk.browser.vault(), None, "the password may be wrong");
}

#[test]
fn who_signs_out_is_not_known_to_the_next_page() {
    let mut desk = staying();
    desk.act(Act::SignOut);
    assert_eq!(desk.browser.vault(), None);
    assert_eq!(desk.browser.get("webphone.stays"), None);
}

#[test]
fn a_vault_that_was_emptied_too_late_signs_nobody_in() {
    let mut desk = staying();
    let kept = desk.browser.vault().expect("the account");
    desk.act(Act::SignOut);
    desk.browser.seal(kept);
    let mut next = next_page(&desk);
    open_vault(&mut next);
    assert_eq!(next.asked, [Output::ShowForm]);
    assert_eq!(next.phone().stage(), &Stage::SignedOut { fault: None });
}

#[test]
fn where_the_browser_keeps_nothing_the_form_is_shown() {
    let mut desk = Desk::new();
    desk.input(Input::Vault(Vault::Unavailable));
    assert_eq!(desk.asked, [Output::ShowForm]);
    let (mut desk, register) = desk.sign_in(true);
    desk.grant(&register);
    assert_eq!(desk.browser.vault(), None);
}

#[test]
fn who_signs_in_before_the_vault_is_read_is_signed_in() {
    let desk = staying();
    let kept = desk.browser.vault();
    let (mut next, _) = next_page(&desk).sign_in(false);
    next.input(Input::Vault(Vault::Open(kept)));
    assert_eq!(next.asked, [Output::ShowForm]);
    assert_eq!(next.phone().stage(), &Stage::SigningIn);
}

#[test]
fn a_page_beside_another_shows_its_telephone() {
    let desk = staying();
    let mut next = next_page(&desk);
    next.is_taken = true;
    open_vault(&mut next);
    assert!(next.phone().is_mirror());
    let expected = [Output::Tell("?".into()), Output::Claim(Claim::InTurn), Output::ShowForm];
    assert_eq!(next.asked, expected);
}

#[test]
fn an_account_that_the_server_turns_away_later_is_tried_again_in_five_minutes() {
    let mut desk = staying();
    for _ in 0..100 {
        desk.advance(Duration::from_secs(10));
        while let Some(sent) = desk.sent.pop_front() {
            match sent {
                Sent::Request(request) if request.method == Method::Register => {
                    desk.reply(&request, 403, &[], "");
                }
                other => panic!("{other:?}"),
            }
        }
        if matches!(desk.phone().stage(), Stage::SignedOut { fault: Some(_) }) {
            break;
        }
    }
    assert!(desk.browser.vault().is_some(), "nobody has signed out");
    desk.asked.clear();
    desk.advance(Duration::from_secs(299));
    assert_eq!(desk.asked, []);
    desk.advance(Duration::from_secs(2));
    assert!(desk.asked.iter().any(|asked| matches!(asked, Output::Begin { .. })));
    assert_eq!(desk.phone().stage(), &Stage::SignedIn);
}

#[test]
fn what_changes_while_it_is_being_kept_is_kept_after_it() {
    let mut desk = staying();
    let call = desk.call("1002");
    desk.writes_slowly = true;
    for _ in 0..3 {
        desk.act(Act::ToggleMute(call));
    }
    let first = desk.browser.vault();
    desk.act(Act::ToggleMute(call));
    assert_eq!(desk.browser.vault(), first, "one at a time");
    desk.act(Act::ToggleMute(call));
    desk.act(Act::Hold(call));
    desk.accept();
    assert_eq!(desk.browser.vault(), first);
    desk.input(Input::Vault(Vault::Written));
    let last = desk.browser.vault();
    assert_ne!(last, first, "all that has changed meanwhile");
    desk.input(Input::Vault(Vault::Written));
    assert_eq!(desk.browser.vault(), last);
}

#[test]
fn goodbyes_wait_with_the_worker_while_the_page_is_loaded_anew() {
    let mut desk = staying();
    desk.call("1002");
    desk.input(Input::Page(Page::Leaving { has_worker: true }));
    let goodbyes = desk.asked.iter().find_map(|asked| match asked {
        Output::Goodbyes(frames) => Some(frames.len()),
        _ => None,
    });
    assert_eq!(goodbyes, Some(1));
    let order: Vec<_> = desk.asked.iter().map(std::mem::discriminant).collect();
    let place = |output| order.iter().position(|other| *other == std::mem::discriminant(output));
    let close = Output::Link(LinkRequest::Close);
    assert!(place(&Output::Goodbyes(Vec::new())) < place(&close), "before the line is closed");
    assert!(desk.browser.vault().is_some_and(|kept| kept.lines().count() > 3), "with the call");
}

#[test]
fn a_page_that_goes_away_before_its_call_is_back_lets_the_worker_say_goodbye() {
    let mut desk = staying();
    desk.call("1002");
    desk.input(Input::Page(Page::Leaving { has_worker: true }));
    let mut next = next_page(&desk);
    open_vault(&mut next);
    assert!(next.asked.contains(&Output::LastWords(LastWords::Wait)));
    next.asked.clear();
    next.input(Input::Page(Page::Leaving { has_worker: true }));
    assert!(next.asked.contains(&Output::LastWords(LastWords::WaitAgain)));
}

#[test]
fn without_a_worker_the_goodbye_is_said_at_once_and_no_call_comes_back() {
    let mut desk = staying();
    desk.call("1002");
    desk.input(Input::Page(Page::Leaving { has_worker: false }));
    desk.request(Method::Bye);
    let mut next = next_page(&desk);
    open_vault(&mut next);
    assert!(!next.phone().is_returning());
    assert!(!next.asked.iter().any(|asked| matches!(asked, Output::LastWords(_))));
}

#[test]
fn a_page_that_the_browser_had_kept_is_loaded_anew_where_the_account_stays() {
    let mut desk = staying();
    desk.input(Input::Page(Page::Leaving { has_worker: true }));
    desk.asked.clear();
    desk.input(Input::Page(Page::Back));
    assert_eq!(desk.asked, [Output::Reload]);
    let mut desk = Desk::registered();
    desk.input(Input::Page(Page::Leaving { has_worker: true }));
    desk.asked.clear();
    desk.input(Input::Page(Page::Back));
    assert!(desk.asked.contains(&Output::Link(LinkRequest::Open(0))), "{:?}", desk.asked);
}

#[test]
fn a_page_that_has_lost_the_telephone_says_nothing_and_writes_nothing_any_more() {
    let mut desk = staying();
    desk.call("1002");
    let kept = desk.browser.vault();
    desk.input(Input::Lock(Lock::Lost));
    assert!(desk.sent.is_empty(), "the other page goes on: {:?}", desk.sent);
    assert!(desk.phone().is_mirror());
    assert!(desk.asked.contains(&Output::Over));
    assert!(desk.asked.contains(&Output::Claim(Claim::InTurn)));
    assert_eq!(desk.browser.vault(), kept);
    desk.advance(Duration::from_secs(600));
    assert_eq!(desk.browser.vault(), kept);
    desk.nothing_sent();
}

#[test]
fn who_does_not_stay_says_goodbye_where_another_page_takes_the_telephone() {
    let mut desk = Desk::registered();
    desk.call("1002");
    desk.input(Input::Lock(Lock::Lost));
    desk.request(Method::Bye);
    let register = desk.request(Method::Register);
    assert_eq!(crate::support::header(&register.headers, "Expires"), "0");
}

#[test]
fn a_turn_that_comes_when_the_user_has_signed_out_is_of_no_use() {
    let mut desk = staying();
    desk.input(Input::Lock(Lock::Lost));
    let (mut desk, register) = desk.sign_in(true);
    desk.grant(&register);
    desk.act(Act::SignOut);
    desk.asked.clear();
    desk.input(Input::Lock(Lock::Granted(Claim::InTurn)));
    assert_eq!(desk.asked, [Output::Unlock]);
    assert_eq!(desk.phone().stage(), &Stage::SignedOut { fault: None });
}

#[test]
fn a_tab_at_the_form_shows_the_telephone_though_the_server_answers_before_the_vault() {
    let mut desk = Desk::new();
    desk.reads_slowly = true;
    open_vault(&mut desk);
    let (mut desk, register) = desk.sign_in(true);
    desk.grant(&register);
    let mut other = next_page(&desk);
    other.input(Input::Tab(&desk.shown));
    assert!(!other.phone().is_mirror(), "it cannot know yet that somebody stays");
    desk.shown.clear();
    desk.input(Input::Vault(Vault::Read(Claim::AtOnce, None)));
    other.input(Input::Tab(&desk.shown));
    assert!(other.phone().is_mirror());
}
