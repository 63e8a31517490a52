"""argparse: what each command line parses to, the parser's arguments, and why a wrong command line is refused."""

LOOPS = {"small": 1, "normal": 5}


class Refused(Exception):
    pass


def check(benchmark, size, name):
    genuine = benchmark.argparse
    parsers, parsed = [], []

    class Recorded(genuine.ArgumentParser):
        def parse_args(self, args):
            if self not in parsers:
                parsers.append(self)
            options = super().parse_args(args)
            parsed.append(sorted(vars(options).items()))
            return options

        def error(self, message):
            raise Refused(message)

    class Namespace:
        ArgumentParser = Recorded

    benchmark.argparse = Namespace
    for _ in range(LOOPS[size]):
        benchmark.BENCHMARKS[name]()
    parser = parsers[0]
    # The program's name is that of the running script.
    parser.prog = "program"
    refused = []
    for words in ([], ["add"], ["commit", "--message"], ["nothing", "input"], ["a", "b", "--option9999", "x"],
                  ["--verbose", "--quiet", "add", "x"]):
        try:
            parser.parse_args(words)
            refused.append(None)
        except Refused as error:
            # The rest of the message names choices, in the way of the version.
            refused.append(str(error).partition(":")[0])
    options = [(action.option_strings, action.dest, action.required) for action in parser._actions]
    return [("parse_args", parsed), ("refused", refused), ("actions", options)]
