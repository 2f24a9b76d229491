//! Several pages of one browser, one of which has the telephone, and pages that come after others.

use super::calls::{ANA, BOB, talking};
use super::*;
use webphone::phone::{Call, Line, Stage};

/// The call of Ana, now in this page, is the one that she had: up, and one call for Bob.
#[track_caller]
fn assert_goes_on(world: &World, page: usize) -> CallId {
    let phone = world.phone(page);
    assert_eq!(phone.stage(), &Stage::SignedIn);
    assert_eq!(phone.line(), &Line::Registered);
    let call = phone.call().expect("the call is back");
    assert!(call.is_up(), "{call:?}");
    assert_eq!(call.party.label(), "1002");
    let at_bob = world.phone(BOB).calls();
    assert!(matches!(at_bob, [call] if call.is_up()), "for Bob it is one call: {at_bob:?}");
    call.id
}

#[test]
fn a_page_after_a_crash_takes_its_call_back() {
    let (mut world, ana, _) = talking();
    world.act(ANA, Act::ToggleMute(ana));
    world.run(10 * second());
    world.close_page(ANA);
    let next = world.open_page(0);
    world.run(5 * second());
    let call = assert_goes_on(&world, next);
    assert!(world.phone(next).get(call).is_some_and(|call| call.muted));
    assert_eq!(world.hosts[0].last_words, [LastWords::Wait, LastWords::Drop]);
    world.act(next, Act::HangUp(call));
    world.run(second());
    assert_eq!(world.phone(BOB).calls(), []);
}

#[test]
fn a_second_page_shows_the_call_and_takes_it_over() {
    let (mut world, ..) = talking();
    let other = world.open_page(0);
    world.run(second());
    assert!(world.phone(other).is_mirror());
    assert!(world.phone(other).call().is_some_and(Call::is_up));
    world.act(other, Act::TakeOver);
    world.run(5 * second());
    assert!(world.phone(ANA).is_mirror());
    let call = assert_goes_on(&world, other);
    world.act(ANA, Act::HangUp(call));
    world.run(second());
    assert_eq!(world.phone(BOB).calls(), [], "the first page passes on what its user wants");
}

#[test]
fn what_rings_is_not_taken_over() {
    let mut world = World::of(&["1001", "1002"]);
    let other = world.open_page(1);
    world.run(second());
    world.call(ANA, "1002");
    world.run(second());
    world.act(other, Act::TakeOver);
    world.run(second());
    assert!(world.phone(other).is_mirror());
    assert_eq!(world.hosts[1].holder, Some(BOB));
}

#[test]
fn the_page_that_waits_goes_on_when_the_other_crashes() {
    let (mut world, ..) = talking();
    let other = world.open_page(0);
    world.run(second());
    world.close_page(ANA);
    world.run(5 * second());
    assert_goes_on(&world, other);
}

#[test]
fn who_signs_out_in_one_page_is_signed_out_in_the_other() {
    let mut world = World::of(&["1001"]);
    let other = world.open_page(0);
    world.run(second());
    assert!(world.phone(other).is_mirror());
    world.act(ANA, Act::SignOut);
    world.run(second());
    for page in [ANA, other] {
        assert_eq!(world.phone(page).stage(), &Stage::SignedOut { fault: None }, "{page}");
    }
    assert_eq!(world.hosts[0].browser.vault(), None);
    assert_eq!(world.hosts[0].holder, None, "nobody has the telephone");
    world.act(ANA, browser::sign_in("1001", true));
    world.run(second());
    assert!(world.phone(other).is_mirror(), "and shows it when somebody signs in again");
}

#[test]
fn a_page_that_has_taken_the_telephone_over_and_signs_out_lets_go_of_it() {
    let mut world = World::of(&["1001"]);
    let other = world.open_page(0);
    world.run(second());
    world.act(other, Act::TakeOver);
    world.run(5 * second());
    world.act(other, Act::SignOut);
    world.run(5 * second());
    for page in [ANA, other] {
        assert_eq!(world.phone(page).stage(), &Stage::SignedOut { fault: None }, "{page}");
    }
    assert_eq!(world.hosts[0].holder, None);
    assert_eq!(world.hosts[0].in_turn, Vec::<usize>::new());
}

#[test]
fn a_page_that_is_loaded_anew_says_no_goodbye_and_has_its_call_again() {
    let (mut world, ..) = talking();
    world.input(ANA, Input::Page(Page::Leaving { has_worker: true }));
    world.close_page(ANA);
    assert_eq!(world.hosts[0].goodbyes.len(), 1, "the worker has it");
    let next = world.open_page(0);
    world.run(5 * second());
    assert_goes_on(&world, next);
    assert_eq!(world.hosts[0].last_words, [LastWords::Wait, LastWords::Drop]);
}

#[test]
fn without_a_worker_a_page_that_goes_away_ends_its_call() {
    let (mut world, ..) = talking();
    world.input(ANA, Input::Page(Page::Leaving { has_worker: false }));
    world.run(second());
    assert_eq!(world.phone(BOB).calls(), []);
    world.close_page(ANA);
    let next = world.open_page(0);
    world.run(5 * second());
    assert_eq!(world.phone(next).stage(), &Stage::SignedIn);
    assert_eq!(world.phone(next).calls(), []);
    assert_eq!(world.phone(next).notice(), None, "nothing is missed");
}
