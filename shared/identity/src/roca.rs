//! Knows RSA keys whose primes a faulty chip chose (ROCA, CVE-2017-15361): they can be factored.

/// The odd primes of the product that the chip's primes are made with, for every size of key.
const PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];
/// What both of the chip's primes are powers of, modulo that product.
const GENERATOR: u32 = 65_537;

/// Whether the modulus (most significant byte first) has the mark: modulo each of the primes it is
/// a power of the generator. One sound modulus in 240 million has it by chance.
pub(crate) fn marked(modulus: &[u8]) -> bool {
    PRIMES.iter().all(|prime| is_power(remainder(modulus, *prime), *prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, byte| (rest << 8 | u32::from(*byte)) % prime)
}

/// Whether `number` is among the powers of the generator, which come round to 1 again.
fn is_power(number: u32, prime: u32) -> bool {
    let next = |power: &u32| Some(power * (GENERATOR % prime) % prime).filter(|power| *power != 1);
    std::iter::successors(Some(1), next).any(|power| power == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_power_of_the_generator_is_marked_and_its_neighbours_are_not() {
        for exponent in 0..=3 {
            let power = u64::from(GENERATOR).pow(exponent);
            assert!(marked(&power.to_be_bytes()));
            assert!(!marked(&(power + 1).to_be_bytes()));
            assert!(!marked(&(power + 2).to_be_bytes()));
        }
    }
}
