"""BPE tokeniser: the merges that training finds, and the tokens of texts."""

# Characters of the training text, and size of the vocabulary.
SHAPE = {"small": (700, 280), "normal": (None, 290)}


def check(benchmark, size):
    characters, vocabulary = SHAPE[size]
    train, encode = benchmark.bpe_train, benchmark.SimpleBytePairEncoding.encode
    ranks, tokens = [], []

    def recorded_train(data, vocab_size, pat_str):
        found = train(data, vocabulary, pat_str)
        ranks.extend(list(found.items())[256:])
        return found

    def recorded_encode(self, text):
        found = encode(self, text)
        tokens.append(found)
        return found

    benchmark.bpe_train = recorded_train
    benchmark.SimpleBytePairEncoding.encode = recorded_encode
    path = benchmark.Path(benchmark.__file__).parent / "data" / "frankenstein_intro.txt"
    benchmark.train(path.read_text(encoding="utf8")[:characters])
    return [("bpe_train", ranks), ("encode", tokens)]
