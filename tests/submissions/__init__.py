"""Submissions that no grader may trip over: damaged ones and hostile ones, made by script from a lesson's reference."""
