"""A doctest as so many cases as it has examples.

As one case, a docstring of eighty examples of which one is known to fail would hide what becomes of the others. Docstrings of
what is tested (`builtins`, `collections`) are an implementation's own text, with examples of its own: each stays one case.
"""


# The key in the outcomes of a doctest that says that it ran.
RAN = "ran"


class Example:
    """An example, as a case. The first one that is asked runs the doctest, whose examples build on each other."""

    def __init__(self, case, outcomes, number):
        self.case, self.outcomes, self.number = case, outcomes, number

    def id(self):
        return self.case.id() + ":" + str(self.case._dt_test.examples[self.number].lineno + 1)

    def __str__(self):
        return self.id()

    def countTestCases(self):
        return 1

    def __call__(self, result):
        result.startTest(self)
        try:
            if RAN not in self.outcomes:
                self.outcomes[RAN] = True
                self.outcomes.update(run(self.case))
        except Exception as error:
            result.addError(self, (type(error), error, error.__traceback__))
        problem = self.outcomes.get(self.number, "")
        if problem is None:
            result.addSuccess(self)
        elif not problem:
            result.addSkip(self, "an option of the example, or an example before it, says so")
        else:
            result.addFailure(self, (AssertionError, AssertionError(problem), None))
        result.stopTest(self)


def run(case):
    """What becomes of the examples that run, by their numbers: None if they passed, else the report."""
    import doctest
    import io
    import sys

    outcomes = {}
    numbers = {id(example): number for number, example in enumerate(case._dt_test.examples)}

    class Runner(doctest.DocTestRunner):
        def report_start(self, out, test, example):
            pass

        def report_success(self, out, test, example, got):
            outcomes[numbers[id(example)]] = None

        def report_failure(self, out, test, example, got):
            checked = self._checker.output_difference(example, got, self.optionflags)
            outcomes[numbers[id(example)]] = "Failed example:\n" + example.source + checked

        def report_unexpected_exception(self, out, test, example, error):
            report = "Failed example:\n" + example.source + "Exception raised: " + error[0].__name__ + ": " + str(error[1])
            outcomes[numbers[id(example)]] = report

    before = sys.stdout
    case.setUp()
    try:
        runner = Runner(checker=case._dt_checker, verbose=False, optionflags=case._dt_optionflags)
        runner.run(case._dt_test, out=io.StringIO().write, clear_globs=False)
    finally:
        sys.stdout = before
        case.tearDown()
    return outcomes


def parted(cases):
    """The cases, with the examples of each doctest in its place."""
    for case in cases:
        test = getattr(case, "_dt_test", None)
        if test is None or not test.examples or not test.name.startswith("test."):
            yield case
            continue
        outcomes = {}
        for number in range(len(test.examples)):
            yield Example(case, outcomes, number)
