//! Takes the noise out of a microphone's sound, with RNNoise, as `assets/denoise.js` asks for it in
//! an AudioWorklet.
//!
//! Each instance of the module has one stream: the page writes 128 samples to where [`samples`]
//! says, calls [`denoise`], and finds in their place the samples to go on with.

mod stream;

pub use stream::{DELAY, QUANTUM, RATE, Stream};

use std::cell::UnsafeCell;

/// The stream, and the samples that the page shares with it.
struct Shared {
    stream: Option<Stream>,
    samples: [f32; QUANTUM],
}

struct Instance(UnsafeCell<Shared>);

// SAFETY: an instance of the module belongs to one AudioWorklet, which has one thread; each export
// takes what it needs and gives it back before it returns.
unsafe impl Sync for Instance {}

static INSTANCE: Instance =
    Instance(UnsafeCell::new(Shared { stream: None, samples: [0.0; QUANTUM] }));

/// Where the samples are handed over, 128 of them from -1 to 1 each.
#[unsafe(no_mangle)]
pub extern "C" fn samples() -> *mut f32 {
    // SAFETY: no reference is made, and the place never moves.
    unsafe { (&raw mut (*INSTANCE.0.get()).samples).cast() }
}

/// Puts the next samples without noise in the place of those that were handed over.
#[unsafe(no_mangle)]
pub extern "C" fn denoise() {
    // SAFETY: nobody else holds a reference, as exports do not call each other.
    let Shared { stream, samples } = unsafe { &mut *INSTANCE.0.get() };
    stream.get_or_insert_with(Stream::default).process(samples);
}
