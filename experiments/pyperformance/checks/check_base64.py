"""base64: the data in each encoding, and what comes back from it."""

CODECS = ["b64", "urlsafe_b64", "b32", "b16", "a85", "b85"]
DATA = {"small": ["TINY", "SMALL", "MEDIUM"], "normal": ["TINY", "SMALL", "MEDIUM", "9K", "LARGE"]}


def check(benchmark, size):
    observations = []
    for codec in CODECS:
        encode = getattr(benchmark.base64, codec + "encode")
        decode = getattr(benchmark.base64, codec + "decode")
        encoded, returned = [], []
        for name in DATA[size]:
            data = getattr(benchmark, "DATA_" + name)
            text = encode(data)
            encoded.append(text)
            returned.append(decode(text) == data and decode(text.decode("ascii")) == data)
        observations += [(codec + "encode", encoded), (codec + "decode", returned)]
    wrapped = benchmark.base64.a85encode(benchmark.DATA_MEDIUM, wrapcol=76)
    huge = benchmark.base64.b64decode(benchmark.B64_HUGE)
    observations += [("a85encode.wrapcol", wrapped), ("huge", (len(huge), huge == benchmark.DATA_HUGE, sum(huge)))]
    if size == "normal":
        for name in ("b64_small", "urlsafe_b64_small", "b32_small", "b16_small", "a85_small", "b85_small"):
            getattr(benchmark, "bench_" + name)(1)
    return observations
