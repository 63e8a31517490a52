# Time zones from files that the program makes: `_zoneinfo`.
import io
import struct
from datetime import UTC, datetime, time, timedelta

from _zoneinfo import ZoneInfo


def block(width, transitions, kinds):
    names = b''.join(name.encode() + b'\0' for _, _, name in kinds)
    starts = [sum(len(name) + 1 for _, _, name in kinds[:i]) for i in range(len(kinds))]
    header = struct.pack('>4sc15x6l', b'TZif', b'2', 0, 0, 0, len(transitions), len(kinds), len(names))
    return (header + struct.pack(f'>{len(transitions)}{width}', *(at for at, _ in transitions))
            + bytes(i for _, i in transitions)
            + b''.join(struct.pack('>lbB', offset, summer, start) for (offset, summer, _), start in zip(kinds, starts))
            + names)


def zone(transitions, kinds, rule='', key=None):
    content = block('l', [], [(0, 0, 'XXX')]) + block('q', transitions, kinds) + f'\n{rule}\n'.encode()
    return ZoneInfo.from_file(io.BytesIO(content), key=key)


def show(z, *moments):
    print(repr(z).split('(')[0], z, z.key, z.utcoffset(None), z.dst(None), z.tzname(None))
    for moment in moments:
        for fold in 0, 1:
            local = moment.replace(tzinfo=z, fold=fold)
            print('  ', local, fold, local.tzname(), local.dst(), local.astimezone(UTC).time())
        there = moment.replace(tzinfo=UTC).astimezone(z)
        print('  ', there, there.fold, there.tzname(), there.utcoffset(), there.dst())


CENTRAL = 'CET-1CEST,M3.5.0,M10.5.0/3'
around = [datetime(2024, 1, 1), datetime(2024, 3, 31, 0, 59, 59), datetime(2024, 3, 31, 1), datetime(2024, 3, 31, 2, 30),
          datetime(2024, 7, 1), datetime(2024, 10, 27, 0, 30), datetime(2024, 10, 27, 1, 30), datetime(2024, 10, 27, 2, 30)]
show(zone([], [], CENTRAL, 'Mine/Central'), *around)
show(zone([], [], '<+03>-3', 'Fixed'), datetime(2024, 1, 1))
show(zone([], [], 'IST-1GMT0,M10.5.0,M3.5.0/1', 'Negative'), *around)
show(zone([], [], 'AEST-10AEDT,M10.1.0,M4.1.0/3', 'South'), datetime(2024, 1, 1), datetime(2024, 4, 6, 16, 30),
     datetime(2024, 4, 7, 2, 30), datetime(2024, 10, 6, 2, 30), datetime(2024, 10, 5, 16), datetime(2024, 7, 1))
show(zone([], [], 'AAA4BBB,J60/2,300/-2', 'Days'), datetime(2023, 3, 1, 2), datetime(2024, 3, 1, 2), datetime(2024, 10, 26, 22))
old = [(-1000000000, 1), (-500000000, 2), (100000000, 1), (200000000, 3)]
kinds = [(1234, 0, 'LMT'), (3600, 0, 'ONE'), (7200, 1, 'TWO'), (5400, 1, 'HALF')]
for rule in '', CENTRAL:
    show(zone(old, kinds, rule, 'Old'), datetime(1900, 1, 1), datetime(1938, 4, 24, 22, 13, 20), datetime(1945, 1, 1),
         datetime(1954, 2, 26), datetime(1973, 3, 3, 10, 30), datetime(1974, 1, 1), datetime(1976, 5, 3, 20),
         datetime(1980, 7, 1), datetime.min + timedelta(2), datetime.max - timedelta(2))
named, unnamed = zone([], [(60, 0, 'AAA')], key='A'), zone([], [(60, 0, 'AAA')])
print(named, str(unnamed)[:40], named == named, named == unnamed, len({named, unnamed}), time(1, tzinfo=named))


def tried(f, *arguments):
    try:
        print(f(*arguments))
    except Exception as e:
        print(type(e).__name__, e)


for wrong in [b'', b'TZif', b'nothing of it', block('l', [], [])[:30], block('l', [(5, 0)], [])]:
    try:
        ZoneInfo.from_file(io.BytesIO(wrong))
    except Exception:
        # Of which type is a matter of who reads it.
        print('refused', wrong[:4])
for wrong in ['GMT,M3.2.0/2,M11.1.0/3', 'PST8PDT', 'PST8PDT,M3.2.0/2', '+11', 'AAA4BBB,M13.1.0,M11.1.0', 'AAA4BBB,M3.6.0,M11.1.0',
              'AAA4BBB,M3.1.7,M11.1.0', 'AAA4BBB,J0,J300', 'AAA4BBB,J1,J366', 'AAA4BBB,366,5', 'AAA25', 'AAA4BBB,M3.1.0/168,5',
              'AA4', 'AAA4BBB,,J300/2', 'AAA4BBB,J1,J2,J3', 'AAA4:60']:
    try:
        zone([], [], wrong)
        print('taken', wrong)
    except ValueError:
        print('refused', wrong)
tried(ZoneInfo)
tried(ZoneInfo, 3)
tried(ZoneInfo, '../x')
tried(ZoneInfo, '/x')
tried(ZoneInfo, 'No/Such_Zone')
tried(ZoneInfo.from_file, 3)
tried(named.utcoffset, 3)
tried(named.fromutc, 3)
tried(named.fromutc, datetime(2024, 1, 1))
tried(lambda: setattr(named, 'key', 3))
tried(lambda: len(unnamed.__reduce__()))
tried(ZoneInfo.clear_cache)
tried(lambda: ZoneInfo.clear_cache(only_keys=['x']))


class Own(ZoneInfo):
    pass


print(type(Own.from_file(io.BytesIO(block('l', [], [(0, 0, 'XXX')]) + block('q', [], [(0, 0, 'OWN')]) + b'\n\n'), key='k')))
