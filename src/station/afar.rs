//! What is asked of the telephone in a tab that only shows it: the tab that has it does that.

use super::{Act, Output, Station, Whom};
use crate::phone::Others;
use crate::phone::fields::{Fields, Row};
use crate::sip::ua::CallId;
use crate::sip::wire::Uri;

impl Station {
    /// Has the tab that has the telephone do what only that can, once it is judged here as far as can
    /// be. Returns what is to be done in this one: what is asked for shows here at once, until the
    /// other tab tells what has become of it.
    pub(super) fn send_away(&mut self, act: Act) -> Option<Act> {
        let phone = &mut self.phone;
        let (away, shows) = match act {
            Act::Call { whom, .. } => {
                let target = whom.find(phone);
                (Act::Call { whom: Whom::At(phone.may_place(target)?), video: false }, false)
            }
            Act::Consult { call, to } => {
                let target = to.find(phone);
                (Act::Consult { call, to: Whom::At(phone.may_place(target)?) }, false)
            }
            Act::Transfer { call, to } => {
                let target = to.find(phone);
                (Act::Transfer { call, to: Whom::At(phone.may_transfer(target)?) }, true)
            }
            Act::ToggleHold(call) if phone.holds(call) => (Act::Resume(call), true),
            Act::ToggleHold(call) => (Act::Hold(call), true),
            Act::Swap => (Act::Resume(phone.other()?.id), true),
            Act::Keys { call, keys } => {
                (Act::Keys { call, keys: self.note_keys(call, &keys)? }, false)
            }
            // For the notice: what is told here may not be what is told there.
            Act::DismissNotice | Act::Answer { .. } | Act::Hold(_) | Act::Resume(_) => (act, true),
            Act::Decline(_) | Act::HangUp(_) | Act::Leave(_) | Act::ToggleMute(_) => (act, false),
            // These take the telephone itself, and are not offered here.
            Act::Retry
            | Act::Join
            | Act::Part
            | Act::Merge
            | Act::CompleteTransfer
            | Act::DecideTransfer { .. }
            | Act::DecideReturn(_)
            | Act::ToggleCamera(_)
            | Act::ToggleScreen(_)
            | Act::FlipCamera(_)
            | Act::DecideCamera { .. }
            | Act::SetVerified { .. }
            | Act::ListenOnly
            | Act::ToggleRecording(_)
            | Act::ConsentToRecording(_)
            | Act::StopRecording
            | Act::Message(_)
            | Act::History(_)
            | Act::Contact(_)
            | Act::Watch(_)
            | Act::Set(_) => return None,
            Act::SignIn { .. }
            | Act::SignOut
            | Act::Forget
            | Act::TakeOver
            | Act::ChooseDevice(..)
            | Act::Treat(_)
            | Act::OpenMeter { .. }
            | Act::CloseMeter
            | Act::DeleteRecording(_)
            | Act::DismissRecording
            | Act::CannotDial
            | Act::Page(_) => return Some(act),
        };
        self.outputs.extend(away.write().map(Output::Tell));
        shows.then_some(away)
    }
}

impl Act {
    /// As a text for another tab; `None` for what has to be asked where the telephone is.
    pub fn write(&self) -> Option<String> {
        let (what, call) = match self {
            Self::DismissNotice => ("dismiss", CallId(0)),
            Self::ToggleMute(call) => ("mute", *call),
            Self::Call { .. } => ("call", CallId(0)),
            Self::Answer { call, .. } => ("answer", *call),
            Self::Decline(call) => ("decline", *call),
            Self::HangUp(call) => ("hang-up", *call),
            Self::Leave(call) => ("end", *call),
            Self::Hold(call) => ("hold", *call),
            Self::Resume(call) => ("resume", *call),
            Self::Transfer { call, .. } => ("transfer", *call),
            Self::Consult { call, .. } => ("consult", *call),
            Self::Keys { call, .. } => ("keys", *call),
            _ => return None,
        };
        let row = Row::default().text(what).number(call.0.into());
        let row = match self {
            Self::Call { whom: to, .. } | Self::Transfer { to, .. } | Self::Consult { to, .. } => {
                match to {
                    Whom::At(address) => row.text(&address.to_string()),
                    Whom::Typed(_) => return None,
                }
            }
            Self::Answer { others, .. } => row.flag(*others == Others::End),
            Self::Keys { keys, .. } => row.text(keys),
            _ => row,
        };
        Some(row.end())
    }

    /// Reads what [`Self::write`] has written.
    pub fn read(text: &str) -> Option<Self> {
        let mut fields = Fields::of(text);
        let what = fields.text();
        let call = CallId(fields.text().parse().ok()?);
        let more = fields.text();
        let at = || Uri::parse(more).ok().map(Whom::At);
        Some(match what {
            "dismiss" => Self::DismissNotice,
            "mute" => Self::ToggleMute(call),
            "call" => Self::Call { whom: at()?, video: false },
            "answer" => {
                let others = if more == "1" { Others::End } else { Others::Hold };
                Self::Answer { call, others, video: false }
            }
            "decline" => Self::Decline(call),
            "hang-up" => Self::HangUp(call),
            "end" => Self::Leave(call),
            "hold" => Self::Hold(call),
            "resume" => Self::Resume(call),
            "transfer" => Self::Transfer { call, to: at()? },
            "consult" => Self::Consult { call, to: at()? },
            "keys" => Self::Keys { call, keys: more.to_owned() },
            _ => return None,
        })
    }
}
