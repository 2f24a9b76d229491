//! What an input may cost: allocations are counted, and may grow with its length only. What is slow
//! without any is found by the time limit of the fuzzer, on inputs of 64 KiB.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

/// So many allocations, and so many bytes in them, for each byte of the input and besides.
const COUNT: (usize, usize) = (64, 20_000);
const BYTES: (usize, usize) = (8 * 1024, 16 << 20);

static MADE: AtomicUsize = AtomicUsize::new(0);
static TAKEN: AtomicUsize = AtomicUsize::new(0);

struct Counting;

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        MADE.fetch_add(1, Relaxed);
        TAKEN.fetch_add(layout.size(), Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        MADE.fetch_add(1, Relaxed);
        TAKEN.fetch_add(size, Relaxed);
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Does the work that an input of this length asks for.
pub fn within_limits<T>(length: usize, work: impl FnOnce() -> T) -> T {
    let before = (MADE.load(Relaxed), TAKEN.load(Relaxed));
    let result = work();
    let (made, taken) = (MADE.load(Relaxed) - before.0, TAKEN.load(Relaxed) - before.1);
    assert!(made <= COUNT.0 * length + COUNT.1, "{made} allocations for {length} bytes");
    assert!(taken <= BYTES.0 * length + BYTES.1, "{taken} bytes of memory for {length} bytes");
    result
}
