"""Frames, connections and rates of a socket."""
