"""Settings with which nbgrader's own commands work on the built lessons; read by `nbgrader` when run in this folder."""

from pathlib import Path

c = get_config()  # noqa: F821  (nbgrader defines it)

c.CourseDirectory.course_id = "instruments"
# `course build` writes the source notebooks there; submissions, marks and feedback go beside them.
c.CourseDirectory.root = str(Path(__file__).resolve().parent / ".build" / "nbgrader")

# nbgrader gives 0 to a test cell that wrote anything to standard error, were it only TensorFlow's greeting or a
# warning of a library: drop that stream before the marks are read.
c.IgnorePattern.enabled = True
c.IgnorePattern.pattern = r"[\s\S]*"

# One cell may train a small network.
c.ExecutePreprocessor.timeout = 300
# A deleted test cell comes back instead of becoming "needs a person".
c.OverwriteCells.add_missing_cells = True
