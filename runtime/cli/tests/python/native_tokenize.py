import tokenize, io, sys
srcs=["x = 1\n","if a:\n    b  # c\n\n    # d\n  # e\nc","(a,\n b) # z","def f(x, /, y=1):\n\tpass\n","f'a{x!r:>{w}}b' + \"\"\"x\ny\"\"\" + 'é'\n","a = \\\n  b","","# only","\n\n","a\n  \n","x=$\n","if 1:\n  a\n b\n","(","'abc","é = 'ü' + ö\n", "a = 0x\n","async def f(): await x\n", "f'{{x}} {y}'\n","    \n# c\nx\n","class C:\n  def f(self):\n    pass\n\n# end\n","($self, /, x)"]
for s in srcs:
    print(repr(s))
    try:
        for t in tokenize.generate_tokens(io.StringIO(s).readline):
            print('  ',tokenize.tok_name[t.type],repr(t.string),t.start,t.end,repr(t.line))
    except (SyntaxError,tokenize.TokenError) as e: print('  ',type(e).__name__,e.args)
