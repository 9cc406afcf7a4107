# wrong: the seed is set once, before the loop: each network draws other numbers
# message: start from different weights
def make_models(n_features, n_classes, rates, seed):
    keras.utils.set_random_seed(seed)
    models = {}
    for place, rate in enumerate(rates):
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
