"""Compiled traffic: who is ahead, how to follow, when to go."""
