"""Signing in: who may enter, as which member, and how a session ends."""
