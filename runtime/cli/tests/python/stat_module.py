import _stat, os, stat

print({k: v for k, v in sorted(vars(_stat).items()) if isinstance(v, int)})
questions = [k for k in dir(_stat) if k.startswith('S_IS') and callable(getattr(_stat, k))]
for mode in [0o100644, 0o100755, 0o040755, 0o120777, 0o020620, 0o060660, 0o010600, 0o140755, 0o104755, 0o104644, 0o102755,
             0o102644, 0o041777, 0o041776, 0, 0o7777, 0o170000]:
    print(oct(mode), _stat.filemode(mode), [q for q in questions if getattr(_stat, q)(mode)], oct(_stat.S_IFMT(mode)),
          oct(_stat.S_IMODE(mode)))
for bad in ['x', 1.0, None, -1, 2**32, 2**64, 2**80]:
    for f in _stat.filemode, _stat.S_ISDIR, _stat.S_IMODE:
        try:
            print(f(bad))
        except Exception as e:
            print(type(e).__name__, e)
print(_stat.S_ISDIR(True), stat.filemode is _stat.filemode, stat.filemode(os.stat('/').st_mode)[0])
