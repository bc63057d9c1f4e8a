"""The ASGI application in front: sockets, deadlines, shares of clients, and `/sparql` itself."""
