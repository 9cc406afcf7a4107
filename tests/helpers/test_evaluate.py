"""The evaluator: what it must refuse, laws of its intervals, and its values against scikit-learn."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn import metrics

from helpers import evaluate as ev

CLASSES = ("cello", "flute", "horn", "sax")


def made(seed=0, n=1200, n_groups=24, spread=0.25):
    """Labels, predictions, groups: each group holds one class and has a skill of its own."""
    rng = np.random.default_rng(seed)
    group = rng.integers(n_groups, size=n)
    y = group % len(CLASSES)
    skill = np.clip(rng.normal(0.7, spread, n_groups), 0.05, 0.95)
    pred = np.where(rng.random(n) < skill[group], y, rng.integers(len(CLASSES), size=n))
    return y, pred, np.array([f"rec {g:02d}" for g in group])


# ---- splits


@pytest.mark.parametrize("seed", range(20))
def test_split_by_group_keeps_groups_whole_and_counts_groups(seed):
    rng = np.random.default_rng(seed)
    n_groups = rng.integers(12, 40)
    groups = rng.permutation(np.repeat([f"g{i}" for i in range(n_groups)], rng.integers(1, 60, n_groups)))
    train, test = ev.split_by_group(groups, 0.25, seed)
    assert sorted([*train, *test]) == list(range(len(groups)))
    assert not set(groups[train]) & set(groups[test])
    assert len(set(groups[test])) == round(0.25 * n_groups)


def test_split_by_group_depends_on_the_seed_alone():
    _, _, groups = made()
    one, again, other = (ev.split_by_group(groups, 0.3, seed)[1] for seed in (5, 5, 6))
    assert np.array_equal(one, again) and not np.array_equal(one, other)
    ends = [set(groups[ev.split_by_group(groups, 0.3, seed)[1]]) for seed in range(20)]
    for name in ("rec 00", "rec 23"):
        assert 0 < sum(name in side for side in ends) < 20


@pytest.mark.parametrize("seed", range(20))
def test_split_with_labels_puts_every_class_on_both_sides(seed):
    rng = np.random.default_rng(seed)
    n_of = [1, 2, 3, 9]  # groups per class
    per_class = [[f"{c}-{i}" for i in range(k)] for c, k in enumerate(n_of)]
    groups = np.repeat(np.concatenate(per_class), rng.integers(1, 30, sum(n_of)))
    labels = np.array([int(g[0]) for g in groups])
    train, test = ev.split_by_group(groups, 0.25, seed, labels)
    assert not set(groups[train]) & set(groups[test])
    assert [len(set(groups[test][labels[test] == c])) for c in range(4)] == [0, 1, 1, 2]


@pytest.mark.parametrize("seed", range(10))
def test_split_with_groups_of_several_classes(seed):
    rng = np.random.default_rng(seed)
    groups = rng.integers(30, size=600)
    labels = (groups + rng.integers(3, size=600)) % 8
    train, test = ev.split_by_group(groups, 0.3, seed, labels)
    assert set(labels[train]) == set(labels[test]) == set(range(8))
    assert not set(groups[train]) & set(groups[test])


def test_split_refuses_what_cannot_be_split():
    with pytest.raises(ValueError, match="come without groups.*split_by_item"):
        ev.split_by_group(None, 0.2, 0)
    with pytest.raises(ValueError, match="at least two groups"):
        ev.split_by_group(["a", "a"], 0.2, 0)
    with pytest.raises(ValueError, match="between 0 and 1"):
        ev.split_by_group(["a", "b"], 20, 0)
    with pytest.raises(ValueError, match="only one group"):
        ev.split_by_group(["a", "b"], 0.5, 0, labels=[0, 1])
    with pytest.raises(ValueError, match="found no split"):  # three groups in a ring: two of three classes at best
        ev.split_by_group([0, 0, 1, 1, 2, 2], 0.4, 0, labels=[0, 1, 1, 2, 2, 0])
    with pytest.raises(ValueError, match="3 labels for 4 items"):
        ev.split_by_group(["a", "b", "a", "b"], 0.5, 0, labels=[0, 1, 0])


def test_split_by_item():
    train, test = ev.split_by_item(101, 0.2, 3)
    assert len(test) == 20 and sorted([*train, *test]) == list(range(101))
    with pytest.raises(ValueError, match="at least two items"):
        ev.split_by_item(1, 0.2, 3)


# ---- confusion


def test_confusion_agrees_with_sklearn_and_has_truth_in_rows():
    y, pred, _ = made()
    cm = ev.confusion(y, pred, 4)
    assert np.array_equal(cm, metrics.confusion_matrix(y, pred))
    assert ev.accuracy(cm) == pytest.approx(metrics.accuracy_score(y, pred))
    assert ev.macro_recall(cm) == pytest.approx(metrics.balanced_accuracy_score(y, pred))
    assert ev.confusion([0, 0], [1, 1], 2)[0, 1] == 2


def test_the_total_of_a_confusion_matrix_is_guarded():
    y, pred, _ = made()
    cm = ev.confusion(y, pred, 4)
    ev.check_total(cm, len(y))
    with pytest.raises(ValueError, match="adds up to 1,200 items, but 1,300"):
        ev.check_total(cm, 1300)
    with pytest.raises(ValueError, match="adds up to 2,400.*earlier pass"):
        ev.check_total(cm + cm, len(y))
    with pytest.raises(ValueError, match=r"adds up to 2 items, but 4.*outside 0 to 2: \[-1, 3\]"):
        ev.confusion([0, 1, 3, 2], [0, 1, 1, -1], 3)


@pytest.mark.parametrize(
    "y_true, y_pred, says",
    [
        ([0, 1, 2], [0, 1], "3 true labels but 2 predictions"),
        ([], [], "not empty"),
        (np.eye(3), [0, 1, 2], "One-hot"),
        (["a", "b"], [0, 1], "whole numbers"),
        ([0.5, 1], [0, 1], "whole numbers"),
        ([0, np.nan], [0, 1], "whole numbers"),
    ],
)
def test_confusion_refuses_bad_labels(y_true, y_pred, says):
    with pytest.raises(ValueError, match=says):
        ev.confusion(y_true, y_pred, 3)


def test_column_labels_and_whole_floats_are_fine():
    assert np.array_equal(ev.confusion([[0], [1]], np.float32([0, 1]), 2), np.eye(2))


def test_a_class_without_items_is_left_out_of_the_macro_recall():
    cm = ev.confusion([0, 0, 1, 1], [0, 0, 1, 2], 3)
    assert np.isnan(ev.recalls(cm)[2]) and ev.macro_recall(cm) == 0.75


def test_scores_refuse_a_matrix_that_is_none():
    with pytest.raises(ValueError, match="square"):
        ev.accuracy(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="empty"):
        ev.accuracy(np.zeros((2, 2)))


# ---- intervals


def test_bootstrap_over_items_has_the_width_of_the_binomial():
    correct = np.arange(2000) % 5 > 0
    low, high = ev.bootstrap(correct, n_boot=4000)
    half = 1.96 * np.sqrt(0.8 * 0.2 / 2000)
    assert low == pytest.approx(0.8 - half, abs=0.1 * half)
    assert high == pytest.approx(0.8 + half, abs=0.1 * half)


def test_bootstrap_over_groups_is_as_wide_as_drawing_them_one_by_one():
    y, pred, groups = made(n=900)
    correct = y == pred
    names = np.unique(groups)
    rng = np.random.default_rng(1)
    right, total = (np.array([f(correct[groups == g]) for g in names]) for f in (np.sum, np.size))
    taken = rng.integers(len(names), size=(20_000, len(names)))
    draws = right[taken].sum(axis=1) / total[taken].sum(axis=1)
    low, high = ev.bootstrap(correct, groups, 20_000, 2)
    assert (low, high) == pytest.approx(tuple(np.quantile(draws, [0.025, 0.975])), abs=0.004)
    assert high - low > 0.1


def test_intervals_over_recordings_are_wider_and_those_over_single_items_equal_no_groups():
    y, pred, groups = made()
    width = [np.diff(ev.bootstrap(y == pred, g, 4000))[0] for g in (groups, None, np.arange(len(y)))]
    assert width[0] > 2 * width[1]
    assert width[1] == pytest.approx(width[2], rel=0.1)


def test_a_single_wrong_item_counts():
    low, high = ev.bootstrap([True] * 9 + [False], n_boot=20_000)
    assert (low, high) == (0.7, 1.0)  # at least 2.5 % of the draws hold it three times: binomial(10, 0.1)


@pytest.mark.full
def test_the_interval_holds_the_truth_as_often_as_it_says():
    hits = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        skill = rng.beta(7, 3, size=60)  # true accuracy 0.7 over all recordings there could be
        groups = np.repeat(np.arange(60), 40)
        low, high = ev.bootstrap(rng.random(2400) < skill[groups], groups, 1000, seed)
        hits += low <= 0.7 <= high
    assert 0.91 <= hits / 400 <= 0.98


def test_bootstrap_is_seeded_and_knows_its_limits():
    y, pred, groups = made()
    assert ev.bootstrap(y == pred, groups, seed=1) == ev.bootstrap(y == pred, groups, seed=1)
    assert ev.bootstrap(y == pred, groups, seed=1) != ev.bootstrap(y == pred, groups, seed=2)
    assert np.isnan(ev.bootstrap(y == pred, np.zeros(len(y)))).all()
    with pytest.raises(ValueError, match="groups for"):
        ev.bootstrap(y == pred, groups[:5])
    with pytest.raises(ValueError, match="whether it was right"):
        ev.bootstrap([0.5, 1])
    with pytest.raises(ValueError, match="at least one"):
        ev.bootstrap([])


def test_draws_in_several_chunks_are_as_many_as_asked_for():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(3000), rng.integers(1, 40, 3000))
    correct = rng.random(len(groups)) < 0.6
    right, total = ev._draws(np.zeros(len(groups), int), correct, 1, groups, 1500, 0)
    assert right.shape == total.shape == (1500, 1)
    assert (right / total).mean() == pytest.approx(correct.mean(), abs=0.003)


# ---- report


def test_report_holds_the_scores_and_prints_all_that_a_score_needs():
    y, pred, groups = made()
    r = ev.report(y, pred, "practice-notes (practice, rendered)", CLASSES, groups, group_name="recording")
    assert r.n == 1200 and r.n_groups == 24 and r.over == "24 recordings"
    assert r.accuracy == pytest.approx((y == pred).mean())
    assert r.accuracy_interval == ev.bootstrap(y == pred, groups)
    assert r.macro_recall_interval[0] < r.macro_recall < r.macro_recall_interval[1]
    assert r.per_class[1] == ("flute", int((y == 1).sum()), 6, pytest.approx((pred[y == 1] == 1).mean()))
    for text in (repr(r), r._repr_html_()):
        for fact in ("practice-notes (practice, rendered)", "1,200 items in 24 recordings", f"{r.accuracy:.3f}",
                     f"{r.accuracy_interval[0]:.3f} to {r.accuracy_interval[1]:.3f}", "bootstrap over 24 recordings",
                     "flute", "most often taken for"):  # fmt: skip
            assert fact in text
    html = r._repr_html_()
    assert "<caption" in html and html.count('scope="col"') == 5 and html.count('scope="row"') == 4
    with pytest.raises(ValueError, match="read-only"):
        r.confusion[0, 0] = 1


def test_report_over_items_says_so():
    y, pred, _ = made()
    r = ev.report(y, pred, "my notes", CLASSES)
    assert r.over == "1,200 items" and r.per_class[0].n_groups is None
    assert "no groups" in repr(r) and "over 1,200 items" in repr(r)


def test_report_says_how_far_it_can_be_trusted():
    y = np.tile([0, 1], 10)
    one = ev.report(y, 1 - y, "d", CLASSES, np.zeros(20), group_name="song")
    assert "no interval (only 1 song)" in repr(one) and "One song only" in repr(one)
    few = ev.report(y, y, "d", CLASSES, np.arange(20) // 5, group_name="song")
    assert "Only 4 songs" in repr(few) and "Nothing was wrong" in repr(few)
    assert "No items of horn, sax" in repr(few)
    assert few.macro_recall == 1


def test_report_takes_probabilities_and_refuses_bad_ones():
    y, pred, groups = made()
    proba = np.eye(4)[pred] * 0.6 + 0.1
    assert ev.report(y, proba, "d", CLASSES, groups).accuracy == ev.report(y, pred, "d", CLASSES, groups).accuracy
    proba[7, 2] = np.nan
    with pytest.raises(ValueError, match="item 7 is not finite"):
        ev.report(y, proba, "d", CLASSES)
    with pytest.raises(ValueError, match=r"\(1200, 4\); it is \(1200, 5\)"):
        ev.report(y, np.ones((1200, 5)), "d", CLASSES)
    with pytest.raises(ValueError, match="name of its data"):
        ev.report(y, pred, " ", CLASSES)


def test_report_names_the_largest_confusion():
    r = ev.report([0] * 10 + [1] * 5, [1] * 4 + [0] * 6 + [1] * 5, "d", ["a", "b"])
    assert r.confusions() == [("a", "b", 4, 0.4)]


def test_class_names_are_escaped():
    r = ev.report([0, 1], [0, 1], "<b>", ["<script>", "b"], [0, 1])
    assert "<script>" not in r._repr_html_() and "<b>" not in r._repr_html_()


# ---- dummies, distances, calibration


def test_dummies_know_the_training_labels_only():
    y_train = np.array([0] * 60 + [1] * 30 + [2] * 10)
    y_test = np.array([1] * 3000 + [2] * 1000)
    pred = ev.dummy_predictions(y_train, 4000, 4, 0)
    assert set(pred["most frequent"]) == {0} and 3 not in pred["stratified"] and 3 in pred["uniform"]
    scores = ev.dummies(y_train, y_test, 4, 0)
    assert scores["most frequent"] == {"accuracy": 0, "macro_recall": 0}
    assert scores["stratified"]["accuracy"] == pytest.approx(0.75 * 0.3 + 0.25 * 0.1, abs=0.03)
    assert scores["uniform"]["accuracy"] == pytest.approx(0.25, abs=0.03)
    with pytest.raises(ValueError, match="3 classes"):
        ev.dummies([0, 5], [0, 1], 3, 0)


def test_nearest_distance_finds_copies_beside_a_large_offset():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 12)) * np.logspace(-3, 3, 12) + 1e4
    X[:, 3] = 7.0
    T = rng.normal(size=(80, 12)) * np.logspace(-3, 3, 12) + 1e4
    T[:, 3] = 7.0
    T[5] = X[77]
    scale = np.where(np.arange(12) == 3, 1, X.std(axis=0))
    full = np.linalg.norm((T[:, None] - X[None]) / scale, axis=2).min(axis=1)
    found = ev.nearest_distance(X, T)
    assert found[5] == 0 and np.isfinite(found).all()
    assert found == pytest.approx(full, abs=1e-6)


def test_calibration_of_a_model_that_is_right_as_often_as_it_says():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.5, 1, 40_000)
    proba = np.stack([p, 1 - p], axis=1)
    y = (rng.random(40_000) > p).astype(int)
    c = ev.calibration(y, proba)
    assert c.error < 0.02 and c.count.sum() == 40_000 and not c.count[:5].any()
    assert np.isnan(c.accuracy[:5]).all()
    assert c.log_loss == pytest.approx(metrics.log_loss(y, proba), rel=1e-6)
    sure = np.where(proba > 0.5, 0.999, 0.001)
    assert ev.calibration(y, sure).error == pytest.approx(0.25, abs=0.01)


def test_calibration_refuses_what_are_no_probabilities():
    with pytest.raises(ValueError, match="sum to 1.5 to 2.*sigmoid"):
        ev.calibration([0, 1], [[1, 0.5], [1, 1]])
    with pytest.raises(ValueError, match="labels run from 0 to 2"):
        ev.calibration([0, 2], [[1, 0], [0, 1]])
    with pytest.raises(ValueError, match="needs probabilities"):
        ev.calibration([0, 1], [0.2, 0.8])


# ---- scores


def test_split_interval_does_not_shrink_to_nothing_with_many_splits():
    rng = np.random.default_rng(0)
    few, many = (rng.normal(0.8, 0.05, n) for n in (10, 1000))
    mean, low, high = ev.split_interval(few, 0.2)
    assert mean == pytest.approx(few.mean())
    half = 2.2622 * np.sqrt((0.1 + 0.25) * few.var(ddof=1))  # t(0.975, 9) from a table
    assert (low, high) == pytest.approx((mean - half, mean + half), abs=1e-4)
    assert np.diff(ev.split_interval(many, 0.2)[1:]) > 0.09  # sqrt(1 / 4) * 2 * 1.96 * 0.05, and not 0.006
    with pytest.raises(ValueError, match="at least two splits"):
        ev.split_interval([0.5], 0.2)


@pytest.mark.parametrize(
    ("noun", "many"),
    [("recording", "recordings"), ("pitch", "pitches"), ("class", "classes"), ("family", "families"), ("series", "series"),
     ("day", "days")],
)  # fmt: skip
def test_reports_count_in_plain_english(noun, many):
    r = ev.report([0, 1, 0, 1], [0, 1, 1, 1], "d", ["a", "b"], [0, 0, 1, 2], group_name=noun)
    assert r.over == f"3 {many}" and many in str(r)


def _reports(accuracies, data="d", n=200):
    y = np.arange(n) % len(CLASSES)
    return [ev.report(y, np.where(np.arange(n) < round(a * n), y, (y + 1) % len(CLASSES)), data, CLASSES, n_boot=10)
            for a in accuracies]  # fmt: skip


def test_gain_over_splits_is_the_interval_of_the_differences():
    luck = np.array([0.0, 0.2, -0.2, 0.1, -0.1])  # the splits differ far more than the models
    gain = ev.gain_over_splits(_reports(0.6 + luck), _reports(0.64 + luck + [0.0, 0.01, -0.01, 0.0, 0.0]), 0.2)
    np.testing.assert_allclose(gain.gains, [0.04, 0.05, 0.03, 0.04, 0.04], atol=1e-9)
    half = 2.7764 * np.sqrt((0.2 + 0.25) * np.var(gain.gains, ddof=1))  # t(0.975, 4) from a table
    assert (gain.mean, gain.low, gain.high) == pytest.approx((0.04, 0.04 - half, 0.04 + half), abs=1e-5)
    assert gain.verdict == "the second is better"
    for fact in ("d: gain on each split +0.040, +0.050, +0.030", "mean +0.040", "over 5 random splits", "is better"):
        assert fact in str(gain)
    back = ev.gain_over_splits(_reports(0.64 + luck), _reports(0.6 + luck), 0.2)
    assert back.verdict == "the second is worse" and back.high < 0


def test_gain_over_splits_says_when_splits_cannot_tell():
    gain = ev.gain_over_splits(_reports([0.6, 0.7, 0.8]), _reports([0.7, 0.6, 0.81]), 0.2)
    assert gain.low < 0 < gain.high and gain.verdict == "these splits cannot tell the two apart"


def test_gain_over_splits_wants_pairs_on_the_same_items():
    reports = _reports([0.6, 0.7])
    with pytest.raises(ValueError, match="2 and 1 reports"):
        ev.gain_over_splits(reports, reports[:1], 0.2)
    with pytest.raises(ValueError, match="at least two splits"):
        ev.gain_over_splits(reports[:1], reports[:1], 0.2)
    with pytest.raises(ValueError, match="same data"):
        ev.gain_over_splits(reports, _reports([0.6, 0.7], data="other"), 0.2)
    with pytest.raises(ValueError, match="split 1 were not made on the same test items"):
        ev.gain_over_splits(reports, [reports[0], *_reports([0.7], n=201)], 0.2)
    with pytest.raises(ValueError, match="test_share"):
        ev.gain_over_splits(reports, reports, 20)


def test_a_score_needs_its_data_and_an_interval_or_a_source():
    fine = {"model": "Dense 256", "data": "d", "split": "by recording", "accuracy": 0.8}
    ev.Score(**fine, interval=(0.7, 0.9), over="18 recordings")
    ev.Score(**fine, source="Han et al. 2017")
    for change, says in (
        ({}, "no interval"),
        ({"interval": (0.7, 0.9)}, "over what"),
        ({"interval": (0.81, 0.9), "over": "18 recordings"}, "does not hold"),
        ({"data": "", "source": "s"}, "name of its data"),
        ({"accuracy": 80.0, "source": "s"}, "per cent"),
        ({"macro_recall": -0.1, "source": "s"}, "macro recall"),
    ):
        with pytest.raises(ValueError, match=says):
            ev.Score(**{**fine, **change})


def three_scores():
    y, pred, groups = made()
    r = ev.report(y, pred, "practice-notes (practice, rendered)", CLASSES, groups, group_name="recording")
    others = [ev.report(y, made(seed)[1], r.data, CLASSES, groups, group_name="recording") for seed in (1, 2, 3)]
    return [
        ev.Score.of(r, model="Dense 256", split="by item", kind="as written"),
        ev.Score.over_splits(others, 0.2, model="Dense 256", split="by recording", kind="repaired"),
        ev.Score("Convnet", "IRMAS", "official", 0.6, source="Han et al. 2017", kind="best published"),
    ]


def test_score_table_reads_well_and_carries_its_rows():
    scores = three_scores()
    shown = ev.score_table(scores, "As written & repaired")._repr_mimebundle_()
    assert set(shown) == {"text/html", "text/plain", ev.SCORES_MIME}
    for text in (shown["text/html"], shown["text/plain"]):
        for fact in ("as written", "repaired", "best published", "over 24 recordings", "over 3 random splits",
                     "not published", "source: Han et al. 2017", "practice-notes (practice, rendered)"):  # fmt: skip
            assert fact in text
    assert "As written &amp; repaired</caption>" in shown["text/html"]
    assert shown["text/html"].count('scope="col"') == 5 and shown["text/html"].count('scope="row"') == 3
    rows = shown[ev.SCORES_MIME]
    assert rows[0]["accuracy"] == scores[0].accuracy and rows[0]["interval"] == list(scores[0].interval)
    assert rows[2]["interval"] is None and rows[2]["source"]
    with pytest.raises(ValueError, match="no scores"):
        ev.score_table([], "nothing")


def test_scores_over_splits_are_of_one_data_set():
    y, pred, groups = made()
    reports = [ev.report(y, pred, name, CLASSES, groups) for name in ("one", "two")]
    with pytest.raises(ValueError, match="same data"):
        ev.Score.over_splits(reports, 0.2, model="m", split="s")


def test_a_score_of_one_recording_says_why_it_has_no_interval():
    r = ev.report([0, 1], [0, 0], "d", ["a", "b"], [0, 0], group_name="recording")
    score = ev.Score.of(r, model="m", split="s")
    assert score.interval is None and "only 1 recording" in ev.score_table([score], "t").text


def test_show_scores_writes_its_rows_into_an_executed_notebook():
    import nbformat
    from nbclient import NotebookClient
    from nbformat import v4

    code = (
        "from helpers import evaluate\n"
        "evaluate.show_scores([evaluate.Score('Convnet', 'IRMAS', 'official', 0.6, source='Han 2017')], 'Scores')"
    )
    nb = v4.new_notebook(cells=[v4.new_code_cell(code)])
    NotebookClient(nb, timeout=60, kernel_name="python3").execute()
    nb = nbformat.reads(nbformat.writes(nb), 4)
    nbformat.validate(nb)
    (output,) = nb.cells[0].outputs
    assert output["data"][ev.SCORES_MIME][0]["model"] == "Convnet"
    assert "<caption" in output["data"]["text/html"] and "Han 2017" in output["data"]["text/plain"]


def test_show_scores_prints_text_where_there_is_no_notebook(capsys):
    ev.show_scores(three_scores(), "Scores of lesson 2")
    out = capsys.readouterr().out
    assert out.startswith("Scores of lesson 2") and "<table" not in out


def test_importing_loads_nothing_heavy():
    code = (
        "import sys, helpers.evaluate, helpers.plots, helpers.player\n"
        "print(sorted({'scipy', 'sklearn', 'matplotlib', 'IPython', 'librosa', 'soundfile'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ---- several labels at a time


def labels_made(seed=0, n=300, n_labels=5, right=0.8):
    """Truth, answers and scores of items with several labels."""
    rng = np.random.default_rng(seed)
    truth = rng.random((n, n_labels)) < np.linspace(0.1, 0.6, n_labels)
    said = np.where(rng.random(truth.shape) < right, truth, ~truth)
    return truth, said, rng.normal(size=truth.shape) + truth


@pytest.mark.parametrize("seed", range(10))
def test_multilabel_scores_are_those_of_scikit_learn(seed):
    truth, said, scores = labels_made(seed, n_labels=3 + seed % 4)
    truth[:, 0] = said[:, 0] = seed % 2 == 0  # a label that never occurs, or always
    got = ev.multilabel(truth.astype(float), said.astype(int))
    assert got["exact"] == pytest.approx(metrics.accuracy_score(truth, said))
    assert got["per_label"] == pytest.approx(1 - metrics.hamming_loss(truth, said))
    for average in ("micro", "macro"):
        wanted = metrics.f1_score(truth, said, average=average, zero_division=0)
        assert got[f"{average}_f1"] == pytest.approx(wanted)
    for ranked in (scores, np.round(scores)):  # with ties
        wanted = metrics.label_ranking_average_precision_score(truth, ranked)
        assert ev.label_ranking(truth, ranked) == pytest.approx(wanted)
    rep = ev.multilabel_report(truth, said, "notes", list("abcdefg"[: truth.shape[1]]), scores=scores, n_boot=20)
    assert rep.scores == pytest.approx({**got, "ranking": ev.label_ranking(truth, scores)})
    wanted = metrics.precision_recall_fscore_support(truth, said, zero_division=np.nan)
    for c, (_, there, n_said, *shares) in enumerate(rep.per_label):
        assert (there, n_said) == (truth[:, c].sum(), said[:, c].sum())
        if there and n_said:
            assert shares == pytest.approx([part[c] for part in wanted[:3]])


def test_nothing_said_and_nothing_there_scores_zero_without_a_warning(recwarn):
    truth, said, _ = labels_made()
    assert ev.multilabel(truth, 0 * said)["macro_f1"] == ev.multilabel(0 * truth, 0 * said)["micro_f1"] == 0
    rep = ev.multilabel_report(0 * truth, 0 * said, "notes", list("abcde"), n_boot=20)
    assert rep.scores["exact"] == 1 and np.isnan(rep.per_label[0][3:]).all()
    assert not recwarn.list


def test_interval_of_exact_match_is_that_of_single_right_and_wrong_items():
    truth, said, _ = labels_made(n=400)
    rep = ev.multilabel_report(truth, said, "notes", list("abcde"), n_boot=4000)
    low, high = ev.bootstrap((truth == said).all(axis=1), n_boot=4000)
    assert rep.intervals["exact"] == pytest.approx((low, high), abs=0.01)
    assert rep.over == "400 items"


def test_intervals_are_wider_over_few_songs_and_widest_where_items_are_made_of_two():
    rng = np.random.default_rng(0)
    first, second = rng.integers(20, size=(2, 800))
    easy = rng.random(20) < 0.5  # items with a hard song fail
    truth = rng.random((800, 4)) < 0.5
    hard = ~(easy[first] & easy[second])
    said = np.where(hard[:, None] & (rng.random((800, 4)) < 0.5), ~truth, truth)

    def width(groups):
        low, high = ev.multilabel_report(truth, said, "mixes", list("abcd"), groups, group_name="song").intervals["exact"]
        return high - low

    names = np.array([f"song {i}" for i in range(20)])
    assert width(None) * 1.5 < width(names[first]) < width(np.stack([names[first], names[second]], axis=1))


def test_two_columns_of_one_group_are_no_more_than_items_counted_twice():
    """Where both parents are one and the same, a draw counts squared: other weights, the same point estimate."""
    truth, said, _ = labels_made(n=120)
    groups = np.repeat(np.arange(12), 10)
    once = ev.multilabel_report(truth, said, "mixes", list("abcde"), groups)
    twice = ev.multilabel_report(truth, said, "mixes", list("abcde"), np.stack([groups, groups], axis=1))
    assert once.scores == twice.scores and once.over == "12 groups" == twice.over


def test_one_song_gives_no_interval():
    truth, said, _ = labels_made(n=30)
    rep = ev.multilabel_report(truth, said, "notes", list("abcde"), np.zeros(30, dtype=int), group_name="song")
    assert all(np.isnan(interval).all() for interval in rep.intervals.values())
    assert "no interval (only 1 song)" in repr(rep)
    assert ev.Score.of_labels(rep, "net", "by song").over == "none: only 1 song"


def test_the_report_reads_as_text_and_as_a_table():
    truth, said, scores = labels_made()
    rep = ev.multilabel_report(truth, said, "notes (practice)", ["gac", "pia", "tru", "vio", "voi"], scores=scores)
    for text in (repr(rep), rep._repr_html_()):
        for words in ("notes (practice)", "xact match", "acro F1", "icro F1", "abel ranking", "vio", "300 items"):
            assert words in text


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda t, s, p: ev.multilabel(t, s[:, :3]), "one shape"),
        (lambda t, s, p: ev.multilabel(t[:0], s[:0]), "not empty"),
        (lambda t, s, p: ev.multilabel(t, p), "threshold first"),
        (lambda t, s, p: ev.label_ranking(t, p * np.inf), "not finite"),
        (lambda t, s, p: ev.label_ranking(t, p[:5]), "shape"),
        (lambda t, s, p: ev.multilabel_report(t, s, " ", list("abcde")), "name of its data"),
        (lambda t, s, p: ev.multilabel_report(t, s, "notes", list("abc")), "5 label names"),
        (lambda t, s, p: ev.multilabel_report(t, s, "notes", list("abcde"), np.arange(7)), "7 groups for 300"),
    ],
)
def test_multilabel_refuses(call, words):
    with pytest.raises(ValueError, match=words), np.errstate(invalid="ignore"):
        call(*labels_made())


def test_scores_of_labels_stand_under_their_own_names_and_not_beside_accuracies():
    truth, said, _ = labels_made()
    rep = ev.multilabel_report(truth, said, "notes", list("abcde"))
    score = ev.Score.of_labels(rep, "net", "by song", kind="repaired")
    shown = ev.score_table([score], "Scores")
    assert "exact match" in shown.text and "macro F1" in shown.text and "accuracy" not in shown.text
    row = shown.extra[ev.SCORES_MIME][0]
    assert row["measures"] == ["exact match", "macro F1"]
    ev.score_table([score, ev.Score(**row)], "Scores")  # a row that was kept as JSON stands in a table again
    other = ev.Score("net", "notes", "by song", 0.5, source="a report")
    with pytest.raises(ValueError, match="cannot stand in one column"):
        ev.score_table([score, other], "Scores")
    with pytest.raises(ValueError, match="macro F1 of 'net'"):
        ev.Score("net", "notes", "by song", 0.5, None, 70, source="a report", measures=("exact match", "macro F1"))


def test_folds_keep_groups_whole_and_deal_classes_out():
    rng = np.random.default_rng(0)
    labels_of = np.repeat([0, 1, 2], [12, 5, 2])  # classes of groups
    index = rng.integers(0, 19, 400)
    names = np.array([f"work {number}" for number in rng.permutation(19)])
    fold = ev.folds_by_group(names[index], 3, 1, labels_of[index])
    assert all(len(set(fold[index == g])) == 1 for g in set(index)) and set(fold) == {0, 1, 2}
    assert all(len(set(fold[labels_of[index] == c])) >= 2 for c in range(3))
    assert np.array_equal(fold, ev.folds_by_group(names[index], 3, 1, labels_of[index]))
    assert not np.array_equal(fold, ev.folds_by_group(names[index], 3, 2, labels_of[index]))
    for wrong in (1, 20):
        with pytest.raises(ValueError, match="folds of 19 groups"):
            ev.folds_by_group(names[index], wrong, 0, labels_of[index])
    with pytest.raises(ValueError, match="without groups"):
        ev.folds_by_group(None, 3, 0, labels_of[index])


def test_the_surest_labels_of_each_item():
    scores = np.array([[-3.0, -1.0, -2.0], [0.5, 0.5, 0.5]])
    assert ev.surest(scores, 1).tolist() == [[0, 1, 0], [1, 0, 0]]
    assert ev.surest(scores, 2).tolist() == [[0, 1, 1], [1, 1, 0]]
    assert ev.surest(scores, 3).all()
    for bad, k in ((scores[0], 1), (scores, 0), (scores, 4)):
        with pytest.raises(ValueError, match="k from 1 to n_labels"):
            ev.surest(bad, k)
    with pytest.raises(ValueError, match="NaN"):
        ev.surest(np.array([[0.1, np.nan]]), 1)


def test_a_single_name_is_a_name():
    rep = ev.multilabel_report(np.array([[1], [0], [1]]), np.array([[1], [1], [1]]), "notes", "flute", n_boot=20)
    assert rep.names == ("flute",)
    with pytest.raises(ValueError, match="3 label names are needed, one a column; there are 1"):
        ev.multilabel_report(np.eye(3, dtype=int), np.eye(3, dtype=int), "notes", "abc")
    assert ev.report([0, 0], [0, 0], "notes", "flute", n_boot=20).classes == ("flute",)
