"""Markov decision process: distributions of damage, the first states with their successors; the value in a long run."""

STATES = {"small": 40, "normal": 400}


def check(benchmark, size):
    Fraction = benchmark.Fraction
    damages = [benchmark.getDamages(26, attack, 44, 100, stab, effect)
               for attack in (38, 39, 50) for stab in (False, True) for effect in (0.5, 1, 2)]
    distribution = benchmark.getCritDist(26, Fraction(65, 512), 39, 39, 44, 44, 100, False, 1)
    roots = []
    if size == "normal":
        value = benchmark.Battle().evaluate(0.192)
    else:
        value = None

    def no_order(given, getParents):
        roots.extend(given)
        return []

    benchmark.topoSort = no_order
    battle = benchmark.Battle()
    # The bounds are one apart at first: nothing is to be done.
    middle = battle.evaluate(2.0)
    states, seen = list(roots), set(roots)
    for state in states:
        for successor in battle.getSuccessorsList(state):
            if successor not in seen and len(states) < STATES[size]:
                seen.add(successor)
                states.append(successor)
    successors = [plain(battle.getSuccessors(state)) for state in states if state[0] != 4]
    return [("getDamages", damages), ("getCritDist", [(x, str(p)) for x, p in sorted(distribution.items())]),
            ("middle", middle), ("states", plain(states)), ("successors", successors), ("evaluate", value)]


def plain(value):
    """Tuples for named tuples."""
    if isinstance(value, tuple):
        return tuple([plain(item) for item in value])
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
