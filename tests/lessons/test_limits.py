"""What a lesson says of the limits is what the course sets."""

import re

import pytest

from grading.course import load_course
from tests.conftest import ROOT


@pytest.mark.parametrize("name", ["01_feature_extraction", "02_dense_mlp", "03_learning_rate_sweep"])
def test_a_lesson_states_the_limits_of_its_questions(name):
    course = load_course(ROOT)
    text = (ROOT / "solutions" / name / f"{name}.py").read_text(encoding="utf-8").replace("\n# ", " ")
    stated = re.search(r"(\S+) seconds of CPU time for all checks of a question, and the notebook has (\S+) GB of memory", text)
    assert stated, "the lesson does not say what a question may take"
    assert [float(number) for number in stated.groups()] == [course.limits.cpu_seconds, course.limits.memory_gb]
