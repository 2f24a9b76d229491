//! Responses that arrive, and those that never do: whose request they answer, and whether it goes
//! out again with credentials (RFC 3261 §8.1.3, §22.2).

use super::UserAgent;
use super::call::Call;
use super::early::EarlyDialogs;
use super::event::LineFault;
use super::owner::Owner;
use super::services::Task;
use crate::sip::digest::AuthError;
use crate::sip::transaction::Answer;
use crate::sip::wire::{Method, Request, Response};
use crate::time::Instant;

impl UserAgent {
    pub(super) fn handle_response(&mut self, now: Instant, response: Response) {
        // RFC 3261 §8.1.3.3: a further Via means that the response is not for us.
        if response.headers.values("Via").len() > 1 {
            return;
        }
        let Some(mut answer) = self.core.transactions.handle_response(now, response) else {
            return;
        };
        if matches!(answer.response.status, 401 | 407) && self.wants_retry(&answer) {
            self.renumber(&mut answer);
            match self.core.send_with_credentials(now, &answer) {
                Ok(request) => self.handle_retry(answer.owner, request),
                // It ends like any request that is refused, with what the far end says of it.
                Err(AuthError::Untrusted) => self.deliver(now, &answer),
                Err(_) if matches!(answer.owner, Owner::Service(..)) => self.deliver(now, &answer),
                Err(error) => self.handle_unauthorized(now, answer.owner, error),
            }
            return;
        }
        self.core.renew_nonce(&answer);
        self.deliver(now, &answer);
    }

    /// Whether a challenged request should go out again. A CANCEL cannot be repeated
    /// (RFC 3261 §22.1), and nobody waits for an INVITE any more once the user hung up.
    fn wants_retry(&self, answer: &Answer<Owner>) -> bool {
        match answer.owner {
            Owner::Registration | Owner::Message(_) | Owner::Subscription(_) => true,
            Owner::Parting => answer.request.method != Method::Cancel,
            // A challenge is as good an answer as any.
            Owner::KeepAlive => false,
            Owner::Change(id, attempt) => self.calls.iter().any(|call| {
                call.id() == id
                    && matches!(call, Call::Session(call) if call.wants_change_retry(attempt))
            }),
            Owner::Call(id) | Owner::Prack(id) => {
                self.calls.iter().any(|call| call.id() == id && call.is_live())
            }
            Owner::Service(id, _) => self.calls.iter().any(|call| call.id() == id),
        }
    }

    /// Makes the next number of its dialog follow that of a request in one.
    fn renumber(&mut self, answer: &mut Answer<Owner>) {
        let (Owner::Service(id, _) | Owner::Change(id, _)) = answer.owner else { return };
        for call in &mut self.calls {
            if let Call::Session(session) = call
                && session.id() == id
            {
                session.renumber(&mut answer.request);
            }
        }
    }

    fn deliver(&mut self, now: Instant, answer: &Answer<Owner>) {
        let response = &answer.response;
        // RFC 5626 §5.3.1: our way in is broken; a new registration makes another.
        if response.status == 430 && answer.owner != Owner::Registration {
            self.registration.refresh(now, &mut self.core);
        }
        match answer.owner {
            Owner::Registration => self.handle_registered(now, response),
            Owner::KeepAlive => self.handle_asked(now, response.status),
            Owner::Parting | Owner::Prack(_) => {}
            Owner::Message(id) => {
                self.end_message(id, response.status, &response.reason);
            }
            Owner::Subscription(serial) => self.with_subscription(serial, |core, subscription| {
                subscription.handle_response(now, core, &answer.request, response);
            }),
            Owner::Change(id, attempt) => {
                let answered = (&answer.request, response);
                let known = self.with_call(
                    |call| call.id() == id,
                    |core, call| {
                        call.standing(|session| {
                            session.handle_change_response(now, core, attempt, answered)
                        })
                    },
                );
                let accepted = (200..=299).contains(&response.status);
                if !known && accepted && answer.request.method == Method::Invite {
                    self.core.send_late_ack(&answer.request);
                }
            }
            Owner::Service(id, service) => {
                self.do_service(now, id, Task::Response(service, response));
            }
            Owner::Call(id) => {
                let known = self.with_call(
                    |call| call.id() == id,
                    |core, call| call.handle_response(now, core, response),
                );
                if !known && (200..=299).contains(&response.status) {
                    let early = EarlyDialogs::default();
                    early.refuse(now, &mut self.core, &answer.request, response);
                }
            }
        }
    }

    fn handle_retry(&mut self, owner: Owner, request: Request) {
        match owner {
            Owner::Registration => self.registration.handle_retry(&request),
            Owner::Parting | Owner::KeepAlive | Owner::Service(..) | Owner::Message(_) => {}
            Owner::Subscription(serial) => self.with_subscription(serial, |_, subscription| {
                subscription.handle_retry(request);
            }),
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
                    AuthError::Unsupported | AuthError::Untrusted => {
                        LineFault::UnsupportedAuthentication
                    }
                };
                self.fail_line(now, fault);
            }
            Owner::Parting | Owner::KeepAlive | Owner::Service(..) | Owner::Prack(_) => {}
            Owner::Message(id) => self.end_message(id, 401, ""),
            Owner::Subscription(serial) => self.with_subscription(serial, |core, subscription| {
                subscription.handle_unauthorized(core);
            }),
            Owner::Call(id) | Owner::Change(id, _) => {
                self.with_call(
                    |call| call.id() == id,
                    |core, call| call.handle_unauthorized(now, core),
                );
            }
        }
    }

    /// Nothing answered a request of `owner`.
    pub(super) fn handle_unanswered(&mut self, now: Instant, owner: Owner) {
        match owner {
            Owner::Registration => self.handle_register_timeout(now),
            Owner::Parting | Owner::KeepAlive | Owner::Prack(_) => {}
            Owner::Message(id) => self.end_message(id, 408, ""),
            Owner::Subscription(serial) => self.with_subscription(serial, |core, subscription| {
                subscription.handle_unanswered(now, core);
            }),
            Owner::Service(id, service) => self.do_service(now, id, Task::Silence(service)),
            Owner::Call(id) => {
                self.with_call(
                    |call| call.id() == id,
                    |core, call| call.handle_unanswered(now, core),
                );
            }
            Owner::Change(id, attempt) => {
                self.with_call(
                    |call| call.id() == id,
                    |core, call| {
                        call.standing(|session| {
                            session.handle_change_unanswered(now, core, attempt)
                        })
                    },
                );
            }
        }
    }
}
