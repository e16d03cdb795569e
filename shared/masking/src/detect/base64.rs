//! Base64 and its URL form (RFC 4648), read as leniently as the most lenient reader.

/// Decodes either alphabet, mixed or not, with or without padding, across line ends; `None` if
/// anything else stands in it.
pub(super) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut bits, mut count) = (0u32, 0u8);
    for &byte in text {
        match value(byte) {
            Some(value) => bits = bits << 6 | u32::from(value),
            None if matches!(byte, b'\n' | b'\r') => continue,
            None if byte == b'=' => break,
            None => return None,
        }
        count += 1;
        if count == 4 {
            let [_, a, b, c] = bits.to_be_bytes();
            out.extend([a, b, c]);
            (bits, count) = (0, 0);
        }
    }
    let [_, a, b, _] = (bits << (24 - 6 * u32::from(count.max(1)))).to_be_bytes();
    match count {
        2 => out.push(a),
        3 => out.extend([a, b]),
        _ => {}
    }
    Some(out)
}

/// Decodes the first four characters; `None` if there are fewer, or others.
pub(super) fn first_three(text: &[u8]) -> Option<[u8; 3]> {
    let add = |bits, byte: &u8| Some(bits << 6 | u32::from(value(*byte)?));
    let [_, bytes @ ..] = text.get(..4)?.iter().try_fold(0u32, add)?.to_be_bytes();
    Some(bytes)
}

fn value(byte: u8) -> Option<u8> {
    VALUES.get(usize::from(byte)).copied().filter(|value| *value < 64)
}

const VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut byte = 0u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256")]
        {
            values[byte as usize] = value_of(byte);
        }
        if byte == u8::MAX {
            break values;
        }
        byte += 1;
    }
};

const fn value_of(byte: u8) -> u8 {
    match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => u8::MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_rfc_4648_decode() {
        for (text, plain) in [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg", "foob"),
            ("Zm9v\nYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"),
        ] {
            assert_eq!(decode(text.as_bytes()).unwrap(), plain.as_bytes());
        }
        assert_eq!(decode(b"-_+/").unwrap(), [0xfb, 0xff, 0xbf]);
        assert_eq!(decode(b"Zm 9"), None);
    }
}
