# The locale of a process, as far as a system without any but C's can show it.
import _locale
import locale

print(sorted(n for n in vars(_locale) if not n.startswith('__')))
print(_locale.localeconv() == locale.localeconv(), list(_locale.localeconv().items()))


def tried(f, *arguments):
    try:
        print(f.__name__, arguments, f(*arguments))
    except Exception as e:
        print(f.__name__, arguments, type(e), e)


tried(_locale.setlocale, locale.LC_ALL, 'C')
tried(_locale.setlocale, locale.LC_NUMERIC)
tried(_locale.setlocale, locale.LC_ALL, None)
tried(_locale.setlocale, 99, 'C')
tried(_locale.setlocale, 99)
tried(_locale.setlocale, locale.LC_ALL, 'xx_YY')
tried(_locale.setlocale, locale.LC_ALL, 'a\0')
tried(_locale.setlocale, locale.LC_ALL, 3)
tried(_locale.setlocale, 'x')
print(_locale.strcoll('a', 'b') < 0, _locale.strcoll('b', 'a') > 0)
tried(_locale.strcoll, 'a', 'a')
tried(_locale.strcoll, 'a\0', 'b')
tried(_locale.strcoll, 'a', 3)
tried(_locale.strxfrm, 'a\0b')
tried(_locale.strxfrm, 3)
words = ['pear', 'apple', 'Zoo', 'zoo', '', 'apple pie']
print(sorted(words, key=locale.strxfrm) == sorted(words))
tried(_locale.nl_langinfo, _locale.RADIXCHAR)
tried(_locale.nl_langinfo, 999999)
print([_locale.nl_langinfo(getattr(_locale, n)) for n in ('DAY_1', 'ABDAY_7', 'MON_12', 'ABMON_5', 'AM_STR', 'D_FMT')])
tried(_locale.gettext, 'hello')
tried(_locale.dgettext, None, 'x')
tried(_locale.dgettext, 'nowhere', 'a \N{SNOWMAN}'[:1])
tried(_locale.dcgettext, 'nowhere', 'x', locale.LC_MESSAGES)
tried(_locale.textdomain, None)
tried(_locale.textdomain, 'mine')
tried(_locale.textdomain, '')
tried(_locale.bindtextdomain, 'mine', '/nowhere')
tried(_locale.bindtextdomain, 'mine', None)
tried(_locale.bindtextdomain, '', None)
tried(_locale.bindtextdomain, 3, None)
tried(_locale.bind_textdomain_codeset, 'mine', 'UTF-8')
tried(_locale.bind_textdomain_codeset, 'mine', None)
print(_locale.Error, _locale.Error.__bases__, locale.Error is _locale.Error)
tried(locale.setlocale, locale.LC_ALL, ('de_XX', 'UTF-8'))
tried(locale.getlocale, locale.LC_NUMERIC)
tried(locale.atof, '1234.5')
tried(locale.atoi, '12')
tried(locale.format_string, '%.2f|%s', (1234567.891, 'x'), True)
tried(locale.currency, 1.5)
tried(locale.str, 1.5)
tried(locale.normalize, 'de')
tried(_locale.setlocale, locale.LC_ALL, 'C.UTF-8')
tried(_locale.getencoding)
print(_locale.strcoll('a', '\N{SNOWMAN}') < 0)
