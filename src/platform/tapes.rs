//! Recordings that outlive the page: a database of the browser, into which their sound goes piece
//! by piece as it comes, so that little is lost with the page.

use js_sys::{Array, ArrayBuffer};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, IdbKeyRange, IdbTransaction, IdbTransactionMode};

use super::database::{Change, Database, DatabaseError, completion, settled};

/// What is said of each recording, under its number.
const LABELS: &str = "labels";
/// The pieces, under the number of their recording and their place in it.
const PIECES: &str = "pieces";

/// The recordings.
#[derive(Debug)]
pub struct Tapes(Database);

impl Tapes {
    /// Opens the database of this name.
    ///
    /// # Errors
    /// [`DatabaseError`], as of all that follows.
    pub async fn open(name: &str) -> Result<Self, DatabaseError> {
        Ok(Self(Database::open(name, 1, &[LABELS, PIECES]).await?))
    }

    /// What is said of the recordings, in the order of their numbers.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn labels(&self) -> Result<Vec<String>, DatabaseError> {
        self.0.all(LABELS).await
    }

    /// Says this of a recording from now on.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn label(&self, tape: u64, label: &str) -> Result<(), DatabaseError> {
        self.0.change(LABELS, &[Change::Put(tape, label.to_owned())]).await
    }

    /// Adds a piece to a recording, and says this of it now.
    ///
    /// # Errors
    /// [`DatabaseError`], where neither is kept.
    pub async fn add(
        &self,
        tape: u64,
        label: &str,
        place: u32,
        piece: &ArrayBuffer,
    ) -> Result<(), DatabaseError> {
        let transaction = self.write()?;
        let labels = transaction.object_store(LABELS)?;
        labels.put_with_key(&JsValue::from_str(label), &number(tape))?;
        transaction.object_store(PIECES)?.put_with_key(piece, &key(tape, f64::from(place)))?;
        JsFuture::from(completion(&transaction)).await?;
        Ok(())
    }

    /// The whole recording, as a file of the MIME type `kind`.
    ///
    /// # Errors
    /// [`DatabaseError`], also where there is none.
    pub async fn sound(&self, tape: u64, kind: &str) -> Result<Blob, DatabaseError> {
        let transaction = self.0.connection().transaction_with_str(PIECES)?;
        let request = transaction.object_store(PIECES)?.get_all_with_key(&all_of(tape)?)?;
        let pieces: Array = settled(&request).await?.unchecked_into();
        if pieces.length() == 0 {
            return Err(DatabaseError);
        }
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        Ok(Blob::new_with_buffer_source_sequence_and_options(&pieces, &options)?)
    }

    /// Deletes a recording.
    ///
    /// # Errors
    /// [`DatabaseError`]
    pub async fn delete(&self, tape: u64) -> Result<(), DatabaseError> {
        let transaction = self.write()?;
        transaction.object_store(LABELS)?.delete(&number(tape))?;
        transaction.object_store(PIECES)?.delete(&all_of(tape)?)?;
        JsFuture::from(completion(&transaction)).await?;
        Ok(())
    }

    fn write(&self) -> Result<IdbTransaction, JsValue> {
        let stores = Array::of2(&LABELS.into(), &PIECES.into());
        let mode = IdbTransactionMode::Readwrite;
        self.0.connection().transaction_with_str_sequence_and_mode(&stores, mode)
    }
}

fn number(tape: u64) -> JsValue {
    JsValue::from_f64(tape as f64)
}

fn key(tape: u64, place: f64) -> JsValue {
    Array::of2(&number(tape), &JsValue::from_f64(place)).into()
}

fn all_of(tape: u64) -> Result<JsValue, JsValue> {
    Ok(IdbKeyRange::bound(&key(tape, 0.0), &key(tape, f64::INFINITY))?.into())
}
