//! The history, the contacts and the text messages of the account, and the browser's database that
//! keeps them.

use super::Driver;
use super::recording::{Shelf as Recorded, recordings_of};
use crate::phone::contacts::Contacts;
use crate::phone::history::History;
use crate::phone::kept::{Shelf, Write};
use crate::platform::database::{Change, Database, DatabaseError};
use crate::platform::page;
use crate::platform::timer::{sleep, within};
use crate::station::{Input, Kept};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// The stores of the database, by [`Shelf`].
const STORES: &[&str] = &["calls", "contacts", "marks", "messages"];
const VERSION: u32 = 2;

/// A database that another tab holds is not waited for any longer, where it is to be erased.
const LATE: Duration = Duration::from_secs(5);
/// How long signing out takes.
const PARTING: Duration = Duration::from_secs(1);

/// All that is in them.
type Texts = [Vec<String>; STORES.len()];

/// What is kept of one account.
#[derive(Default)]
pub(super) struct Book {
    /// The history and the contacts that the screens have heard of.
    told: (History, Arc<Contacts>),
    pub(super) shelf: Recorded,
    database: Option<Rc<Database>>,
    /// Tells the accounts of one visit apart.
    pub(super) account: u32,
}

impl Driver {
    /// Opens the book of this name.
    pub(super) fn open_book(&self, name: String) {
        let serial = {
            let book = &mut self.0.borrow_mut().book;
            let account = book.account.wrapping_add(1);
            *book = Book { account, ..Book::default() };
            account
        };
        self.open_shelf(&name, serial);
        let driver = self.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let read = read(&name).await;
            // Another account may have signed in meanwhile.
            if driver.0.borrow().book.account == serial {
                driver.input(Input::Kept(match read {
                    Ok((database, kept)) => {
                        driver.0.borrow_mut().book.database = Some(Rc::new(database));
                        Kept::Read(kept)
                    }
                    Err(DatabaseError) => Kept::Unavailable,
                }));
            }
        });
    }

    /// Puts the book of the account away that signs out.
    pub(super) fn close_book(&self) {
        let book = &mut self.0.borrow_mut().book;
        let account = book.account.wrapping_add(1);
        *book = Book { account, ..Book::default() };
    }

    /// Tells the screens of a change of the history or the contacts.
    pub(super) fn tell_of_book(&self) {
        let is_told = {
            let inner = &mut *self.0.borrow_mut();
            let phone = inner.station.phone();
            let (history, contacts) = (phone.history(), phone.contacts());
            let told = &mut inner.book.told;
            let is_told = told.0.is_same(history) && Arc::ptr_eq(&told.1, contacts);
            *told = (history.clone(), Arc::clone(contacts));
            is_told
        };
        if !is_told {
            self.book_changed();
        }
    }

    /// Writes a batch into the database.
    pub(super) fn write_batch(&self, number: u32, writes: Vec<Write>) {
        let Some(database) = self.0.borrow().book.database.clone() else {
            return self.input(Input::Kept(Kept::Failed(number)));
        };
        let mut changes = [const { Vec::new() }; STORES.len()];
        for write in writes {
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
            let kept = if is_kept { Kept::Written(number) } else { Kept::Failed(number) };
            driver.input(Input::Kept(kept));
        });
    }

    /// Erases the book of this name, and begins anew.
    pub(super) fn erase(&self, name: String) {
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

    pub(super) fn book_changed(&self) {
        (self.0.borrow().on_book)();
    }
}

async fn read(name: &str) -> Result<(Database, Texts), DatabaseError> {
    let database = Database::open(name, VERSION, STORES).await?;
    let mut texts = [const { Vec::new() }; STORES.len()];
    for (texts, store) in texts.iter_mut().zip(STORES) {
        *texts = database.all(store).await?;
    }
    Ok((database, texts))
}

fn index(shelf: Shelf) -> usize {
    match shelf {
        Shelf::Calls => 0,
        Shelf::Contacts => 1,
        Shelf::Marks => 2,
        Shelf::Messages => 3,
    }
}
