"""Notifications for people who are not there."""
