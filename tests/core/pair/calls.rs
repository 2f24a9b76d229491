//! Calls between two telephones of ours.

use super::*;
use webphone::phone::{Hold, Line, Others, Progress};

pub(super) const ANA: usize = 0;
pub(super) const BOB: usize = 1;

/// Ana has called Bob, who has answered.
pub(super) fn talking() -> (World, CallId, CallId) {
    let mut world = World::of(&["1001", "1002"]);
    let ana = world.call(ANA, "1002");
    world.run(second());
    let bob = world.answer(BOB);
    world.run(second());
    assert_up(&world);
    (world, ana, bob)
}

impl World {
    /// Answers the call that rings; returns it.
    pub(super) fn answer(&mut self, end: usize) -> CallId {
        let call = self.phone(end).call().expect("a call").id;
        self.act(end, Act::Answer { call, others: Others::Hold, video: false });
        call
    }

    fn hold_of(&self, end: usize) -> Hold {
        self.phone(end).call().expect("a call").hold
    }
}

#[track_caller]
fn assert_up(world: &World) {
    for end in [ANA, BOB] {
        let call = world.phone(end).call().map(|call| &call.progress);
        assert!(matches!(call, Some(Progress::Up { .. })), "{end}: {call:?}");
    }
}

#[test]
fn one_calls_the_other_answers_and_either_hangs_up() {
    for who in [ANA, BOB] {
        let mut world = World::of(&["1001", "1002"]);
        world.call(ANA, "1002");
        world.run(second());
        assert_eq!(world.phone(ANA).call().map(|call| &call.progress), Some(&Progress::Ringing));
        assert_eq!(world.phone(BOB).call().map(|call| call.party.label()), Some("1001"));
        world.answer(BOB);
        world.run(second());
        assert_up(&world);
        let call = world.phone(who).call().expect("a call").id;
        world.act(who, Act::HangUp(call));
        world.run(second());
        for end in [ANA, BOB] {
            assert_eq!(world.phone(end).calls(), [], "{end}");
        }
    }
}

#[test]
fn hold_is_of_both_though_the_way_takes_a_second() {
    let (mut world, ana, bob) = talking();
    world.delay = Duration::from_millis(500);
    world.act(ANA, Act::Hold(ana));
    world.run(5 * second());
    let held = Hold { here: true, there: false };
    assert_eq!((world.hold_of(ANA), world.hold_of(BOB)), (held, Hold { here: false, there: true }));
    world.act(ANA, Act::Resume(ana));
    world.run(5 * second());
    assert_eq!((world.hold_of(ANA), world.hold_of(BOB)), (Hold::default(), Hold::default()));
    // Both at once: each has its own hold in the end, whoever has to wait.
    world.act(ANA, Act::Hold(ana));
    world.act(BOB, Act::Hold(bob));
    world.run(30 * second());
    let both = Hold { here: true, there: true };
    assert_eq!((world.hold_of(ANA), world.hold_of(BOB)), (both, both));
    assert_up(&world);
}

#[test]
fn a_call_outlives_a_line_that_breaks_and_comes_back() {
    let (mut world, ana, _) = talking();
    world.set_wire(ANA, Wire::Cut);
    assert!(matches!(world.phone(ANA).line(), Line::Waiting { .. }));
    world.run(20 * second());
    assert_up(&world);
    world.set_wire(ANA, Wire::Well);
    world.run(60 * second());
    assert_eq!(world.phone(ANA).line(), &Line::Registered);
    world.act(ANA, Act::Hold(ana));
    world.run(5 * second());
    assert!(world.hold_of(BOB).there, "the other side is reached again");
}

#[test]
fn a_line_that_falls_silent_is_found_out_and_the_call_goes_on() {
    let (mut world, ..) = talking();
    world.set_wire(BOB, Wire::Silent);
    world.run(26 * second());
    assert_ne!(world.phone(BOB).line(), &Line::Registered, "it was pinged in vain");
    world.set_wire(BOB, Wire::Well);
    world.run(60 * second());
    assert_eq!(world.phone(BOB).line(), &Line::Registered);
    assert_up(&world);
    let bob = world.phone(BOB).call().expect("the call").id;
    world.act(BOB, Act::HangUp(bob));
    world.run(second());
    assert_eq!(world.phone(ANA).calls(), []);
}

#[test]
fn who_calls_while_the_line_is_cut_is_told_and_may_call_again() {
    let mut world = World::of(&["1001", "1002"]);
    world.set_wire(ANA, Wire::Cut);
    world.act(ANA, Act::Call { whom: Whom::Typed("1002".into()), video: false });
    assert_eq!(world.phone(ANA).calls(), []);
    assert!(world.phone(ANA).notice().is_some());
    world.set_wire(ANA, Wire::Well);
    world.run(60 * second());
    world.call(ANA, "1002");
    world.run(second());
    world.answer(BOB);
    world.run(second());
    assert_up(&world);
}
