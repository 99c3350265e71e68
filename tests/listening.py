"""What the tests' own web services listen with: push services, Cloudflare's siteverify."""

from http.server import ThreadingHTTPServer


class ListeningServer(ThreadingHTTPServer):
    """Takes many connections at once: the usual queue of five is too short for a Worker that opens six."""

    daemon_threads = True
    request_queue_size = 128
