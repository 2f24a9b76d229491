//! The database, and how days are written.

use wasm_bindgen_test::wasm_bindgen_test;
use webphone::platform::database::{Change, Database, DatabaseError};
use webphone::platform::{calendar, page};

const STORES: &[&str] = &["a", "b"];

fn put(number: u64, text: &str) -> Change {
    Change::Put(number, text.into())
}

#[wasm_bindgen_test]
async fn texts_outlive_the_database_that_kept_them() {
    let name = "webphone.test.kept";
    {
        let database = Database::open(name, 1, STORES).await.expect("a database");
        assert_eq!(database.change("a", &[put(7, "seven")]).await, Ok(()));
        // The second is under way before the first is waited for.
        let first = database.change("a", &[put(1_790_000_000_000, "late 📞"), put(1, "one")]);
        let second = database.change("a", &[put(1, "uno"), Change::Delete(7)]);
        assert_eq!((second.await, first.await), (Ok(()), Ok(())));
    }
    let database = Database::open(name, 1, STORES).await.expect("a database");
    assert_eq!(database.all("a").await, Ok(vec!["uno".into(), "late 📞".into()]));
    assert_eq!(database.all("b").await, Ok(Vec::new()));
    assert_eq!(database.change("a", &[1, 1_790_000_000_000].map(Change::Delete)).await, Ok(()));
    assert_eq!(database.all("a").await, Ok(Vec::new()));
}

#[wasm_bindgen_test]
async fn a_later_version_has_more_stores_and_what_there_was() {
    let name = "webphone.test.version";
    {
        let database = Database::open(name, 1, &["a"]).await.expect("a database");
        assert_eq!(database.change("a", &[put(1, "one")]).await, Ok(()));
    }
    let database = Database::open(name, 2, STORES).await.expect("a database");
    assert_eq!(database.all("a").await, Ok(vec!["one".into()]));
    assert_eq!(database.change("b", &[put(2, "two")]).await, Ok(()));
    drop(database);
    let refused = Database::open(name, 1, STORES).await.map(|_| ());
    assert_eq!(refused, Err(DatabaseError), "an older page must not write into it");
}

#[wasm_bindgen_test]
async fn a_store_that_is_not_there_is_an_error() {
    let database = Database::open("webphone.test.stores", 1, STORES).await.expect("a database");
    assert_eq!(database.all("c").await, Err(DatabaseError));
    assert_eq!(database.change("c", &[Change::Delete(1)]).await, Err(DatabaseError));
}

#[wasm_bindgen_test]
fn days_are_counted_from_midnight_to_midnight() {
    let moment = |year, month, day, hour| {
        js_sys::Date::new_with_year_month_day_hr(year, month, day, hour).get_time()
    };
    let now = moment(2026, 2, 31, 1);
    assert_eq!(calendar::days_between(now, now), 0);
    assert_eq!(calendar::days_between(moment(2026, 2, 30, 23), now), 1);
    assert_eq!(calendar::days_between(moment(2026, 2, 30, 0), now), 1);
    assert_eq!(calendar::days_between(moment(2026, 1, 28, 12), now), 31);
}

#[wasm_bindgen_test]
fn moments_are_written_as_the_language_writes_them() {
    let moment = js_sys::Date::new_with_year_month_day_hr(2026, 10, 23, 14).get_time();
    assert_eq!(calendar::time(moment, "en-GB"), "14:00");
    assert_eq!(calendar::weekday(moment, "es"), "lunes");
    assert_eq!(calendar::day(moment, moment, "en-GB"), "23 Nov");
    assert!(calendar::day(moment, moment + 1e11, "en-GB").ends_with(" 2026"));
}

#[wasm_bindgen_test]
fn the_variety_of_a_language_is_the_persons_own_or_the_language() {
    assert_eq!(page::variety("qq"), "qq");
    let own = page::languages().remove(0);
    let language = own.split('-').next().unwrap_or_default().to_owned();
    assert!(page::variety(&language).starts_with(&language));
}
