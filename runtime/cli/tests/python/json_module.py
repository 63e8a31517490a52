# `_json` below `json`: the scanner and the encoder, their errors and their protocol.
import _json
import json
import sys


def shown(f, *args, **keywords):
    try:
        print(repr(f(*args, **keywords)))
    except RecursionError as e:
        print("RecursionError", str(e)[:33])
    except Exception as e:
        print(type(e).__name__, e)


# Strings.
for text in ["", "a", 'q"\\/', "\b\f\n\r\t\0\x1f\x7f", "\xe9\xff", "\u20ac\ud800", "\U0001f600x"]:
    print(ascii(_json.encode_basestring(text)), _json.encode_basestring_ascii(text))
    for encode in _json.encode_basestring, _json.encode_basestring_ascii:
        assert _json.scanstring(encode(text), 1) == (text, len(encode(text)))
shown(_json.encode_basestring, 1)
shown(_json.encode_basestring_ascii, b"")
for text in ["", "a", "a\n\"", "\\", "\\x\"", "\\u12", "\\u123g\"", "\\u1234", "\\ud834\\udd1e\"", "\\ud834\\u0041\"", "\\ud834\\ux\"",
             "\\ud834\"", "\\udd1e\\ud834\"", "\u20ac\\n\"", "\U0001f600\\t\"rest"]:
    try:
        print(ascii(_json.scanstring(text, 0)))
    except json.JSONDecodeError as e:
        print(e, e.msg, e.pos)
print(_json.scanstring("a\n\"", 0, False))
for end in -1, 10, 2**70, "x":
    shown(_json.scanstring, 'abc"', end)
shown(_json.scanstring, b'abc"', 0)

# The scanner.
scan = json.JSONDecoder().scan_once
print(type(scan), scan.strict, scan.object_hook, scan.parse_int, scan.parse_float)
for text in ["1", "-", "-1", "01", "1.", "1.5", "1e", "1e+", "1E+5", "1.5e-3x", "-0", "-0.0", "1e999", "9" * 18, "-" + "9" * 18, "9" * 19, "9" * 40,
             "0.1234567890123456789", "null", "nul", "true", "false", "Infinity", "-Infinity", "-Inf", "NaN", "Na",
             "[", "[1", "[1,", "[1,]", "[1 2", "[ 1 , [ ] , {} ] x", "{", '{"a"', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{1", '{"a" 1',
             ' { "a" : 1 , "a" : 2 }', '{"a" : 1 , "a" : 2 , "b\\n": "\u20ac"}', "\uff11", "[\xa01]", '{"\U0001f600": "\U0001f601"}']:
    try:
        print(ascii(scan(text, 0)))
    except StopIteration as e:
        print("StopIteration", e.value)
    except ValueError as e:
        print(e)
shown(scan, "1", -1)
shown(scan, 1, 0)
shown(setattr, scan, "strict", False)
shown(_json.make_scanner, 1)
print(json.loads('[1, 2.5, {"a": NaN}]', parse_int=lambda s: "i" + s, parse_float=lambda s: "f" + s, parse_constant=lambda s: "c" + s))
print(json.loads('{"a": {"b": 1}, "c": [{}]}', object_hook=lambda d: sorted(d.items())))
print(json.loads('{"a": {"b": 1, "b": 2}}', object_pairs_hook=tuple))
print(json.loads('["a\nb"]', strict=False))
keys = json.loads('[{"key": 1, "k\\u0065y": 2}, {"key": 3, "%s": 1}, {"%s": 1}]' % ("long" * 20, "long" * 20))
print(len(keys[0]), next(iter(keys[0])) is next(iter(keys[1])), list(keys[1])[1] is list(keys[2])[0])
many = json.loads("[" + ",".join('{"%d": %d}' % (i % 100, i) for i in range(300)) + "]")
print(len(many), sum(sum(d.values()) for d in many), len({id(k) for d in many for k in d}))
shown(json.loads, "1" * 5000)
shown(json.loads, '[{"":' * 6_000)

# The encoder.
print(json.dumps([1, -2, 2**70, 1.5, 1e100, True, False, None, "a", (), [], {}, (1,), {"a": [{}]}]))
print(json.dumps({1: 1, -1.5: 2, None: 3, True: 4, False: 5, "a": 6, 2**70: 7}))
print(json.dumps([float("nan"), float("inf"), -float("inf"), {float("inf"): 1}]))
for value in float("nan"), {float("inf"): 1}:
    shown(json.dumps, value, allow_nan=False)
print(json.dumps({"b": 1, "a": {"d": 1, "c": 2}, "\u20ac": 3, "\xe9": 4}, sort_keys=True, ensure_ascii=False, separators=("\u20ac", "=")))
print(json.dumps({3: 1, 1: 2}, sort_keys=True))
shown(json.dumps, {"a": 1, 1: 2}, sort_keys=True)
shown(json.dumps, {1j: 1})
print(json.dumps({1j: 1, 2: 3, 3j: 1}, skipkeys=True))
shown(json.dumps, {1, 2})
print(json.dumps([{1, 2}], default=sorted))


class Int(int):
    def __repr__(self):
        return "no"


class Float(float):
    def __repr__(self):
        return "no"


class Items(dict):
    def items(self):
        return self.answer


print(json.dumps([Int(3), Float(4.5), {Int(1): Float("inf")}]))
items = Items(a=1)
for items.answer in [("x", 1)], [1], [(1, 2, 3)], 5, [("b", 1), ("a", 2)]:
    shown(json.dumps, items, sort_keys=isinstance(items.answer, list) and len(items.answer) == 2)
print(json.dumps(Items()))

loop = [1]
loop.append({"a": (loop,)})
shown(json.dumps, loop)
shown(json.dumps, loop, check_circular=False)
shown(json.dumps, object(), default=lambda o: o)
shown(json.dumps, object(), default=lambda o: [o])
shared = ["s"]
print(json.dumps([shared, {"a": shared}, (shared, shared)]))
deep = None
for i in range(200):
    deep = [deep] if i % 2 else {"": deep}
print(len(json.dumps(deep)), json.loads(json.dumps(deep)) == deep)


def changing(o):
    d["new"] = 1
    d.pop("c", None)
    l.append(1)
    return "changed"


d = {"a": object(), "b": 2, "c": 3}
l = [object(), 2]
print(json.dumps(d, default=changing), json.dumps(l, default=changing))

markers = {}
make = lambda **k: _json.make_encoder(*{"m": markers, "d": None, "e": _json.encode_basestring_ascii, "i": None, "k": ":", "s": ",", "o": False, "p": False,
                                       "n": True, **k}.values())
encoder = make()
print(encoder([1, {"a": "\xe9"}], 0), encoder.markers, encoder.indent, encoder.key_separator, encoder.item_separator, encoder.sort_keys, encoder.skipkeys)
inner = [1]
inner.append(inner)
shown(encoder, {1: inner}, 0)
print(len(markers))
shown(encoder, inner, 0)
shown(encoder, [], "x")
shown(setattr, encoder, "markers", None)
print(make(e=lambda s: "<" + s + ">")(["a", {"b": 1, 2: "c"}], 0))
shown(make(e=len), ["a"], 0)
shown(make, m=1)
shown(make, k=None)
shown(make, s=1)
