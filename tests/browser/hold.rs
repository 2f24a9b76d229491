//! The media of hold: what each end hears while directions change, and when a change is
//! taken back.

use std::time::Duration;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::MediaStream;
use webphone::media::sdp::Direction;
use webphone::media::sdp::plan::Plan;
use webphone::platform::timer::sleep;
use webphone::platform::{PeerEvent, clock};

use crate::media::End;

/// Keeps the browser's connections where their statistics can be asked for, in the order in which
/// they are made. Sound is the energy of what was received, which silence does not add to.
pub(crate) const LISTEN: &str = "
    if (!window.connections) {
        const Original = window.RTCPeerConnection;
        window.RTCPeerConnection = class extends Original {
            constructor(...given) { super(...given); window.connections.push(this); }
        };
        window.heard = async (index) => {
            let energy = 0;
            (await window.connections[index].getStats()).forEach((report) => {
                if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy;
            });
            return energy;
        };
    }
    window.connections = [];
";

/// The energy of all that the end of this number has heard.
async fn heard(index: u32) -> f64 {
    let promise = js_sys::eval(&format!("heard({index})")).expect("the statistics");
    let energy = JsFuture::from(promise.unchecked_into::<js_sys::Promise>()).await;
    energy.as_ref().ok().and_then(JsValue::as_f64).expect("a number")
}

/// A microphone that whistles without a pause, so that a short silence is silence. The one of the
/// browser under test only beeps now and then.
fn whistle() -> MediaStream {
    const TONE: &str = "(() => {
        const context = new AudioContext();
        const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
        tone.connect(out);
        tone.start();
        return out.stream;
    })()";
    js_sys::eval(TONE).expect("a tone").unchecked_into()
}

/// How long an end must hear nothing.
const SILENCE: Duration = Duration::from_millis(600);
/// So long may be under way what was said before a direction changed: a busy machine takes its time.
const PATIENCE: Duration = Duration::from_secs(30);

/// Waits until these of the two ends hear the other and stay so.
async fn expect_sounds(wanted: [bool; 2], when: &str) {
    let began = clock::now();
    while sounds().await != wanted {
        assert!(clock::now().since(began) < PATIENCE, "never {wanted:?} {when}");
    }
    assert_eq!(sounds().await, wanted, "it should stay so {when}");
}

/// Which of the two ends hears the other now.
async fn sounds() -> [bool; 2] {
    let before = [heard(0).await, heard(1).await];
    let mut sounds = [false; 2];
    let began = clock::now();
    while sounds != [true; 2] && clock::now().since(began) < SILENCE {
        sleep(Duration::from_millis(50)).await;
        for (index, sound) in sounds.iter_mut().enumerate() {
            *sound |= heard(index as u32).await - before[index] > 1e-5;
        }
    }
    sounds
}

/// Two ends that hear each other, of which the first one offers.
async fn connected() -> (End, End) {
    js_sys::eval(LISTEN).expect("the listeners");
    let (alice, bob) = (End::new(), End::new());
    let offer = alice.offer(Some(&whistle())).await.expect("an offer");
    let answer = bob.answer(&offer, Some(&whistle())).await.expect("an answer");
    alice.peer.apply_answer(&answer, false).await.expect("a fitting answer");
    for end in [&alice, &bob] {
        end.reports(PeerEvent::Connected).await;
        end.reports(PeerEvent::RemoteAudio).await;
    }
    expect_sounds([true, true], "in a call").await;
    (alice, bob)
}

/// `from` wants `direction`, and `to` agrees; returns the answer.
async fn turn(from: &End, to: &End, direction: Direction) -> String {
    from.peer.follow(Plan { sound: direction, ..Plan::OPEN });
    let offer = from.offer(None).await.expect("an offer");
    let answer = to.answer(&offer, None).await.expect("an answer");
    from.peer.apply_answer(&answer, false).await.expect("a fitting answer");
    answer
}

#[wasm_bindgen_test]
async fn neither_end_hears_the_other_while_one_holds_and_both_do_afterwards() {
    let (alice, bob) = connected().await;
    for (direction, answered) in
        [(Direction::SendOnly, "a=recvonly"), (Direction::Inactive, "a=inactive")]
    {
        let answer = turn(&alice, &bob, direction).await;
        assert!(answer.contains(answered), "{answer}");
        expect_sounds([false, false], &format!("with {direction:?}")).await;
        turn(&alice, &bob, Direction::SendRecv).await;
        expect_sounds([true, true], &format!("after {direction:?}")).await;
    }
}

#[wasm_bindgen_test]
async fn whoever_only_receives_hears_and_is_not_heard() {
    let (alice, bob) = connected().await;
    let answer = turn(&alice, &bob, Direction::RecvOnly).await;
    assert!(answer.contains("a=sendonly"), "{answer}");
    expect_sounds([true, false], "while one only receives").await;
    // The other end takes it up from there.
    turn(&alice, &bob, Direction::SendRecv).await;
    expect_sounds([true, true], "after that").await;
    turn(&bob, &alice, Direction::SendOnly).await;
    expect_sounds([false, false], "while the other end holds").await;
}

#[wasm_bindgen_test]
async fn a_hold_that_is_taken_back_leaves_the_sound_as_it_was() {
    let (alice, bob) = connected().await;
    alice.peer.follow(Plan { sound: Direction::SendOnly, ..Plan::OPEN });
    let offer = alice.offer(None).await.expect("an offer");
    assert!(offer.contains("a=sendonly"), "{offer}");
    alice.peer.restore_direction();
    alice.peer.rollback().await.expect("a way back");
    expect_sounds([true, true], "after the rollback").await;
    // The session is free for the next change, from either end.
    let answer = turn(&bob, &alice, Direction::SendOnly).await;
    assert!(answer.contains("a=recvonly"), "{answer}");
    turn(&bob, &alice, Direction::SendRecv).await;
    expect_sounds([true, true], "after the next hold").await;
}
