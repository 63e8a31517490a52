# except*: the groups that clauses get, and those that are raised behind them.
def parts():
    group = ExceptionGroup("g", [ValueError(0), KeyError(1), ExceptionGroup("h", [ValueError(2), OSError(3)])])
    group.add_note("noted")
    try:
        try:
            try:
                raise KeyError("context")
            except KeyError as cause:
                raise group from cause
        except* ValueError as caught:
            print(caught.__suppress_context__, repr(caught.__cause__), repr(caught.__context__), caught.__notes__)
    except ExceptionGroup as rest:
        print(repr(rest), rest.__suppress_context__, repr(rest.__cause__), repr(rest.__context__), rest.__notes__)
        print(rest.__notes__ is group.__notes__)


def raised_in_clauses():
    try:
        try:
            raise ExceptionGroup("g", [ValueError(0), KeyError(1), OSError(2)])
        except* ValueError:
            raise RuntimeError("new")
        except* KeyError:
            raise
    except ExceptionGroup as e:
        print(repr(e), e.args, e.__suppress_context__)
        print([(repr(part), part.__suppress_context__) for part in e.exceptions])


for _ in range(20):
    parts()
    raised_in_clauses()
