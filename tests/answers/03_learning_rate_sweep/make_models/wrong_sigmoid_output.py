# wrong: sigmoid on the output of a one-of-many classifier
# message: sum to 1
def make_models(n_features, n_classes, rates, seed):
    models = {}
    for place, rate in enumerate(rates):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [
                keras.Input(shape=(n_features,)),
                keras.layers.Dense(256, activation="sigmoid"),
                keras.layers.Dense(n_classes, activation="sigmoid"),
            ]
        )
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        models[rate] = model
    return models
