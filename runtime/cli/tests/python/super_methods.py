# Methods that `super` finds, where they are compiled.
ROUNDS = 400


def warm(f, *args):
    for _ in range(ROUNDS):
        f(*args)


class Base:
    def __init__(self, x):
        self.x = x

    def name(self):
        return "Base"

    @classmethod
    def made(cls, x):
        return cls.__name__, x

    @staticmethod
    def static(x):
        return "static", x


class Left(Base):
    def __init__(self, x):
        super().__init__(x + 1)

    def name(self):
        return "Left " + super().name()

    @classmethod
    def made(cls, x):
        return "Left", super().made(x)

    def static(self, x):
        return super().static(x)

    def hashed(self):
        return super().__eq__(self), super().__repr__() == object.__repr__(self)


class Right(Base):
    def __init__(self, x):
        super(Right, self).__init__(x + 10)

    def name(self):
        return "Right " + super(Right, self).name()


class Both(Left, Right):
    def name(self):
        return "Both " + super().name()


class Wrong:
    def name(self):
        return super(Left, self).name()


def all_of(o):
    return o.x, o.name(), o.made(1), o.static(2)


def made(c, x):
    return c(x)


def shown(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


for usual in Left, Right, Both, Base:
    warm(made, usual, 1)
    warm(all_of, usual(1))
    print([all_of(made(c, 5)) for c in (Base, Left, Right, Both)])
print(Left(1).hashed(), shown(Wrong().name))

both = Both(1)
left = Left(1)
warm(all_of, both)
print(all_of(both), all_of(left))
Right.name = lambda self: "changed"
print(all_of(both), all_of(left))
Base.name = lambda self: "changed, too"
print(all_of(both), all_of(left))
del Right.name
print(all_of(both), all_of(left))
del Base.name
print(shown(all_of, both), shown(all_of, left))
Base.name = property(lambda self: lambda: "property of " + type(self).__name__)
print(all_of(both), all_of(left))
Base.name = lambda self: "again"
warm(all_of, both)
left.name = lambda: "own"
print(all_of(both), all_of(left))
Left.__bases__ = (Right,)
print(all_of(Left(1)))


class Named(Base):
    def name(self, super=super):
        return super(Named, self).name()


class Pretends:
    def __init__(self, *args):
        self.args = args

    def name(self):
        return "pretends", len(self.args)


named = Named(1)
warm(named.name)
print(named.name(), named.name(Pretends), shown(named.name, None))


def of(self):
    return super(kind, self).name()


kind = Left
warm(of, both)
print(of(both))
kind = Both
print(of(both))
kind = Right
print(of(both), shown(of, left), shown(of, 5))
