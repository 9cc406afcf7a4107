"""Old names of the field's libraries, and what to write now. Called by `helpers._explain` and `helpers.checks`.

Tutorials, older solutions and language models are full of calls that the libraries have renamed since. One table serves
every message. An error is reduced to the names it is about (`keras.utils.np_utils`, `pandas.DataFrame.append`,
`keras(lr=)`), and these are looked up. tests/helpers/test_outdated.py runs old code for each row.
"""

import ast
import re
import sys
import types
from dataclasses import dataclass

# Names: a dotted name is gone from a module or, after the name of a class, from its objects; what is below a name in the
# table is gone with it. `library(argument=)` is gone from all functions of a library, `library.function(argument=)` from
# one; `library.function()` has other positional arguments than it had. Each text says what to do, as an order.
_NOW = {
    # librosa
    "librosa.logamplitude": "write `librosa.amplitude_to_db(S)`, or `librosa.power_to_db(S)` for a power spectrogram",
    "librosa.output": "write `soundfile.write(path, y, sr)`",
    "librosa.feature.rmse": "write `librosa.feature.rms(y=y)`",
    "librosa.display.waveplot": "write `librosa.display.waveshow(y, sr=sr)`",
    "librosa.util.example_audio_file": 'write `librosa.ex("trumpet")`',
    "librosa.ifgram": "write `librosa.reassigned_spectrogram(y, sr=sr)`",
    "librosa.filters.dct": "write `scipy.fft.dct`",
    # Keras: modules
    "keras.api": "import from `keras` itself, for example `from keras.layers import Dense`",
    "keras.utils.np_utils": "write `keras.utils.to_categorical`",
    "keras.utils.vis_utils": "write `keras.utils.plot_model`",
    "keras.utils.generic_utils": "import it from `keras.utils` or `keras.saving`",
    "keras.utils.data_utils": "import it from `keras.utils`",
    "keras.utils.multi_gpu_model": "leave it out: one processor is enough here",
    **{
        f"keras.layers.{module}": "import the layer from `keras.layers` itself"
        for module in (
            "core", "normalization", "recurrent", "convolutional", "pooling", "embeddings", "advanced_activations", "wrappers",
            "noise", "experimental",
        )
    },
    "keras.engine": "import it from `keras` or `keras.layers`, for example `from keras.layers import Layer`",
    "keras.wrappers.scikit_learn": "write `keras.wrappers.SKLearnClassifier`",
    "keras.preprocessing.text": "write `keras.layers.TextVectorization`",
    "keras.preprocessing.image.ImageDataGenerator": "use layers such as `keras.layers.RandomFlip`, or change the arrays yourself",
    "keras.objectives": "write `keras.losses`",
    "keras.initializations": "write `keras.initializers`",
    # Keras: layers, losses, and so on
    "keras.layers.CuDNNLSTM": "write `keras.layers.LSTM`: it uses cuDNN by itself",
    "keras.layers.CuDNNGRU": "write `keras.layers.GRU`: it uses cuDNN by itself",
    "keras.layers.merge": "write `keras.layers.concatenate([a, b])` or `keras.layers.add([a, b])`",
    "keras.layers.Merge": "write `keras.layers.Concatenate` or `keras.layers.Add`",
    "keras.layers.TimeDistributedDense": "write `keras.layers.Dense`: it works on each time step by itself",
    "keras.layers.AtrousConv1D": "write `keras.layers.Conv1D` with `dilation_rate=`",
    "keras.layers.local": "write `keras.layers.Conv1D` or `keras.layers.Conv2D`: the locally connected layers are gone",
    "keras.layers.LocallyConnected1D": "write `keras.layers.Conv1D`: the locally connected layers are gone",
    "keras.layers.LocallyConnected2D": "write `keras.layers.Conv2D`: the locally connected layers are gone",
    "keras.layers.ThresholdedReLU": "write `keras.layers.ReLU(threshold=1.0)`",
    "keras.losses.cosine_proximity": "write `keras.losses.cosine_similarity`",
    "keras.losses.MSE": "write `keras.losses.mean_squared_error`",
    "keras.metrics.mse": "write `keras.metrics.mean_squared_error`",
    "keras.metrics.fbeta_score": "write `keras.metrics.FBetaScore()`",
    "keras.constraints.maxnorm": "write `keras.constraints.MaxNorm`",
    "keras.regularizers.WeightRegularizer": "write `keras.regularizers.L2`",
    # Keras: the backend
    "keras.backend.get_value": "write `keras.ops.convert_to_numpy(x)`",
    "keras.backend.set_value": "write `variable.assign(value)`, for a learning rate `model.optimizer.learning_rate = value`",
    "keras.backend.get_session": "leave it out: there are no sessions in TensorFlow 2",
    "keras.backend.set_session": "leave it out: there are no sessions in TensorFlow 2",
    "keras.backend.tensorflow_backend": "leave it out: there are no sessions in TensorFlow 2",
    "keras.backend.learning_phase": "call the model with `training=True` or `training=False`",
    "keras.backend.function": "write `keras.Model(inputs, outputs)` and call it",
    "keras.backend.set_image_dim_ordering": 'write `keras.config.set_image_data_format("channels_last")`',
    "keras.backend.image_dim_ordering": "write `keras.config.image_data_format()`",
    "keras.backend": "look for the same name in `keras.ops`, for example `keras.ops.mean`",
    # Keras: models, layers and optimizers as objects
    "keras.Model.fit_generator": "write `model.fit(generator)`",
    "keras.Model.evaluate_generator": "write `model.evaluate(generator)`",
    "keras.Model.predict_generator": "write `model.predict(generator)`",
    "keras.Model.predict_classes": "write `model.predict(X).argmax(axis=1)`",
    "keras.Model.predict_proba": "write `model.predict(X)`",
    "keras.Model.reset_states": "call `reset_state()` of each recurrent layer",
    "keras.Layer.output_shape": "write `layer.output.shape`",
    "keras.Layer.input_shape": "write `layer.input.shape`",
    "keras.Layer.get_output_at": "write `layer.output`",
    "keras.BaseOptimizer.lr": "write `optimizer.learning_rate`",
    # Keras: arguments
    "keras(lr=)": "write `learning_rate=`",
    "keras(nb_epoch=)": "write `epochs=`",
    "keras(samples_per_epoch=)": "write `steps_per_epoch=`, in batches",
    "keras(show_accuracy=)": 'write `metrics=["accuracy"]` in `compile`',
    "keras(class_mode=)": "leave it out: `loss=` says it",
    "keras(sample_weight_mode=)": "leave it out",
    "keras(workers=)": "leave it out of `fit`",
    "keras(use_multiprocessing=)": "leave it out of `fit`",
    "keras.Model(input=)": "write `inputs=` and `outputs=`",
    "keras.Model(output=)": "write `inputs=` and `outputs=`",
    "keras(output_dim=)": "write `units=`",
    "keras(init=)": "write `kernel_initializer=`",
    "keras(W_regularizer=)": "write `kernel_regularizer=`",
    "keras(weights=)": "call `layer.set_weights(...)` after the model is built",
    "keras(border_mode=)": "write `padding=`",
    "keras(subsample=)": "write `strides=`",
    "keras(dim_ordering=)": 'write `data_format="channels_last"`',
    "keras(nb_filter=)": "write `filters=`",
    "keras(filter_length=)": "write `kernel_size=`",
    "keras(pool_length=)": "write `pool_size=`",
    "keras.Dropout(p=)": "write `rate=`",
    "keras(dropout_W=)": "write `dropout=`",
    "keras(dropout_U=)": "write `recurrent_dropout=`",
    "keras(consume_less=)": "leave it out",
    "keras(time_major=)": "leave it out: the clips come first, then the time steps",
    "keras(input_length=)": "leave it out, and give the model an `Input(shape=(steps, features))`",
    "keras(batch_input_shape=)": "write `batch_shape=`, or give the model an `Input(batch_shape=(...))`",
    "keras(return_sequence=)": "write `return_sequences=`",
    "keras(concat_axis=)": "write `axis=`",
    "keras(nb_classes=)": "write `num_classes=`",
    "keras(period=)": 'write `save_freq="epoch"`',
    "keras(write_grads=)": "leave it out",
    "keras(l=)": "write `l2=`, or leave the name out",
    # TensorFlow 1
    "tensorflow.set_random_seed": "write `keras.utils.set_random_seed(seed)`",
    "tensorflow.random.set_random_seed": "write `keras.utils.set_random_seed(seed)`",
    **{
        f"tensorflow.{name}": "leave it out: TensorFlow 2 computes at once, without sessions and graphs"
        for name in (
            "Session", "InteractiveSession", "ConfigProto", "GPUOptions", "global_variables_initializer", "get_default_graph",
            "reset_default_graph", "enable_eager_execution", "variable_scope",
        )
    },
    "tensorflow.placeholder": "write `keras.Input(shape=...)`, or hand the arrays to the function",
    "tensorflow.get_variable": "write `tf.Variable(value)`",
    "tensorflow.train.AdamOptimizer": "write `keras.optimizers.Adam`",
    "tensorflow.train.GradientDescentOptimizer": "write `keras.optimizers.SGD`",
    "tensorflow.layers": "write `keras.layers`",
    "tensorflow.log": "write `tf.math.log`",
    "tensorflow.logging": "write `tf.get_logger()`",
    "tensorflow.contrib": "look for it in `keras`",
    "tensorflow.examples": "write `keras.datasets`",
    "tensorflow.gfile": "write `tf.io.gfile`",
    "tensorflow.to_float": "write `tf.cast(x, tf.float32)`",
    "tensorflow.nn.rnn_cell": "write `keras.layers.LSTM` or `keras.layers.LSTMCell`",
    "tensorflow.random_normal": "write `tf.random.normal`",
    "tensorflow.summary.FileWriter": "write `keras.callbacks.TensorBoard`",
    # numpy
    "numpy.product": "write `np.prod`",
    "numpy.cumproduct": "write `np.cumprod`",
    "numpy.alltrue": "write `np.all`",
    "numpy.sometrue": "write `np.any`",
    "numpy.float": "write `float`",
    "numpy.int": "write `int`",
    "numpy.object": "write `object`",
    "numpy.str": "write `str`",
    "numpy.unicode": "write `str`",
    "numpy.complex": "write `complex`",
    "numpy.float_": "write `np.float64`",
    "numpy.complex_": "write `np.complex128`",
    "numpy.unicode_": "write `np.str_`",
    "numpy.string_": "write `np.bytes_`",
    "numpy.bool8": "write `np.bool_`",
    **{f"numpy.{name}": "write `np.inf`" for name in ("Inf", "infty", "Infinity", "PINF")},
    "numpy.NINF": "write `-np.inf`",
    "numpy.NaN": "write `np.nan`",
    "numpy.NAN": "write `np.nan`",
    "numpy.asscalar": "write `x.item()`",
    "numpy.asfarray": "write `np.asarray(x, dtype=float)`",
    "numpy.rank": "write `np.ndim(x)`, or `np.linalg.matrix_rank` for the rank of a matrix",
    "numpy.msort": "write `np.sort(x, axis=0)`",
    "numpy.mat": "write `np.array`",
    "numpy.round_": "write `np.round`",
    "numpy.cast": "write `np.asarray(x, dtype=...)`",
    "numpy.find_common_type": "write `np.result_type`",
    "numpy.lib.pad": "write `np.pad`",
    "numpy.VisibleDeprecationWarning": "write `np.exceptions.VisibleDeprecationWarning`",
    "numpy(normed=)": "write `density=`",
    # pandas
    "pandas.DataFrame.append": "write `pd.concat([df, other])`",
    "pandas.Series.append": "write `pd.concat([series, other])`",
    "pandas.NDFrame.ix": "write `.loc[...]` for labels or `.iloc[...]` for positions",
    "pandas.NDFrame.as_matrix": "write `.to_numpy()`",
    "pandas.NDFrame.get_values": "write `.to_numpy()`",
    "pandas.NDFrame.get_value": "write `.at[row, column]`",
    "pandas.NDFrame.set_value": "write `.at[row, column] = value`",
    "pandas.NDFrame.iteritems": "write `.items()`",
    "pandas.NDFrame.sort": "write `.sort_values(...)` or `.sort_index()`",
    "pandas.NDFrame.order": "write `.sort_values()`",
    "pandas.NDFrame.mad": "write `(x - x.mean()).abs().mean()`",
    "pandas.NDFrame.select": "write `.loc[...]`",
    "pandas.NDFrame.tshift": "write `.shift(freq=...)`",
    "pandas.NDFrame.convert_objects": "write `.infer_objects()`",
    "pandas.NDFrame.reindex_axis": "write `.reindex(...)`",
    "pandas.NDFrame.ftypes": "write `.dtypes`",
    "pandas.NDFrame.get_dtype_counts": "write `.dtypes.value_counts()`",
    "pandas.Series.nonzero": "write `.to_numpy().nonzero()`",
    "pandas.Series.is_monotonic": "write `.is_monotonic_increasing`",
    "pandas.DataFrame.lookup": "index `.to_numpy()` with two arrays of positions",
    "pandas.DataFrame.from_csv": "write `pd.read_csv(path, index_col=0)`",
    "pandas.DataFrame.from_items": "write `pd.DataFrame(dict(items))`",
    "pandas.Panel": "use a three-dimensional numpy array or a dict of DataFrames",
    "pandas.np": "write `import numpy as np`, then `np`",
    "pandas.datetime": "write `datetime.datetime`",
    "pandas.rolling_mean": "write `series.rolling(n).mean()`",
    "pandas.rolling_std": "write `series.rolling(n).std()`",
    "pandas.expanding_mean": "write `series.expanding().mean()`",
    "pandas.ewma": "write `series.ewm(span=n).mean()`",
    "pandas.Int64Index": "write `pd.Index(values)`",
    "pandas.scatter_matrix": "write `pd.plotting.scatter_matrix`",
    "pandas.io.json.json_normalize": "write `pd.json_normalize`",
    "pandas(error_bad_lines=)": 'write `on_bad_lines="skip"`',
    "pandas(squeeze=)": "leave it out, and write `.squeeze()` after the call",
    # scikit-learn
    "sklearn.cross_validation": "write `sklearn.model_selection`",
    "sklearn.grid_search": "write `sklearn.model_selection`",
    "sklearn.learning_curve": "write `sklearn.model_selection`",
    "sklearn.externals.joblib": "write `import joblib`",
    "sklearn.preprocessing.Imputer": "write `sklearn.impute.SimpleImputer`",
    "sklearn.preprocessing.data": "import it from `sklearn.preprocessing` itself",
    "sklearn.datasets.load_boston": "use another data set, for example `sklearn.datasets.load_diabetes`",
    "sklearn.datasets.fetch_mldata": "write `sklearn.datasets.fetch_openml`",
    "sklearn.datasets.samples_generator": "import it from `sklearn.datasets` itself",
    "sklearn.metrics.plot_confusion_matrix": "write `sklearn.metrics.ConfusionMatrixDisplay.from_estimator(...)`",
    "sklearn.metrics.plot_roc_curve": "write `sklearn.metrics.RocCurveDisplay.from_estimator(...)`",
    "sklearn.metrics.plot_precision_recall_curve": "write `sklearn.metrics.PrecisionRecallDisplay.from_estimator(...)`",
    "sklearn.metrics.jaccard_similarity_score": "write `sklearn.metrics.jaccard_score`",
    "sklearn.metrics.SCORERS": "write `sklearn.metrics.get_scorer_names()`",
    "sklearn.metrics.scorer": "write `sklearn.metrics.get_scorer`",
    "sklearn.metrics.classification": "import it from `sklearn.metrics` itself",
    "sklearn.inspection.plot_partial_dependence": "write `sklearn.inspection.PartialDependenceDisplay.from_estimator(...)`",
    "sklearn.utils.linear_assignment_": "write `scipy.optimize.linear_sum_assignment`",
    "sklearn.decomposition.RandomizedPCA": 'write `sklearn.decomposition.PCA` with `svd_solver="randomized"`',
    "sklearn.lda": "write `sklearn.discriminant_analysis.LinearDiscriminantAnalysis`",
    "sklearn.qda": "write `sklearn.discriminant_analysis.QuadraticDiscriminantAnalysis`",
    "sklearn.mixture.GMM": "write `sklearn.mixture.GaussianMixture`",
    "sklearn.model_selection.LabelKFold": "write `sklearn.model_selection.GroupKFold`",
    "sklearn.ensemble.forest": "import it from `sklearn.ensemble` itself",
    "sklearn.linear_model.logistic": "import it from `sklearn.linear_model` itself",
    "sklearn.svm.classes": "import it from `sklearn.svm` itself",
    "sklearn.tree.tree": "import it from `sklearn.tree` itself",
    "sklearn.neighbors.base": "import it from `sklearn.neighbors` itself",
    "sklearn.BaseEstimator.get_feature_names": "write `.get_feature_names_out()`",
    "sklearn.BaseEstimator.grid_scores_": "write `.cv_results_`",
    "sklearn.KFold()": "write `KFold(n_splits=...)`, and give the data to its `.split(X)`",
    "sklearn.StratifiedKFold()": "write `StratifiedKFold(n_splits=...)`, and give data and labels to its `.split(X, y)`",
    "sklearn.StratifiedShuffleSplit()": (
        "write `StratifiedShuffleSplit(n_splits=...)`, and give data and labels to its `.split(X, y)`"
    ),
    "sklearn(n_folds=)": "write `n_splits=`, and give the data to `.split(X, y)`",
    "sklearn.StratifiedShuffleSplit(n_iter=)": "write `n_splits=`, and give data and labels to `.split(X, y)`",
    "sklearn(n_iter=)": "write `max_iter=`",
    "sklearn(normalize=)": "scale the data first: `make_pipeline(StandardScaler(), model)`",
    "sklearn.OneHotEncoder(sparse=)": "write `sparse_output=`",
    "sklearn(categorical_features=)": "write `sklearn.compose.ColumnTransformer` around the encoder",
    "sklearn(base_estimator=)": "write `estimator=`",
    "sklearn(squared=)": "write `sklearn.metrics.root_mean_squared_error`",
    "sklearn.KMeans(n_jobs=)": "leave it out",
    "sklearn.MLPClassifier(algorithm=)": "write `solver=`",
    # matplotlib
    "matplotlib.Legend.legendHandles": "write `.legend_handles`",
    "matplotlib.pyplot.hold": "leave it out: later lines are always added to the same axes",
    "matplotlib.pyplot.ishold": "leave it out: later lines are always added to the same axes",
    "matplotlib.cm.spectral": "write `plt.cm.nipy_spectral`",
    "matplotlib._AxesBase.set_axis_bgcolor": "write `.set_facecolor(...)`",
    "matplotlib._AxesBase.set_color_cycle": "write `.set_prop_cycle(color=...)`",
    "matplotlib.FigureCanvasBase.set_window_title": "write `figure.canvas.manager.set_window_title(...)`",
    "matplotlib.ContourSet.collections": "use the contour set itself",
    "matplotlib.GrouperView.join": "write `axes.sharex(other)`",
    "matplotlib.mlab.PCA": "write `sklearn.decomposition.PCA`",
    "matplotlib.mlab.normpdf": "write `scipy.stats.norm.pdf`",
    "matplotlib(axisbg=)": "write `facecolor=`",
    "matplotlib(normed=)": "write `density=`",
    "matplotlib(nonposy=)": "write `nonpositive=`",
    "matplotlib(nonposx=)": "write `nonpositive=`",
    "matplotlib(basex=)": "write `base=`",
    "matplotlib(basey=)": "write `base=`",
    "matplotlib(left=)": "write `x=`",
    "matplotlib.gca(projection=)": 'write `figure.add_subplot(projection="3d")`',
    # seaborn
    "seaborn.factorplot": "write `sns.catplot(...)`",
    "seaborn.tsplot": "write `sns.lineplot(...)`",
    "seaborn.apionly": "write `import seaborn as sns`",
    "seaborn(normed=)": 'write `stat="density"`',
    "seaborn(size=)": "write `height=`",
    # scipy
    "scipy.misc.imread": "write `plt.imread`",
    "scipy.misc.imresize": "write `scipy.ndimage.zoom`",
    "scipy.misc.logsumexp": "write `scipy.special.logsumexp`",
    "scipy.misc.comb": "write `scipy.special.comb`",
    "scipy.misc.factorial": "write `scipy.special.factorial`",
    **{
        f"scipy.signal.{name}": f"write `scipy.signal.windows.{name}`"
        for name in ("hann", "hamming", "blackman", "bartlett", "gaussian", "boxcar", "kaiser", "triang", "tukey")
    },
    "scipy.integrate.trapz": "write `scipy.integrate.trapezoid`",
    "scipy.integrate.simps": "write `scipy.integrate.simpson`",
    "scipy.integrate.cumtrapz": "write `scipy.integrate.cumulative_trapezoid`",
    **{
        f"scipy.{name}": f"write `np.{name}`"
        for name in (
            "array", "zeros", "ones", "arange", "linspace", "pi", "exp", "sqrt", "log", "log2", "log10", "sin", "cos", "mean",
            "dot", "interp",
        )
    },
    "scipy.ifft": "write `np.fft.ifft`",
    "scipy.linalg.pinv2": "write `scipy.linalg.pinv`",
    "scipy.stats.itemfreq": "write `np.unique(x, return_counts=True)`",
    "scipy.stats.binom_test": "write `scipy.stats.binomtest`",
    "scipy.stats.median_absolute_deviation": "write `scipy.stats.median_abs_deviation`",
    "scipy.stats.chisqprob": "write `scipy.stats.chi2.sf`",
    # Python
    "builtins.xrange": "write `range`",
    "builtins.unicode": "write `str`",
    "builtins.basestring": "write `str`",
    "builtins.unichr": "write `chr`",
    "builtins.long": "write `int`",
    "builtins.raw_input": "write `input`",
    "builtins.reduce": "write `from functools import reduce` first",
    "builtins.reload": "write `from importlib import reload` first",
    "builtins.cmp": "compare with `<`, `==` or `>`",
    "builtins.dict.iteritems": "write `.items()`",
    "builtins.dict.itervalues": "write `.values()`",
    "builtins.dict.iterkeys": "write `.keys()`",
    "builtins.dict.has_key": "write `key in d`",
    "builtins.dict_keys.sort": "write `sorted(d)`",
    "builtins.str.decode": "leave it out: text is already decoded",
    "builtins.object.next": "write `next(x)`",
    "builtins(cmp=)": "write `key=`",
    "itertools.izip": "write `zip`",
    "itertools.imap": "write `map`",
    "itertools.ifilter": "write `filter`",
    "string.letters": "write `string.ascii_letters`",
    "string.maketrans": "write `str.maketrans`",
    "sys.maxint": "write `sys.maxsize`",
    "os.getcwdu": "write `os.getcwd`",
    "time.clock": "write `time.perf_counter`",
    "inspect.getargspec": "write `inspect.getfullargspec`",
    "fractions.gcd": "write `math.gcd`",
    **{
        f"collections.{name}": f"write `collections.abc.{name}`"
        for name in ("Iterable", "Mapping", "Sequence", "Callable", "Iterator")
    },
    "cPickle": "write `import pickle`",
    "StringIO": "write `from io import StringIO`",
    "urllib2": "write `import urllib.request`",
    "Queue": "write `import queue`",
    "ConfigParser": "write `import configparser`",
    "imp": "write `import importlib`",
}

# Errors that name no old name: the kind, what their text looks like, what to do. Groups of the pattern fill the text.
_TEXTS = (
    (KeyError, r"^'(?:val_)?acc'$", "Keras names the series `accuracy` and `val_accuracy`: print `history.history.keys()`"),
    (KeyError, r"^'axes\.color_cycle'$", 'matplotlib has renamed this setting: write `plt.rcParams["axes.prop_cycle"]`'),
    (ValueError, r"Cannot convert '(\d+)' to a shape", "Keras wants a shape as a tuple: write `Input(shape=({0},))`"),
    (ValueError, r"callback received monitor=((?:val_)?acc),",
     "no series is called `{0}`: Keras names them `accuracy` and `val_accuracy`"),
    ((ValueError, TypeError),
     r"for Keras type promotion|`loss_weights` must|Failed to convert elements of <\w+ name=\w+>|unsupported type \(<class 'keras\.src\.metrics\.",
     "the third positional argument of `compile` is `loss_weights` in Keras 3: write `metrics=[...]`"),
    (IndexError, r"^index (\d+) is out of bounds for axis 1 with size \1$",
     "an index is smaller than the size: if these are labels for `to_categorical`, give it the number of classes, which is "
     "the largest label plus 1"),
    (Exception, r"logits and labels must be broadcastable: logits_size=\[\d+,(\d+)\] labels_size=\[\d+,(\d+)\]",
     "the network has {0} outputs, but the labels have {1} columns: give `to_categorical` the number of classes each time"),
    (ValueError, r"Expected `metrics` argument to be a list", 'Keras wants a list of metrics: write `metrics=["accuracy"]`'),
    (ValueError, r"must end in `(\.keras|\.weights\.h5)`", "Keras 3 wants the ending `{0}`: write such a file name"),
    (ValueError, r"Invalid filepath extension for saving", "Keras 3 wants an ending: write a file name such as `model.keras`"),
    (ImportError, r"`keras\.optimizers\.legacy` is not supported",
     "the legacy optimizers are gone from Keras 3: write `keras.optimizers.Adam`, without `legacy`"),
    (ImportError, r"`load_boston` has been removed", f"this data set is gone: {_NOW['sklearn.datasets.load_boston']}"),
    (NotImplementedError, r"`interp2d` has been removed", "write `scipy.interpolate.RegularGridInterpolator`"),
    (ValueError, r"'max_features' parameter of .* Got 'auto'", 'scikit-learn has renamed this choice: write `max_features="sqrt"`'),
    (ValueError, r"'loss' parameter of .* Got 'log'", 'scikit-learn has renamed this loss: write `loss="log_loss"`'),
    (TypeError, r"'(KFold|StratifiedKFold|ShuffleSplit)' object is not iterable",
     "`{0}` no longer holds the data: write `for train, test in {0}(...).split(X, y):`"),
    (TypeError, r"Input should have at least 1 dimension .* got scalar",
     "scikit-learn takes this share for one more array: write `test_size=`"),
    (ValueError, r"'spectral' is not a valid value", 'matplotlib has renamed this color map: write `cmap="nipy_spectral"`'),
    (OSError, r"'seaborn[\w-]*' is not a valid package style",
     'matplotlib has renamed these styles: write `sns.set_theme()`, or a name such as `"seaborn-v0_8"`'),
    (ValueError, r"keyword grid_b is not recognized", "matplotlib has renamed the argument `b=`: write `visible=`"),
    (IndexError, r"invalid index to scalar variable", "this is a single number (SciPy's `mode` gives one): leave the `[0]` out"),
    (TypeError, r"arrays to stack must be passed as|first input argument needs to be a sequence",
     "numpy no longer takes a generator here: write a list, `[... for ...]`"),
    (TypeError, r"Could not convert .* to numeric", "pandas no longer leaves text columns out: write `numeric_only=True`"),
    (TypeError, r"'(dict_keys|dict_values|dict_items)' object is not subscriptable",
     "in Python 3 this is no list: write `list(...)` around it"),
    (TypeError, r"'(zip|map|filter)' object is not subscriptable|object of type '(zip|map|filter)' has no len",
     "in Python 3 this is no list: write `list(...)` around it"),
    (TypeError, r"unsupported operand type\(s\) for \+: '(?:range|map|zip)'",
     "in Python 3 this is no list: write `list(...)` around it"),
    (TypeError, r"'float' object cannot be interpreted as an integer|expected a sequence of integers|non-int of type 'float'",
     "a count must be a whole number, but `/` gives a float: write `//`, or `int(...)` around it"),
    (TypeError, r"sort\(\) takes no positional arguments", "in Python 3 the function is named: write `key=`"),
    (SyntaxError, r"Missing parentheses in call to '(\w+)'", "in Python 3 `{0}` is a function: write `{0}(...)`"),
    (SyntaxError, r"multiple exception types must be parenthesized", "in Python 3 write `except ValueError as error:`"),
    (SyntaxError, r"leading zeros in decimal integer literals", "in Python 3 octal numbers begin with `0o`; otherwise leave the "
                                                                "zeros out"),
)  # fmt: skip
_KNOWN_AS = (("tensorflow.keras", "keras"), ("keras._tf_keras.keras", "keras"), ("tensorflow._api.v2", "tensorflow"),
             ("librosa.core", "librosa"))  # fmt: skip
_SHORT = {"numpy": "np", "pandas": "pd", "tensorflow": "tf", "matplotlib.pyplot": "plt", "seaborn": "sns", "builtins": ""}
_LIBRARIES = ("keras", "librosa", "matplotlib", "numpy", "pandas", "scipy", "seaborn", "sklearn", "tensorflow")
_LIBRARY = {"keras": "Keras 3", "tensorflow": "TensorFlow 2", "sklearn": "scikit-learn", "scipy": "SciPy"}


@dataclass(frozen=True)
class Call:
    """The call that raised an error: its syntax tree, and what was called (None where that cannot be known)."""

    node: ast.Call
    callee: object


def advice(error, call=None, libraries=()):
    """What to write now, if an error comes from an old name; '' if the table does not know it.

    Parameters
    ----------
    error : BaseException
    call : Call, optional
        The call in the learner's code that raised it.
    libraries : tuple of str
        Names of the packages whose code the error came through.

    Returns
    -------
    str
        One sentence without a full stop.
    """
    names = [_as_imported(name) for name in _names(error)]
    for name in names:
        parts = name.split(".")
        for n in range(len(parts), 0, -1):
            old = ".".join(parts[:n])
            if old in _NOW:
                return f"{_gone(names[0])}: {_NOW[old]}"  # of classes, the one at hand and not the one above it
        same = _other_case(error, name)
        if same:
            return f"`{_short(name)}` does not exist: write `{_short(same)}`"
    for library, argument in _arguments(error, call, libraries):
        if f"{library}({argument}=)" in _NOW:
            return f"{_library(library)} has no argument `{argument}=` here: {_NOW[f'{library}({argument}=)']}"
    return _by_position(error, call) or _by_text(error)


def silent(source):
    """What code does that fails without an error on the versions of today.

    Parameters
    ----------
    source : str
        Python of a cell.

    Returns
    -------
    list of str
        A sentence each.
    """
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return []
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    found = []
    for node in nodes:
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if re.fullmatch(r"(tf|tensorflow)\.(random\.set_seed|compat\.v1\.set_random_seed)", called):
            found.append(f"`{called}` does not seed the layers of Keras 3: write `keras.utils.set_random_seed(seed)`")
        first = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        if called.endswith(".get") and first in ("acc", "val_acc") and not texts & {"acc"} - {first}:
            new = first.replace("acc", "accuracy")
            found.append(f'`.get("{first}")` gives None, for Keras names the series `{new}`: write `.get("{new}")`')
    return list(dict.fromkeys(found))


# --- which names an error is about ----------------------------------------------------------------------------------


def _names(error):
    """Dotted names that an error says are not there, as their libraries call them."""
    text = str(error)
    if isinstance(error, ImportError):
        wanted = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", text)
        if wanted:
            return [f"{wanted[2]}.{wanted[1]}"]
        return [error.name] if isinstance(error, ModuleNotFoundError) and error.name else []
    if isinstance(error, NameError):
        return [f"builtins.{error.name}"] if error.name else []
    if not isinstance(error, AttributeError):
        return []
    of_module = re.match(r"(?:[Mm]odule|No) '?([\w.]+)'? (?:has no )?attribute '?(\w+)'?", text)
    if of_module:
        return [f"{of_module[1]}.{of_module[2]}"]
    of_numpy = re.match(r"`np\.(\w+)` was removed", text)
    if of_numpy:
        return [f"numpy.{of_numpy[1]}"]
    if error.name is None or error.obj is None:
        return []
    if isinstance(error.obj, types.ModuleType):
        return [f"{error.obj.__name__}.{error.name}"]
    kind = error.obj if isinstance(error.obj, type) else type(error.obj)
    return [f"{one.__module__.split('.')[0]}.{one.__name__}.{error.name}" for one in kind.__mro__]


def _as_imported(name):
    """A name by the way in which the table knows it: `keras` for `tensorflow.keras`."""
    for known_as, ours in _KNOWN_AS:
        if name == known_as or name.startswith(known_as + "."):
            return ours + name[len(known_as) :]
    return name


def _other_case(error, name):
    """The name that a module has in another case: `Adam` for `adam`."""
    module, _, last = name.rpartition(".")
    if not module or not isinstance(error, (ImportError, AttributeError)) or module not in sys.modules:
        return ""
    same = [one for one in dir(sys.modules[module]) if one.lower() == last.lower() and one != last and not one.startswith("_")]
    return f"{module}.{max(same)}" if same and not isinstance(getattr(sys.modules[module], max(same)), types.ModuleType) else ""


def _arguments(error, call, libraries):
    """Pairs of a library (or a function in it) and an argument that it may not know any more, the closest first."""
    text = str(error)
    names = re.findall(r"unexpected keyword argument '(\w+)'", text)
    if re.search(r"not recognized: \{|Unrecognized keyword arguments passed to", text):
        names = re.findall(r"[{ ]'(\w+)': ", text)
        libraries = ("keras", *libraries)  # these are its words; it may cut its own entries out of the traceback
    if not names and re.search(r"missing \d+ required (positional|keyword-only) argument", text) and call is not None:
        names = [keyword.arg for keyword in call.node.keywords if keyword.arg]
    callee = call.callee if call is not None else None
    roots = [root for root in (_root(callee), *reversed(libraries)) if root]
    # The name in the text comes first: a class that was called raises in its own __init__.
    named = re.match(r"(?:\w+\.)*?(\w+)(?:\.__init__)?\(\)", text)
    own = [name for name in (getattr(callee, "__name__", ""), named[1] if named else "") if name]
    known = roots or list(_LIBRARIES)  # of a call on a result, nothing but its name is known
    places = [f"{root}.{name}" for root in known for name in own] + roots + ["builtins"]
    return [(place, name) for name in names for place in dict.fromkeys(places)]


def _root(callee):
    callee = getattr(callee, "__func__", callee)
    return (getattr(callee, "__module__", None) or "").split(".")[0]


def _by_position(error, call):
    """For calls whose positional arguments have another meaning now."""
    if call is None or not isinstance(error, TypeError) or "positional argument" not in str(error):
        return ""
    name = f"{_root(call.callee)}.{getattr(call.callee, '__name__', '')}()"
    return f"the positional arguments of `{name.split('.')[1]}` have changed: {_NOW[name]}" if name in _NOW else ""


def _by_text(error):
    text = getattr(error, "msg", None) if isinstance(error, SyntaxError) else str(error)
    for kind, pattern, now in _TEXTS:
        found = re.search(pattern, text or "") if isinstance(error, kind) else None
        if found:
            return now.format(*found.groups())
    return ""


def _gone(name):
    return f"`{_short(name)}` is gone from {_library(name)}"


def _library(name):
    root = name.split(".")[0]
    return _LIBRARY.get(root, root if root in _LIBRARIES else "Python 3")


def _short(name):
    """A name as it is usually imported: `np.prod`."""
    for long, short in _SHORT.items():
        if name.startswith(long + "."):
            return f"{short}.{name[len(long) + 1 :]}".lstrip(".")
    return name
