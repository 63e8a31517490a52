# `:=` may rebind a variable that an operand to the left has read: that one is copied first. Others are read in place.
def f(x, y):
    a = x + (x := 2)
    b = y + g()
    x, y = y, x
    a = b or a
    return a < b < x
