# Arguments are evaluated into the callee's window; methods are looked up before their arguments.
class C(B):
    def m(self, a, *args, **kwargs):
        a.f(1, key=a)
        g(a, *args)
        g(*args, **kwargs)
        return super().m(a)
