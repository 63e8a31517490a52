"""Attributes: of instances, with and without slots, of classes and their bases, properties and descriptors, `getattr`.

A warehouse moves stock between shelves; what is bought and sold goes through the objects' attributes.
"""


class Bounded:
    """A descriptor that keeps a number within bounds."""

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def __set_name__(self, owner, name):
        self.place = "_" + name

    def __get__(self, instance, owner=None):
        return self if instance is None else getattr(instance, self.place)

    def __set__(self, instance, value):
        setattr(instance, self.place, min(max(value, self.low), self.high))


class Item:
    tax = 7
    currency = "C"

    def __init__(self, name, price):
        self.name = name
        self.price = price
        self.sold = 0

    @property
    def gross(self):
        return self.price * (100 + self.tax) // 100


class Book(Item):
    tax = 3


class Tool(Item):
    def __init__(self, name, price, weight):
        super().__init__(name, price)
        self.weight = weight

    @property
    def shipping(self):
        return self.weight // 3 + 1


class Shelf:
    __slots__ = ("item", "count", "_level", "left", "right")
    level = Bounded(0, 9)

    def __init__(self, item, count):
        self.item = item
        self.count = count
        self.level = count // 10
        self.left = self.right = None


class Warehouse:
    def __init__(self, size):
        self.shelves = []
        previous = None
        for i in range(size):
            item = Book("book%d" % i, 100 + i) if i % 3 else Tool("tool%d" % i, 200 + i, i % 17)
            shelf = Shelf(item, 40 + i % 50)
            shelf.left = previous
            if previous is not None:
                previous.right = shelf
            previous = shelf
            self.shelves.append(shelf)
        self.earned = 0
        self.sent = 0

    def sell(self, shelf, count):
        item = shelf.item
        count = min(count, shelf.count)
        shelf.count -= count
        shelf.level = shelf.count // 10
        item.sold += count
        self.earned += item.gross * count
        self.sent += getattr(item, "shipping", 0) * count

    def level_out(self, shelf):
        right = shelf.right
        if right is not None and right.level > shelf.level + 1:
            moved = (right.count - shelf.count) // 2
            right.count -= moved
            shelf.count += moved
            shelf.level, right.level = shelf.count // 10, right.count // 10


def run(n):
    warehouse = Warehouse(60)
    state = 12345
    for turn in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        shelf = warehouse.shelves[state % 60]
        warehouse.sell(shelf, state >> 8 & 7)
        warehouse.level_out(shelf)
        if not shelf.count:
            shelf.count = 40
            shelf.item.price += 1
            if not hasattr(shelf.item, "restocked"):
                shelf.item.restocked = 0
            shelf.item.restocked += 1
        if turn % 1000 == 999:
            Item.tax = 5 + turn // 1000 % 5
    Item.tax = 7
    checksum = warehouse.earned + warehouse.sent * 3
    for shelf in warehouse.shelves:
        checksum = (checksum * 33 + shelf.count + shelf.level * 5 + shelf.item.sold
                    + shelf.item.__dict__.get("restocked", 0)) % 1000000007
    return checksum
