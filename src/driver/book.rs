//! The history, the contacts and the text messages of the account, and the browser's database that
//! keeps them.

use super::recording::Shelf as Recorded;
use super::{Driver, keep};
use crate::phone::contacts::Contacts;
use crate::phone::history::{self, History};
use crate::phone::kept::{Shelf, Write};
use crate::phone::voicemail::Mailbox;
use crate::phone::{Account, Notice};
use crate::platform::clock;
use crate::platform::database::{Change, Database, DatabaseError};
use crate::platform::storage::{self, Area};
use crate::sip::wire::Uri;
use std::rc::Rc;
use std::sync::Arc;

/// The stores of the database, by [`Shelf`].
const STORES: &[&str] = &["calls", "contacts", "marks", "messages"];
const VERSION: u32 = 2;

/// All that is in them.
type Kept = [Vec<String>; STORES.len()];

/// What is kept of one account.
#[derive(Default)]
pub(super) struct Book {
    pub(super) history: History,
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
    Open(Rc<Database>),
}

impl Driver {
    /// Reads something from the history.
    pub fn history<T>(&self, read: impl FnOnce(&History) -> T) -> T {
        read(&self.0.borrow().book.history)
    }

    /// Changes the history.
    pub fn change_history(&self, change: impl FnOnce(&mut History) -> Vec<Write>) {
        let writes = change(&mut self.0.borrow_mut().book.history);
        self.write_all(writes);
    }

    fn write_all(&self, writes: Vec<Write>) {
        self.write(writes);
        self.book_changed();
    }

    /// Changes the contacts. The function is given the time of day, in milliseconds since 1970.
    pub fn change_contacts(&self, change: impl FnOnce(&mut Contacts, u64) -> Vec<Write>) {
        let mut contacts = Contacts::clone(self.0.borrow().phone.contacts());
        let writes = change(&mut contacts, wall_clock());
        self.set_contacts(contacts, writes);
    }

    fn set_contacts(&self, contacts: Contacts, writes: Vec<Write>) {
        let commands = {
            let mut inner = self.0.borrow_mut();
            inner.book.history.rename(&contacts);
            inner.phone.set_contacts(Arc::new(contacts))
        };
        self.write(writes);
        self.obey(commands);
        self.changed();
        self.book_changed();
    }

    /// Opens the book of the account that signs in.
    pub(super) fn open_book(&self, account: &Account) {
        let address = account.address.clone();
        let name = ["webphone:", &Uri::Sip(address.clone()).to_string()].concat();
        let serial = {
            let mut inner = self.0.borrow_mut();
            let contacts = Contacts::new(address.host.to_string());
            inner.phone.set_contacts(Arc::new(contacts));
            let proposed = keep::voicemail(inner.phone.domain());
            inner.phone.set_mailbox(Mailbox::new(Uri::Sip(address), proposed));
            let account = inner.book.account.wrapping_add(1);
            // What the last page could no longer write.
            let left = storage::get(Area::Local, &name).ok().flatten().unwrap_or_default();
            let left = left.lines().filter_map(|text| Some((history::id_of(text)?, text.into())));
            let left = left.map(|(id, text)| Write::Put(Shelf::Calls, id, text)).collect();
            let keeper = Keeper::Opening(left);
            inner.book = Book { account, keeper, name: name.clone(), ..Book::default() };
            account
        };
        self.book_changed();
        self.open_shelf(&name, serial);
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
        self.note_finished();
        let mut inner = self.0.borrow_mut();
        let account = inner.book.account.wrapping_add(1);
        inner.book = Book { account, ..Book::default() };
    }

    /// Takes the calls that are over into the history.
    pub(super) fn note_finished(&self) {
        let writes: Vec<_> = {
            let mut inner = self.0.borrow_mut();
            let finished = inner.phone.take_finished();
            let contacts = Arc::clone(inner.phone.contacts());
            let history = &mut inner.book.history;
            let now = wall_clock();
            finished.into_iter().flat_map(|call| history.add(call, now, &contacts)).collect()
        };
        if writes.is_empty() {
            return;
        }
        if self.0.borrow().book.is_leaving {
            let lines: Vec<_> = writes.iter().filter_map(call_of).collect();
            // Where nothing can be kept, nothing is.
            let name = &self.0.borrow().book.name;
            let others = storage::get(Area::Local, name).ok().flatten().unwrap_or_default();
            let _ = storage::set(Area::Local, name, &[&others, "\n", &lines.join("\n")].concat());
        }
        self.write(writes);
        self.book_changed();
    }

    fn fill_book(&self, (database, [mut calls, contacts, marks, messages]): (Database, Kept)) {
        let (waiting, commands) = {
            let mut inner = self.0.borrow_mut();
            let open = Keeper::Open(Rc::new(database));
            let waiting = match std::mem::replace(&mut inner.book.keeper, open) {
                Keeper::Opening(waiting) => waiting,
                _ => Vec::new(),
            };
            calls.extend(waiting.iter().filter_map(call_of).map(str::to_owned));
            let _ = storage::remove(Area::Local, &inner.book.name);
            let mut people = Arc::clone(inner.phone.contacts());
            Arc::make_mut(&mut people).load(&contacts);
            inner.book.history.load(&calls, &marks, &people);
            inner.phone.load_messages(&messages);
            (waiting, inner.phone.set_contacts(people))
        };
        self.write(waiting);
        self.obey(commands);
        self.changed();
        self.book_changed();
    }

    /// Writes to the database, or says that the browser has none, once.
    pub(super) fn write(&self, writes: Vec<Write>) {
        if writes.is_empty() {
            return;
        }
        let (account, database) = {
            let book = &mut self.0.borrow_mut().book;
            match &mut book.keeper {
                Keeper::Nowhere => return,
                Keeper::Opening(waiting) => return waiting.extend(writes),
                Keeper::Open(database) => (book.account, Rc::clone(database)),
            }
        };
        let mut changes = [const { Vec::new() }; STORES.len()];
        for write in writes {
            let (shelf, change) = match write {
                Write::Put(shelf, number, text) => (shelf, Change::Put(number, text)),
                Write::Delete(shelf, number) => (shelf, Change::Delete(number)),
            };
            changes[index(shelf)].push(change);
        }
        for (store, changes) in STORES.iter().zip(changes) {
            if !changes.is_empty() {
                let kept = database.change(store, &changes);
                let driver = self.clone();
                wasm_bindgen_futures::spawn_local(async move {
                    if kept.await.is_err() && driver.0.borrow().book.account == account {
                        driver.keep_nothing();
                    }
                });
            }
        }
    }

    fn keep_nothing(&self) {
        let keeper = std::mem::take(&mut self.0.borrow_mut().book.keeper);
        if !matches!(keeper, Keeper::Nowhere) {
            self.update(|phone| phone.notify(Notice::NothingKept));
        }
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

fn wall_clock() -> u64 {
    // The cast saturates, so no value of the browser's can make this fail.
    clock::wall_clock_ms() as u64
}
