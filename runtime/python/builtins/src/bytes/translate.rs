//! `bytes` and `bytearray`: `translate` and `maketrans`.

use super::{buffer, made, this};
use python_objects::{Args, Native, Py, R};

pub(super) static METHODS: &[Native] = &[
    Native::method(
        "translate",
        "self, table, /, delete=b''",
        translate,
        "A copy with each byte mapped by the table, those in delete left out.",
    ),
    Native::static_method(
        "maketrans",
        "frm, to, /",
        make_table,
        "Return a translation table usable for the bytes or bytearray translate method.",
    ),
];

fn translate(py: Py<'_>, args: Args<'_>) -> R {
    let table = match args.some(1) {
        None => None,
        Some(v) => {
            let table = buffer(py, v)?;
            if table.len() != 256 {
                return py.value_error("translation table must be 256 characters long");
            }
            Some(table)
        }
    };
    // The usual way, without anything to be left out, takes byte by byte.
    if let (Some(table), None) = (table.as_deref().and_then(|t| <&[u8; 256]>::try_from(t).ok()), args.opt(2)) {
        let content = this(py, args)?;
        let mut result = Vec::with_capacity(content.len());
        py.in_pieces(content.len(), |a, b| result.extend(content[a..b].iter().map(|b| table[usize::from(*b)])))?;
        return made(py, args, &result);
    }
    let mut deleted = [false; 256];
    if let Some(v) = args.opt(2) {
        buffer(py, v)?.iter().for_each(|b| deleted[usize::from(*b)] = true);
    }
    let content = this(py, args)?;
    let mapped = |b: &u8| table.as_ref().map_or(*b, |t| t[usize::from(*b)]);
    let mut result = Vec::with_capacity(content.len());
    py.in_pieces(content.len(), |a, b| {
        result.extend(content[a..b].iter().filter(|b| !deleted[usize::from(**b)]).map(mapped));
    })?;
    made(py, args, &result)
}

fn make_table(py: Py<'_>, args: Args<'_>) -> R {
    let (from, to) = (buffer(py, args.at(0))?, buffer(py, args.at(1))?);
    if from.len() != to.len() {
        return py.value_error("maketrans arguments must have same length");
    }
    let mut table: [u8; 256] = std::array::from_fn(|i| i as u8);
    for (a, b) in from.iter().zip(to.iter()) {
        table[usize::from(*a)] = *b;
    }
    Ok(py.bytes(&table)?.value())
}
