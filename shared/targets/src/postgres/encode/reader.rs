//! Takes a message apart, field by field, and never reads past its end.

use super::Error;

/// What is left of a message.
pub(super) struct Reader<'a>(&'a [u8]);

/// Reads a whole message: what `read` leaves over makes it malformed.
pub(super) fn whole<'a, T>(
    raw: &'a [u8],
    read: impl FnOnce(&mut Reader<'a>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut reader = Reader(raw);
    let value = read(&mut reader)?;
    if reader.0.is_empty() { Ok(value) } else { Err(Error::Malformed) }
}

/// A message of exactly `N` bytes.
pub(super) fn fixed<const N: usize>(raw: &[u8]) -> Result<[u8; N], Error> {
    raw.try_into().map_err(|_| Error::Malformed)
}

impl<'a> Reader<'a> {
    /// The next `count` bytes.
    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let (head, rest) = self.0.split_at_checked(count).ok_or(Error::Malformed)?;
        self.0 = rest;
        Ok(head)
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        fixed(self.take(N)?)
    }

    /// How many bytes are left.
    pub(super) fn left(&self) -> usize {
        self.0.len()
    }

    pub(super) fn u8(&mut self) -> Result<u8, Error> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn i16(&mut self) -> Result<i16, Error> {
        self.array().map(i16::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn i32(&mut self) -> Result<i32, Error> {
        self.array().map(i32::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn i64(&mut self) -> Result<i64, Error> {
        self.array().map(i64::from_be_bytes)
    }

    /// A count or a length: an `i32` that is not negative.
    pub(super) fn count(&mut self) -> Result<usize, Error> {
        usize::try_from(self.i32()?).map_err(|_| Error::Malformed)
    }

    /// Bytes preceded by their length, where −1 is NULL.
    pub(super) fn value(&mut self) -> Result<Option<&'a [u8]>, Error> {
        match self.i32()? {
            -1 => Ok(None),
            length => self.take(usize::try_from(length).map_err(|_| Error::Malformed)?).map(Some),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_beyond_the_end_is_malformed() {
        let read = |raw: &[u8]| whole(raw, |reader| reader.value().map(|v| v.map(<[u8]>::to_vec)));
        assert_eq!(read(&[0, 0, 0, 1, b'a']), Ok(Some(b"a".to_vec())));
        assert_eq!(read(&[255, 255, 255, 255]), Ok(None));
        assert_eq!(read(&[0, 0, 0, 2, b'a']), Err(Error::Malformed));
        assert_eq!(read(&[255, 255, 255, 254]), Err(Error::Malformed));
        assert_eq!(read(&[0, 0, 0, 0, b'a']), Err(Error::Malformed));
        assert_eq!(read(&[0, 0, 0]), Err(Error::Malformed));
    }
}
