//! China: GB 2312, GBK, GB 18030 and HZ.

use crate::maps::{GB2312, GB18030, GBK};
use crate::multibyte::{Bytes, Fault, Multibyte, Plain, State, Step, put, put_code, second};
use python_text::TextBuilder;
use std::sync::LazyLock;

pub(crate) static CODECS: &[&dyn Multibyte] = &[
    &Plain {
        name: "gb2312",
        encode: |c, _, _, out| put_code(GB2312.encode(c), out),
        decode: |input, out| put(GB2312.decode(input[0], second(input)?), 2, out),
        own_ascii: false,
    },
    &Plain {
        name: "gbk",
        encode: |c, _, _, out| put_code(GBK.encode(c), out),
        decode: |input, out| put(GBK.decode(input[0], second(input)?), 2, out),
        own_ascii: false,
    },
    &Plain { name: "gb18030", encode: encode_gb18030, decode: decode_gb18030, own_ascii: false },
    &Hz,
];

/// The code points of the BMP that GB 18030 encodes in four bytes, in their order.
static FOURS: LazyLock<Vec<(u32, u32)>> = LazyLock::new(|| GB18030.gaps());
/// How many they are.
const FOURS_COUNT: u32 = 39420;

fn encode_gb18030(c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
    if let Some(code) = GB18030.encode(c) {
        out.put_code(code);
        return Ok(1);
    }
    let (first, number) = match c {
        0xD800..0xE000 => return Err(Fault::Illegal(1)),
        0x1_0000.. => (0x90, c - 0x1_0000),
        _ => {
            let (start, before) = FOURS[FOURS.partition_point(|(start, _)| *start <= c) - 1];
            (0x81, before + c - start)
        }
    };
    let digits = [number / 12600, number / 1260 % 10, number / 10 % 126, number % 10].map(|n| n as u8);
    out.put(&[first + digits[0], 0x30 + digits[1], 0x81 + digits[2], 0x30 + digits[3]]);
    Ok(1)
}

fn decode_gb18030(input: &[u8], out: &mut TextBuilder) -> Step {
    let trail = second(input)?;
    if !trail.is_ascii_digit() {
        return put(GB18030.decode(input[0], trail), 2, out);
    }
    let [a, b, c, d] = *input.first_chunk::<4>().ok_or(Fault::Incomplete)?;
    let letters = 0x81..=0xFE;
    if !letters.contains(&a) || !letters.contains(&c) || !d.is_ascii_digit() {
        return Err(Fault::Illegal(1));
    }
    let number = |first: u8| {
        ((u32::from(a - first) * 10 + u32::from(b - 0x30)) * 126 + u32::from(c - 0x81)) * 10 + u32::from(d - 0x30)
    };
    let point = match a {
        0x90.. => Some(number(0x90) + 0x1_0000).filter(|point| *point < 0x11_0000),
        ..0x85 => Some(number(0x81)).filter(|n| *n < FOURS_COUNT).map(|n| {
            let (start, before) = FOURS[FOURS.partition_point(|(_, before)| *before <= n) - 1];
            start + n - before
        }),
        _ => None,
    };
    put(point, 4, out)
}

/// HZ: GB 2312 without high bits between `~{` and `~}`. The state's first byte says whether it is between them.
struct Hz;

impl Multibyte for Hz {
    fn name(&self) -> &'static str {
        "hz"
    }
    fn keeps_ascii(&self) -> bool {
        false
    }
    fn encoder_start(&self) -> State {
        State::default()
    }
    fn decoder_start(&self) -> State {
        State::default()
    }
    fn encode(&self, state: &mut State, c: u32, _: Option<u32>, _: bool, out: &mut Bytes) -> Step {
        if c < 0x80 {
            self.finish(state, out);
            out.put(&[c as u8]);
            if c == u32::from(b'~') {
                out.put(b"~");
            }
            return Ok(1);
        }
        let code = GB2312.encode(c).ok_or(Fault::Illegal(1))?;
        if state.0[0] == 0 {
            out.put(b"~{");
            state.0[0] = 1;
        }
        out.put_code(code & 0x7F7F);
        Ok(1)
    }
    fn finish(&self, state: &mut State, out: &mut Bytes) {
        if state.0[0] != 0 {
            out.put(b"~}");
            state.0[0] = 0;
        }
    }
    fn decode(&self, state: &mut State, input: &[u8], out: &mut TextBuilder) -> Step {
        let within = state.0[0] != 0;
        match input[0] {
            b'~' => {
                match (second(input)?, within) {
                    (b'~', false) => out.push(b'~'.into()),
                    (b'{', false) => state.0[0] = 1,
                    (b'}', true) => state.0[0] = 0,
                    (b'\n', false) => {}
                    _ => return Err(Fault::Illegal(1)),
                }
                Ok(2)
            }
            0x80.. => Err(Fault::Illegal(1)),
            c if !within => put(Some(c.into()), 1, out),
            c => put(GB2312.decode(c | 0x80, second(input)? ^ 0x80), 2, out),
        }
    }
    fn restart(&self, state: &mut State) {
        state.0[0] = 0;
    }
}
