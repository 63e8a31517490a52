# Dates and times as native types: what they are made of, their order, arithmetic, texts, zones, errors.
import copy
import os
import pickle
import time as clock
import warnings

import _datetime
import datetime as module
from _datetime import *

os.environ['TZ'] = 'UTC'
clock.tzset()
warnings.simplefilter('ignore')
print(module.datetime is datetime, sorted(n for n in vars(_datetime) if not n.startswith('__') and n != 'datetime_CAPI'))


def tried(source):
    try:
        print(source, '->', repr(eval(source)))
    except Exception as e:
        print(source, '->', type(e).__name__, e)


for source in '''date()
date(1)
date(1,2)
date(0,1,1)
date(10000,1,1)
date(1,13,1)
date(1,2,30)
date(1.0,2,3)
date('a',2,3)
date(b'abcd')
date(b'\\x07\\xd0\\x01\\x02')
date('\\x07\\xd0\\x01\\x02')
time(24)
time(0,60)
time(0,0,60)
time(0,0,0,1000000)
time(0,0,0,0,3)
time(fold=2)
datetime()
datetime(1,2)
datetime(1,2,3,24)
datetime(1,2,3,tzinfo=3)
datetime(b'\\x07\\xd0\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08', 3)
datetime(b'\\x07\\xd0\\x81\\x02\\x03\\x04\\x05\\x06\\x07\\x08')
datetime('\\u1234\\xd0\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08')
time('\\u1234\\xd0\\x01\\x02\\x03\\x04')
date('\\u1234\\xd0\\x01\\x02')
timedelta(1,'x')
timedelta(days='x')
timedelta(days=10**9)
timedelta(days=-10**9)
timedelta(days=10**10)
timedelta(days=10**40)
timedelta(days=float('nan'))
timedelta(days=float('inf'))
timedelta(1,2,3,4,5,6,7)
timedelta(microseconds=0.5)
timedelta(microseconds=1.5)
timedelta(microseconds=2.5)
timedelta(microseconds=-1.5)
timedelta(seconds=0.1, milliseconds=0.7)
timedelta(1)*1.5
timedelta(1)*float('nan')
timedelta(1)*float('inf')
timedelta(1)/0
timedelta(1)//0
timedelta(1)/0.0
timedelta(1)/timedelta(0)
timedelta(1)%timedelta(0)
divmod(timedelta(5,7),timedelta(0,11))
timedelta(1)//1.5
timedelta(1)%3
timedelta(1)<3
timedelta(1)==3
timedelta.max+timedelta(1)
-timedelta.max
abs(timedelta(-1,5))
timedelta(999999999)*2
timedelta(1)/1e-300
timedelta(1)*1e300
timedelta(1)+3
timedelta(3)/7
timedelta(3)/-7
timedelta(3)//-7
timedelta(microseconds=5)/2
timedelta(microseconds=7)/2
timedelta(microseconds=-5)/2
timedelta(1)/timedelta(0,7)
str(timedelta(-1,5,6))
repr(timedelta(-1,5,6))
repr(timedelta())
str(timedelta(2))
timedelta(1).__reduce__()
bool(timedelta())
date(2000,1,1)-date(1999,1,1)
date(2000,1,1)+1
date(2000,1,1)+timedelta(1)
timedelta(1)+date(2000,1,1)
date.max+timedelta(1)
date.min-timedelta(1)
date(2000,1,1)-timedelta(days=10**8)
date(2000,1,1)<3
date(2000,1,1)<datetime(2000,1,1)
date(2000,1,1)==datetime(2000,1,1)
date.__lt__(date(2000,1,1),datetime(2000,1,1))
date.__eq__(date(2000,1,1),datetime(2000,1,1))
datetime(2000,1,1)<date(2000,1,1)
datetime(2000,1,1)==date(2000,1,1)
datetime(2000,1,1)-date(2000,1,1)
date.__sub__(datetime(2000,1,2),date(2000,1,1))
date(2000,1,1)-datetime(2000,1,1)
datetime(2000,1,1)<3
datetime(2000,1,1)<datetime(2000,1,1,tzinfo=UTC)
datetime(2000,1,1)==datetime(2000,1,1,tzinfo=UTC)
datetime(2000,1,1)-datetime(2000,1,1,tzinfo=UTC)
datetime.max+timedelta(1)
time(1)<time(1,tzinfo=UTC)
time(1)==time(1,tzinfo=UTC)
time(1)<3
time(1)+timedelta(1)
date.fromordinal(0)
date.fromordinal(3652060)
date.fromordinal(10**20)
date.fromordinal('x')
date.fromtimestamp(1e20)
date.fromtimestamp('x')
date.fromtimestamp(float('nan'))
datetime.fromtimestamp(1e20)
datetime.fromtimestamp(10**20)
datetime.fromtimestamp(2**50)
datetime.fromtimestamp(float('nan'))
datetime.fromtimestamp(float('inf'))
datetime.fromtimestamp('x')
datetime.fromtimestamp(0,3)
datetime.fromtimestamp(1.0000005,UTC)
datetime.fromtimestamp(1.0000015,UTC)
datetime.fromtimestamp(-0.0000005,UTC)
datetime.fromtimestamp(-1.5,UTC)
datetime.fromtimestamp(-62135596801,UTC)
datetime.utcfromtimestamp(12345.678)
datetime.fromtimestamp(0,tz=UTC)
datetime.fromtimestamp(timestamp=0)
date.fromisocalendar(2000,0,1)
date.fromisocalendar(2000,53,1)
date.fromisocalendar(2004,53,8)
date.fromisocalendar(2004,53,7)
date.fromisocalendar(0,1,1)
date.fromisocalendar(10000,1,1)
date.fromisocalendar(9999,53,7)
date.fromisocalendar(year=2000,week=1,day=1)
date.fromisocalendar('x',1,1)
date(2004,1,1).isocalendar()
tuple(date(2004,1,1).isocalendar())
date(2004,1,1).isocalendar().__reduce__()
type(date(2004,1,1).isocalendar())
date(2004,1,1).isocalendar()[1:]
date.fromisoformat('2004-01-1')
date.fromisoformat(3)
date.fromisoformat('20040101')
date.fromisoformat('2004-W01-1')
date.fromisoformat('2004W011')
date.fromisoformat('2004W01')
date.fromisoformat('2004-W01')
date.fromisoformat('2004-W54-1')
date.fromisoformat('2004-13-01')
date.fromisoformat('2004-01-32')
date.fromisoformat('2004-01-0\\u0661')
date.fromisoformat('2004-W01-\\u0661')
date.fromisoformat('')
time.fromisoformat('')
time.fromisoformat('T04')
time.fromisoformat('04:05:06.1234567')
time.fromisoformat('04:05:06,12')
time.fromisoformat('04:05:06.')
time.fromisoformat('040506.5+01')
time.fromisoformat('04:0506')
time.fromisoformat('04:05:06+01:30:20.123456')
time.fromisoformat('04:05Z')
time.fromisoformat('04:05-00:00')
time.fromisoformat('25')
time.fromisoformat('04:05+24:00')
time.fromisoformat('04:05+25:00')
time.fromisoformat('04:05:06+1')
time.fromisoformat('04:05 ')
time.fromisoformat('04:05:6')
time.fromisoformat(b'04')
datetime.fromisoformat('2004-01-01')
datetime.fromisoformat('2004-01-01T')
datetime.fromisoformat('2004-01-01T12')
datetime.fromisoformat('2004-01-01 12:30')
datetime.fromisoformat('20040101T123000Z')
datetime.fromisoformat('20040101123000')
datetime.fromisoformat('2004-W01-3T12:00')
datetime.fromisoformat('2004-W01T12:00')
datetime.fromisoformat('2004W01T12')
datetime.fromisoformat('2004W013T12')
datetime.fromisoformat('2004W01312')
datetime.fromisoformat('2004-01-01\\ud80012:30')
datetime.fromisoformat('2004-01-01x12:30x')
datetime.fromisoformat('2004-01-0112:30')
datetime.fromisoformat('2004-01-01T12:30:45.123456789+05:30')
datetime.fromisoformat('2004-01-01T24:00')
datetime.fromisoformat(3)
datetime.fromisoformat('2009\\ud8001')
date(2000,1,1).strftime(3)
date(2000,1,1).strftime('%Y %m')
date(2000,1,1).__format__(3)
format(date(2000,1,1),'')
format(date(2000,1,1),'%d')
datetime(2000,1,1,tzinfo=timezone(timedelta(hours=-5,seconds=-7))).strftime('%z %Z %f %:z %% %')
datetime(2000,1,1).strftime('%z|%Z|%f|%:z|%:')
time(1,2,3,4).strftime('%H %f %Y')
date(2000,1,1).strftime('')
date(2000,1,1).strftime('%f')
date(2000,1,1).ctime()
datetime(2000,1,1,2).ctime()
date(2000,1,1).timetuple()
datetime(2000,1,1,tzinfo=UTC).timetuple()
datetime(2000,1,1,tzinfo=UTC).utctimetuple()
datetime(2000,1,1).utctimetuple()
date(2000,1,1).replace(2001)
date(2000,1,1).replace(month=13)
date(2000,1,1).replace(foo=13)
time(1).replace(hour=2,fold=1)
time(1).replace(hour=2,fold=2)
datetime(2000,1,1).replace(tzinfo=UTC,fold=1)
datetime(2000,1,1).replace(tzinfo=3)
datetime(2000,1,1).isoformat('xx')
datetime(2000,1,1).isoformat(' ','seconds')
datetime(2000,1,1,1,2,3,4).isoformat(' ','milliseconds')
datetime(2000,1,1,1,2,3,4).isoformat(timespec='bad')
time(1,2,3,4).isoformat('hours')
time(1,2,3,4).isoformat('bad')
time(1,2,3,4).isoformat(3)
datetime(2000,1,1).isoformat('\\ud800')
datetime.combine(date(2000,1,1),time(1,tzinfo=UTC))
datetime.combine(date(2000,1,1),time(1),UTC)
datetime.combine(3,time(1))
datetime.combine(date(2000,1,1),3)
datetime.combine(date(2000,1,1),time(1),3)
datetime.strptime('2000','%Y')
datetime.strptime(3,'%Y')
datetime.now(3)
datetime.now(UTC).tzinfo
datetime(2000,1,1).astimezone(3)
datetime(2000,1,1,tzinfo=UTC).astimezone(timezone(timedelta(hours=5)))
datetime(2000,1,1).timestamp()
datetime(2000,1,1,tzinfo=UTC).timestamp()
datetime(2000,1,1,0,0,0,123456,tzinfo=timezone(timedelta(hours=1))).timestamp()
timezone(3)
timezone(timedelta(1))
timezone(timedelta(-1))
timezone(timedelta(hours=1),3)
timezone(timedelta(hours=1),None)
timezone(timedelta(0)) is timezone.utc
timezone(timedelta(0),'x')
timezone(timedelta(hours=1),'x')
str(timezone(timedelta(hours=1)))
str(timezone(timedelta(hours=-1,seconds=5)))
str(timezone(timedelta(hours=1,microseconds=5)))
str(timezone.utc)
timezone.utc.utcoffset(3)
timezone.utc.tzname(3)
timezone.utc.dst(3)
timezone.utc.fromutc(3)
timezone.utc.fromutc(datetime(2000,1,1))
timezone.utc.fromutc(datetime(2000,1,1,tzinfo=UTC))
timezone.utc.__getinitargs__()
timezone(timedelta(1,-1),'q').__getinitargs__()
timezone.utc.__reduce__()
timezone.utc==timezone(timedelta(0),'a')
timezone.utc<3
timezone.utc<timezone.utc
timezone.utc==3
tzinfo().utcoffset(None)
tzinfo().tzname(None)
tzinfo().dst(None)
tzinfo().fromutc(3)
tzinfo().fromutc(datetime(2000,1,1))
tzinfo(1,2,x=3).__reduce__()
hash(date(2000,1,1)), hash(datetime(2000,1,1)), hash(time(1,2)), hash(timedelta(1,2,3)), hash(UTC), hash(datetime(2000,1,1,tzinfo=UTC)), hash(time(1,2,tzinfo=timezone(timedelta(hours=1)))), hash(time(1,fold=1)), hash(datetime(2000,1,1,fold=1))
date(2000,1,1).__reduce__(), datetime(2000,1,1,fold=1).__reduce__(), datetime(2000,1,1,fold=1).__reduce_ex__(4), time(1,fold=1).__reduce_ex__(3), time(1,fold=1).__reduce_ex__(4), time(1,tzinfo=UTC).__reduce__()
time(1,2,3,4,UTC,fold=1), datetime(2000,1,1,1,2,0,0,UTC,fold=1), datetime(2000,1,1,1,2,3), time(), datetime(2000,1,1,0,0,0,5)
str(time(1,2,tzinfo=UTC)), str(datetime(2000,1,1))
time(1,tzinfo=UTC).utcoffset(), time(1).utcoffset(), time(1,tzinfo=UTC).tzname(), time(1,tzinfo=UTC).dst()
datetime(2000,1,1,tzinfo=UTC).time(), datetime(2000,1,1,tzinfo=UTC,fold=1).timetz(), datetime(2000,1,1).date()
datetime(2000,1,1).weekday(), datetime(2000,1,1).isoweekday(), datetime(2000,1,1).toordinal()
timedelta.min, timedelta.max, timedelta.resolution, date.min, date.max, date.resolution, time.min, time.max, time.resolution, datetime.min, datetime.max, datetime.resolution, timezone.min, timezone.max
type('S',(timezone,),{})
type('S',(date,),{})(2000,1,1), type('S',(date,),{}).today().__class__, type('S',(time,),{})(1), type('S',(timedelta,),{})(1), type('S',(timedelta,),{})(1)+timedelta(1)
type('S',(datetime,),{})(2000,1,1)+timedelta(1), type('S',(date,),{})(2000,1,1)+timedelta(1),type('S',(datetime,),{})(2000,1,1).replace(2001)
setattr(date(1,1,1),'year',3)
setattr(timedelta(1),'days',3)
date(1,1,1).foo'''.split('\n'):
    tried(source)

# A zone with winter and summer time, as the system knows it and as a program makes one.
os.environ['TZ'] = 'CET-1CEST,M3.5.0,M10.5.0/3'
clock.tzset()
for moment in [datetime(2024, 3, 31, 1, 59), datetime(2024, 3, 31, 2, 30), datetime(2024, 3, 31, 3),
               datetime(2024, 10, 27, 1, 59), datetime(2024, 10, 27, 2, 30), datetime(2024, 10, 27, 3), datetime(1, 1, 2)]:
    for fold in 0, 1:
        m = moment.replace(fold=fold)
        print(m, fold, m.timestamp(), repr(datetime.fromtimestamp(m.timestamp())), repr(m.astimezone()),
              m.astimezone(UTC), m.strftime('%z|%Z'), m.astimezone().strftime('%z|%Z'))
print(date.fromtimestamp(1e9), datetime.fromtimestamp(1e9), datetime.fromtimestamp(1e9, UTC).astimezone())


class Central(tzinfo):
    def _summer(self, dt):
        begin, end = datetime(dt.year, 3, 31, 2), datetime(dt.year, 10, 27, 3)
        dt = dt.replace(tzinfo=None)
        return begin <= dt < end and not (dt.fold and dt >= datetime(dt.year, 10, 27, 2))

    def utcoffset(self, dt):
        return timedelta(hours=1) + (self.dst(dt) if dt else timedelta(0))

    def dst(self, dt):
        return timedelta(hours=dt is not None and self._summer(dt))

    def tzname(self, dt):
        return '100%' if dt and self._summer(dt) else 'CET'


zone = Central()
a, b = datetime(2024, 10, 27, 2, 30, tzinfo=zone), datetime(2024, 10, 27, 2, 30, tzinfo=zone, fold=1)
print(a == b, hash(a) == hash(b), a - b, a.astimezone(UTC), b.astimezone(UTC), a.timestamp(), b.timestamp())
print(a == a.astimezone(UTC), b == b.astimezone(UTC), a < b.astimezone(UTC), a.isoformat(), b.isoformat())
print(datetime(2024, 7, 1, tzinfo=zone).strftime('%Z %z'), datetime(2024, 7, 1, tzinfo=zone).timetuple().tm_isdst)
print(datetime(2024, 7, 1, 10, tzinfo=UTC).astimezone(zone), zone.fromutc(datetime(2024, 1, 1, tzinfo=zone)))
print(datetime(2024, 7, 1, tzinfo=zone) - datetime(2024, 1, 1, tzinfo=UTC), time(1, tzinfo=zone) == time(0, tzinfo=UTC))


class Bad(tzinfo):
    answer = None

    def utcoffset(self, dt):
        return self.answer

    dst = tzname = utcoffset


for Bad.answer in [None, 3, timedelta(1), timedelta(-1), timedelta(hours=-24, microseconds=1), 'x']:
    for ask in ['utcoffset()', 'dst()', 'tzname()', 'isoformat()', 'timestamp()', 'astimezone(UTC)', 'timetuple()[:3]',
                '__hash__() != 0', '__eq__(datetime(2000, 1, 1, tzinfo=UTC))', '__lt__(datetime(2000, 1, 1, tzinfo=UTC))']:
        tried("datetime(2000, 1, 1, tzinfo=Bad())." + ask)

# Subclasses, pickles and copies.


class Day(date):
    def __new__(cls, year, month=None, day=None, note=0):
        self = super().__new__(cls, year, month, day) if month else super().__new__(cls, year)
        self.note = note
        return self


day = Day(2000, 2, 29, note=5)
print(day, day.note, day + timedelta(1), type(day + timedelta(1)), type(day.replace(day=1)), day == date(2000, 2, 29))
print(Day.fromordinal(5), Day.fromisoformat('2001-02-03'), type(Day.today()), len({day, date(2000, 2, 29)}))
things = [date(2000, 1, 2), time(1, 2, 3, 4, UTC, fold=1), datetime(2000, 1, 2, 3, 4, 5, 6, timezone(timedelta(hours=1), 'x')),
          timedelta(1, 2, 3), UTC, timezone(timedelta(hours=-3)), date(2004, 1, 1).isocalendar(), day]
for thing in things:
    for protocol in range(6):
        back = pickle.loads(pickle.dumps(thing, protocol))
        assert back == thing and type(back) in (type(thing), tuple), (thing, back)
    print(repr(copy.copy(thing)), repr(copy.deepcopy(thing)))
print(sorted([datetime(2000, 1, 2), datetime(1999, 5, 5), datetime(2000, 1, 1, 23)]))
print(sum((timedelta(hours=n) for n in range(10)), timedelta()), max(timedelta(1), timedelta(hours=25)))
for first, second in [(7, 2), (-7, 2), (7, -2), (-7, -2), (0, 5)]:
    x, y = timedelta(microseconds=first), timedelta(microseconds=second)
    print(divmod(x, y), x // y, x % y, x / y, x // second, x / second, x * second)
try:
    object.__new__(Day)
except TypeError as e:
    print(e)
