"""Where the platform collects logs: the console."""

import logging

import js

from logs import log_line


class ConsoleHandler(logging.Handler):
    """Python's log records as JSON lines on the console, which is where the platform collects logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        write = js.console.error if record.levelno >= logging.ERROR else js.console.log
        write(log_line(record))
