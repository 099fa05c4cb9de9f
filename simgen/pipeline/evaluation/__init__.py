"""What an evaluation's scores mean, and its page: levels, verdicts, advice, drawings, gates."""
