"""Old calls, run on the versions of today: each fails, and its message says what to write now."""

import importlib
import linecache
import re
import subprocess
import sys

import pytest

from helpers import _outdated, checks
from tests.conftest import ROOT

NET = """
import keras, numpy as np
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, activation="softmax")])
X, Y = np.zeros((4, 2)), np.zeros((4, 3))
model.compile("sgd", "mse")
"""
FRAME = "import pandas as pd\ndf, series = pd.DataFrame({'a': [1, 2]}), pd.Series([1, 2])\n"
AXES = "import matplotlib.pyplot as plt\n_, ax = plt.subplots()\n"

# Old code for the rows of the table that name no module's attribute (that is written from the row's name).
CODE = {
    "keras.backend": "from keras import backend as K\nK.mean(1)",
    "keras.Model.fit_generator": NET + "model.fit_generator(X)",
    "keras.Model.evaluate_generator": NET + "model.evaluate_generator(X)",
    "keras.Model.predict_generator": NET + "model.predict_generator(X)",
    "keras.Model.predict_classes": NET + "model.predict_classes(X)",
    "keras.Model.predict_proba": NET + "model.predict_proba(X)",
    "keras.Model.reset_states": NET + "model.reset_states()",
    "keras.Layer.output_shape": NET + "model.layers[0].output_shape",
    "keras.Layer.input_shape": NET + "model.layers[0].input_shape",
    "keras.Layer.get_output_at": NET + "model.layers[0].get_output_at(0)",
    "keras.BaseOptimizer.lr": NET + "model.optimizer.lr",
    "keras(lr=)": "import keras\nkeras.optimizers.Adam(lr=0.1)",
    "keras(nb_epoch=)": NET + "model.fit(X, Y, nb_epoch=1)",
    "keras(samples_per_epoch=)": NET + "model.fit(X, Y, samples_per_epoch=4)",
    "keras(show_accuracy=)": NET + "model.fit(X, Y, show_accuracy=True)",
    "keras(class_mode=)": NET + "model.compile('sgd', 'mse', class_mode='categorical')",
    "keras(sample_weight_mode=)": NET + "model.compile('sgd', 'mse', sample_weight_mode='temporal')",
    "keras(workers=)": NET + "model.fit(X, Y, workers=2)",
    "keras(use_multiprocessing=)": NET + "model.fit(X, Y, use_multiprocessing=True)",
    "keras.Model(input=)": NET + "keras.Model(input=model.inputs, outputs=model.outputs)",
    "keras.Model(output=)": NET + "keras.models.Model(inputs=model.inputs, output=model.outputs)",
    "keras(output_dim=)": "from keras.layers import Dense\nDense(output_dim=3, activation='relu')",
    "keras(init=)": "import keras\nkeras.layers.Dense(3, init='uniform')",
    "keras(W_regularizer=)": "import keras\nkeras.layers.Dense(3, W_regularizer='l2')",
    "keras(weights=)": "import keras\nkeras.layers.Dense(3, weights=[])",
    "keras(border_mode=)": "import keras\nkeras.layers.Conv2D(3, 3, border_mode='same')",
    "keras(subsample=)": "import keras\nkeras.layers.Conv2D(3, 3, subsample=(2, 2))",
    "keras(dim_ordering=)": "import keras\nkeras.layers.Conv2D(3, 3, dim_ordering='tf')",
    "keras(nb_filter=)": "import keras\nkeras.layers.Conv1D(nb_filter=3, kernel_size=3)",
    "keras(filter_length=)": "import keras\nkeras.layers.Conv1D(3, filter_length=3)",
    "keras(pool_length=)": "import keras\nkeras.layers.MaxPooling1D(pool_length=2)",
    "keras.Dropout(p=)": "import keras\nkeras.layers.Dropout(p=0.5)",
    "keras(dropout_W=)": "import keras\nkeras.layers.LSTM(3, dropout_W=0.2)",
    "keras(dropout_U=)": "import keras\nkeras.layers.LSTM(3, dropout_U=0.2)",
    "keras(consume_less=)": "import keras\nkeras.layers.LSTM(3, consume_less='gpu')",
    "keras(time_major=)": "import keras\nkeras.layers.LSTM(3, time_major=True)",
    "keras(input_length=)": "import keras\nkeras.layers.LSTM(3, input_dim=4, input_length=3)",
    "keras(batch_input_shape=)": "import keras\nkeras.layers.LSTM(3, batch_input_shape=(1, 4, 2), stateful=True)",
    "keras(return_sequence=)": "import keras\nkeras.layers.LSTM(3, return_sequence=True)",
    "keras(concat_axis=)": "import keras\nkeras.layers.concatenate([1, 2], concat_axis=1)",
    "keras(nb_classes=)": "import keras\nkeras.utils.to_categorical([0, 1], nb_classes=2)",
    "keras(period=)": "import keras\nkeras.callbacks.ModelCheckpoint('best.keras', period=1)",
    "keras(write_grads=)": "import keras\nkeras.callbacks.TensorBoard(write_grads=True)",
    "keras(l=)": "from keras.regularizers import l2\nl2(l=0.1)",
    "numpy(normed=)": "import numpy as np\nnp.histogram([1, 2], normed=True)",
    "pandas.DataFrame.append": FRAME + "df.append({'a': 3}, ignore_index=True)",
    "pandas.Series.append": FRAME + "series.append(series)",
    "pandas.NDFrame.ix": FRAME + "df.ix[0]",
    "pandas.NDFrame.as_matrix": FRAME + "df.as_matrix()",
    "pandas.NDFrame.get_values": FRAME + "series.get_values()",
    "pandas.NDFrame.get_value": FRAME + "df.get_value(0, 'a')",
    "pandas.NDFrame.set_value": FRAME + "df.set_value(0, 'a', 2)",
    "pandas.NDFrame.iteritems": FRAME + "series.iteritems()",
    "pandas.NDFrame.sort": FRAME + "df.sort('a')",
    "pandas.NDFrame.order": FRAME + "series.order()",
    "pandas.NDFrame.mad": FRAME + "df.mad()",
    "pandas.NDFrame.select": FRAME + "df.select(bool)",
    "pandas.NDFrame.tshift": FRAME + "df.tshift(1)",
    "pandas.NDFrame.convert_objects": FRAME + "df.convert_objects()",
    "pandas.NDFrame.reindex_axis": FRAME + "df.reindex_axis(['a'], axis=1)",
    "pandas.NDFrame.ftypes": FRAME + "df.ftypes",
    "pandas.NDFrame.get_dtype_counts": FRAME + "df.get_dtype_counts()",
    "pandas.Series.nonzero": FRAME + "series.nonzero()",
    "pandas.Series.is_monotonic": FRAME + "series.is_monotonic",
    "pandas.DataFrame.lookup": FRAME + "df.lookup([0], ['a'])",
    "pandas.DataFrame.from_csv": FRAME + "pd.DataFrame.from_csv('x.csv')",
    "pandas.DataFrame.from_items": FRAME + "pd.DataFrame.from_items([('a', [1])])",
    "pandas(error_bad_lines=)": FRAME + "pd.read_csv('x.csv', error_bad_lines=False)",
    "pandas(squeeze=)": FRAME + "pd.read_csv('x.csv', squeeze=True)",
    "sklearn.BaseEstimator.get_feature_names": (
        "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder().fit([[1], [2]]).get_feature_names()"
    ),
    "sklearn.BaseEstimator.grid_scores_": "from sklearn.model_selection import GridSearchCV\nGridSearchCV(None, {}).grid_scores_",
    "sklearn.KFold()": "from sklearn.model_selection import KFold\nKFold(10, 3)",
    "sklearn.StratifiedKFold()": "from sklearn.model_selection import StratifiedKFold\nStratifiedKFold([0, 1], 3)",
    "sklearn.StratifiedShuffleSplit()": (
        "from sklearn.model_selection import StratifiedShuffleSplit\nStratifiedShuffleSplit([0, 1], 3, test_size=0.5)"
    ),
    "sklearn(n_folds=)": "from sklearn.model_selection import KFold\nKFold(10, n_folds=3)",
    "sklearn.StratifiedShuffleSplit(n_iter=)": (
        "from sklearn.model_selection import StratifiedShuffleSplit\nStratifiedShuffleSplit(n_iter=3)"
    ),
    "sklearn(n_iter=)": "from sklearn.linear_model import SGDClassifier\nSGDClassifier(n_iter=5)",
    "sklearn(normalize=)": "from sklearn.linear_model import LinearRegression\nLinearRegression(normalize=True)",
    "sklearn.OneHotEncoder(sparse=)": "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(sparse=False)",
    "sklearn(categorical_features=)": "from sklearn.preprocessing import OneHotEncoder\nOneHotEncoder(categorical_features=[0])",
    "sklearn(base_estimator=)": "from sklearn.ensemble import AdaBoostClassifier\nAdaBoostClassifier(base_estimator=None)",
    "sklearn(squared=)": "from sklearn.metrics import mean_squared_error\nmean_squared_error([0], [0], squared=False)",
    "sklearn.KMeans(n_jobs=)": "from sklearn.cluster import KMeans\nKMeans(n_clusters=2, n_jobs=2)",
    "sklearn.MLPClassifier(algorithm=)": "from sklearn.neural_network import MLPClassifier\nMLPClassifier(algorithm='adam')",
    "matplotlib.Legend.legendHandles": AXES + "ax.plot([1, 2], label='a')\nax.legend().legendHandles",
    "matplotlib._AxesBase.set_axis_bgcolor": AXES + "ax.set_axis_bgcolor('k')",
    "matplotlib._AxesBase.set_color_cycle": AXES + "ax.set_color_cycle(['r'])",
    "matplotlib.FigureCanvasBase.set_window_title": AXES + "ax.figure.canvas.set_window_title('x')",
    "matplotlib.ContourSet.collections": AXES + "ax.contour([[1, 2], [3, 4]]).collections",
    "matplotlib.GrouperView.join": AXES + "ax.get_shared_x_axes().join(ax, ax)",
    "matplotlib(axisbg=)": AXES + "plt.subplot(111, axisbg='k')",
    "matplotlib(normed=)": AXES + "ax.hist([1, 2], normed=True)",
    "matplotlib(nonposy=)": AXES + "plt.yscale('log', nonposy='clip')",
    "matplotlib(nonposx=)": AXES + "plt.xscale('log', nonposx='clip')",
    "matplotlib(basex=)": AXES + "ax.semilogx([1, 2], [1, 2], basex=2)",
    "matplotlib(basey=)": AXES + "ax.set_yscale('log', basey=2)",
    "matplotlib(left=)": AXES + "plt.bar(left=[1], height=[1])",
    "matplotlib.gca(projection=)": AXES + "plt.figure().gca(projection='3d')",
    "seaborn(normed=)": "import seaborn as sns\nsns.histplot([1, 2, 3], normed=True)",
    "seaborn(size=)": FRAME + "import seaborn as sns\nsns.lmplot(x='a', y='a', data=df, size=3)",
    "builtins.dict.iteritems": "{}.iteritems()",
    "builtins.dict.itervalues": "{}.itervalues()",
    "builtins.dict.iterkeys": "{}.iterkeys()",
    "builtins.dict.has_key": "{}.has_key(1)",
    "builtins.dict_keys.sort": "{}.keys().sort()",
    "builtins.str.decode": "'x'.decode('utf-8')",
    "builtins.object.next": "iter([1]).next()",
    "builtins(cmp=)": "sorted([1], cmp=lambda a, b: 0)",
    **{
        f"builtins.{name}": f"{name}(3)"
        for name in ("xrange", "unicode", "basestring", "unichr", "long", "raw_input", "reduce", "reload", "cmp")
    },
    "sklearn.datasets.load_boston": None,  # it explains itself: see TEXTS
}

# Old code whose error names no old name: what its message must say.
TEXTS = {
    "{'accuracy': 1}['acc']": "`accuracy` and `val_accuracy`",
    "{'accuracy': 1}['val_acc']": "`accuracy` and `val_accuracy`",
    "import matplotlib\nmatplotlib.rcParams['axes.color_cycle']": "axes.prop_cycle",
    "import keras\nkeras.layers.Input(120)": "`Input(shape=(120,))`",
    "import keras\nkeras.Sequential([keras.layers.Dense(3, input_shape=(120))])": "`Input(shape=(120,))`",
    NET + "model.fit(X, Y, verbose=0, callbacks=[keras.callbacks.EarlyStopping(monitor='val_acc')], validation_data=(X, Y))": (
        "no series is called `val_acc`"
    ),
    NET + "model.compile('sgd', 'mse', ['accuracy'])\nmodel.fit(X, Y, verbose=0)": "write `metrics=[...]`",
    NET + "model.compile('sgd', 'mse', [keras.metrics.MeanSquaredError()])\nmodel.fit(X, Y, verbose=0)": "write `metrics=[...]`",
    "import keras\nkeras.utils.to_categorical([0, 1, 2], 2)": "the largest label plus 1",
    "import tensorflow as tf\ntf.nn.softmax_cross_entropy_with_logits(labels=tf.ones((2, 2)), logits=tf.ones((2, 3)))": (
        "the network has 3 outputs, but the labels have 2 columns"
    ),
    NET + "model.compile('sgd', 'mse', metrics='accuracy')\nmodel.fit(X, Y, verbose=0)": 'write `metrics=["accuracy"]`',
    "import keras\nkeras.callbacks.ModelCheckpoint('best.hdf5')": "the ending `.keras`",
    NET + "model.save_weights('weights.h5')": "the ending `.weights.h5`",
    NET + "model.save('model')": "`model.keras`",
    "from keras.optimizers.legacy import Adam\nAdam()": "without `legacy`",
    "from sklearn.datasets import load_boston": "`sklearn.datasets.load_diabetes`",
    "from scipy.interpolate import interp2d\ninterp2d([1, 2], [1, 2], [[1, 2], [3, 4]])": "`scipy.interpolate.RegularGridInterpolator`",
    "from sklearn.ensemble import RandomForestClassifier\nRandomForestClassifier(max_features='auto').fit([[1], [2]], [0, 1])": (
        '`max_features="sqrt"`'
    ),
    "from sklearn.linear_model import SGDClassifier\nSGDClassifier(loss='log').fit([[1], [2]], [0, 1])": '`loss="log_loss"`',
    "from sklearn.model_selection import KFold\nlist(KFold(3))": "in KFold(...).split(X, y):`",
    "from sklearn.model_selection import train_test_split\ntrain_test_split([1, 2], [1, 2], 0.3)": "write `test_size=`",
    AXES + "ax.imshow([[1]], cmap='spectral')": '`cmap="nipy_spectral"`',
    "import matplotlib.pyplot as plt\nplt.style.use('seaborn-whitegrid')": "`sns.set_theme()`",
    AXES + "ax.grid(b=True)": "write `visible=`",
    "from scipy.stats import mode\nmode([1, 1, 2])[0][0]": "leave the `[0]` out",
    "import numpy as np\nnp.vstack(np.ones(2) for _ in range(2))": "write a list",
    "import numpy as np\nnp.concatenate(x for x in [[1], [2]])": "write a list",
    "import pandas as pd\npd.DataFrame({'a': [1], 'b': ['x']}).mean()": "`numeric_only=True`",
    "{1: 2}.keys()[0]": "write `list(...)` around it",
    "zip([1], [2])[0]": "write `list(...)` around it",
    "len(map(int, ['1']))": "write `list(...)` around it",
    "range(3) + [1]": "write `list(...)` around it",
    "import numpy as np\nnp.linspace(0, 1, 10 / 2)": "write `//`",
    "import numpy as np\nnp.zeros(10 / 2)": "write `//`",
    "[0] * (4 / 2)": "write `//`",
    "[1].sort(lambda a, b: 0)": "write `key=`",
    "print 'x'": "write `print(...)`",
    "try:\n    pass\nexcept ValueError, e:\n    pass": "`except ValueError as error:`",
    "0777": "leave the zeros out",
    # a name in another case
    "import keras\nkeras.optimizers.adam(0.1)": "write `keras.optimizers.Adam`",
    "from keras.optimizers import sgd": "write `keras.optimizers.SGD`",
    "import tensorflow as tf\ntf.keras.utils.np_utils": "write `keras.utils.to_categorical`",
    "from keras.utils.np_utils import to_categorical": "write `keras.utils.to_categorical`",
    "from tensorflow.keras.layers.normalization import BatchNormalization": "from `keras.layers` itself",
    "from keras.api.layers import Dense": "`from keras.layers import Dense`",
    # modules that are no function any more
    "from scipy import fft\nfft([1, 2])": "for example `fft.fft(...)`",
}

# Arguments that librosa, seaborn, pandas and scikit-learn take by name only: the call to write.
NAMED = {
    "librosa.feature.mfcc(y, sr)": "librosa.feature.mfcc(y=y, sr=sr)",
    "librosa.feature.mfcc(y, sr=sr, n_mfcc=13)": "librosa.feature.mfcc(y=y, sr=sr, n_mfcc=13)",
    "librosa.feature.melspectrogram(y, sr)": "librosa.feature.melspectrogram(y=y, sr=sr)",
    "librosa.feature.rms(y)": "librosa.feature.rms(y=y)",
    "librosa.feature.zero_crossing_rate(y, 2048)": "librosa.feature.zero_crossing_rate(y, frame_length=2048)",
    "librosa.feature.spectral_centroid(y, sr)": "librosa.feature.spectral_centroid(y=y, sr=sr)",
    "librosa.load('x.wav', 22050)": "librosa.load('x.wav', sr=22050)",
    "librosa.load('x.wav', 22050, True)": "librosa.load('x.wav', sr=22050, mono=True)",
    "librosa.stft(y, 1024, 512)": "librosa.stft(y, n_fft=1024, hop_length=512)",
    "librosa.resample(y, sr, 11025)": "librosa.resample(y, orig_sr=sr, target_sr=11025)",
    "librosa.resample(y, sr, target_sr=11025)": "librosa.resample(y, orig_sr=sr, target_sr=11025)",
    "librosa.power_to_db(S, np.max)": "librosa.power_to_db(S, ref=np.max)",
    "librosa.onset.onset_detect(y, sr)": "librosa.onset.onset_detect(y=y, sr=sr)",
    "librosa.effects.pitch_shift(y, sr, 2)": "librosa.effects.pitch_shift(y, sr=sr, n_steps=2)",
    "librosa.filters.mel(sr, 2048)": "librosa.filters.mel(sr=sr, n_fft=2048)",
    "librosa.core.stft(\n        y,\n        1024)": "librosa.core.stft(y, n_fft=1024)",
    "sns.lineplot([1, 2], [3, 4])": "sns.lineplot(x=[1, 2], y=[3, 4])",
    "sns.scatterplot([1, 2], [3, 4], label='a')": "sns.scatterplot(x=[1, 2], y=[3, 4], label='a')",
    "df.drop('a', 1)": "df.drop('a', axis=1)",
    "pd.concat([df], 1)": "pd.concat([df], axis=1)",
    "pd.read_csv('x.csv', ',')": "pd.read_csv('x.csv', sep=',')",
    "confusion_matrix([0], [0], [0])": "confusion_matrix([0], [0], labels=[0])",
    "StandardScaler(True, False)": "StandardScaler(copy=True, with_mean=False)",
}


def message(code, before=""):
    """What is said of code that an answer runs: in a function where it can be, as a cell where it is no Python."""
    source = before + code
    try:
        compile(source, "<cell>", "exec")
        source = "def answer():\n" + "".join(f"    {line}\n" for line in source.splitlines())
    except SyntaxError:
        pass
    linecache.cache["<answer>"] = (len(source), None, source.splitlines(keepends=True), "<answer>")
    namespace = {}
    try:
        exec(compile(source, "<answer>", "exec"), namespace)
        namespace["answer"]()
    except BaseException as error:
        return checks.explain(error, namespace, "answer", "<test>")
    raise AssertionError("this code still works: its row can go")


def lines_of(name):
    """Both ways to ask a module for a name."""
    parent, _, last = name.rpartition(".")
    if not parent:
        return [f"import {name}"]
    return [f"from {parent} import {last}", f"import {parent}\n{parent}.{last}"]


CASES = [
    (name, code)
    for name in _outdated._NOW
    for code in ([CODE[name]] if name in CODE else lines_of(name))
    if code is not None
]


@pytest.mark.parametrize(("name", "code"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_each_old_name_fails_today_and_its_successor_is_said(name, code):
    assert _outdated._NOW[name] in message(code)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("matplotlib._AxesBase.set_color_cycle", "`matplotlib.Axes.set_color_cycle` is gone from matplotlib"),
        ("keras.Model.predict_classes", "`keras.Sequential.predict_classes` is gone from Keras 3"),
        ("builtins.dict.iteritems", "`dict.iteritems` is gone from Python 3"),
        ("builtins(cmp=)", "Python 3 has no argument `cmp=` here"),
    ],
)
def test_a_name_is_said_as_the_learner_knows_it(name, words):
    assert words in message(CODE[name])


@pytest.mark.parametrize(("code", "words"), TEXTS.items(), ids=range(len(TEXTS)))
def test_old_calls_that_fail_in_other_words(code, words):
    assert words in message(code)


def test_each_pattern_is_tried():
    tried = [message(code) for code in TEXTS]
    for _, pattern, now in _outdated._TEXTS:
        start = now.split("{")[0][-40:] if "{" in now else now
        assert any(start in said for said in tried), pattern


@pytest.mark.parametrize(("code", "written"), NAMED.items(), ids=NAMED)
def test_arguments_that_need_their_name_are_written_out(code, written):
    before = (
        "import numpy as np, pandas as pd, librosa, seaborn as sns\nfrom sklearn.metrics import confusion_matrix\n"
        "from sklearn.preprocessing import StandardScaler\n"
        "y, sr, S, df = np.zeros(4096), 22050, np.ones((3, 3)), pd.DataFrame({'a': [1]})\n"
    )
    said = message(code, before)
    assert f"write `{written}`" in said and "without a name" in said and "`def` line" not in said


def test_what_is_advised_exists():
    names = {"np": "numpy", "pd": "pandas", "tf": "tensorflow", "plt": "matplotlib.pyplot", "sns": "seaborn"}
    texts = [*_outdated._NOW.values(), *(now for _, _, now in _outdated._TEXTS)]
    n_found = 0
    for text in texts:
        for name in re.findall(r"`(?:from )?-?([a-z]\w*(?:\.\w+)+)", text):
            first, *rest = name.split(".")
            if first not in {*names, "keras", "librosa", "sklearn", "scipy", "soundfile", "collections", "string", "sys", "math",
                             "time", "inspect", "os"}:  # fmt: skip
                continue
            found = importlib.import_module(names.get(first, first))
            for part in rest:
                try:
                    found = getattr(found, part)
                except AttributeError:
                    found = importlib.import_module(f"{found.__name__}.{part}")
            n_found += 1
    assert n_found > 100


@pytest.mark.parametrize(
    "code",
    [
        "import keras\nkeras.optimizers.Adam(learning_rate=0.1, decay=1e-6)",
        "import keras\nkeras.layers.Dense(3, input_dim=4)",
        "import keras\nkeras.layers.Dense(3, input_shape=(4,))",
        "import keras\nkeras.backend.clear_session()",
        NET + "model.compile('sgd', 'mse', metrics=['acc'])\nassert 'acc' in model.fit(X, Y, verbose=0).history",
        "from scipy.io import wavfile",
        "from scipy.fftpack import dct",
        "from sklearn.metrics import f1_score\nf1_score([0], [0], zero_division=0)",
        "import numpy as np\nnp.in1d([1], [1]), np.trapz([1, 2])",
    ],
)
def test_what_still_works_is_not_in_the_way(code):
    with pytest.raises(AssertionError, match="still works"):
        message(code)


def test_a_grader_reads_the_cells_that_it_runs_in_ipython():
    cell = "import librosa\ndef load_mono(path, sr):\n    return librosa.load(path,\n        sr)\n"
    code = f"""
from grading import student
shell = student._shell()
_, error, _ = student._run(shell, {cell!r}, ["load_mono"])
try:
    shell.user_ns["load_mono"]("a.wav", 8000)
except TypeError as raised:
    print(student._described(raised, shell.user_ns, "load_mono", {{}})["message"])
for source in ("from keras.api.layers import Dense", "print 3"):
    _, error, _ = student._run(shell, source, ["build_model"])
    print(error["message"])
"""
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert "write `librosa.load(path, sr=sr)`" in said[0] and "line 3" in said[0]
    assert "`from keras.layers import Dense`" in said[1] and "write `print(...)`" in said[2]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("import tensorflow as tf\ntf.random.set_seed(0)", "`keras.utils.set_random_seed(seed)`"),
        ("def f(logs):\n    return logs.get('val_acc')", '`.get("val_accuracy")`'),
        ("model.compile('adam', metrics=['acc'])\nh.get('val_acc')", None),
        ("import keras\nkeras.utils.set_random_seed(0)", None),
        ("not Python", None),
    ],
)
def test_silent_faults_are_read_from_the_source(code, words):
    found = _outdated.silent(code)
    assert (words in found[0]) if words else not found


def test_tensorflows_seed_leaves_keras_alone():
    import keras
    import numpy as np
    import tensorflow as tf

    def weights(seed):
        seed(0)
        layer = keras.layers.Dense(3)
        layer.build((None, 4))
        return layer.get_weights()[0]

    assert not np.array_equal(weights(tf.random.set_seed), weights(tf.random.set_seed))
    assert np.array_equal(weights(keras.utils.set_random_seed), weights(keras.utils.set_random_seed))
