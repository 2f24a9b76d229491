//! What can be asked of the telephone, by whoever sits before it, by the page around it or by another
//! tab: one value for each thing, and plain data.

use super::book::{ContactAct, HistoryAct, MessageAct};
use super::{Moment, Output, Station};
use crate::media::devices::{Device, Kind, Treatment};
use crate::phone::{Account, Notice, Others, Phone, Setting};
use crate::sip::ua::{CallId, Command};
use crate::sip::wire::Uri;

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Sign in.
    SignIn {
        /// With this account.
        account: Box<Account>,
        /// Until the user signs out, and not for this page alone.
        stays: bool,
    },
    /// Sign out: end the calls, take the registration away and close the connection.
    SignOut,
    /// Sign out, erase what the browser keeps of the account, and begin anew.
    Forget,
    /// Take the telephone from the tab that has it.
    TakeOver,
    /// Try to connect now rather than later, and make sure of a connection that there seems to be.
    Retry,
    /// Call somebody.
    Call {
        /// Whom.
        whom: Whom,
        /// With a picture, where the other side takes one.
        video: bool,
    },
    /// Answer a ringing call.
    Answer {
        /// The call.
        call: CallId,
        /// What becomes of the other calls.
        others: Others,
        /// With a picture.
        video: bool,
    },
    /// Turn a ringing call away.
    Decline(CallId),
    /// End one call.
    HangUp(CallId),
    /// End a call, with all of the conference that it is of.
    Leave(CallId),
    /// Mute the microphone in a call and its conference, or unmute it.
    ToggleMute(CallId),
    /// Hold the other side of a call, or all of its conference.
    Hold(CallId),
    /// Go on with a call, and hold the one that was in front.
    Resume(CallId),
    /// The one or the other, by what holds now.
    ToggleHold(CallId),
    /// Go on with the other of two calls.
    Swap,
    /// Have all calls that stand hear each other, and us.
    Join,
    /// End the conference: the call in front goes on, the others are held.
    Part,
    /// Give the other sides of two calls a call with each other, and leave both.
    Merge,
    /// Have the other side of a call call somebody else instead.
    Transfer {
        /// The call.
        call: CallId,
        /// Whom.
        to: Whom,
    },
    /// Call somebody to whom the other side of a call may be transferred; that call is held.
    Consult {
        /// The call.
        call: CallId,
        /// Whom.
        to: Whom,
    },
    /// Transfer the one to the other, after a consultation.
    CompleteTransfer,
    /// Do what the other side asks for, which wants us to call somebody in its place, or not.
    DecideTransfer {
        /// The call.
        call: CallId,
        /// Whether to do it.
        accept: bool,
    },
    /// Take the calls back that were left long ago, or not.
    DecideReturn(bool),
    /// Send keys in a call, where they are keys.
    Keys {
        /// The call.
        call: CallId,
        /// The keys, with `,` for a pause.
        keys: String,
    },
    /// Have the other side see the user, or no longer.
    ToggleCamera(CallId),
    /// Have the other side see the screen, or no longer.
    ToggleScreen(CallId),
    /// Show the picture of the other camera.
    FlipCamera(CallId),
    /// Show a picture to the other side, which shows one, or not.
    DecideCamera {
        /// The call.
        call: CallId,
        /// Whether to show it.
        show: bool,
    },
    /// Both ends of a call see the same code, or that is taken back.
    SetVerified {
        /// The call.
        call: CallId,
        /// Whether they do.
        verified: bool,
    },
    /// Have the call without a microphone that failed for want of one.
    ListenOnly,
    /// Begin to record a call, or end its recording.
    ToggleRecording(CallId),
    /// Everyone agrees to be recorded, or not.
    ConsentToRecording(bool),
    /// End the recording.
    StopRecording,
    /// Delete a recording for good.
    DeleteRecording(u64),
    /// The user has heard of the recording that is offered.
    DismissRecording,
    /// The notice was read.
    DismissNotice,
    /// What was typed, for somebody to write to, is no address.
    CannotDial,
    /// Something with the text messages.
    Message(MessageAct),
    /// Show whether this one can be reached, besides the favourites.
    Watch(Option<Uri>),
    /// Something with the calls of the past.
    History(HistoryAct),
    /// Something with the people.
    Contact(ContactAct),
    /// Choose something.
    Set(Setting),
    /// Use a device of this kind, or the system's own.
    ChooseDevice(Kind, Option<Device>),
    /// Have the browser treat the sound of the microphone so.
    Treat(Treatment),
    /// Open the microphone to look at its level.
    OpenMeter {
        /// Also where the user is asked first.
        asks: bool,
    },
    /// The level is looked at no more.
    CloseMeter,
    /// Something for the page itself.
    Page(PageAct),
}

/// What is asked of the page around the model: its devices, its sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageAct {
    /// Load the new version.
    Update,
    /// Be ready: somebody may be called soon.
    ExpectCall,
    /// Play the tone of a key.
    KeyTone(char),
    /// Ring once, for the user to hear what is chosen.
    TryRinging,
    /// Sound once where calls are heard.
    TrySpeaker,
    /// Let ringing and calls be heard, with the touch of the user that the browser waits for.
    EnableSound,
    /// Have the browser ask for a device to play on, and use it.
    AskForSpeaker(Kind),
    /// Lift the far end's picture of a call out of the page, or put it back.
    TogglePictureInPicture(CallId),
}

/// Somebody to call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// As it was typed or pasted, with the keys for later.
    Typed(String),
    /// At this address.
    At(Uri),
}

impl Whom {
    /// The address, in the domain of this telephone.
    pub(super) fn find(self, phone: &Phone) -> Option<Uri> {
        match self {
            Self::Typed(typed) => phone.callee(&typed),
            Self::At(address) => Some(address),
        }
    }
}

impl Station {
    /// Does it, and returns what the user agent is to do for it.
    pub(super) fn act(&mut self, moment: Moment, act: Act) -> Vec<Command> {
        let phone = &mut self.phone;
        match act {
            Act::SignIn { account, stays } => return self.sign_in(moment, *account, stays),
            Act::SignOut => return self.sign_out(moment),
            Act::Forget => return self.forget_account(moment),
            Act::TakeOver => self.take_over(),
            Act::Retry => return vec![Command::Retry],
            Act::Call { whom, video } => {
                let target = whom.find(phone);
                return match video {
                    true => phone.place_with_video(target),
                    false => phone.place(target),
                };
            }
            Act::Answer { call, others, video } => {
                return match video {
                    true => phone.answer_with_video(call, others),
                    false => phone.answer(call, others),
                };
            }
            Act::Decline(call) => return vec![Command::Decline(call)],
            Act::HangUp(call) => return vec![Command::HangUp(call)],
            Act::Leave(call) => return phone.leave(call),
            Act::Hold(call) => return phone.hold(call),
            Act::Resume(call) => return phone.resume(call),
            Act::ToggleHold(call) => return phone.toggle_hold(call),
            Act::Swap => return phone.swap(),
            Act::Join => return phone.join(),
            Act::Part => return phone.part(),
            Act::Merge => return phone.merge(),
            Act::Transfer { call, to } => return phone.transfer(call, to.find(phone)),
            Act::Consult { call, to } => return phone.consult(call, to.find(phone)),
            Act::CompleteTransfer => {
                let consultation = phone.consultation().map(|call| call.id);
                return consultation.map(|id| phone.complete_transfer(id)).unwrap_or_default();
            }
            Act::DecideTransfer { call, accept } => return phone.decide_transfer(call, accept),
            Act::DecideReturn(accept) => return phone.decide_return(moment.now, accept),
            Act::Keys { call, keys } => return self.send_keys(call, &keys),
            Act::ToggleCamera(call) => return phone.toggle_camera(call),
            Act::ToggleScreen(call) => return phone.toggle_screen(call),
            Act::FlipCamera(call) => return phone.flip_camera(call),
            Act::DecideCamera { call, show } => return phone.decide_camera(call, show),
            Act::ListenOnly => {
                self.microphone.decline();
                return phone.listen_only();
            }
            Act::Message(act) => return act.perform(phone),
            Act::Contact(act) => return act.perform(phone),
            Act::Watch(writing_to) => return phone.watch(writing_to),
            Act::Set(choice) => return self.choose(choice),
            Act::ChooseDevice(kind, device) => self.choose_device(kind, device),
            Act::Treat(treatment) => self.treat(treatment),
            Act::OpenMeter { asks } => self.open_meter(asks),
            Act::CloseMeter => self.close_meter(),
            Act::ToggleMute(call) => phone.toggle_mute(call),
            Act::SetVerified { call, verified } => phone.set_verified(call, verified),
            Act::ToggleRecording(call) => phone.toggle_recording(call),
            Act::ConsentToRecording(agreed) => phone.consent_to_recording(agreed),
            Act::StopRecording => phone.stop_recording(),
            Act::DeleteRecording(id) => self.delete_recording(id),
            Act::DismissRecording => self.dismiss_recording(),
            Act::DismissNotice => self.dismiss_notice(),
            Act::CannotDial => phone.notify(Notice::CannotDial),
            Act::History(act) => act.perform(phone),
            Act::Page(act) => self.outputs.push_back(Output::Page(act)),
        }
        Vec::new()
    }
}
