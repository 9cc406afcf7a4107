"""A student before JupyterLab, by keyboard alone: a wrong answer, its message, a right answer, the file to hand in.

Needs Chromium and its driver (Debian: ``chromium``, ``chromium-driver``); pictures of each step lie in ``.build/browser``.
"""

import os
import shutil
import socket
import subprocess
import sys
import time

import nbformat
import pytest

from grading import build
from grading.course import load_course
from helpers import match, submit
from tests.conftest import ROOT

pytestmark = pytest.mark.full

LESSON, QUESTION = "01_feature_extraction", "signal_arithmetic"
HEAD = "def signal_arithmetic(n_samples, sr, n_fft, hop_length): return "
WRONG = (
    HEAD
    + "dict(duration=1000*n_samples/sr, nyquist=sr, n_frames=n_samples//hop_length, frame_step=hop_length/sr, bin_width=sr/n_fft)"
)
RIGHT = (
    HEAD
    + "dict(duration=n_samples/sr, nyquist=sr/2, n_frames=1+n_samples//hop_length, frame_step=hop_length/sr, bin_width=sr/n_fft)"
)
FIGURE = """from helpers import audio, plots
y = audio.tone(440.0, 22050, 0.5)
plots.show(plots.waveform(y, 22050))"""


@pytest.fixture(scope="module")
def pictures():
    folder = load_course(ROOT).build_dir / "browser"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def lab(tmp_path):
    """JupyterLab on a folder with a student notebook cut to one question, a figure and the last cell."""
    course = load_course(ROOT)
    lesson = course.lesson(LESSON)
    reference = build.reference_notebook(course, lesson)
    notebook = build.student_notebook(reference, lesson)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    question = [cell for cell in code if cell.id in (QUESTION, f"{QUESTION}-test")]
    imports = nbformat.v4.new_code_cell(build.import_lines(reference))
    notebook.cells = [imports, *question, nbformat.v4.new_code_cell(FIGURE), code[-1]]
    nbformat.write(notebook, tmp_path / f"{LESSON}.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "jupyter",
        "lab",
        "--no-browser",
        f"--port={port}",
        "--ServerApp.token=t",
        "--allow-root",
    ]
    environment = os.environ | {
        "COURSE_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
    }
    with open(tmp_path / "log.txt", "wb") as log:
        server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _listening(port, server)
        yield f"http://127.0.0.1:{port}/lab/tree/{LESSON}.ipynb?token=t", tmp_path
    finally:
        server.terminate()
        server.wait(30)


def _listening(port, server, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and server.poll() is None:
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    pytest.fail("JupyterLab did not start")


@pytest.fixture(params=[1, 2], ids=["100-percent", "200-percent"])
def browser(request, tmp_path):
    """Headless Chromium; at 200 % a window of 1,400 pixels is 700 wide."""
    webdriver = pytest.importorskip("selenium.webdriver")
    paths = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in paths:
        pytest.skip("Chromium and its driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = paths[0]
    for word in (
        "headless=new", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
        "disable-component-update", "disable-sync", f"user-data-dir={tmp_path / 'chromium'}", "window-size=1400,1000",
        f"force-device-scale-factor={request.param}",
    ):  # fmt: skip
        options.add_argument(f"--{word}")
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(paths[1]))
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {
            "width": 1400 // request.param,
            "height": 1000 // request.param,
            "deviceScaleFactor": request.param,
            "mobile": False,
        },
    )
    driver.zoom = request.param
    try:
        yield driver
    finally:
        driver.quit()


class Hands:
    """Somebody's hands on the keyboard; the mouse is not touched."""

    def __init__(self, driver, pictures):
        self.driver, self.pictures, self.step = driver, pictures, 0

    def press(self, *keys):
        from selenium.webdriver.common.action_chains import ActionChains

        chain = ActionChains(self.driver)
        *held, last = keys
        for key in held:
            chain.key_down(key)
        chain.send_keys(last)
        for key in reversed(held):
            chain.key_up(key)
        chain.perform()
        time.sleep(0.3)

    def until(self, condition, what, seconds=90):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                self.look("stuck")
                pytest.fail(f"waited {seconds} s for {what}; the page says:\n{self.text()[-2000:]}")
            time.sleep(0.5)

    def text(self):
        """What all outputs say, one a cell."""
        return self.driver.execute_script(
            "return [...document.querySelectorAll('.jp-Cell-outputWrapper')].map(one => one.innerText).join('\\n---\\n')"
        )

    def busy(self):
        return self.driver.execute_script(
            "return [...document.querySelectorAll('.jp-InputPrompt')].some(one => one.textContent.includes('*'))"
        )

    def run(self):
        from selenium.webdriver.common.keys import Keys

        self.press(Keys.SHIFT, Keys.ENTER)
        time.sleep(0.7)
        self.until(lambda: not self.busy(), "the cell to end", 180)

    def look(self, name):
        self.step += 1
        path = self.pictures / f"{self.driver.zoom}00-{self.step}-{name}.png"
        self.driver.save_screenshot(str(path))


def answer(hands, line):
    """Replace the selected cell's text by a marked one-line answer and run it, then its checks."""
    from selenium.webdriver.common.keys import Keys

    hands.press(Keys.ENTER)
    hands.press(Keys.CONTROL, "a")
    hands.press(f"# question: {QUESTION}")
    hands.press(Keys.ENTER)
    hands.press(line)
    hands.run()
    hands.run()


def test_wrong_message_right_hand_in_by_keyboard(lab, browser, pictures):
    from selenium.webdriver.common.keys import Keys

    address, folder = lab
    browser.get(address)
    hands = Hands(browser, pictures)
    cells = "return document.querySelectorAll('.jp-Notebook .jp-Cell').length"
    hands.until(lambda: browser.execute_script(cells) >= 3, "the notebook to open", 120)
    idle = (
        "return (document.querySelector('.jp-Notebook-ExecutionIndicator') || {dataset: {}}).dataset.status === 'idle'"
    )
    hands.until(lambda: browser.execute_script(idle), "the kernel to start", 120)
    hands.press(Keys.ESCAPE)
    hands.look("opened")
    hands.run()  # imports; the answer cell is selected now
    answer(hands, WRONG)
    hands.look("wrong")
    assert "✗" in hands.text()
    assert "a hint" in hands.text() or "checks.hint(" in hands.text()
    hands.press("k")
    hands.press("k")
    answer(hands, RIGHT)
    hands.look("right")
    assert "checks passed; " in hands.text() and "more run when this is graded" in hands.text()
    hands.run()  # the figure
    alts = browser.execute_script(
        "return [...document.querySelectorAll('.jp-OutputArea-output img')].map(one => one.alt)"
    )
    assert alts and all(len(alt) > 20 for alt in alts), alts
    hands.press(Keys.CONTROL, "s")
    time.sleep(3)
    hands.run()
    hands.until(lambda: "The file to hand in" in hands.text(), "the file to hand in", 30)
    hands.look("handed-in")
    written = folder / "hand-in" / f"{LESSON}.ipynb"
    states = {one.question: one.state for one in submit.look(written.read_bytes()).questions}
    assert states[QUESTION] == match.ANSWERED
    assert submit.checksum(written) in hands.text()
    wide = browser.execute_script(
        "return [...document.querySelectorAll('.jp-OutputArea-output')].map(one => one.scrollWidth - one.clientWidth)"
    )
    assert max(wide) <= 1, f"an output is cut off or must be scrolled sideways: {wide}"
