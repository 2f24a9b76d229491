//! Responses that arrive, and those that never do: whose request they answer, and whether it goes
//! out again with credentials (RFC 3261 §8.1.3, §22.2).

use super::core::Owner;
use super::event::LineFault;
use super::outgoing::refuse_fork;
use super::{Call, UserAgent};
use crate::sip::digest::AuthError;
use crate::sip::transaction::Answer;
use crate::sip::wire::{Method, Request, Response};
use crate::time::Instant;

impl UserAgent {
    pub(super) fn handle_response(&mut self, now: Instant, response: Response) {
        let Some(answer) = self.core.transactions.handle_response(now, response) else {
            return;
        };
        if matches!(answer.response.status, 401 | 407) && self.wants_retry(&answer) {
            match self.core.send_with_credentials(now, &answer) {
                Ok(request) => self.handle_retry(answer.owner, request),
                Err(error) => self.handle_unauthorized(now, answer.owner, error),
            }
            return;
        }
        self.deliver(now, &answer);
    }

    /// Whether a challenged request should go out again. A CANCEL cannot be repeated
    /// (RFC 3261 §22.1), and nobody waits for an INVITE any more once the user hung up.
    fn wants_retry(&self, answer: &Answer<Owner>) -> bool {
        match answer.owner {
            Owner::Registration => true,
            Owner::Parting => answer.request.method != Method::Cancel,
            // Whoever called us has no right to our credentials.
            Owner::Change(id, attempt) => self.calls.iter().any(|call| {
                call.id() == id
                    && matches!(call, Call::Session(call) if call.wants_change_retry(attempt))
            }),
            Owner::Call(id) | Owner::Prack(id) => {
                self.calls.iter().any(|call| call.id() == id && call.is_live())
            }
        }
    }

    fn deliver(&mut self, now: Instant, answer: &Answer<Owner>) {
        let response = &answer.response;
        match answer.owner {
            Owner::Registration => self.handle_registered(now, response),
            Owner::Parting | Owner::Prack(_) => {}
            Owner::Change(id, attempt) => {
                let answered = (&answer.request, response);
                let known = self.with_call(
                    |call| call.id() == id,
                    |core, call| match call {
                        Call::Session(call) => {
                            call.handle_change_response(now, core, attempt, answered)
                        }
                        other => Some(other),
                    },
                );
                let accepted = (200..=299).contains(&response.status);
                if !known && accepted && answer.request.method == Method::Invite {
                    self.core.send_late_ack(&answer.request);
                }
            }
            Owner::Call(id) => {
                let known = self.with_call(
                    |call| call.id() == id,
                    |core, call| match call {
                        Call::Outgoing(call) => call.handle_response(now, core, response),
                        Call::Session(mut call) => {
                            call.handle_response(now, core, response);
                            Some(Call::Session(call))
                        }
                        Call::Incoming(_) => Some(call),
                    },
                );
                if !known && (200..=299).contains(&response.status) {
                    refuse_fork(now, &mut self.core, &answer.request, response);
                }
            }
        }
    }

    fn handle_retry(&mut self, owner: Owner, request: Request) {
        match owner {
            Owner::Registration => self.registration.handle_retry(&request),
            Owner::Parting => {}
            Owner::Call(id) | Owner::Change(id, _) | Owner::Prack(id) => {
                match self.calls.iter_mut().find(|call| call.id() == id) {
                    Some(Call::Outgoing(call)) if matches!(owner, Owner::Prack(_)) => {
                        call.handle_prack_retry(&request);
                    }
                    Some(Call::Outgoing(call)) => call.handle_retry(request),
                    Some(Call::Session(call)) => call.handle_retry(request),
                    Some(Call::Incoming(_)) | None => {}
                }
            }
        }
    }

    fn handle_unauthorized(&mut self, now: Instant, owner: Owner, error: AuthError) {
        match owner {
            Owner::Registration => {
                let fault = match error {
                    AuthError::Rejected => LineFault::WrongPassword,
                    AuthError::Unsupported => LineFault::UnsupportedAuthentication,
                };
                self.fail_line(now, fault);
            }
            Owner::Parting | Owner::Prack(_) => {}
            Owner::Call(id) | Owner::Change(id, _) => {
                self.with_call(
                    |call| call.id() == id,
                    |core, call| match call {
                        Call::Outgoing(call) => call.handle_unauthorized(core),
                        Call::Session(call) => call.handle_change_unauthorized(now, core),
                        other => Some(other),
                    },
                );
            }
        }
    }

    /// Nothing answered a request of `owner`.
    pub(super) fn handle_unanswered(&mut self, now: Instant, owner: Owner) {
        match owner {
            Owner::Registration => self.handle_register_timeout(now),
            Owner::Parting | Owner::Prack(_) => {}
            Owner::Call(id) | Owner::Change(id, _) => {
                self.with_call(
                    |call| call.id() == id,
                    |core, call| match call {
                        Call::Outgoing(call) => call.handle_unanswered(core),
                        Call::Session(call) => match owner {
                            Owner::Change(_, attempt) => {
                                call.handle_change_unanswered(now, core, attempt)
                            }
                            _ => Some(Call::Session(call)),
                        },
                        other => Some(other),
                    },
                );
            }
        }
    }
}
