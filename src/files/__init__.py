"""Pictures and files: how they are cut, who may store and fetch their parts, and where these are."""
