# `csv`: dialects, the reader's states, the writer's quoting.
import copy
import csv
import io
import re
from _csv import *


class W:
    def write(self, s):
        return s


def tried(text):
    try:
        shown = repr(eval(text))
    except Exception as e:
        shown = f"{type(e).__name__}: {e}"
    print(text, "->", re.sub("0x[0-9a-f]+", "0x", shown))


for text in r"""
Dialect()|Dialect(delimiter='ab')|Dialect(delimiter='')|Dialect(delimiter=3)|Dialect(delimiter=None)|Dialect(quotechar='ab')
Dialect(quotechar='')|Dialect(quotechar=3)|Dialect(quotechar=None).quoting|Dialect(quotechar=None,quoting=0)|Dialect(quoting=9)
Dialect(quoting='x')|Dialect(escapechar='xx')|Dialect(lineterminator=3)|Dialect(lineterminator=None)|Dialect(foo=1)
Dialect('nope')|Dialect(None)|Dialect(3)|Dialect(dialect='excel')|reader()|reader(3)|reader([],'nope')|reader([],delimiter='xx')
Dialect(1,2,3,4,5,6,7,8,9,10)|reader([],None,1)|type(reader([]))()|Reader, Writer|Dialect(delimiter=',',strict=2).strict
list(reader(['a,b','c,"d"']))|list(reader(['a,"b\n','c"']))|list(reader([b'a']))|list(reader([3]))|list(reader(['a\nb']))
list(reader(['"a"b']))|list(reader(['"a"b'],strict=True))|list(reader(['"a'],strict=True))|list(reader(['"a']))
list(reader(['a\\'],escapechar='\\'))|list(reader(['1,"2",x'],quoting=2))|list(reader(['1,"2",3.5'],quoting=2))
list(reader(['a, b'],skipinitialspace=True))|list(reader(['a\rb']))|list(reader(['a\0b']))|list(reader(['']))
list(reader(['a,b\r\n','','c']))|list(reader(['"a""b"']))|list(reader(['"a""b"'],doublequote=False,strict=True))
list(reader(['x'*131073]))|field_size_limit()|field_size_limit(5)|field_size_limit('x')|list(reader(['abcdef']))
field_size_limit(131072)|field_size_limit(1<<70)|field_size_limit(True)|reader(['a']).line_num|reader(['a']).dialect|writer(3)
writer(W())|writer(W()).writerow([1,'a',None,2.5])|writer(W()).writerow(['a,b','a"b','a\nb',''])|writer(W()).writerow([''])
writer(W()).writerow([])|writer(W()).writerow(3)|writer(W()).writerow([None])|writer(W(),quoting=3).writerow(['a,b'])
writer(W(),quoting=3,escapechar='\\').writerow(['a,b','"','\\'])|writer(W(),quoting=3).writerow([''])
writer(W(),quoting=3).writerow([None])|writer(W(),quoting=1).writerow([1,'a',None])|writer(W(),quoting=2).writerow([1,'a',None,2.5])
writer(W(),quoting=4).writerow([1,'a',None,2.5])|writer(W(),quoting=5).writerow([1,'a',None,2.5])
writer(W(),doublequote=False).writerow(['a"b'])|writer(W(),doublequote=False,escapechar='x').writerow(['a"bx'])
writer(W(),lineterminator='!').writerow(['a!b'])|writer(W(),lineterminator='!').writerow(['a\nb','c\rd'])
writer(W(),delimiter=' ',skipinitialspace=True).writerow(['',' x'])|writer(W()).writerow(' ')|writer(W()).writerows([[1],[2]])
writer(W()).writerows(3)|writer(W()).writerow(['a\rb'])|writer(W(),quotechar=None,quoting=3).writerow(['a"'])
writer(W(),quoting=3,quotechar=None).writerow([1,None])|writer(W(),quoting=4).writerow([None])|writer(W(),quoting=5).writerow([None])
writer(W(), escapechar='\\').writerow(['a\\b', 'a"b'])|writer(W(), escapechar='\\',quoting=1).writerow(['a\\b', 'a"b'])
writer(W(),quoting=3,escapechar='x').writerow(['a\nb','x'])|writer(W(), quotechar="'").writerow(["it's"])
writer(W(),quoting=5).writerow([''])|writer(W(),delimiter='\0').writerow([1,2])|writer(W()).dialect.quotechar
register_dialect('x',delimiter=';')|register_dialect(3)|register_dialect()|register_dialect('y','x')|register_dialect('z',3)
list_dialects()|get_dialect('x')|get_dialect('y').delimiter|get_dialect('nope')|get_dialect()|unregister_dialect('x')
unregister_dialect('nope')|Dialect().lineterminator|Dialect().escapechar|setattr(Dialect(),'delimiter','x')
setattr(Dialect(),'strict',1)|Error.__mro__|copy.copy(Dialect())|list(reader(['"a" ,b']))|list(reader(['a"b"c']))
list(reader(['a\\\nb'],escapechar='\\'))|list(reader(['"1",2'],quoting=3))|list(reader(['a,""']))|list(reader([',']))
list(reader(['é,ü\u1234\U0001f600']))|list(reader(['1,"2"'],quoting=4))|Dialect(csv.excel)|Dialect(csv.excel,delimiter=';').delimiter
reader([]).dialect is reader([], get_dialect('excel')).dialect|reader([], get_dialect('excel')).dialect is get_dialect('excel')
""".replace("\n", "|").split("|"):
    if text:
        tried(text)

rows = [["a", "b c", 'd"e', "f,g", "h\ni", ""], ["1"], [" x ", "\u1234"]]
for options in ({}, {"quoting": 1}, {"delimiter": "\t"}, {"quotechar": "'"}, {"doublequote": False, "escapechar": "\\"}, {"lineterminator": "\n"}):
    f = io.StringIO(newline="")
    w = csv.writer(f, **options)
    print(w.writerow(rows[0]), end=" ")
    w.writerows(rows[1:])
    print(repr(f.getvalue()))
    f.seek(0)
    r = csv.reader(f, **options)
    assert list(r) == rows and r.line_num == 4, r.line_num
print(list(csv.DictReader(["a,b", "1,2", "3", "4,5,6"], restkey="rest", restval="none")))
f = io.StringIO()
w = csv.DictWriter(f, ["x", "y"], extrasaction="ignore", restval="-")
w.writeheader()
w.writerow({"x": 1, "z": 2})
print(repr(f.getvalue()), csv.Sniffer().sniff("a;b\nc;d\n").delimiter, csv.Sniffer().has_header("name,n\na,1\nb,2\n"))
