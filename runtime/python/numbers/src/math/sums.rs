//! Sums without loss: `math.fsum` (Shewchuk 1997) and `math.sumprod` (Ogita, Rump and Oishi 2005).

/// The sum of two numbers and its rounding error, for |a| >= |b| (Dekker).
#[inline]
pub(super) fn quick_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, (a - sum) + b)
}

/// The sum of two numbers and its rounding error (Knuth).
#[inline]
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let rest = sum - a;
    (sum, (a - (sum - rest)) + (b - rest))
}

/// The product of two numbers and its rounding error.
#[inline]
pub(super) fn product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    (product, a.mul_add(b, -product))
}

/// Why `fsum` has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FsumError {
    /// `OverflowError("intermediate overflow in fsum")`.
    IntermediateOverflow,
    /// `ValueError("-inf + inf in fsum")`.
    OppositeInfinities,
}

/// A running exact sum.
#[derive(Clone, Debug, Default)]
pub struct Fsum {
    /// Numbers whose bits do not overlap, smallest first; their exact sum is that of all finite summands.
    partials: Vec<f64>,
    /// The sum of the summands that are not finite.
    special: f64,
    /// The sum of the infinite ones.
    infinite: f64,
}

impl Fsum {
    /// An empty sum.
    pub fn new() -> Fsum {
        Fsum::default()
    }

    /// Adds a summand.
    pub fn add(&mut self, summand: f64) -> Result<(), FsumError> {
        let mut high = summand;
        let mut kept = 0;
        for index in 0..self.partials.len() {
            let other = self.partials[index];
            let (large, small) = if high.abs() < other.abs() { (other, high) } else { (high, other) };
            let (sum, error) = quick_sum(large, small);
            if error != 0.0 {
                self.partials[kept] = error;
                kept += 1;
            }
            high = sum;
        }
        self.partials.truncate(kept);
        if high == 0.0 {
            return Ok(());
        }
        if high.is_finite() {
            self.partials.push(high);
            return Ok(());
        }
        if summand.is_finite() {
            return Err(FsumError::IntermediateOverflow);
        }
        if summand.is_infinite() {
            self.infinite += summand;
        }
        self.special += summand;
        self.partials.clear();
        Ok(())
    }

    /// The sum, correctly rounded.
    pub fn finish(mut self) -> Result<f64, FsumError> {
        if self.special != 0.0 {
            return if self.infinite.is_nan() { Err(FsumError::OppositeInfinities) } else { Ok(self.special) };
        }
        let Some(mut high) = self.partials.pop() else { return Ok(0.0) };
        let mut low = 0.0;
        while let Some(next) = self.partials.pop() {
            (high, low) = quick_sum(high, next);
            if low != 0.0 {
                break;
            }
        }
        // Half-even across partials: a tie is broken by the sign of what is left.
        if let Some(&next) = self.partials.last()
            && (low < 0.0 && next < 0.0 || low > 0.0 && next > 0.0)
        {
            let twice = low * 2.0;
            let up = high + twice;
            if twice == up - high {
                high = up;
            }
        }
        Ok(high)
    }
}

/// A running sum of products in triple length.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductSum {
    high: f64,
    low: f64,
    tiny: f64,
}

impl ProductSum {
    /// Adds a product, unless the sum would no longer be finite: then gives `false`, and CPython goes on in ordinary
    /// arithmetic from [`ProductSum::total`].
    pub fn add(&mut self, x: f64, y: f64) -> bool {
        let (exact, error) = product(x, y);
        let (high, high_rest) = two_sum(self.high, exact);
        if !high.is_finite() {
            return false;
        }
        let (low, low_rest) = two_sum(self.low, error);
        let (low, rest) = two_sum(low, high_rest);
        *self = ProductSum { high, low, tiny: self.tiny + low_rest + rest };
        true
    }

    /// The sum.
    pub fn total(self) -> f64 {
        let (sum, rest) = two_sum(self.low, self.high);
        self.tiny + rest + sum
    }
}

/// `math.sumprod` of floats, as many pairs as the shorter has.
pub fn sumprod(left: &[f64], right: &[f64]) -> f64 {
    let mut sum = ProductSum::default();
    let mut pairs = left.iter().copied().zip(right.iter().copied());
    while let Some((x, y)) = pairs.next() {
        if !sum.add(x, y) {
            return pairs.fold(sum.total() + x * y, |total, (x, y)| total + x * y);
        }
    }
    sum.total()
}
