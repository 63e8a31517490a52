//! Chains of filters: what programs say of them, and what the library takes.

use super::{content, error, failed, unsigned, unsigned_32};
use liblzma::stream::{Error, Filters, LzmaOptions, MatchFinder, Mode};
use python_objects::symbol::sym;
use python_objects::{Args, Exc, Object, Py, R, Value, dict, string};

pub(super) const LZMA1: u64 = 0x4000_0000_0000_0001;
pub(super) const LZMA2: u64 = 0x21;
pub(super) const DELTA: u64 = 3;
pub(super) const X86: u64 = 4;
pub(super) const POWERPC: u64 = 5;
pub(super) const IA64: u64 = 6;
pub(super) const ARM: u64 = 7;
pub(super) const ARM_THUMB: u64 = 8;
pub(super) const SPARC: u64 = 9;

/// The library takes no longer chains.
const MOST: usize = 4;
/// Sizes of the dictionaries of the presets.
const DICTIONARIES: [u32; 10] =
    [1 << 18, 1 << 20, 1 << 21, 1 << 22, 1 << 22, 1 << 23, 1 << 23, 1 << 24, 1 << 25, 1 << 26];
/// The longest distance of the delta filter.
const MOST_DISTANT: u32 = 256;

/// Options of the two LZMA filters; what was not given is the preset's.
#[derive(Clone, Copy, Default)]
pub(super) struct Lzma {
    preset: u32,
    dict_size: Option<u32>,
    lc: Option<u32>,
    lp: Option<u32>,
    pb: Option<u32>,
    mode: Option<u32>,
    nice_len: Option<u32>,
    mf: Option<u32>,
    depth: Option<u32>,
}
/// A filter with what a program said of it.
#[derive(Clone, Copy)]
pub(super) enum Filter {
    Lzma1(Lzma),
    Lzma2(Lzma),
    /// With a distance in bytes.
    Delta(u32),
    /// For branches in machine code: the number, and where the code begins.
    Branches(u64, u32),
}

impl Lzma {
    fn dictionary(&self) -> u32 {
        let level = (self.preset & liblzma::stream::PRESET_LEVEL_MASK) as usize;
        self.dict_size.unwrap_or(DICTIONARIES.get(level).copied().unwrap_or(0))
    }
    fn options(&self) -> Result<LzmaOptions, Error> {
        let mut options = LzmaOptions::new_preset(self.preset)?;
        self.dict_size.map(|n| options.dict_size(n));
        self.lc.map(|n| options.literal_context_bits(n));
        self.lp.map(|n| options.literal_position_bits(n));
        self.pb.map(|n| options.position_bits(n));
        self.nice_len.map(|n| options.nice_len(n));
        self.depth.map(|n| options.depth(n));
        match self.mode {
            None => {}
            Some(1) => _ = options.mode(Mode::Fast),
            Some(2) => _ = options.mode(Mode::Normal),
            Some(_) => return Err(Error::Options),
        }
        let finder = match self.mf {
            None => return Ok(options),
            Some(3) => MatchFinder::HashChain3,
            Some(4) => MatchFinder::HashChain4,
            Some(0x12) => MatchFinder::BinaryTree2,
            Some(0x13) => MatchFinder::BinaryTree3,
            Some(0x14) => MatchFinder::BinaryTree4,
            Some(_) => return Err(Error::Options),
        };
        options.match_finder(finder);
        Ok(options)
    }
}
impl Filter {
    /// The options of a chain that is this filter, if that is LZMA1.
    pub(super) fn lzma1(&self) -> Option<Result<LzmaOptions, Error>> {
        if let Filter::Lzma1(lzma) = self { Some(lzma.options()) } else { None }
    }
    /// About what compressing with it takes.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Filter::Lzma1(lzma) | Filter::Lzma2(lzma) => compressor_bytes(lzma.dictionary()),
            _ => 0,
        }
    }
    fn add(&self, filters: &mut Filters) -> Result<(), Error> {
        match *self {
            Filter::Lzma1(lzma) => filters.lzma1(&lzma.options()?),
            Filter::Lzma2(lzma) => filters.lzma2(&lzma.options()?),
            Filter::Delta(distance @ 1..=MOST_DISTANT) => filters.delta_properties(&[(distance - 1) as u8])?,
            Filter::Delta(_) => return Err(Error::Options),
            Filter::Branches(id, start) => {
                let start = &if start == 0 { Vec::new() } else { start.to_le_bytes().to_vec() };
                match id {
                    X86 => filters.x86_properties(start)?,
                    POWERPC => filters.powerpc_properties(start)?,
                    IA64 => filters.ia64_properties(start)?,
                    ARM => filters.arm_properties(start)?,
                    ARM_THUMB => filters.arm_thumb_properties(start)?,
                    _ => filters.sparc_properties(start)?,
                }
            }
        };
        Ok(())
    }
}
/// About what a compressor takes whose dictionary is so large.
fn compressor_bytes(dictionary: u32) -> usize {
    (1 << 20) + 12 * dictionary as usize
}
/// The same for a preset.
pub(super) fn preset_bytes(preset: u32) -> usize {
    compressor_bytes(Lzma { preset, ..Lzma::default() }.dictionary())
}
/// The chain as the library takes it.
pub(super) fn chain(filters: &[Filter]) -> Result<Filters, Error> {
    if filters.is_empty() {
        return Err(Error::Program);
    }
    let mut chain = Filters::new();
    for filter in filters {
        filter.add(&mut chain)?;
    }
    Ok(chain)
}

/// A chain from a sequence of dictionaries. Runs Python code.
pub(super) fn parse_chain(py: Py<'_>, specifiers: Value) -> R<Vec<Filter>> {
    let Some(length) = py.call_special(specifiers, sym::LEN, &[])? else {
        let class = py.class_name(specifiers);
        return py.type_error(&format!("object of type '{class}' has no len()"));
    };
    if py.as_dict(specifiers).is_some() {
        return py.type_error(&format!("{} is not a sequence", py.class_name(specifiers)));
    }
    let length = usize::try_from(py.index_i64(length)?).unwrap_or(usize::MAX);
    if length > MOST {
        return py.value_error(&format!("Too many filters - liblzma supports a maximum of {MOST}"));
    }
    let mut filters = Vec::new();
    for i in 0..length {
        let item = py.call_method(specifiers, sym::GETITEM, &[py.int_usize(i)?])?;
        filters.push(parse(py, item)?);
    }
    Ok(filters)
}
/// A filter from a dictionary.
fn parse(py: Py<'_>, specifier: Value) -> R<Filter> {
    let Some(d) = py.as_dict(specifier) else {
        return py.type_error("Filter specifier must be a dict or dict-like object");
    };
    let Some(id) = dict::get_str(py, d, py.new_str("id")?) else {
        return py.value_error("Filter specifier must have an \"id\" entry");
    };
    match unsigned(py, id)? {
        LZMA1 => Ok(Filter::Lzma1(parse_lzma(py, d)?)),
        LZMA2 => Ok(Filter::Lzma2(parse_lzma(py, d)?)),
        DELTA => Ok(Filter::Delta(options(py, d, "delta", ["dist"])?[0].unwrap_or(1))),
        id @ X86..=SPARC => Ok(Filter::Branches(id, options(py, d, "BCJ", ["start_offset"])?[0].unwrap_or(0))),
        id => py.value_error(&format!("Invalid filter ID: {id}")),
    }
}
/// The options of a filter by their names: ValueError if there are others, or one is no number of 32 bits.
fn options<const N: usize>(py: Py<'_>, d: Object, kind: &str, names: [&str; N]) -> R<[Option<u32>; N]> {
    let (mut found, mut i) = ([None; N], 0);
    while let Some((at, key, v)) = dict::next_entry(d, i) {
        i = at + 1;
        let key = string::exact_or_payload(py, key).map_or_else(String::new, string::to_rust);
        let place = names.iter().position(|name| *name == key);
        let number = match place {
            Some(_) => {
                let number = unsigned_32(py, v);
                py.caught(number, Exc::Exception)?
            }
            None => None,
        };
        match place {
            Some(place) if number.is_some() => found[place] = number,
            None if key == "id" => {}
            _ => return py.value_error(&format!("Invalid filter specifier for {kind} filter")),
        }
    }
    Ok(found)
}
fn parse_lzma(py: Py<'_>, d: Object) -> R<Lzma> {
    let preset = match dict::get_str(py, d, py.new_str("preset")?) {
        Some(preset) => unsigned_32(py, preset)?,
        None => liblzma::stream::PRESET_DEFAULT,
    };
    if LzmaOptions::new_preset(preset).is_err() {
        return error(py, &format!("Invalid compression preset: {preset}"));
    }
    let names = ["preset", "dict_size", "lc", "lp", "pb", "mode", "nice_len", "mf", "depth"];
    let [_, dict_size, lc, lp, pb, mode, nice_len, mf, depth] = options(py, d, "LZMA", names)?;
    Ok(Lzma { preset, dict_size, lc, lp, pb, mode, nice_len, mf, depth })
}

/// The size of a dictionary as LZMA2 notes it; the last number stands for all that fits 32 bits.
const LAST_SIZE: u8 = 40;
fn noted_size(number: u8) -> u64 {
    if number >= LAST_SIZE { u64::from(u32::MAX) } else { (2 | u64::from(number & 1)) << (number / 2 + 11) }
}
pub(super) fn encode_properties(py: Py<'_>, args: Args<'_>) -> R {
    let properties = match parse(py, args.at(0))? {
        Filter::Lzma1(lzma) => {
            let (lc, lp, pb) = (lzma.lc.unwrap_or(3), lzma.lp.unwrap_or(0), lzma.pb.unwrap_or(2));
            if lc > 4 || lp > 4 || lc + lp > 4 || pb > 4 {
                return failed(py, Error::Program);
            }
            [&[((pb * 5 + lp) * 9 + lc) as u8][..], &lzma.dictionary().to_le_bytes()].concat()
        }
        Filter::Lzma2(lzma) => {
            let size = u64::from(lzma.dictionary());
            vec![(0..LAST_SIZE).find(|number| noted_size(*number) >= size).unwrap_or(LAST_SIZE)]
        }
        Filter::Delta(distance @ 1..=MOST_DISTANT) => vec![(distance - 1) as u8],
        Filter::Delta(_) => return failed(py, Error::Program),
        Filter::Branches(_, 0) => Vec::new(),
        Filter::Branches(_, start) => start.to_le_bytes().to_vec(),
    };
    py.bytes(&properties).map(Object::value)
}
pub(super) fn decode_properties(py: Py<'_>, args: Args<'_>) -> R {
    let id = unsigned(py, args.at(0))?;
    let properties = content(py, args.at(1))?;
    let found: Vec<(&str, u32)> = match (id, &properties[..]) {
        (LZMA1, [packed @ 0..225, a, b, c, d]) => {
            let packed = u32::from(*packed);
            let (lc, lp, pb) = (packed % 9, packed / 9 % 5, packed / 45);
            if lc + lp > 4 {
                return failed(py, Error::Options);
            }
            let dict_size = u32::from_le_bytes([*a, *b, *c, *d]);
            vec![("lc", lc), ("lp", lp), ("pb", pb), ("dict_size", dict_size)]
        }
        (LZMA2, [size @ 0..=LAST_SIZE]) => vec![("dict_size", noted_size(*size) as u32)],
        (DELTA, [distance]) => vec![("dist", u32::from(*distance) + 1)],
        (X86..=SPARC, []) => Vec::new(),
        (X86..=SPARC, [a, b, c, d]) => vec![("start_offset", u32::from_le_bytes([*a, *b, *c, *d]))],
        _ => return failed(py, Error::Options),
    };
    let d = py.new_dict()?;
    py.dict_set_text(d, "id", py.int_u64(id)?)?;
    for (name, n) in found {
        py.dict_set_text(d, name, py.int_u64(n.into())?)?;
    }
    Ok(d.value())
}
