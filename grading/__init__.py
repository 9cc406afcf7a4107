"""What an instructor runs: building, running and grading the lessons. Called by the ``course`` command."""
