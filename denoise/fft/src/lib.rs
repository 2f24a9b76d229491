//! The Fourier transform of a frame, under the names that nnnoiseless knows from the crate easyfft.
//!
//! RNNoise transforms 960 samples and nothing else. easyfft brings plans and kernels for every
//! length, which is more WebAssembly than all the rest of RNNoise.

mod transform;

pub use num_complex;

/// What easyfft has for lengths that are known at run time.
pub mod dyn_size {
    /// The transform of real samples.
    pub mod realfft {
        pub use crate::spectrum::DynRealDft;
    }
}

/// The methods of samples and spectra.
pub mod prelude {
    pub use crate::spectrum::{DynRealFft, DynRealIfft};
}

mod spectrum {
    use crate::num_complex::Complex32;
    use crate::transform::{HALF, LENGTH, Roots};
    use std::marker::PhantomData;
    use std::ops::{Deref, MulAssign};

    /// The spectrum of real samples: the half of it that the other half mirrors.
    #[derive(Clone)]
    pub struct DynRealDft<T> {
        bins: Box<[Complex32; HALF + 1]>,
        roots: Box<Roots>,
        number: PhantomData<T>,
    }

    /// The way from samples to their spectrum.
    pub trait DynRealFft {
        /// Transforms 960 samples: each bin is a sum over all of them.
        fn real_fft_using(&self, spectrum: &mut DynRealDft<f32>);
    }

    /// The way back.
    pub trait DynRealIfft {
        /// Makes the samples again, 960 times as large.
        fn real_ifft_using(&self, samples: &mut [f32; LENGTH]);
    }

    impl DynRealFft for [f32; LENGTH] {
        fn real_fft_using(&self, spectrum: &mut DynRealDft<f32>) {
            spectrum.roots.forward(self, &mut spectrum.bins);
        }
    }

    impl DynRealIfft for DynRealDft<f32> {
        fn real_ifft_using(&self, samples: &mut [f32; LENGTH]) {
            self.roots.backward(&self.bins, samples);
        }
    }

    impl DynRealDft<f32> {
        /// The spectrum with these bins, the first of which is real; the length is always 960.
        pub fn new(first: f32, others: &[Complex32; HALF], _length: usize) -> Self {
            let mut bins = Box::new([Complex32::default(); HALF + 1]);
            bins[0].re = first;
            bins[1..].copy_from_slice(others);
            Self { bins, roots: Box::default(), number: PhantomData }
        }

        /// The first bin.
        pub fn get_offset(&self) -> &f32 {
            &self.bins[0].re
        }

        /// The first bin.
        pub fn get_offset_mut(&mut self) -> &mut f32 {
            &mut self.bins[0].re
        }

        /// The bins between the first and the last two, as in easyfft.
        pub fn get_frequency_bins(&self) -> &[Complex32] {
            &self.bins[1..HALF - 1]
        }

        /// The bins between the first and the last two, as in easyfft.
        pub fn get_frequency_bins_mut(&mut self) -> &mut [Complex32] {
            &mut self.bins[1..HALF - 1]
        }
    }

    impl Deref for DynRealDft<f32> {
        type Target = [Complex32];

        fn deref(&self) -> &[Complex32] {
            &*self.bins
        }
    }

    impl MulAssign<f32> for DynRealDft<f32> {
        fn mul_assign(&mut self, factor: f32) {
            for bin in &mut *self.bins {
                *bin *= factor;
            }
        }
    }

    impl MulAssign<&[f32]> for DynRealDft<f32> {
        fn mul_assign(&mut self, factors: &[f32]) {
            for (bin, factor) in self.bins.iter_mut().zip(factors) {
                *bin *= factor;
            }
        }
    }
}
