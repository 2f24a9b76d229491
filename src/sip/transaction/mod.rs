//! The transaction layer of RFC 3261 §17, amended by RFC 6026, for a reliable transport.
//!
//! It matches messages to transactions, absorbs retransmissions, answers what a transaction must
//! answer by itself, and tells its user what remains. It knows nothing of dialogs or calls; the
//! user tags each client transaction with an owner of its own type.

mod client;
mod client_invite;
mod key;
#[cfg(test)]
mod random;
mod server;
mod server_invite;

use super::digest::Login;
use super::timer::earliest;
use super::wire::{Method, Request, Response};
use crate::time::Instant;
use client::Client;
use client_invite::InviteClient;
pub(super) use key::new_branch;
use key::{MergeKey, ServerKey, client_key};
use server::Server;
use server_invite::InviteServer;
use std::collections::VecDeque;

/// So many refused INVITEs may wait for their ACK: they are kept with their responses until then.
const MAX_REFUSED: usize = 64;

/// Names a server transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ServerId(u64);

/// A response for the transaction's user, with the request that it answers.
#[derive(Debug)]
pub(super) struct Answer<O> {
    pub(super) owner: O,
    pub(super) request: Request,
    pub(super) response: Response,
    pub(super) login: Login,
}

/// What an arriving request is to the transaction user.
#[derive(Debug)]
pub(super) enum Arrival {
    /// A new request, to be answered through the transaction.
    New(ServerId, Request),
    /// A CANCEL, to be answered statelessly: 200 if it names an INVITE that we know, else 481.
    Cancel {
        /// The INVITE, which may have its final response already.
        invite: Option<ServerId>,
        /// The CANCEL itself.
        request: Request,
    },
    /// A request that came by another path while its twin is being served, to be answered 482
    /// statelessly (RFC 3261 §8.2.2.2).
    Merged(Request),
    /// An ACK for a 2xx, which belongs to a dialog.
    Ack(Request),
    /// Nothing to do: a retransmission, or an ACK that ended its transaction.
    Absorbed,
}

enum ClientMachine {
    Invite(InviteClient),
    Other(Client),
}

struct ClientEntry<O> {
    owner: O,
    request: Request,
    login: Login,
    /// The branch of our Via and the method in CSeq (RFC 3261 §17.1.3).
    key: (String, Method),
    machine: ClientMachine,
}

enum ServerMachine {
    Invite(InviteServer),
    Other(Server),
}

struct ServerEntry {
    id: ServerId,
    key: ServerKey,
    merge: MergeKey,
    machine: ServerMachine,
}

/// All transactions of one user agent. `O` names the owner of a client transaction.
pub(super) struct Transactions<O> {
    clients: Vec<ClientEntry<O>>,
    servers: Vec<ServerEntry>,
    outbox: VecDeque<Vec<u8>>,
    next_id: u64,
}

impl<O: Copy + PartialEq> Transactions<O> {
    pub(super) fn new() -> Self {
        Self { clients: Vec::new(), servers: Vec::new(), outbox: VecDeque::new(), next_id: 0 }
    }

    /// Sends `request`, whose topmost Via must carry a branch of [`new_branch`], in a client
    /// transaction of its own.
    pub(super) fn send_request(&mut self, now: Instant, owner: O, request: Request, login: Login) {
        let branch = request.via().and_then(|via| via.branch().map(str::to_owned));
        let key = (branch.unwrap_or_default(), request.method.clone());
        self.transmit(request.write());
        let machine = match request.method {
            Method::Invite => ClientMachine::Invite(InviteClient::new(now)),
            _ => ClientMachine::Other(Client::new(now)),
        };
        self.clients.push(ClientEntry { owner, request, login, key, machine });
    }

    /// Sends an ACK for a 2xx, which is no transaction (RFC 3261 §13.2.2.4).
    pub(super) fn send_ack(&mut self, ack: &Request) {
        self.transmit(ack.write());
    }

    /// Sends a response to a request that opened no transaction.
    pub(super) fn send_stateless(&mut self, response: &Response) {
        self.transmit(response.write());
    }

    /// Takes a response in; returns it with its owner if it is one for the transaction's user.
    pub(super) fn handle_response(
        &mut self,
        now: Instant,
        response: Response,
    ) -> Option<Answer<O>> {
        let key = client_key(&response)?;
        let index = self.clients.iter().position(|entry| entry.key == key)?;
        let entry = self.clients.get_mut(index)?;
        let step = match &mut entry.machine {
            ClientMachine::Invite(machine) => {
                machine.handle_response(now, &entry.request, &response)
            }
            ClientMachine::Other(machine) => machine.handle_response(&response),
        };
        let (owner, login) = (entry.owner, entry.login.clone());
        self.outbox.extend(step.ack);
        let request = if step.terminated {
            self.clients.remove(index).request
        } else {
            entry.request.clone()
        };
        step.deliver.then_some(Answer { owner, request, response, login })
    }

    /// Takes a request in and says what it is.
    pub(super) fn handle_request(&mut self, now: Instant, request: Request) -> Arrival {
        let Some(key) = ServerKey::of(&request) else {
            return Arrival::Absorbed;
        };
        match request.method {
            Method::Ack => return self.handle_ack(key, request),
            Method::Cancel => return self.handle_cancel(&key, request),
            _ => {}
        }
        let known = self.servers.iter().find(|entry| entry.key == key);
        if let Some(entry) = known {
            let again = match &entry.machine {
                ServerMachine::Invite(machine) => machine.handle_retransmission(),
                ServerMachine::Other(machine) => machine.handle_retransmission(),
            };
            self.outbox.extend(again);
            return Arrival::Absorbed;
        }
        let merge = MergeKey::of(&request);
        if merge.can_merge() && self.servers.iter().any(|entry| entry.merge == merge) {
            return Arrival::Merged(request);
        }
        self.next_id += 1;
        let id = ServerId(self.next_id);
        let machine = match request.method {
            Method::Invite => {
                let trying = Response::to_request(&request, 100).write();
                ServerMachine::Invite(InviteServer::new(now, trying))
            }
            _ => ServerMachine::Other(Server::new(now)),
        };
        self.servers.push(ServerEntry { id, key, merge, machine });
        Arrival::New(id, request)
    }

    /// Forgets what waits for an answer to `owner`, whatever may still come.
    pub(super) fn forget(&mut self, owner: O) {
        self.clients.retain(|entry| entry.owner != owner);
    }

    /// Whether a request of `owner` waits for its answer.
    pub(super) fn is_waiting(&self, owner: O) -> bool {
        self.clients.iter().any(|entry| entry.owner == owner)
    }

    /// Whether nothing is under way, nor a late message to be expected, but what has no end of its own:
    /// an INVITE whose answer was lost with its connection.
    pub(super) fn is_idle(&self) -> bool {
        self.poll_timeout().is_none()
    }

    /// Answers the request of a server transaction. A transaction that is gone answers nothing.
    pub(super) fn respond(&mut self, now: Instant, id: ServerId, response: &Response) {
        let Some(index) = self.servers.iter().position(|entry| entry.id == id) else {
            return;
        };
        let Some(entry) = self.servers.get_mut(index) else {
            return;
        };
        let bytes = response.write();
        let step = match &mut entry.machine {
            ServerMachine::Invite(machine) => machine.respond(now, response.status, &bytes),
            ServerMachine::Other(machine) => machine.respond(response.status, &bytes),
        };
        if step.send {
            self.transmit(bytes);
        }
        let is_refusal = |entry: &ServerEntry| match &entry.machine {
            ServerMachine::Invite(machine) => machine.is_completed(),
            ServerMachine::Other(_) => false,
        };
        // Without its transaction, an INVITE that comes again is refused again.
        let is_one_too_many = is_refusal(&self.servers[index])
            && self.servers.iter().filter(|entry| is_refusal(entry)).count() > MAX_REFUSED;
        if step.terminated || is_one_too_many {
            self.servers.remove(index);
        }
    }

    /// Ends what is due, and returns the owners of requests that were never answered.
    pub(super) fn handle_timeout(&mut self, now: Instant) -> Vec<O> {
        let mut unanswered = Vec::new();
        self.clients.retain(|entry| {
            let (due, waiting) = match &entry.machine {
                ClientMachine::Invite(machine) => (machine.deadline(), machine.is_unanswered()),
                ClientMachine::Other(machine) => (Some(machine.deadline()), true),
            };
            let ended = due.is_some_and(|due| due <= now);
            if ended && waiting {
                unanswered.push(entry.owner);
            }
            !ended
        });
        for entry in &mut self.servers {
            if let ServerMachine::Invite(machine) = &mut entry.machine {
                self.outbox.extend(machine.handle_timeout(now));
            }
        }
        self.servers.retain(|entry| server_deadline(entry).is_none_or(|due| due > now));
        unanswered
    }

    /// The connection is gone. A REGISTER has lost its meaning with it; a BYE or
    /// CANCEL without an answer goes out again by the next one; an INVITE may still be accepted there.
    pub(super) fn handle_link_lost(&mut self) {
        self.clients.retain(|entry| entry.request.method != Method::Register);
        let parting = self
            .clients
            .iter()
            .filter(|entry| matches!(entry.request.method, Method::Bye | Method::Cancel));
        for frame in parting.map(|entry| entry.request.write()).collect::<Vec<_>>() {
            self.transmit(frame);
        }
    }

    /// Forgets everything, as nothing can be sent or received any more.
    pub(super) fn clear(&mut self) {
        self.clients.clear();
        self.servers.clear();
        self.outbox.clear();
    }

    /// The next moment at which [`Self::handle_timeout`] has something to do.
    pub(super) fn poll_timeout(&self) -> Option<Instant> {
        let clients = self.clients.iter().map(|entry| match &entry.machine {
            ClientMachine::Invite(machine) => machine.deadline(),
            ClientMachine::Other(machine) => Some(machine.deadline()),
        });
        clients.chain(self.servers.iter().map(server_deadline)).fold(None, earliest)
    }

    /// The next frame to send.
    pub(super) fn poll_transmit(&mut self) -> Option<Vec<u8>> {
        self.outbox.pop_front()
    }

    fn handle_ack(&mut self, key: ServerKey, request: Request) -> Arrival {
        let index = self.servers.iter().position(|entry| {
            entry.key.is_ack_for(&key) && matches!(entry.machine, ServerMachine::Invite(_))
        });
        let Some(index) = index else {
            return Arrival::Ack(request);
        };
        match self.servers.get(index).map(|entry| &entry.machine) {
            // RFC 6026 §7.1: in Accepted, an ACK is passed on.
            Some(ServerMachine::Invite(machine)) if !machine.is_completed() => {
                Arrival::Ack(request)
            }
            _ => {
                // Timer I is zero on a reliable transport, so Confirmed ends at once.
                self.servers.remove(index);
                Arrival::Absorbed
            }
        }
    }

    fn handle_cancel(&self, key: &ServerKey, request: Request) -> Arrival {
        let invite = self.servers.iter().find(|entry| entry.key.is_ack_for(key));
        Arrival::Cancel { invite: invite.map(|entry| entry.id), request }
    }

    /// Queues a frame, unless the same one still waits for a connection.
    fn transmit(&mut self, frame: Vec<u8>) {
        if !self.outbox.contains(&frame) {
            self.outbox.push_back(frame);
        }
    }
}

fn server_deadline(entry: &ServerEntry) -> Option<Instant> {
    match &entry.machine {
        ServerMachine::Invite(machine) => machine.deadline(),
        ServerMachine::Other(machine) => machine.deadline(),
    }
}
