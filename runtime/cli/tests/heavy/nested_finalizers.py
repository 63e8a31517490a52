# Finalizers that lead to further ones: they do not run one within the other until the stack is full.
import gc
import sys

count = 0
unraisable = []
sys.unraisablehook = lambda u: unraisable.append(u.exc_type.__name__)


class Node:
    def __init__(self, depth):
        self.me = self
        self.depth = depth

    def __del__(self):
        global count
        count += 1
        if self.depth:
            Node(self.depth - 1)
            gc.collect(0)


Node(1500)
for _ in range(2000):
    gc.collect()
    if count == 1501:
        break
print(count, unraisable)
