# A hot loop: no moves of variables, compare and branch are one instruction, the loop variable is written in place, and
# the end of the `if` goes straight back to the loop's head.
def f(n, limit):
    total = 0
    for i in range(n):
        if i < limit:
            total += i * 3
        elif not limit:
            total -= 1
    while total > 10:
        total //= 2
    return total


# The end of the `if` leads to a loop that is nothing but its jump back.
def rest(x):
    if x:
        a
    else:
        b
    while True:
        pass
