# Servers and clients of the standard library on the loopback interface: http, socketserver, asyncio; temporary files.
import asyncio
import glob
import http.server
import os
import pathlib
import shutil
import socketserver
import tempfile
import threading
import urllib.error
import urllib.request


class Handler(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args):
        super().__init__(*args, directory=folder)

    def log_message(self, *args):
        pass


folder = tempfile.mkdtemp()
pathlib.Path(folder, 'page.txt').write_text('served over http\n' * 3)
with http.server.ThreadingHTTPServer(('127.0.0.1', 0), Handler) as server:
    thread = threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05})
    thread.start()
    url = 'http://127.0.0.1:%d/' % server.server_address[1]
    with urllib.request.urlopen(url + 'page.txt') as response:
        print(response.status, response.headers['Content-Type'], response.read())
    print(b'page.txt' in urllib.request.urlopen(url).read())
    try:
        urllib.request.urlopen(url + 'nothing')
    except urllib.error.HTTPError as e:
        print(e.code, e.reason)
    server.shutdown()
    thread.join()


class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(line.upper())


import socket

for kind in (socketserver.ForkingTCPServer, socketserver.ThreadingTCPServer):
    with kind(('127.0.0.1', 0), Echo) as server:
        threading.Thread(target=server.handle_request).start()
        with socket.create_connection(server.server_address) as client:
            client.sendall(b'one\ntwo\n')
            client.shutdown(socket.SHUT_WR)
            with client.makefile('rb') as answer:
                print(kind.__name__, answer.read())


async def handle(reader, writer):
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


async def main():
    server = await asyncio.start_server(handle, '127.0.0.1', 0)
    port = server.sockets[0].getsockname()[1]

    async def ask(i):
        reader, writer = await asyncio.open_connection('127.0.0.1', port)
        writer.write(b'hello %d\n' % i)
        answer = await reader.read()
        writer.close()
        return answer

    print(await asyncio.gather(*(ask(i) for i in range(5))))
    process = await asyncio.create_subprocess_exec('cat', stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    print(await process.communicate(b'through cat'), process.returncode)
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.02)
    except TimeoutError:
        print('TimeoutError')
    print(await asyncio.to_thread(lambda: 'in a thread'))
    server.close()


asyncio.run(main())

# Files.
with tempfile.TemporaryDirectory() as other:
    shutil.copytree(folder, os.path.join(other, 'copy'))
    os.makedirs(os.path.join(other, 'deep', 'er'))
    archive = shutil.make_archive(os.path.join(other, 'archive'), 'tar', folder)
    print(sorted(os.path.relpath(p, other) for p in glob.glob(other + '/**', recursive=True)))
    print([p.name for p in sorted(pathlib.Path(other).rglob('*.txt'))], shutil.which('sh') is not None)
    print(shutil.disk_usage('/').total > 0, shutil.move(archive, os.path.join(other, 'moved')) is not None)
    with tempfile.NamedTemporaryFile(dir=other, suffix='.x') as file:
        file.write(b'named')
        file.flush()
        print(pathlib.Path(file.name).read_bytes(), pathlib.Path(file.name).suffix)
    with tempfile.SpooledTemporaryFile(max_size=3) as file:
        file.write(b'rolled over')
        file.seek(0)
        print(file.read())
print(os.path.exists(other))
shutil.rmtree(folder)
print(os.path.exists(folder))
