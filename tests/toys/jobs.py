"""Jobs that worker processes can import."""

import os


class Double:
    """Twice the task."""

    def make(self, task):
        """Nothing yet."""
        return task

    def store(self, made):
        """Double it."""
        return made * 2


class WhoAmI:
    """The process that does the work."""

    def make(self, task):
        """Nothing yet."""
        return task

    def store(self, _made):
        """Tell the process id."""
        return os.getpid()
