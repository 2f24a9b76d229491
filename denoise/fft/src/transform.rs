//! A real transform of 960 samples as a complex one of 480, by Stockham's method: the steps of 4, 4,
//! 2, 3 and 5 leave the bins in order, and their inner loops run over neighbours.

use num_complex::Complex32;
use std::array::from_fn;
use std::f64::consts::TAU;

/// How many samples are transformed.
pub const LENGTH: usize = 960;
/// The length of the complex transform.
pub const HALF: usize = LENGTH / 2;

/// The powers of the first root of unity: cos and -sin of each 960th of a turn.
#[derive(Clone)]
pub struct Roots([Complex32; LENGTH]);

/// Complex numbers, apart in their real and their imaginary parts.
struct Parts([f32; HALF], [f32; HALF]);

impl Default for Roots {
    fn default() -> Self {
        Self(from_fn(|k| {
            let (sin, cos) = (TAU * k as f64 / LENGTH as f64).sin_cos();
            Complex32::new(cos as f32, -sin as f32)
        }))
    }
}

impl Roots {
    /// The spectrum of `samples`: each bin is a sum over all of them.
    pub fn forward(&self, samples: &[f32; LENGTH], bins: &mut [Complex32; HALF + 1]) {
        let mut z = Parts([0.0; HALF], [0.0; HALF]);
        for (k, pair) in samples.as_chunks::<2>().0.iter().enumerate() {
            (z.0[k], z.1[k]) = (pair[0], pair[1]);
        }
        self.transform(&mut z);
        for (k, bin) in bins.iter_mut().enumerate() {
            let (a, b) = (k % HALF, (HALF - k) % HALF);
            let even = Complex32::new(z.0[a] + z.0[b], z.1[a] - z.1[b]);
            let odd = Complex32::new(z.1[a] + z.1[b], z.0[b] - z.0[a]);
            *bin = (even + odd * self.0[k]) * 0.5;
        }
        // They are real, but for rounding.
        (bins[0].im, bins[HALF].im) = (0.0, 0.0);
    }

    /// The samples of a spectrum, 960 times as large.
    pub fn backward(&self, bins: &[Complex32; HALF + 1], samples: &mut [f32; LENGTH]) {
        // With the parts exchanged, the way back is the way there.
        let mut z = Parts([0.0; HALF], [0.0; HALF]);
        for k in 0..HALF {
            let (a, b) = (bins[k], bins[HALF - k].conj());
            let (even, odd) = (a + b, (a - b) * self.0[k].conj());
            (z.1[k], z.0[k]) = (even.re - odd.im, even.im + odd.re);
        }
        self.transform(&mut z);
        for (k, pair) in samples.as_chunks_mut::<2>().0.iter_mut().enumerate() {
            (pair[0], pair[1]) = (z.1[k], z.0[k]);
        }
    }

    fn transform(&self, z: &mut Parts) {
        let mut other = Parts([0.0; HALF], [0.0; HALF]);
        self.step(z, &mut other, 1, four);
        self.step(&other, z, 4, four);
        self.step(z, &mut other, 16, two);
        self.step(&other, z, 32, three);
        self.step(z, &mut other, 96, five);
        *z = other;
    }

    /// One step by the radix `R`, where `stride` transforms are interleaved.
    fn step<const R: usize>(
        &self,
        from: &Parts,
        to: &mut Parts,
        stride: usize,
        small: impl Fn([Complex32; R]) -> [Complex32; R],
    ) {
        let groups = HALF / stride / R;
        for group in 0..groups {
            let re: [&[f32]; R] = from_fn(|k| &from.0[(group + groups * k) * stride..][..stride]);
            let im: [&[f32]; R] = from_fn(|k| &from.1[(group + groups * k) * stride..][..stride]);
            let to_re = &mut to.0[group * R * stride..][..R * stride];
            let to_im = &mut to.1[group * R * stride..][..R * stride];
            // A turn by `group * k` of `groups * R` parts.
            let turns: [Complex32; R] = from_fn(|k| self.0[group * k * stride * 2]);
            for at in 0..stride {
                let sums = small(from_fn(|k| Complex32::new(re[k][at], im[k][at])));
                for k in 0..R {
                    let turned = sums[k] * turns[k];
                    to_re[k * stride + at] = turned.re;
                    to_im[k * stride + at] = turned.im;
                }
            }
        }
    }
}

/// By -i.
fn quarter(z: Complex32) -> Complex32 {
    Complex32::new(z.im, -z.re)
}

fn two([a, b]: [Complex32; 2]) -> [Complex32; 2] {
    [a + b, a - b]
}

fn three([a, b, c]: [Complex32; 3]) -> [Complex32; 3] {
    const SIN: f32 = 0.866_025_4; // Of a third of a turn.
    let (sum, difference) = (b + c, quarter(b - c) * SIN);
    let middle = a - sum * 0.5;
    [a + sum, middle + difference, middle - difference]
}

fn four([a, b, c, d]: [Complex32; 4]) -> [Complex32; 4] {
    let (even, odd) = (two([a, c]), two([b, d]));
    let turned = quarter(odd[1]);
    [even[0] + odd[0], even[1] + turned, even[0] - odd[0], even[1] - turned]
}

fn five([a, b, c, d, e]: [Complex32; 5]) -> [Complex32; 5] {
    // Of one and of two fifths of a turn.
    const COS: [f32; 2] = [0.309_017, -0.809_017];
    const SIN: [f32; 2] = [0.951_056_5, 0.587_785_25];
    let (outer, inner) = (two([b, e]), two([c, d]));
    let first = a + outer[0] * COS[0] + inner[0] * COS[1];
    let second = a + outer[0] * COS[1] + inner[0] * COS[0];
    let first_turned = quarter(outer[1] * SIN[0] + inner[1] * SIN[1]);
    let second_turned = quarter(outer[1] * SIN[1] - inner[1] * SIN[0]);
    [
        a + outer[0] + inner[0],
        first + first_turned,
        second + second_turned,
        second - second_turned,
        first - first_turned,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples that follow no rule.
    fn samples() -> [f32; LENGTH] {
        let mut state = 1_u32;
        from_fn(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state as f32 / u32::MAX as f32 - 0.5
        })
    }

    #[test]
    fn the_spectrum_is_that_of_the_definition() {
        let (samples, mut bins) = (samples(), [Complex32::default(); HALF + 1]);
        Roots::default().forward(&samples, &mut bins);
        for (k, bin) in bins.iter().enumerate() {
            let (mut re, mut im) = (0.0, 0.0);
            for (n, &sample) in samples.iter().enumerate() {
                let (sin, cos) = (TAU * (k * n % LENGTH) as f64 / LENGTH as f64).sin_cos();
                re += f64::from(sample) * cos;
                im -= f64::from(sample) * sin;
            }
            let error = (f64::from(bin.re) - re).hypot(f64::from(bin.im) - im);
            assert!(error < 1e-4, "bin {k} is {bin}, not {re} + {im}i");
        }
    }

    #[test]
    fn the_way_back_gives_the_samples() {
        let (samples, mut bins) = (samples(), [Complex32::default(); HALF + 1]);
        let mut back = [0.0; LENGTH];
        let roots = Roots::default();
        roots.forward(&samples, &mut bins);
        roots.backward(&bins, &mut back);
        for (sample, again) in samples.iter().zip(back) {
            assert!((sample * LENGTH as f32 - again).abs() < 1e-3, "{sample} became {again}");
        }
    }
}
