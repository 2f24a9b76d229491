//! The telephone as other tabs show it.
//!
//! One tab has the telephone (its line, its sound, its microphone). It tells the others what stands on
//! its display, as a text; they show that, and send back what their user asks for (`station::afar`).

use super::call::{Call, Direction, Hold, Progress, Transfer};
use super::fields::{Fields, Row};
use super::{Notice, Phone, Stage};
use crate::sip::ua::{CallId, EndReason, Line, LineFault};
use crate::sip::wire::Uri;
use crate::time::Instant;
use std::time::Duration;

/// Begins the line of a call that was refused.
const ENDED: &str = "ended";

impl Phone {
    /// Whether another tab has the telephone.
    pub fn is_mirror(&self) -> bool {
        self.stage == Stage::Elsewhere
    }

    /// What other tabs are to show.
    pub fn reflect(&self) -> String {
        let line = match self.line {
            Line::Registered => "registered",
            Line::Connecting => "connecting",
            _ => "down",
        };
        let head = Row::default().text(line).text(&self.domain);
        let head = head.flag(self.settings.do_not_disturb).number(self.settings.max_calls as u64);
        let mut shown = head.end();
        if let Some(Notice::CallEnded { party, reason: EndReason::Rejected { status, .. } }) =
            &self.notice
        {
            let row = Row::default().text(ENDED).number((*status).into()).party(party);
            shown.push('\n');
            shown.push_str(&row.end());
        }
        for call in self.calls() {
            let row = Row::default().number(call.id.0.into()).party(&call.party);
            let row = row.text(&call.uri.to_string()).flag(call.direction == Direction::Outgoing);
            let row = row.text(progress(&call.progress)).number(call.times[1]);
            let row = row.flag(call.hold.here).flag(call.hold.there).flag(call.muted);
            shown.push('\n');
            // What is asked for shows at once in the tab where it was, and so must what becomes of it.
            let wanted = match call.hold_wanted {
                None => "",
                Some(true) => "hold",
                Some(false) => "resume",
            };
            let row = row.flag(self.is_front(call.id)).text(wanted);
            let row = match &call.transfer {
                None => row,
                Some(transfer) => {
                    let stage = if transfer.rings { "rings" } else { "asked" };
                    row.text(stage).party(&transfer.target)
                }
            };
            shown.push_str(&row.end());
        }
        shown
    }

    /// Shows what another tab has told. What cannot be read is left out.
    pub fn mirror(&mut self, now: Instant, told: &str) {
        let mut lines = told.split('\n');
        let mut head = Fields::of(lines.next().unwrap_or_default());
        let line = match head.text() {
            _ if !self.is_mirror() => return,
            "registered" => Line::Registered,
            "connecting" => Line::Connecting,
            "down" => Line::Failed(LineFault::Lost),
            _ => return,
        };
        let mut fresh = Self { stage: Stage::Elsewhere, line, ..self.of_nobody() };
        fresh.time_of_day = self.time_of_day;
        head.text().clone_into(&mut fresh.domain);
        fresh.settings.do_not_disturb = head.flag();
        fresh.settings.max_calls = head.number().unwrap_or(1) as usize;
        for line in lines {
            fresh.show_line(now, Fields::of(line));
        }
        *self = fresh;
    }

    fn show_line(&mut self, now: Instant, mut fields: Fields<'_>) -> Option<()> {
        let name = fields.text();
        if name == ENDED {
            let status = u16::try_from(fields.number()?).ok()?;
            let reason = EndReason::Rejected { status, reason: String::new(), retry_after: None };
            self.notice = Some(Notice::CallEnded { party: fields.party(), reason });
            return Some(());
        }
        let id = CallId(name.parse().ok()?);
        let party = fields.party();
        let mut call = Call::incoming(id, party, Uri::parse(fields.text()).ok()?);
        if fields.flag() {
            call.direction = Direction::Outgoing;
        }
        let progress = fields.text();
        let ago = Duration::from_millis(self.time_of_day.saturating_sub(fields.number()?));
        call.progress = match progress {
            "calling" => Progress::Calling,
            "rings" => Progress::Ringing,
            "early" => Progress::EarlyMedia,
            "incoming" => Progress::Incoming,
            "answering" => Progress::Answering,
            _ => Progress::Up { since: now.before(ago) },
        };
        call.hold = Hold { here: fields.flag(), there: fields.flag() };
        call.muted = fields.flag();
        let is_front = fields.flag();
        call.hold_wanted = match fields.text() {
            "hold" => Some(true),
            "resume" => Some(false),
            _ => None,
        };
        let stage = fields.text();
        call.transfer = (!stage.is_empty())
            .then(|| Transfer { target: fields.party(), rings: stage == "rings" });
        self.calls.add(call);
        if is_front {
            self.calls.put_in_front(id);
        }
        Some(())
    }
}

fn progress(progress: &Progress) -> &'static str {
    match progress {
        Progress::Calling => "calling",
        Progress::Ringing => "rings",
        Progress::EarlyMedia => "early",
        Progress::Incoming => "incoming",
        Progress::Answering => "answering",
        Progress::Up { .. } => "up",
    }
}
