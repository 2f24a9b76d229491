//! The history, the contacts and the text messages of the account, and the browser's database that
//! keeps them.

use super::recording::{Shelf as Recorded, recordings_of};
use super::{Driver, keep, moment};
use crate::phone::contacts::Contacts;
use crate::phone::entry;
use crate::phone::history::History;
use crate::phone::kept::{Shelf, Write};
use crate::phone::voicemail::Mailbox;
use crate::phone::{Account, Notice};
use crate::platform::database::{Change, Database, DatabaseError};
use crate::platform::page;
use crate::platform::storage::{self, Area};
use crate::platform::timer::{sleep, within};
use crate::sip::wire::Uri;
use crate::station::Input;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// The stores of the database, by [`Shelf`].
const STORES: &[&str] = &["calls", "contacts", "marks", "messages"];
const VERSION: u32 = 2;

/// A database that is not open by then is held by another tab, or the browser does not say.
const LATE: Duration = Duration::from_secs(5);
/// What could not be written is tried again after this, or with what is to be written next.
const AGAIN: Duration = Duration::from_secs(30);
/// How long signing out takes.
const PARTING: Duration = Duration::from_secs(1);
/// So many calls of pages that could write nothing any more are taken over.
const MOST_LEFT: usize = 100;

/// All that is in them.
type Kept = [Vec<String>; STORES.len()];

/// What is kept of one account.
#[derive(Default)]
pub(super) struct Book {
    /// The history and the contacts that the screens have heard of.
    told: (History, Arc<Contacts>),
    pub(super) shelf: Recorded,
    keeper: Keeper,
    /// The name of the database.
    name: String,
    /// The page goes away, perhaps before the database has written anything.
    pub(super) is_leaving: bool,
    /// Tells the accounts of one visit apart.
    pub(super) account: u32,
}

/// Where changes go.
#[derive(Default)]
enum Keeper {
    /// Nowhere: nobody is signed in, or the browser keeps nothing.
    #[default]
    Nowhere,
    /// Into the database, as soon as it is open.
    Opening(Vec<Write>),
    Open {
        database: Rc<Database>,
        /// What is written next. What could not be written is among it, in front.
        waiting: Vec<Write>,
        is_writing: bool,
        has_failed: bool,
        /// A time is set for the next attempt.
        is_retrying: bool,
    },
}

impl Driver {
    /// Opens the book of the account that signs in.
    pub(super) fn open_book(&self, account: &Account) {
        let address = account.address.clone();
        let name = ["webphone:", &Uri::Sip(address.clone()).to_string()].concat();
        let serial = {
            let mut inner = self.0.borrow_mut();
            let contacts = Contacts::new(address.host.to_string());
            inner.station.phone_mut(moment()).set_contacts(Arc::new(contacts));
            let proposed =
                keep::voicemail().and_then(|number| inner.station.phone().address(&number));
            inner
                .station
                .phone_mut(moment())
                .set_mailbox(Mailbox::new(Uri::Sip(address), proposed));
            let account = inner.book.account.wrapping_add(1);
            // What the last page could no longer write.
            let left = storage::get(Area::Local, &name).ok().flatten().unwrap_or_default();
            let left = left.lines().rev().take(MOST_LEFT);
            let left = left.filter_map(|text| Some((entry::id_of(text)?, text.into())));
            let left = left.map(|(id, text)| Write::Put(Shelf::Calls, id, text)).collect();
            let keeper = Keeper::Opening(left);
            inner.book = Book { account, keeper, name: name.clone(), ..Book::default() };
            account
        };
        self.open_shelf(&name, serial);
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            sleep(LATE).await;
            let is_late = {
                let book = &driver.0.borrow().book;
                book.account == serial && matches!(book.keeper, Keeper::Opening(_))
            };
            if is_late {
                driver.update(|phone| phone.notify(Notice::BookIsLate));
            }
        });
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let read = read(&name).await;
            // Another account may have signed in meanwhile.
            if driver.0.borrow().book.account == serial {
                match read {
                    Ok(read) => driver.fill_book(read),
                    Err(DatabaseError) => driver.keep_nothing(),
                }
            }
        });
    }

    /// Puts the book of the account away that signs out.
    pub(super) fn close_book(&self) {
        self.write_due();
        self.write_at_once();
        let mut inner = self.0.borrow_mut();
        let account = inner.book.account.wrapping_add(1);
        inner.book = Book { account, ..Book::default() };
    }

    /// Has the browser keep what the telephone wants kept.
    pub(super) fn write_due(&self) {
        let writes = self.0.borrow_mut().station.phone_mut(moment()).take_writes();
        if self.0.borrow().book.is_leaving {
            self.leave_calls(&writes);
        }
        self.write(writes);
    }

    /// Leaves the calls among these to the next page, as the database may write nothing any more.
    fn leave_calls(&self, writes: &[Write]) {
        let lines: Vec<_> = writes.iter().filter_map(call_of).collect();
        if lines.is_empty() {
            return;
        }
        // Where nothing can be kept, nothing is.
        let name = &self.0.borrow().book.name;
        let others = storage::get(Area::Local, name).ok().flatten().unwrap_or_default();
        // Where the database never opens, nobody takes them from there.
        let mut left: Vec<_> = others.lines().rev().take(MOST_LEFT).collect();
        left.reverse();
        left.extend(lines);
        let _ = storage::set(Area::Local, name, &left.join("\n"));
    }

    /// Tells the screens of a change of the history or the contacts.
    pub(super) fn tell_of_book(&self) {
        let is_told = {
            let inner = &mut *self.0.borrow_mut();
            let (history, contacts) =
                (inner.station.phone().history(), inner.station.phone().contacts());
            let told = &mut inner.book.told;
            let is_told = told.0.is_same(history) && Arc::ptr_eq(&told.1, contacts);
            *told = (history.clone(), Arc::clone(contacts));
            is_told
        };
        if !is_told {
            self.book_changed();
        }
    }

    fn fill_book(&self, (database, [mut calls, contacts, marks, messages]): (Database, Kept)) {
        let (waiting, commands) = {
            let mut inner = self.0.borrow_mut();
            let database = Rc::new(database);
            let open = Keeper::Open {
                database,
                waiting: Vec::new(),
                is_writing: false,
                has_failed: false,
                is_retrying: false,
            };
            let waiting = match std::mem::replace(&mut inner.book.keeper, open) {
                Keeper::Opening(waiting) => waiting,
                _ => Vec::new(),
            };
            calls.extend(waiting.iter().filter_map(call_of).map(str::to_owned));
            let _ = storage::remove(Area::Local, &inner.book.name);
            inner.station.phone_mut(moment()).withdraw(&Notice::BookIsLate);
            let commands =
                inner.station.phone_mut(moment()).load([&calls, &marks, &contacts, &messages]);
            (waiting, commands)
        };
        self.write(waiting);
        self.input(Input::Commands(commands));
    }

    /// Has the browser keep this, as soon as it can.
    pub(super) fn write(&self, writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        match &mut self.0.borrow_mut().book.keeper {
            Keeper::Nowhere => return,
            Keeper::Opening(waiting) | Keeper::Open { waiting, .. } => waiting.extend(writes),
        }
        self.write_on();
    }

    /// Writes what waits, all of it together, once what was before it is written; a page that goes
    /// away waits for nothing.
    fn write_on(&self) {
        let can_wait = {
            let book = &self.0.borrow().book;
            !book.is_leaving && matches!(book.keeper, Keeper::Open { is_writing: true, .. })
        };
        if !can_wait {
            self.write_at_once();
        }
    }

    /// As [`Self::write_on`], as there is no later.
    pub(super) fn write_at_once(&self) {
        let (account, database, writes) = {
            let book = &mut self.0.borrow_mut().book;
            let Keeper::Open { database, waiting, is_writing, .. } = &mut book.keeper else {
                return;
            };
            if waiting.is_empty() {
                return;
            }
            *is_writing = true;
            (book.account, Rc::clone(database), std::mem::take(waiting))
        };
        let mut changes = [const { Vec::new() }; STORES.len()];
        for write in writes.iter().cloned() {
            let (shelf, change) = match write {
                Write::Put(shelf, number, text) => (shelf, Change::Put(number, text)),
                Write::Delete(shelf, number) => (shelf, Change::Delete(number)),
            };
            changes[index(shelf)].push(change);
        }
        let begun = STORES.iter().zip(changes).filter(|(_, changes)| !changes.is_empty());
        let begun: Vec<_> =
            begun.map(|(store, changes)| database.change(store, &changes)).collect();
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let mut is_kept = true;
            for change in begun {
                is_kept &= change.await.is_ok();
            }
            driver.written(account, writes, is_kept);
        });
    }

    /// These were written, or not.
    fn written(&self, account: u32, writes: Vec<Write>, is_kept: bool) {
        let (is_new, waits) = {
            let book = &mut self.0.borrow_mut().book;
            let Keeper::Open { waiting, is_writing, has_failed, is_retrying, .. } =
                &mut book.keeper
            else {
                return;
            };
            if book.account != account {
                return;
            }
            *is_writing = false;
            if !is_kept {
                let later = std::mem::replace(waiting, writes);
                waiting.extend(later);
            }
            let waits = std::mem::replace(is_retrying, *is_retrying || !is_kept);
            (std::mem::replace(has_failed, !is_kept) == is_kept, waits)
        };
        match (is_new, is_kept) {
            (true, true) => self.update(|phone| phone.withdraw(&Notice::NothingKept)),
            (true, false) => self.update(|phone| phone.notify(Notice::NothingKept)),
            (false, _) => {}
        }
        if is_kept {
            self.write_on();
        } else if !waits {
            let driver = self.clone();
            wasm_bindgen_futures::spawn_local(async move {
                sleep(AGAIN).await;
                if let Keeper::Open { is_retrying, .. } = &mut driver.0.borrow_mut().book.keeper {
                    *is_retrying = false;
                }
                driver.write_on();
            });
        }
    }

    /// Signs out, erases what the browser keeps of the account, and begins anew.
    pub(super) fn forget_account(&self) {
        let (address, name) = {
            let inner = self.0.borrow();
            (inner.account.clone(), inner.book.name.clone())
        };
        self.sign_out();
        keep::forget(&address);
        let _ = storage::remove(Area::Local, &name);
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let account = driver.0.borrow().book.account;
            let recordings = recordings_of(&name);
            for name in [name, recordings] {
                // Where the browser has none, nothing is to be erased; another page may hold it.
                let _ = within(LATE, Database::delete(&name)).await;
            }
            // The server should hear of it first.
            sleep(PARTING).await;
            if driver.0.borrow().book.account == account {
                page::reload();
            }
        });
    }

    fn keep_nothing(&self) {
        self.0.borrow_mut().book.keeper = Keeper::Nowhere;
        self.update(|phone| phone.notify(Notice::NothingKept));
    }

    pub(super) fn book_changed(&self) {
        (self.0.borrow().on_book)();
    }
}

async fn read(name: &str) -> Result<(Database, Kept), DatabaseError> {
    let database = Database::open(name, VERSION, STORES).await?;
    let mut texts = [const { Vec::new() }; STORES.len()];
    for (texts, store) in texts.iter_mut().zip(STORES) {
        *texts = database.all(store).await?;
    }
    Ok((database, texts))
}

/// The call that this keeps, if it does that.
fn call_of(write: &Write) -> Option<&str> {
    match write {
        Write::Put(Shelf::Calls, _, text) => Some(text),
        _ => None,
    }
}

fn index(shelf: Shelf) -> usize {
    match shelf {
        Shelf::Calls => 0,
        Shelf::Contacts => 1,
        Shelf::Marks => 2,
        Shelf::Messages => 3,
    }
}
