"""The standard library at work: JSON, regular expressions, counters, named tuples, data classes, dates, text wrapping.
"""

import collections
import dataclasses
import datetime
import itertools
import json
import re
import string
import textwrap


@dataclasses.dataclass(order=True)
class Entry:
    when: datetime.datetime
    level: str
    user: str = dataclasses.field(compare=False)
    size: int = 0


LINE = re.compile(r"^(?P<date>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d) \[(?P<level>\w+)\] (?P<user>[a-z]+): (?P<rest>.*)$")
PAIR = re.compile(r"(\w+)=(\"[^\"]*\"|\S+)")
Total = collections.namedtuple("Total", "user count size")


def log(count):
    state = 3
    begin = datetime.datetime(2020, 2, 28, 23, 0, 0)
    for index in range(count):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        begin += datetime.timedelta(seconds=state % 977)
        level = ("info", "warning", "error")[state >> 8 & 1 | (state >> 12 & 1 and 2) and state % 3]
        user = "".join([string.ascii_lowercase[state >> shift & 15] for shift in (3, 9, 15)])[: 1 + state % 2]
        yield f'{begin.isoformat()} [{level}] {user}: size={state % 5000} path="/a b/{state % 31}" id={index:x}'
        if index % 19 == 0:
            yield "garbage " * (index % 5)


def parse(lines):
    for line in lines:
        found = LINE.match(line)
        if not found:
            continue
        pairs = {name: value.strip('"') for name, value in PAIR.findall(found["rest"])}
        when = datetime.datetime.fromisoformat(found["date"])
        yield Entry(when, found["level"], found["user"], int(pairs["size"])), pairs


def run(n):
    entries, paths = [], collections.Counter()
    for entry, pairs in parse(log(n)):
        entries.append(entry)
        paths[pairs["path"]] += 1
    entries.sort()
    days = collections.defaultdict(list)
    for day, group in itertools.groupby(entries, key=lambda entry: entry.when.date()):
        days[day.isoformat()].extend(group)
    users = collections.OrderedDict()
    for entry in entries:
        old = users.get(entry.user, Total(entry.user, 0, 0))
        users[entry.user] = old._replace(count=old.count + 1, size=old.size + entry.size)
    report = {
        "days": {day: [[entry.level, entry.user, entry.size] for entry in group] for day, group in days.items()},
        "users": [total._asdict() for total in sorted(users.values(), key=lambda total: (-total.size, total.user))],
        "paths": paths.most_common(5),
        "mean": round(sum([entry.size for entry in entries]) / len(entries), 3),
        "none": None, "true": True, "text": "tab\t\u00e9\u20ac\"",
    }
    text = json.dumps(report, sort_keys=True)
    assert json.loads(text)["users"] == report["users"]
    pretty = json.dumps(report["users"], indent=2)
    words = re.sub(r"\b([a-z])(\w*)", lambda found: found[1].upper() + found[2], pretty.replace('"', ""))
    wrapped = textwrap.wrap(" ".join(words.split())[: n * 4], 70)
    checksum = len(text) * 7 + len(wrapped)
    for line in wrapped:
        checksum = (checksum * 31 + len(line) + line.count("C") + sum(map(ord, line[::9]))) % 1000000007
    last = entries[-1].when
    checksum += last.toordinal() + int((last - entries[0].when).total_seconds()) + last.isocalendar()[1]
    return (checksum + sum([len(part) for part in re.split(r"[,:{}\[\]]+", text)])) % 1000000007
