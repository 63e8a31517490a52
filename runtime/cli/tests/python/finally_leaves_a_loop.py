# A jump out of `finally` takes back the exception under way, between two handlers that cannot be reached from there.
class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *raised):
        return print("exit", *raised)


def leave(manager):
    for turn in range(40):
        pass
    for turn in range(2):
        with manager:
            try:
                missing
            finally:
                break
    return turn


def go_on(manager):
    seen = []
    for turn in range(40):
        try:
            with manager if turn % 13 == 12 else Quiet():
                try:
                    seen.append(1 // (turn % 3))
                finally:
                    continue
        except ZeroDivisionError:
            seen.append("never")
    return len(seen), turn


class Quiet(Manager):
    def __exit__(self, *raised):
        return False


for _ in range(3):
    print(leave(Manager()), go_on(Manager()))
