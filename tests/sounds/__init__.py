"""Odd sounds: a script that makes them, and the bytes of those for which it needs ffmpeg or sox."""
