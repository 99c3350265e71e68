"""Writes the log to the console, where the platform collects it."""

import logging

import js

from logs import log_line


class ConsoleHandler(logging.Handler):
    """Writes Python's log records as JSON lines to the console, where the platform collects logs."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record."""
        write = js.console.error if record.levelno >= logging.ERROR else js.console.log
        write(log_line(record))
