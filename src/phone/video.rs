//! The pictures of a call: what the user shows, and whether the other side is seen.
//!
//! A picture begins with a device, the camera or the screen, which the driver opens; then both ends
//! agree on it. Where they do not, or the device goes, the call goes on with sound.

use super::{Notice, Phone};
use crate::media::devices::PictureFailure;
use crate::media::sdp::video::Flow;
use crate::sip::ua::{CallId, Command};

/// What a picture is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The user, or what the camera is pointed at.
    Camera,
    /// A screen, a window or a page of the browser.
    Screen,
}

/// How far a picture of the user's has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Own {
    /// There is none.
    #[default]
    None,
    /// The device is being opened.
    Opening(Source),
    /// The other side has not agreed to it yet.
    Offered(Source),
    /// The other side gets it, but while the call is on hold.
    Shown(Source),
}

/// What is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// What the picture is of.
    pub source: Source,
    /// The camera that looks away from the user is meant, where there are two.
    pub back: bool,
}

/// Whether the user was asked to show a picture as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Question {
    #[default]
    NotYet,
    Open,
    Answered,
}

/// The pictures of a call.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Video {
    /// That of the user.
    pub own: Own,
    /// That of the other side comes in.
    pub sees: bool,
    /// The caller wants to show or to see a picture.
    pub offered: bool,
    /// Both ends have agreed that a picture of ours goes out.
    sends: bool,
    question: Question,
    /// The camera that looks away from the user is used.
    pub back: bool,
    /// The camera is on again when the screen is no longer shown.
    camera_after: bool,
}

impl Video {
    /// Of a call that rings here.
    pub(super) fn of_caller(offered: bool) -> Self {
        Self { offered, ..Self::default() }
    }

    /// The call is placed, or answered, with a picture.
    pub(super) fn with_camera(self) -> Self {
        let own = Own::Offered(Source::Camera);
        Self { own, question: Question::Answered, ..self }
    }

    /// Of the call that takes this one's place. Who was seen is asked again, as both ends would begin
    /// with their pictures at once otherwise.
    pub(super) fn succeeded(&self) -> Self {
        let question = if self.own == Own::None { self.question } else { Question::NotYet };
        Self { question, back: self.back, ..Self::default() }
    }

    /// What the user shows, or is about to.
    pub fn source(&self) -> Option<Source> {
        match self.own {
            Own::None => None,
            Own::Opening(source) | Own::Offered(source) | Own::Shown(source) => Some(source),
        }
    }

    /// What is to be shown, or nothing.
    pub fn wish(&self) -> Option<Wish> {
        let back = self.back && self.source() == Some(Source::Camera);
        self.source().map(|source| Wish { source, back })
    }

    /// Whether the user should be asked to show a picture as well.
    pub fn asks(&self) -> bool {
        self.question == Question::Open
    }

    /// What the user wants has not come about yet.
    pub fn is_changing(&self) -> bool {
        matches!(self.own, Own::Opening(_) | Own::Offered(_))
    }
}

impl Phone {
    /// Shows the camera in a call that stands, or no longer.
    pub fn toggle_camera(&mut self, id: CallId) -> Vec<Command> {
        match self.video(id).and_then(|video| video.source()) {
            Some(Source::Camera) => self.show(id, None),
            _ => self.show(id, Some(Source::Camera)),
        }
    }

    /// Shows the screen in a call that stands, or what was shown before.
    pub fn toggle_screen(&mut self, id: CallId) -> Vec<Command> {
        match self.video(id).and_then(|video| video.source()) {
            Some(Source::Screen) => self.stop_screen(id),
            _ => self.show(id, Some(Source::Screen)),
        }
    }

    /// Shows what the other camera sees, where there are two.
    pub fn flip_camera(&mut self, id: CallId) -> Vec<Command> {
        if let Some(video) = self.video(id)
            && video.source() == Some(Source::Camera)
        {
            video.back = !video.back;
        }
        Vec::new()
    }

    /// The user answers whether to show a picture as well.
    pub fn decide_camera(&mut self, id: CallId, show: bool) -> Vec<Command> {
        let Some(video) = self.video(id) else { return Vec::new() };
        video.question = Question::Answered;
        if show && video.own == Own::None {
            self.show(id, Some(Source::Camera))
        } else {
            Vec::new()
        }
    }

    /// The device behind the picture is open.
    pub fn picture_opened(&mut self, id: CallId) -> Vec<Command> {
        let Some(video) = self.video(id) else { return Vec::new() };
        match video.own {
            // Another picture takes the place of one that goes out.
            Own::Opening(source) if video.sends => video.own = Own::Shown(source),
            Own::Opening(source) => {
                video.own = Own::Offered(source);
                return vec![Command::Reoffer(id)];
            }
            Own::None | Own::Offered(_) | Own::Shown(_) => {}
        }
        Vec::new()
    }

    /// The device cannot be opened.
    pub fn picture_failed(&mut self, id: CallId, failure: PictureFailure) -> Vec<Command> {
        let Some(source) = self.video(id).and_then(|video| video.source()) else {
            return Vec::new();
        };
        self.notice = Some(Notice::NoPicture(source, failure));
        match source {
            Source::Camera => self.show(id, None),
            Source::Screen => self.stop_screen(id),
        }
    }

    /// The browser can offer no picture in this call any more, as the other side has refused one.
    pub fn picture_barred(&mut self, id: CallId) {
        if let Some(video) = self.video(id)
            && let Some(source) = video.source()
        {
            video.own = Own::Offered(source);
        }
        self.picture_refused(id);
    }

    /// The device has gone: the camera was unplugged, or the browser's own button ended the sharing
    /// of the screen.
    pub fn picture_ended(&mut self, id: CallId) -> Vec<Command> {
        match self.video(id).and_then(|video| video.source()) {
            Some(Source::Camera) => self.picture_failed(id, PictureFailure::Gone),
            Some(Source::Screen) => self.stop_screen(id),
            None => Vec::new(),
        }
    }

    /// Both ends have agreed on which pictures flow.
    pub(super) fn handle_video(&mut self, id: CallId, flow: Flow) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let on_hold = call.hold.here || call.hold.there;
        let video = &mut call.video;
        if flow.receives && !video.sees && video.question == Question::NotYet {
            let shows_nothing = video.own == Own::None && !video.offered;
            video.question = if shows_nothing { Question::Open } else { Question::Answered };
        }
        if !flow.receives && !on_hold && video.question == Question::Open {
            video.question = Question::NotYet;
        }
        (video.sends, video.sees) = (flow.sends, flow.receives);
        match video.own {
            Own::Offered(source) if flow.sends => video.own = Own::Shown(source),
            Own::Offered(_) | Own::Shown(_) if !flow.sends && !on_hold => self.picture_refused(id),
            _ => {}
        }
    }

    /// The other side does not want our picture, or not any more.
    pub(super) fn picture_refused(&mut self, id: CallId) {
        let Some(call) = self.calls.get_mut(id) else { return };
        let party = call.party.clone();
        let told = match call.video.own {
            Own::Offered(_) => Notice::VideoRefused(party),
            Own::Shown(_) => Notice::VideoEnded(party),
            Own::None | Own::Opening(_) => return,
        };
        call.video.own = Own::None;
        call.video.camera_after = false;
        self.notice = Some(told);
    }

    fn stop_screen(&mut self, id: CallId) -> Vec<Command> {
        let before = self.video(id).is_some_and(|video| std::mem::take(&mut video.camera_after));
        self.show(id, before.then_some(Source::Camera))
    }

    /// Shows this picture from now on. Before the call stands, none can begin.
    fn show(&mut self, id: CallId, source: Option<Source>) -> Vec<Command> {
        let Some(call) = self.calls.get_mut(id) else { return Vec::new() };
        let up = call.is_up();
        let video = &mut call.video;
        if !up {
            video.own = if source.is_none() { Own::None } else { video.own };
            return Vec::new();
        }
        video.question = Question::Answered;
        let before = std::mem::take(&mut video.own);
        match (source, before) {
            (Some(source), _) => {
                video.camera_after = source == Source::Screen
                    && matches!(before, Own::Offered(Source::Camera) | Own::Shown(Source::Camera));
                video.own = Own::Opening(source);
                Vec::new()
            }
            // It was not offered to anybody.
            (None, Own::None) => Vec::new(),
            (None, Own::Opening(_)) if !video.sends => Vec::new(),
            (None, _) => {
                // What is shown next, before that is agreed on, is another picture.
                video.sends = false;
                vec![Command::Reoffer(id)]
            }
        }
    }

    fn video(&mut self, id: CallId) -> Option<&mut Video> {
        self.calls.get_mut(id).map(|call| &mut call.video)
    }
}
