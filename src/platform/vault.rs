//! One secret text that outlives the page, sealed with a key that the browser gives to no script
//! (Web Cryptography, AES-GCM). Whoever copies what the page keeps has nothing.

use super::database::{Database, DatabaseError, completion, settled};
use super::page::set;
use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Array, Object, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, IdbTransactionMode, SubtleCrypto};

const NAME: &str = "webphone.vault";
const STORE: &str = "vault";
/// Under which names the key and what is sealed stand.
const KEY: f64 = 1.0;
const SEALED: f64 = 2.0;
/// The length of the number that each sealing has of its own, in bytes.
const NONCE: usize = 12;

/// Where the text is kept. Clones are the same vault.
#[derive(Debug, Clone)]
pub struct Vault(Rc<RefCell<Rc<Database>>>);

impl Vault {
    /// Opens it.
    ///
    /// # Errors
    /// [`DatabaseError`]: the browser keeps nothing for this page.
    pub async fn open() -> Result<Self, DatabaseError> {
        Ok(Self(Rc::new(RefCell::new(open().await?))))
    }

    /// The text, if there is one and it can be read.
    pub async fn read(&self) -> Option<String> {
        let sealed: Uint8Array = self.get(SEALED).await.ok()?.dyn_into().ok()?;
        let key: CryptoKey = self.get(KEY).await.ok()?.dyn_into().ok()?;
        let nonce = sealed.subarray(0, NONCE as u32);
        let rest = sealed.subarray(NONCE as u32, sealed.length()).to_vec();
        let opened = subtle()?.decrypt_with_object_and_u8_array(&algorithm(&nonce), &key, &rest);
        let opened = JsFuture::from(opened.ok()?).await.ok()?;
        String::from_utf8(Uint8Array::new(&opened).to_vec()).ok()
    }

    /// Keeps a text in the place of the last one. `nonce` is used for nothing else.
    ///
    /// # Errors
    /// [`DatabaseError`]: it is not kept.
    pub async fn write(&self, text: &str, nonce: [u8; NONCE]) -> Result<(), DatabaseError> {
        let key = self.key().await?;
        let nonce = Uint8Array::from(nonce.as_slice());
        let sealing = subtle().ok_or(DatabaseError)?.encrypt_with_object_and_u8_array(
            &algorithm(&nonce),
            &key,
            text.as_bytes(),
        )?;
        let sealed = Uint8Array::new(&JsFuture::from(sealing).await?);
        let both = Uint8Array::new_with_length(NONCE as u32 + sealed.length());
        both.set(&nonce, 0);
        both.set(&sealed, NONCE as u32);
        self.put(&both, SEALED).await
    }

    /// Forgets the text, and the key with it.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn clear(&self) -> Result<(), DatabaseError> {
        let database = self.database().await?;
        let done = {
            let transaction = database
                .connection()
                .transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
            transaction.object_store(STORE)?.clear()?;
            completion(&transaction)
        };
        JsFuture::from(done).await?;
        Ok(())
    }

    /// The database, opened anew where Safari has taken it from a page in the background.
    async fn database(&self) -> Result<Rc<Database>, DatabaseError> {
        let held = self.0.borrow().clone();
        if held.connection().transaction_with_str(STORE).is_ok() {
            return Ok(held);
        }
        let fresh = open().await?;
        self.0.replace(fresh.clone());
        Ok(fresh)
    }

    /// The key, made where there is none.
    async fn key(&self) -> Result<CryptoKey, DatabaseError> {
        if let Ok(key) = self.get(KEY).await?.dyn_into() {
            return Ok(key);
        }
        let kind = Object::new();
        set(&kind, "name", &"AES-GCM".into());
        set(&kind, "length", &256.into());
        let uses = Array::of2(&"encrypt".into(), &"decrypt".into());
        let made = subtle().ok_or(DatabaseError)?.generate_key_with_object(&kind, false, &uses)?;
        let key = JsFuture::from(made).await?;
        self.put(&key, KEY).await?;
        Ok(key.unchecked_into())
    }

    async fn get(&self, name: f64) -> Result<JsValue, DatabaseError> {
        let database = self.database().await?;
        let request = {
            let transaction = database.connection().transaction_with_str(STORE)?;
            transaction.object_store(STORE)?.get(&name.into())?
        };
        Ok(settled(&request).await?)
    }

    async fn put(&self, value: &JsValue, name: f64) -> Result<(), DatabaseError> {
        let database = self.database().await?;
        let done: Promise = {
            let transaction = database
                .connection()
                .transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
            transaction.object_store(STORE)?.put_with_key(value, &name.into())?;
            completion(&transaction)
        };
        JsFuture::from(done).await?;
        Ok(())
    }
}

async fn open() -> Result<Rc<Database>, DatabaseError> {
    Ok(Rc::new(Database::open(NAME, 1, &[STORE]).await?))
}

/// A page that came over plain HTTP has none.
fn subtle() -> Option<SubtleCrypto> {
    let subtle = web_sys::window()?.crypto().ok()?.subtle();
    (!AsRef::<JsValue>::as_ref(&subtle).is_undefined()).then_some(subtle)
}

fn algorithm(nonce: &Uint8Array) -> Object {
    let algorithm = Object::new();
    set(&algorithm, "name", &"AES-GCM".into());
    set(&algorithm, "iv", nonce);
    algorithm
}
