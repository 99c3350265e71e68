"""The code behind the scripts in bin/: set-up, the development server, checks. Never part of the Worker."""
