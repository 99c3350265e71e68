"""The platform behind Python interfaces: its values, storage, sockets, HTTP and event loop."""
