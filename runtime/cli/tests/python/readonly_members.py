"""Fields of native objects that cannot be set: what their descriptors are, and what setting and deleting them raises."""

import _bz2, _csv, _json, _lzma, _symtable
import contextvars, datetime, typing, unicodedata, zlib


class Context:
    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, str
    memo = {}


encoder = _json.make_encoder({}, str, _json.encode_basestring, None, ":", ",", False, False, True)
T = typing.TypeVar("T")
P = typing.ParamSpec("P")
for o, names in (
    (T, "__name__ __covariant__ __contravariant__ __infer_variance__ __bound__"),
    (P, "__name__ __bound__ __covariant__ __contravariant__ __infer_variance__"),
    (P.args, "__origin__"),
    (typing.TypeVarTuple("Ts"), "__name__"),
    (typing.TypeAliasType("A", int), "__name__"),
    (_bz2.BZ2Decompressor(), "eof needs_input unused_data"),
    (_lzma.LZMADecompressor(), "check eof needs_input unused_data"),
    (zlib.decompressobj(), "eof unused_data unconsumed_tail"),
    (zlib._ZlibDecompressor(), "eof needs_input unused_data"),
    (_symtable.symtable("x = 1", "f", "exec"), "id name symbols varnames children nested type lineno"),
    (_csv.reader([]).dialect, "doublequote skipinitialspace strict delimiter quoting"),
    (_csv.reader([]), "dialect line_num"),
    (encoder, "markers default encoder indent key_separator item_separator sort_keys skipkeys"),
    (_json.make_scanner(Context), "strict object_hook object_pairs_hook parse_float parse_int parse_constant"),
    (datetime.timedelta(1), "days seconds microseconds"),
    (contextvars.ContextVar("v"), "name"),
    (unicodedata.ucd_3_2_0, "unidata_version"),
):
    for name in names.split():
        print(type(o).__name__, name, type(type(o).__dict__[name]).__name__)
        for change in (lambda: setattr(o, name, 1), lambda: delattr(o, name)):
            try:
                change()
            except AttributeError as e:
                print("   ", e)
