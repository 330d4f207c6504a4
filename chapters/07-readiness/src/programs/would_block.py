"""What a socket says that does not block, and how the operating system tells when to ask again."""

import selectors
import socket


# ANCHOR: main
def try_to_read(conn):
    try:
        data = conn.recv(100)
    except BlockingIOError:
        print("read: would block")
    else:
        print(f"read: {len(data)} bytes" if data else "read: the end")


with socket.create_server(("127.0.0.1", 0)) as listener:
    passenger = socket.create_connection(listener.getsockname())
    conn, _ = listener.accept()
conn.setblocking(False)
selector = selectors.DefaultSelector()
selector.register(conn, selectors.EVENT_READ)

try_to_read(conn)
passenger.sendall(b"taxi!")
print("the passenger sends 5 bytes")
print(f"the operating system tells of {len(selector.select(30))} socket")
try_to_read(conn)
try_to_read(conn)
passenger.close()
print("the passenger hangs up")
print(f"the operating system tells of {len(selector.select(30))} socket")
try_to_read(conn)
# ANCHOR_END: main
selector.close()
conn.close()
