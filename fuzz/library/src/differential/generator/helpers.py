import sys, builtins
def lines(e):
 t = e.__traceback__
 out = []
 while t is not None:
  out.append(t.tb_lineno)
  t = t.tb_next
 return out
simple = int, float, str, bool, type(None)
def shown(v):
 return repr(clip(v)) if type(v) in simple else type(v).__name__
def frames(e):
 t = e.__traceback__
 out = []
 while t is not None and len(out) < 6:
  f = t.tb_frame
  named = f.f_locals.items() if f.f_code.co_name != '<module>' else ()
  out.append((f.f_lineno, [(k, shown(v)) for k, v in sorted(named)]))
  t = t.tb_next
 return out
held = []
def chain(e):
 out = []
 while e is not None and len(out) < 5:
  out.append(type(e).__name__)
  e = e.__cause__ or e.__context__
 return out
def attempt(f, *args, **named):
 try:
  print(f(*args, **named))
 except Exception as e:
  at = lines(e)
  print(chain(e), e, at)
  if sum(at) % 3 == 0:
   print(frames(e)[1:])
  elif len(held) < 3:
   held.append(e)
def drive(turns, f):
 for i in range(turns):
  f(i)
 while held:
  print(frames(held.pop()))
def clip(v):
 if type(v) is int:
  return v if -2 ** 80 < v < 2 ** 80 else v % 1000003
 if isinstance(v, (str, list, tuple)):
  return v[:12]
 return v
def peek():
 f = sys._getframe(1)
 return f.f_code.co_name, f.f_lineno, sorted(f.f_locals)
def forget(o, name):
 if name in vars(o):
  delattr(o, name)
class swapped:
 def __init__(self, name, value):
  self.name, self.value = name, value
 def __enter__(self):
  self.old = getattr(builtins, self.name)
  setattr(builtins, self.name, self.value)
 def __exit__(self, *rest):
  setattr(builtins, self.name, self.old)
class Guard:
 def __init__(self, quiet):
  self.quiet = quiet
 def __enter__(self):
  return self
 def __exit__(self, kind, e, t):
  print('exit', kind and kind.__name__)
  return self.quiet and kind is not None and issubclass(kind, ArithmeticError)
