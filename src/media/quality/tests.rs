//! A call that is measured once a second.

use super::sample::{Flow, Inbound, Microphone, Report};
use super::*;
use std::time::Duration;

/// A call, its next sample, and what each second adds to that.
struct Bench {
    quality: Quality,
    second: u64,
    sample: Sample,
    each: Inbound,
    sent: u64,
    muted: bool,
    voice: u64,
}

/// A call in which both speak, over a good connection.
fn call() -> Bench {
    let codec = Codec { name: "opus".into(), clock_rate: 48_000 };
    Bench {
        quality: Quality::default(),
        second: 0,
        sample: Sample {
            link: Link::Up,
            inbound: Some(Inbound { jitter: 2, energy: Some(0), ..Inbound::default() }),
            outbound: Some(Flow::default()),
            report: Some(Report { lost: Some(0), round_trip: Some(20) }),
            microphone: Some(Microphone { live: true, energy: Some(0) }),
            round_trip: Some(10),
            codec: Some(codec),
            ..Sample::default()
        },
        each: Inbound {
            flow: Flow { packets: 50, bytes: 4_000 },
            energy: Some(1_000_000),
            ..Inbound::default()
        },
        sent: 50,
        muted: false,
        voice: 1_000_000,
    }
}

impl Bench {
    fn seconds(&mut self, count: u64) -> Option<Warning> {
        for _ in 0..count {
            self.second += 1;
            if let Some(inbound) = &mut self.sample.inbound {
                inbound.flow.packets += self.each.flow.packets;
                inbound.flow.bytes += self.each.flow.bytes;
                inbound.lost += self.each.lost;
                inbound.energy = inbound.energy.zip(self.each.energy).map(|(all, more)| all + more);
            }
            if let Some(outbound) = &mut self.sample.outbound {
                outbound.packets += self.sent;
                outbound.bytes += self.sent * 100;
            }
            if let Some(microphone) = &mut self.sample.microphone {
                microphone.energy = microphone.energy.map(|energy| energy + self.voice);
            }
            let now = Instant::from_duration(Duration::from_secs(self.second));
            self.quality.take(now, &self.sample, self.muted);
        }
        self.quality.warning()
    }

    /// Nothing is wrong for half a minute.
    fn is_fine(&mut self) {
        for second in 0..30 {
            assert_eq!(self.seconds(1), None, "after {second} s");
        }
    }

    /// This warning comes within so many seconds, and no other.
    #[track_caller]
    fn warns(&mut self, warning: Warning, within: u64) {
        for _ in 0..within {
            if let Some(raised) = self.seconds(1) {
                assert_eq!(raised, warning);
                return;
            }
        }
        panic!("{warning:?} should have come within {within} s");
    }

    #[track_caller]
    fn heals(&mut self) {
        self.seconds(10);
        assert_eq!(self.quality.warning(), None);
    }
}

#[test]
fn a_good_call_has_its_figures_and_no_warning() {
    let mut call = call();
    call.seconds(1);
    assert_eq!((call.quality.figures(), call.quality.bars()), (None, None), "nothing to compare");
    call.is_fine();
    let figures = call.quality.figures().expect("figures");
    assert_eq!((figures.loss, figures.jitter, figures.round_trip), (0, 2, Some(20)));
    assert_eq!(figures.rates, (32_000, 40_000));
    assert!(figures.mos > 430 && call.quality.bars() == Some(4), "{figures:?}");
    call.sample.report = None;
    call.seconds(1);
    assert_eq!(call.quality.figures().and_then(|now| now.round_trip), Some(10), "of ICE");
}

#[test]
fn loss_here_is_told_and_is_gone_when_it_heals() {
    let mut call = call();
    call.seconds(5);
    call.each = Inbound { lost: 10, flow: Flow { packets: 40, bytes: 3_200 }, ..call.each };
    call.warns(Warning::LossHere, 5);
    call.seconds(5);
    let figures = call.quality.figures().expect("figures");
    assert_eq!(figures.loss, 200);
    assert!(figures.mos < 300 && call.quality.bars() == Some(1), "{figures:?}");
    call.each = Inbound { lost: 0, flow: Flow { packets: 50, bytes: 4_000 }, ..call.each };
    call.seconds(4);
    assert!(call.quality.warning().is_some(), "not at once");
    call.heals();
    let summary = call.quality.summary().expect("a summary");
    assert!(summary.worst < 300 && summary.mos > 300 && summary.loss > 50, "{summary:?}");
}

#[test]
fn a_little_loss_is_none() {
    let mut call = call();
    call.each.lost = 1;
    call.is_fine();
}

#[test]
fn loss_there_jitter_and_delay_are_told_apart() {
    let mut one = call();
    one.seconds(5);
    one.sample.report = Some(Report { lost: Some(31), round_trip: Some(20) });
    one.warns(Warning::LossThere, 3);
    let mut one = call();
    one.seconds(5);
    one.sample.inbound = one.sample.inbound.map(|inbound| Inbound { jitter: 31, ..inbound });
    one.warns(Warning::Jitter, 3);
    let mut one = call();
    one.seconds(5);
    one.sample.report = Some(Report { lost: None, round_trip: Some(401) });
    one.warns(Warning::RoundTrip, 3);
    one.sample.report = Some(Report { lost: None, round_trip: Some(399) });
    one.heals();
}

#[test]
fn what_is_bad_together_only_is_told_too() {
    let mut call = call();
    call.seconds(5);
    call.sample.codec = Some(Codec { name: "iLBC".into(), clock_rate: 8_000 });
    call.sample.report = Some(Report { lost: Some(0), round_trip: Some(400) });
    call.each = Inbound { lost: 15, flow: Flow { packets: 500, bytes: 4_000 }, ..call.each };
    call.sample.inbound = call.sample.inbound.map(|inbound| Inbound { jitter: 30, ..inbound });
    call.seconds(10);
    let figures = call.quality.figures().expect("figures");
    assert!(figures.loss <= 30, "{figures:?}");
    assert_eq!(call.quality.warning(), (figures.mos < 300).then_some(Warning::Poor), "{figures:?}");
}

#[test]
fn you_cannot_hear_them_where_nothing_has_ever_arrived() {
    let mut one = call();
    one.sample.inbound = None;
    one.warns(Warning::NothingArrives, 4);
    assert_eq!(one.quality.bars(), Some(0));
    let mut one = call();
    one.each = Inbound::default();
    one.warns(Warning::NothingArrives, 4);
    one.each = call().each;
    one.heals();
    assert_eq!(one.quality.bars(), Some(4));
}

#[test]
fn silence_of_the_other_side_is_told_gently_and_late() {
    for each in [Inbound::default(), Inbound { energy: Some(0), ..call().each }] {
        let mut call = call();
        call.seconds(5);
        call.each = each;
        assert_eq!(call.seconds(7), None, "people pause");
        call.warns(Warning::SilenceArrives, 6);
        assert!(call.quality.bars() != Some(0), "the connection is good");
        call.each =
            Inbound { energy: Some(20_000), flow: Flow { packets: 50, bytes: 4_000 }, ..each };
        call.heals();
    }
}

#[test]
fn who_does_not_speak_in_a_quiet_room_is_no_fault() {
    let mut call = call();
    call.each.energy = Some(10_001);
    call.voice = 101;
    call.is_fine();
}

#[test]
fn they_cannot_hear_you_and_why() {
    let mut one = call();
    one.seconds(5);
    one.voice = 0;
    one.warns(Warning::MicrophoneSilent, 13);
    one.voice = 1_000;
    one.heals();

    let mut one = call();
    one.seconds(5);
    one.sample.microphone = Some(Microphone { live: false, energy: Some(0) });
    one.warns(Warning::MicrophoneStopped, 3);

    let mut one = call();
    one.seconds(5);
    one.sent = 0;
    one.warns(Warning::NothingLeaves, 3);

    let mut one = call();
    one.seconds(5);
    one.sample.report = Some(Report { lost: Some(1000), round_trip: None });
    one.warns(Warning::NothingArrivesThere, 3);
}

#[test]
fn who_is_muted_or_has_no_microphone_is_not_told_that_nobody_hears() {
    let mut one = call();
    one.muted = true;
    one.voice = 0;
    one.is_fine();
    one.muted = false;
    one.voice = 1_000_000;
    one.is_fine();
    let mut one = call();
    one.sample.microphone = None;
    one.sent = 0;
    one.is_fine();
}

#[test]
fn a_browser_that_does_not_measure_the_microphone_blames_it_for_nothing() {
    let mut call = call();
    call.sample.microphone = Some(Microphone { live: true, energy: None });
    call.is_fine();
}

#[test]
fn the_way_is_the_reason_before_all_that_follows_from_it() {
    let mut one = call();
    one.seconds(5);
    one.sample.link = Link::Down;
    one.each = Inbound::default();
    one.sent = 0;
    one.warns(Warning::NoWay, 3);
    one.sample.link = Link::Up;
    (one.each, one.sent) = (call().each, 50);
    one.heals();
    let mut one = call();
    one.sample = Sample { link: Link::Unsecured, ..Sample::default() };
    one.warns(Warning::NotSecured, 3);
}

#[test]
fn a_pause_says_nothing_of_what_comes_after_it() {
    let mut call = call();
    call.seconds(5);
    call.each.lost = 50;
    call.warns(Warning::LossHere, 5);
    call.quality.pause();
    assert_eq!((call.quality.warning(), call.quality.figures()), (None, None));
    call.second += 60;
    call.each.lost = 0;
    call.is_fine();
    assert!(call.quality.summary().is_some_and(|summary| summary.loss > 0), "all of the call");
}
