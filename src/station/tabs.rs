//! One page of the browser has the telephone, and holds a lock for that. The others show what is on its
//! display and pass on what their user wants; each can take the telephone, or have it in its turn.

use super::lasting::Farewell;
use super::{Act, Moment, Output, Station};
use crate::phone::{Call, Stage};
use crate::sip::ua::Command;

/// Asks for what is on the display.
const ASK: &str = "?";
/// Begins the answer, which is also given unasked.
const SHOW: &str = "=";

/// How a page asks for the telephone that another may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Only if no page has it.
    IfFree,
    /// As soon as no page has it.
    InTurn,
    /// At once, whoever has it.
    AtOnce,
}

/// What became of the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lock {
    /// This page holds it, as it had asked.
    Granted(Claim),
    /// It does not.
    Denied(Claim),
    /// Another page has taken it away.
    Lost,
}

/// The lock, and what the other tabs were told last.
#[derive(Default)]
pub(super) struct Tabs {
    pub(super) has_lock: bool,
    /// It is not read yet what the page before has kept.
    pub(super) reads: bool,
    /// The page waits for its turn to have it.
    waits: bool,
    /// It asks to have it at once.
    claims: bool,
    pub(super) told: String,
}

impl Station {
    /// Nobody has signed in here.
    pub(super) fn is_free(&self) -> bool {
        matches!(self.phone.stage(), Stage::SignedOut { fault: None })
    }

    /// Takes the telephone from the page that has it. What rings there cannot be taken along.
    pub(super) fn take_over(&mut self) {
        if self.phone.calls().iter().all(Call::is_up) {
            self.claim(Claim::AtOnce);
        }
    }

    /// Wants to be the page that has the telephone, and goes on where another was.
    pub(super) fn claim(&mut self, claim: Claim) {
        let tabs = &mut self.tabs;
        let asked = if claim == Claim::InTurn { &mut tabs.waits } else { &mut tabs.claims };
        if !tabs.has_lock && !std::mem::replace(asked, true) {
            self.outputs.push_back(Output::Claim(claim));
        }
    }

    pub(super) fn handle_lock(&mut self, moment: Moment, lock: Lock) {
        match lock {
            Lock::Granted(claim) => {
                self.tabs.has_lock = true;
                self.answered(claim);
                if claim == Claim::InTurn && !self.phone.is_mirror() {
                    // Who has signed in or out meanwhile has no use for a turn.
                    self.unlock();
                } else {
                    // Another page may have had it until now, and may have been seen to leave.
                    self.tabs.reads = true;
                    self.outputs.push_back(Output::ReadVault(claim));
                }
            }
            Lock::Denied(claim) => {
                self.answered(claim);
                if claim == Claim::IfFree {
                    if self.is_free() {
                        self.become_mirror(moment);
                    }
                    self.outputs.push_back(Output::ShowForm);
                }
            }
            Lock::Lost => self.give_way(moment),
        }
    }

    fn answered(&mut self, claim: Claim) {
        match claim {
            Claim::IfFree => {}
            Claim::InTurn => self.tabs.waits = false,
            Claim::AtOnce => self.tabs.claims = false,
        }
    }

    /// Other pages may have the telephone.
    pub(super) fn unlock(&mut self) {
        if std::mem::take(&mut self.tabs.has_lock) {
            self.outputs.push_back(Output::Unlock);
        }
    }

    /// Another page has taken the telephone.
    fn give_way(&mut self, moment: Moment) {
        self.tabs.has_lock = false;
        // Of an account that does not stay, the other page knows nothing.
        let stays = !std::mem::take(&mut self.lasting.account).is_empty();
        if stays && self.ua.is_some() {
            self.lasting.farewell = Farewell::Unsaid;
            self.phone.leave_calls();
        }
        self.obey(moment.now, vec![Command::Leave]);
        self.end();
        self.outputs.push_back(Output::Over);
        self.close_book();
        self.show_another(moment);
    }

    /// Shows what another tab has signed in, as a page that has seen only the form.
    fn become_mirror(&mut self, moment: Moment) {
        self.outputs.push_back(Output::Tell(ASK.into()));
        self.show_another(moment);
    }

    fn show_another(&mut self, moment: Moment) {
        self.phone.leave_to_another();
        self.phone.set_time_of_day(moment.time_of_day);
        self.claim(Claim::InTurn);
    }

    /// Another tab says this.
    pub(super) fn hear(&mut self, moment: Moment, text: &str) -> Vec<Command> {
        let has_telephone = *self.phone.stage() == Stage::SignedIn;
        if let Some(shown) = text.strip_prefix(SHOW) {
            if self.is_free() && self.somebody_stays() {
                self.become_mirror(moment);
            } else {
                self.phone.mirror(moment.now, shown);
            }
        } else if has_telephone && text == ASK {
            self.tabs.told.clear();
        } else if has_telephone && let Some(act) = Act::read(text) {
            return match act {
                // What was read there may not be what stands here.
                Act::DismissNotice => {
                    self.phone.dismiss_notice();
                    Vec::new()
                }
                act => self.act(moment, act),
            };
        }
        Vec::new()
    }

    /// Tells the other tabs what has changed on the display.
    pub(super) fn show_tabs(&mut self) {
        if *self.phone.stage() != Stage::SignedIn {
            self.tabs.told.clear();
            return;
        }
        let shown = [SHOW, &self.phone.reflect()].concat();
        if self.tabs.told != shown {
            self.tabs.told.clone_from(&shown);
            self.outputs.push_back(Output::Tell(shown));
        }
    }
}
