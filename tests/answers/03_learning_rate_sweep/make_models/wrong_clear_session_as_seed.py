# wrong: clear_session taken for a way to get the same start again
# message: start from different weights
def make_models(n_features, n_classes, rates, seed):
    models = {}
    for place, rate in enumerate(rates):
        keras.backend.clear_session()
        model = keras.Sequential(
            [
                keras.Input(shape=(n_features,)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(n_classes, activation="softmax"),
            ]
        )
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        models[rate] = model
    return models
