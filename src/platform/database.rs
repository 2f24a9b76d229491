//! Texts that outlive the page, by the thousand: a database of the browser (IndexedDB).
//!
//! Each store holds texts under whole numbers. A browser may refuse a database at any moment
//! (private windows, blocked site data, full quota), so everything here can fail.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransactionMode};

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
pub struct Database(IdbDatabase);

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
    /// whenever there are more of them.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn open(
        name: &str,
        version: u32,
        stores: &'static [&'static str],
    ) -> Result<Self, DatabaseError> {
        let window = web_sys::window().ok_or(DatabaseError)?;
        let factory = window.indexed_db()?.ok_or(DatabaseError)?;
        let request = factory.open_with_u32(name, version)?;
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
        let settled = promise(|done, failed| {
            request.set_onsuccess(Some(done));
            request.set_onerror(Some(failed));
            // Another tab holds an older version of it.
            request.set_onblocked(Some(failed));
        });
        JsFuture::from(settled).await?;
        Ok(Self(request.result()?.unchecked_into()))
    }

    /// All texts of a store, in the order of their numbers.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn all(&self, store: &str) -> Result<Vec<String>, DatabaseError> {
        let transaction = self.0.transaction_with_str(store)?;
        let request = transaction.object_store(store)?.get_all()?;
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
        let begun = self.begin(store, changes);
        async move {
            JsFuture::from(begun?).await?;
            Ok(())
        }
    }

    fn begin(&self, store: &str, changes: &[Change]) -> Result<Promise, DatabaseError> {
        let transaction =
            self.0.transaction_with_str_and_mode(store, IdbTransactionMode::Readwrite)?;
        let store = transaction.object_store(store)?;
        for change in changes {
            apply(&store, change)?;
        }
        Ok(promise(|done, failed| {
            transaction.set_oncomplete(Some(done));
            transaction.set_onerror(Some(failed));
            transaction.set_onabort(Some(failed));
        }))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.0.close();
    }
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

async fn settled(request: &IdbRequest) -> Result<JsValue, JsValue> {
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
