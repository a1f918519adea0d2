# Writes a folder with the server of commit 86f4349: python3 make.py <EventSourcedStreams.Web.dll> <folder> <port>
import json, os, signal, sqlite3, subprocess, sys, threading, time, urllib.error, urllib.request

program, folder, port = sys.argv[1], sys.argv[2], sys.argv[3]
base = f'http://127.0.0.1:{port}/v1/streams'

def start():
    server = subprocess.Popen(['dotnet', program, '--urls', f'http://127.0.0.1:{port}', '--Embedded:Path', folder,
                               '--Streams:Node', 'old-node', '--Streams:SweepInterval', '00:00:00.200'], stdout=subprocess.DEVNULL)
    for _ in range(200):
        try:
            urllib.request.urlopen(f'http://127.0.0.1:{port}/health/ready')
            return server
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise SystemExit('the server does not become ready')

def call(method, path, body=None, kind='application/json'):
    request = urllib.request.Request(base + path, method=method, data=body, headers={'Content-Type': kind} if body is not None else {})
    with urllib.request.urlopen(request) as answer:
        return answer.read()

def create(id, **more):
    call('POST', '', json.dumps({'id': id, 'source': 'upload', **more}).encode())

def upload(id, text):
    call('POST', f'/{id}/drive', text.encode(), 'text/plain; charset=utf-8')

def slowly(id, pieces, then=threading.Event().wait):
    """A body that does not end by itself."""
    def body():
        for piece in pieces:
            yield piece.encode()
            time.sleep(0.15)
        then()
    request = urllib.request.Request(base + f'/{id}/drive', method='POST', data=body(), headers={'Content-Type': 'text/plain; charset=utf-8'})
    def run():
        try:
            urllib.request.urlopen(request).read()
        except (urllib.error.URLError, ConnectionError, OSError):
            pass
    threading.Thread(target=run, daemon=True).start()

def wait(id, done):
    for _ in range(200):
        stream = json.loads(call('GET', f'/{id}'))
        if done(stream):
            return
        time.sleep(0.05)
    raise SystemExit(f'{id}: {stream}')

# What has ended, what is deleted, what was changed.
server = start()
create('done', labels={'user': '42'}, retainSeconds=315360000)
upload('done', 'One sentence. And Tschüß, 日本語, 👩‍👩‍👧.\r\nA last line.')
create('large')
upload('large', ''.join(f'Sentence number {i} of a longer text. ' for i in range(700)))
create('cancelled')
slowly('cancelled', ['Nobody will ', 'read on. '])
wait('cancelled', lambda s: s['length'] > 10)
call('POST', '/cancelled/cancel', json.dumps({'reason': 'seen enough'}).encode())
create('failed')
try:
    call('POST', '/failed/drive', b'good \xff bad', 'text/plain; charset=utf-8')
except urllib.error.HTTPError:
    pass
create('timed-out', idleTimeoutSeconds=5)
slowly('timed-out', ['Then silence. '])
create('deleted')
upload('deleted', 'This text is gone. ' * 300)
call('DELETE', '/deleted')
create('damaged')
upload('damaged', 'What was said is true.')
wait('timed-out', lambda s: s['status'] == 'timeout')
time.sleep(1)
server.terminate()
server.wait()

database = sqlite3.connect(os.path.join(folder, 'log.db'))
changed = database.execute("""UPDATE log SET data = CAST(replace(CAST(data AS TEXT), 'true', 'fals') AS BLOB)
    WHERE type = 'ChunkPersisted' AND stream = (SELECT id FROM streams WHERE name = 'text-damaged')""").rowcount
assert changed == 1
database.commit()
database.close()

# What is live when the server dies: a pending stream and two that are driven.
server = start()
create('pending')
for id in ('live', 'live-2'):
    create(id)
    slowly(id, [f'{id} goes on, piece {i}. ' for i in range(8)])
for id in ('live', 'live-2'):
    wait(id, lambda s: s['length'] > 60)
server.send_signal(signal.SIGKILL)
server.wait()
