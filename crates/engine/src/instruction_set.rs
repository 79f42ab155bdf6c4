//! Instruction sets: which of the processor's instructions a kernel is compiled for, chosen while the program runs.
//!
//! A plain build uses only what every processor of its kind has. The kernels of the tiled engine are compiled
//! several times, once for each [`InstructionSet`], and [`Instructions::run`] calls the one that this machine can
//! execute. All of them give the same bits: a kernel uses only operations that are exact or rounded in one way
//! (no fused multiply-add, no reassociation). This is the only module with unsafe code.

#![expect(
    unsafe_code,
    reason = "a function compiled for more instructions may only be called where they exist"
)]

pub mod arithmetic;

use std::fmt;

/// A set of instructions that kernels are compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstructionSet {
    /// What every processor of the kind that the program was built for has.
    Baseline,
    /// Vectors of 256 bits (x86-64).
    Avx2,
    /// Vectors of 512 bits (x86-64).
    Avx512,
}

impl InstructionSet {
    /// All of them, the narrowest first.
    pub const ALL: [Self; 3] = [Self::Baseline, Self::Avx2, Self::Avx512];

    /// The name on the command line and in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Baseline => "baseline",
            Self::Avx2 => "avx2",
            Self::Avx512 => "avx512",
        }
    }

    /// Whether this machine has it.
    #[must_use]
    pub fn is_here(self) -> bool {
        match self {
            Self::Baseline => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                is_x86_feature_detected!("avx2")
                    && is_x86_feature_detected!("bmi1")
                    && is_x86_feature_detected!("bmi2")
                    && is_x86_feature_detected!("lzcnt")
                    && is_x86_feature_detected!("popcnt")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                Self::Avx2.is_here()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512cd")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
            }
            #[cfg(not(target_arch = "x86_64"))]
            Self::Avx2 | Self::Avx512 => false,
        }
    }
}

impl fmt::Display for InstructionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An instruction set that this machine has: there is no other way to make one than to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instructions(InstructionSet);

/// A loop over columns that is compiled for every instruction set.
///
/// `run` and everything it calls must be `#[inline(always)]`: what is not inlined is compiled for the baseline.
pub trait Kernel {
    /// What it gives back.
    type Output;

    /// Does the work.
    fn run(self) -> Self::Output;
}

impl Instructions {
    /// The widest set that this machine has.
    #[must_use]
    pub fn widest() -> Self {
        let here = InstructionSet::ALL.into_iter().rev().find(|set| set.is_here());
        Self(here.unwrap_or(InstructionSet::Baseline))
    }

    /// A certain set; none where this machine does not have it.
    #[must_use]
    pub fn of(set: InstructionSet) -> Option<Self> {
        set.is_here().then_some(Self(set))
    }

    /// All sets that this machine has, the narrowest first.
    #[must_use]
    pub fn all_here() -> Vec<Self> {
        InstructionSet::ALL.into_iter().filter_map(Self::of).collect()
    }

    /// Which set it is.
    #[must_use]
    pub const fn set(self) -> InstructionSet {
        self.0
    }

    /// Runs a kernel compiled for this set.
    #[inline]
    pub fn run<K: Kernel>(self, kernel: K) -> K::Output {
        match self.0 {
            InstructionSet::Baseline => kernel.run(),
            // SAFETY: an `Instructions` is only made by `of` and `widest`, which found the features on this machine.
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx2 => unsafe { for_avx2(kernel) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            InstructionSet::Avx512 => unsafe { for_avx512(kernel) },
            #[cfg(not(target_arch = "x86_64"))]
            InstructionSet::Avx2 | InstructionSet::Avx512 => kernel.run(),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
fn for_avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,bmi1,bmi2,lzcnt,popcnt")]
fn for_avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Sum<'a>(&'a [f64]);

    impl Kernel for Sum<'_> {
        type Output = f64;

        #[inline(always)]
        fn run(self) -> f64 {
            self.0.iter().map(|x| x * 3.0 + 0.1).sum()
        }
    }

    #[test]
    fn exact_every_set_here_gives_the_same_bits() {
        let values: Vec<f64> = (0..1000).map(|n| 1.0 / f64::from(n + 1)).collect();
        let plain = Sum(&values).run();
        let sets = Instructions::all_here();
        assert!(sets.contains(&Instructions::widest()));
        assert_eq!(sets[0].set(), InstructionSet::Baseline);
        for set in sets {
            assert_eq!(set.run(Sum(&values)).to_bits(), plain.to_bits(), "{}", set.set());
        }
    }

    #[test]
    fn exact_a_set_that_is_not_here_cannot_be_made() {
        for set in InstructionSet::ALL {
            assert_eq!(Instructions::of(set).is_some(), set.is_here());
        }
    }
}
