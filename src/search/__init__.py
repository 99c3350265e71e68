"""Finding messages by what they say, without opening all of them: signatures, segments, and the search itself."""
