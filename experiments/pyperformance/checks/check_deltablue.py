"""DeltaBlue: every variable that the two tests made, with its value, strength and constraints, and the planner."""

CONSTRAINTS = {"small": (12, 1), "normal": (100, 180)}


def check(benchmark, size):
    length, loops = CONSTRAINTS[size]
    variables = []
    initialize = benchmark.Variable.__init__

    def recorded(self, name, initial_value=0):
        initialize(self, name, initial_value)
        variables.append(self)

    for _ in range(loops - 1):
        benchmark.delta_blue(length)
    benchmark.Variable.__init__ = recorded
    benchmark.chain_test(length)
    marks = [benchmark.planner.current_mark]
    chained = len(variables)
    benchmark.projection_test(length)
    marks.append(benchmark.planner.current_mark)

    def state(variable):
        determined_by = variable.determined_by
        return (variable.name, variable.value, variable.mark, variable.walk_strength.name, variable.stay,
                [type(constraint).__name__ for constraint in variable.constraints],
                None if determined_by is None else (type(determined_by).__name__, determined_by.strength.name))

    return [("chain_test.variables", [state(variable) for variable in variables[:chained]]),
            ("projection_test.variables", [state(variable) for variable in variables[chained:]]),
            ("planner.current_mark", marks)]
