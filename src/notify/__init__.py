"""Notifications for members who are not looking at the chat."""
