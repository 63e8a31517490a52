# Sockets on the loopback interface and in the file system: streams, datagrams, time limits, messages, selectors.
import array
import os
import select
import selectors
import signal
import socket
import struct
import tempfile
import time


def t(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


# Streams.
server = socket.create_server(('127.0.0.1', 0), backlog=5)
print(server.family, server.type, server.proto, server.getsockname()[0], server.gettimeout(), server.getblocking())
client = socket.create_connection(server.getsockname())
peer, address = server.accept()
print(address == client.getsockname(), peer.getpeername() == address, peer.getsockname() == server.getsockname())
print(client.send(b'hello'), peer.recv(100), peer.sendall(b'x' * 10), client.recv(4), client.recv(4, socket.MSG_PEEK))
buffer = bytearray(20)
print(client.recv_into(buffer, 3), client.recv_into(memoryview(buffer)[10:]), buffer)
print(client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1))
print(client.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY), client.getsockopt(socket.SOL_SOCKET, socket.SO_TYPE, 4))
client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
print(struct.unpack('ii', client.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, 8)), os.get_inheritable(client.fileno()))
with client.makefile('rw', encoding='utf-8', newline='\n') as file, peer.makefile('rb') as other:
    file.write('line one\nline two\n')
    file.flush()
    print(other.readline(), other.readline())
    peer.sendall('grün\nrest'.encode())
    peer.shutdown(socket.SHUT_WR)
    print(file.readline(), file.read())
print(client.recv(10))
client.close()
client.close()
t(lambda: client.recv(1))
t(lambda: client.send(b'x'))
print(client, client.fileno())
peer.close()

# Time limits.
client = socket.create_connection(server.getsockname(), timeout=0.05)
peer, _ = server.accept()
print(client.gettimeout(), client.getblocking(), client.timeout)
t(lambda: client.recv(1))
server.settimeout(0.05)
t(lambda: server.accept())
server.setblocking(False)
print(server.gettimeout())
t(lambda: server.accept())
client.settimeout(0)
t(lambda: client.recv(1))
client.settimeout(None)
print(client.getblocking())
chunk, sent = b'0' * 100000, 0
client.settimeout(0.1)
try:
    while True:
        sent += client.send(chunk)
except TimeoutError as e:
    print(e, sent > len(chunk))
t(lambda: client.sendall(b'0' * 10_000_000))
peer.close()
socket.setdefaulttimeout(1.5)
print(socket.getdefaulttimeout(), socket.socket().gettimeout())
socket.setdefaulttimeout(None)

# A signal's handler runs while a call waits, which goes on.
one, two = socket.socketpair()
signal.signal(signal.SIGALRM, lambda *_: two.send(b'from the handler'))
signal.setitimer(signal.ITIMER_REAL, 0.05)
print(one.recv(100))


def stop(*_):
    signal.setitimer(signal.ITIMER_REAL, 0)
    raise ZeroDivisionError


signal.signal(signal.SIGALRM, stop)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.2)
t(lambda: one.recv(100))

# Datagrams.
a = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
b = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
a.bind(('127.0.0.1', 0))
b.bind(('localhost', 0))
print(a.sendto(b'datagram', b.getsockname()), b.recvfrom(100) == (b'datagram', a.getsockname()))
print(a.sendto(b'again', 0, b.getsockname()), b.recvfrom_into(buffer)[0], buffer[:5])
b.connect(a.getsockname())
print(b.send(b'connected'), a.recvfrom(4)[0], a.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
six = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
six.bind(('::1', 0))
print(six.getsockname()[0], len(six.getsockname()), six.sendto(b'6', six.getsockname()), six.recvfrom(9)[1] == six.getsockname())
t(lambda: six.bind(('127.0.0.1', 0)))

# Unix sockets, with descriptors in messages.
folder = tempfile.mkdtemp()
path = os.path.join(folder, 'socket')
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen()
client = socket.socket(socket.AF_UNIX)
client.connect(path)
peer, address = listener.accept()
print(repr(address), client.getpeername() == path, listener.getsockname() == path, repr(client.getsockname()))
r, w = os.pipe()
rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [w]))]
print(client.sendmsg([b'with ', b'a ', bytearray(b'pipe')], rights))
data, ancillary, flags, address = peer.recvmsg(100, socket.CMSG_SPACE(4))
print(data, flags == 0, repr(address), [(level, kind, len(content)) for level, kind, content in ancillary])
received = struct.unpack('i', ancillary[0][2])[0]
os.write(received, b'through the other')
print(os.read(r, 100), received != w)
parts = [bytearray(3), bytearray(10)]
print(client.sendmsg([b'scattered']), peer.recvmsg_into(parts), parts)
print(socket.send_fds(client, [b'x'], [r]), len(socket.recv_fds(peer, 10, 2)[1]))
abstract = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
abstract.bind(b'\0prism test %d' % os.getpid())
print(abstract.getsockname() == b'\0prism test %d' % os.getpid())
t(lambda: client.connect(os.path.join(folder, 'nothing')))
listener.close()
os.unlink(path)
os.rmdir(folder)

# Selectors.
for kind in (selectors.SelectSelector, selectors.PollSelector, selectors.EpollSelector, selectors.DefaultSelector):
    one, two = socket.socketpair()
    with kind() as s:
        s.register(one, selectors.EVENT_READ, 'data')
        print(s.select(0), end=' ')
        two.send(b'x')
        [(key, events)] = s.select(1)
        print(key.fileobj is one, key.data, events == selectors.EVENT_READ, end=' ')
        s.modify(one, selectors.EVENT_READ | selectors.EVENT_WRITE)
        print(s.select()[0][1], len(s.get_map()))
        s.unregister(one)

# The rest.
print(socket.SocketKind(1), socket.AddressFamily.AF_INET, socket.MSG_PEEK, socket.has_dualstack_ipv6() in (True, False))
s = socket.socket(fileno=two.detach())
print(s.family, s.type, s.dup().fileno() != s.fileno(), two.fileno())
with socket.fromfd(s.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as copy:
    print(copy.send(b'copy'), one.recv(10))
infos = socket.getaddrinfo('127.0.0.1', 80, proto=socket.IPPROTO_TCP)
print(infos, socket.gethostbyname('localhost'), socket.inet_ntoa(b'\x7f\0\0\1'))
print(server.connect_ex(('127.0.0.1', 0)) != 0, isinstance(socket.gethostname(), str))
file = tempfile.TemporaryFile()
file.write(b'a file ' * 100)
file.seek(0)
print(s.sendfile(file), len(one.recv(10000)))
nonblocking = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
server.setblocking(True)
print(nonblocking.gettimeout(), nonblocking.connect_ex(server.getsockname()) in (0, 115), server.accept()[0].close())
