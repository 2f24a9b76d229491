//! Texts that outlive the page, by the thousand: a database of the browser (IndexedDB).
//!
//! Each store holds texts under whole numbers. A browser may refuse a database at any moment
//! (private windows, blocked site data, full quota), so everything here can fail.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Event, IdbDatabase, IdbFactory, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode,
};

/// The browser gives this page no database, or does not take what is to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatabaseError;

impl From<JsValue> for DatabaseError {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// An open database. It closes when dropped.
#[derive(Debug)]
pub struct Database(Rc<Connection>);

#[derive(Debug)]
struct Connection {
    database: RefCell<IdbDatabase>,
    stores: &'static [&'static str],
}

/// A change of a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// This text stands under this number from now on.
    Put(u64, String),
    /// Nothing does.
    Delete(u64),
}

impl Database {
    /// Opens a database and makes those of its `stores` that are missing. `version` grows
    /// whenever there are more of them. Another tab that holds an older version is waited for. One that
    /// asks for a later version takes the database from this page.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn open(
        name: &str,
        version: u32,
        stores: &'static [&'static str],
    ) -> Result<Self, DatabaseError> {
        let connection = open(name, version, stores).await?;
        Ok(Self(Rc::new(Connection { database: RefCell::new(connection), stores })))
    }

    /// Erases the database of this name, and waits until no page has it open.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn delete(name: &str) -> Result<(), DatabaseError> {
        let request = factory()?.delete_database(name)?;
        settled(&request).await?;
        Ok(())
    }

    /// The browser's own.
    pub(super) fn connection(&self) -> IdbDatabase {
        self.0.database.borrow().clone()
    }

    /// All texts of a store, in the order of their numbers.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn all(&self, store: &str) -> Result<Vec<String>, DatabaseError> {
        let request = {
            let transaction = self.connection().transaction_with_str(store)?;
            transaction.object_store(store)?.get_all()?
        };
        let texts: Array = settled(&request).await?.unchecked_into();
        Ok(texts.iter().filter_map(|text| text.as_string()).collect())
    }

    /// Makes these changes, all or none of them. They are under way when this returns, so that
    /// those of two calls come one after the other; what is returned says whether they are kept.
    pub fn change(
        &self,
        store: &str,
        changes: &[Change],
    ) -> impl Future<Output = Result<(), DatabaseError>> + use<> {
        let begun = begin(&self.connection(), store, changes);
        let connection = self.0.clone();
        let (store, changes) = (store.to_owned(), changes.to_vec());
        async move {
            if let Ok(done) = begun
                && JsFuture::from(done).await.is_ok()
            {
                return Ok(());
            }
            // Safari takes the database from a page that was in the background.
            let (name, version) = {
                let lost = connection.database.borrow();
                (lost.name(), lost.version() as u32)
            };
            let fresh = open(&name, version, connection.stores).await?;
            let done = begin(&fresh, &store, &changes);
            connection.database.replace(fresh).close();
            JsFuture::from(done?).await?;
            Ok(())
        }
    }
}

/// Settles when all that was asked for in a transaction is kept, or nothing is.
pub(super) fn completion(transaction: &IdbTransaction) -> Promise {
    promise(|done, failed| {
        transaction.set_oncomplete(Some(done));
        transaction.set_onerror(Some(failed));
        transaction.set_onabort(Some(failed));
    })
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.database.borrow().close();
    }
}

async fn open(
    name: &str,
    version: u32,
    stores: &'static [&'static str],
) -> Result<IdbDatabase, DatabaseError> {
    let request = factory()?.open_with_u32(name, version)?;
    let opening = request.clone();
    let upgrade = Closure::once_into_js(move || {
        let result = opening.result();
        if let Ok(database) = result.map(JsCast::unchecked_into::<IdbDatabase>) {
            let present = database.object_store_names();
            for store in stores.iter().filter(|store| !present.contains(store)) {
                // Opening fails if it does not work.
                let _ = database.create_object_store(store);
            }
        }
    });
    request.set_onupgradeneeded(Some(upgrade.unchecked_ref()));
    let database: IdbDatabase = settled(&request).await?.unchecked_into();
    CLOSE.with(|close| database.set_onversionchange(Some(close.as_ref().unchecked_ref())));
    Ok(database)
}

thread_local! {
    /// Lets another page have the database in a later version, or erase it.
    static CLOSE: Closure<dyn Fn(Event)> = Closure::new(|event: Event| {
        if let Some(database) = event.target() {
            database.unchecked_into::<IdbDatabase>().close();
        }
    });
}

fn factory() -> Result<IdbFactory, DatabaseError> {
    let window = web_sys::window().ok_or(DatabaseError)?;
    window.indexed_db()?.ok_or(DatabaseError)
}

fn begin(
    database: &IdbDatabase,
    store: &str,
    changes: &[Change],
) -> Result<Promise, DatabaseError> {
    let transaction =
        database.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
    let store = transaction.object_store(store)?;
    for change in changes {
        apply(&store, change)?;
    }
    Ok(completion(&transaction))
}

fn apply(store: &IdbObjectStore, change: &Change) -> Result<IdbRequest, JsValue> {
    // Numbers of the model are moments in milliseconds, which a double holds exactly.
    match change {
        Change::Put(number, text) => {
            store.put_with_key(&JsValue::from_str(text), &JsValue::from_f64(*number as f64))
        }
        Change::Delete(number) => store.delete(&JsValue::from_f64(*number as f64)),
    }
}

pub(super) async fn settled(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let settled = promise(|done, failed| {
        request.set_onsuccess(Some(done));
        request.set_onerror(Some(failed));
    });
    JsFuture::from(settled).await?;
    request.result()
}

fn promise(mut listen: impl FnMut(&Function, &Function)) -> Promise {
    Promise::new(&mut |done, failed| listen(&done, &failed))
}
