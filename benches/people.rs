//! What a click and a key cost somebody with ten thousand contacts and ten thousand calls.

use criterion::{BatchSize, Criterion};
use std::hint::black_box;
use std::sync::Arc;
use webphone::phone::Phone;
use webphone::phone::contact::{Contact, Number};
use webphone::phone::contacts::Contacts;

const MANY: usize = 10_000;
const NOW: u64 = 1_790_000_000_000;
/// As many are offered while a number is typed.
const OFFERED: usize = 3;

pub(crate) fn people(criterion: &mut Criterion) {
    let (calls, people): (Vec<_>, Vec<_>) = (0..MANY).map(|place| (call(place), card(place))).unzip();
    let load = |mut phone: Phone| {
        phone.load([&calls, &[], &people, &[]]);
        phone
    };
    // As long as it is on the display somebody holds a clone.
    let phone = load(signed_in());
    let someone = phone.contacts().all().nth(MANY / 2).expect("contacts").clone();
    let mut group = criterion.benchmark_group("10,000 contacts");
    group.bench_function("signing in", |bench| {
        bench.iter_batched(signed_in, load, BatchSize::SmallInput);
    });
    group.bench_function("a star", |bench| {
        bench.iter(|| {
            let mut phone = phone.clone();
            phone.change_contacts(|people, _| people.toggle_favourite(someone.id).into_iter().collect());
            phone
        });
    });
    group.bench_function("one saved", |bench| {
        bench.iter(|| {
            let mut phone = phone.clone();
            phone.change_contacts(|people, now| people.save(someone.clone(), now).into_iter().collect());
            phone
        });
    });
    // What matches early, late, and nowhere.
    for typed in ["a", "9999", "zzz", "604555"] {
        group.bench_function(format!("the key after which {typed:?} stands"), |bench| {
            bench.iter(|| phone.suggest(black_box(typed), OFFERED));
        });
    }
}

fn signed_in() -> Phone {
    let mut phone = Phone::default();
    phone.sign_in("example.com".into());
    phone.set_contacts(Arc::new(Contacts::new("example.com".into())));
    phone
}

/// A contact, as it is kept.
fn card(place: usize) -> String {
    let contact = Contact {
        name: format!("{} Gómez {place}", ["Ana", "Bob", "Éva", "Íñigo"][place % 4]),
        organisation: "Café Perú".into(),
        numbers: [format!("+57 604 5{place:06}"), format!("{place}")]
            .map(|value| Number { value, ..Number::default() })
            .into(),
        ..Contact::default()
    };
    let mut one = Contacts::new("example.com".into());
    one.save(contact, NOW + place as u64);
    one.export()
}

/// A call, as it is kept; half of them are with contacts.
fn call(place: usize) -> String {
    let (id, number) = (NOW as usize + place, (place * 7919) % (2 * MANY));
    format!("{id}\t{id}\tmissed\t\t\t+576045{number:06}\tsip:+576045{number:06}@example.com\tSomebody {place}")
}
