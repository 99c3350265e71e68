"""The platform: its values, storage, sockets, HTTP and event loop, as Python asks for them."""
