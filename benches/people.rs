//! What a click and a key cost somebody with ten thousand contacts and ten thousand calls.

use criterion::{BatchSize, Criterion};
use std::hint::black_box;
use webphone::phone::contact::{Contact, Number};
use webphone::phone::contacts::Contacts;
use webphone::phone::history::History;

const MANY: usize = 10_000;
const NOW: u64 = 1_790_000_000_000;
/// As many are offered while a number is typed.
const OFFERED: usize = 6;

pub(crate) fn people(criterion: &mut Criterion) {
    let contacts = contacts();
    let calls: Vec<_> = (0..MANY).map(call).collect();
    let mut history = History::default();
    history.load(&calls, &[], &contacts);
    let mut group = criterion.benchmark_group("10,000 contacts");
    let someone = contacts.all().nth(MANY / 2).expect("contacts").clone();
    group.bench_function("a star", |bench| {
        bench.iter(|| {
            let mut changed = contacts.clone();
            changed.toggle_favourite(someone.id);
            history.rename(&changed, &contacts);
            changed
        });
    });
    group.bench_function("one saved", |bench| {
        bench.iter(|| {
            let mut changed = contacts.clone();
            changed.save(someone.clone(), NOW);
            history.rename(&changed, &contacts);
            changed
        });
    });
    // What matches early, late, and nowhere.
    for typed in ["a", "9999", "zzz", "604555"] {
        group.bench_function(format!("the key after which {typed:?} stands"), |bench| {
            bench.iter(|| {
                let people = contacts.suggest(black_box(typed), OFFERED);
                (people, history.suggest(typed, &contacts, OFFERED))
            });
        });
    }
    group.bench_function("signing in", |bench| {
        bench.iter_batched(
            History::default,
            |mut history| {
                history.load(&calls, &[], &contacts);
                history
            },
            BatchSize::SmallInput,
        );
    });
}

fn contacts() -> Contacts {
    let people = (0..MANY).map(|index| Contact {
        name: format!("{} Gómez {index}", ["Ana", "Bob", "Éva", "Íñigo"][index % 4]),
        organisation: "Café Perú".into(),
        numbers: [format!("+57 604 5{index:06}"), format!("{index}")]
            .map(|value| Number { value, ..Number::default() })
            .into(),
        ..Contact::default()
    });
    // As one file, as each for itself would be put in its place.
    let card = |contact| {
        let mut one = Contacts::new("example.com".into());
        one.save(contact, NOW);
        one.export()
    };
    let file: String = people.map(card).collect();
    let mut all = Contacts::new("example.com".into());
    all.import(file.as_bytes(), &|_, _| None, NOW);
    all
}

/// Half of the calls are with contacts.
fn call(index: usize) -> String {
    let (id, number) = (NOW as usize + index, (index * 7919) % (2 * MANY));
    format!("{id}\t{id}\tmissed\t\t\t+576045{number:06}\tsip:+576045{number:06}@example.com\tSomebody {index}")
}
