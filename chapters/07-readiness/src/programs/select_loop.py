"""The select loop: one thread, callbacks, and three passengers at once. No asyncio."""

import selectors
import socket
import threading

selector = selectors.DefaultSelector()


# ANCHOR: loop
def loop():
    while selector.get_map():
        for key, _events in selector.select(30):
            key.data(key.fileobj)  # the callback
# ANCHOR_END: loop


# ANCHOR: server
def listen(listener):
    names = iter("ABC")

    def accept(listener):
        conn, _ = listener.accept()
        name = next(names)
        print(f"{name} calls")
        serve(name, conn)
        if name == "C":
            selector.unregister(listener)
            listener.close()

    selector.register(listener, selectors.EVENT_READ, accept)


def serve(name, conn):
    conn.setblocking(False)
    conn.send(name.encode())

    def read(conn):
        data = conn.recv(100)
        if data:
            print(f"{name} says: {data.decode()}")
            conn.send(data)  # hoping that there is room
        else:
            print(f"{name} hangs up")
            selector.unregister(conn)
            conn.close()

    selector.register(conn, selectors.EVENT_READ, read)
# ANCHOR_END: server


def call(address):
    lines = []
    for _ in range(3):
        line = socket.create_connection(address)
        line.recv(1)
        lines.append(line)
    for words in (b"good evening", b"a taxi, please"):
        for line in lines:
            line.sendall(words)
            line.recv(len(words), socket.MSG_WAITALL)
    for line in reversed(lines):
        line.shutdown(socket.SHUT_WR)
        line.recv(1)
        line.close()


listener = socket.create_server(("127.0.0.1", 0))
clients = threading.Thread(target=call, args=[listener.getsockname()])
listen(listener)
clients.start()
loop()
clients.join()
