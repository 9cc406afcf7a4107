# wrong: one network in all places: it is compiled again for each rate
# message: learning rate of the optimiser in the model for
def make_models(n_features, n_classes, rates, seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input(shape=(n_features,)),
            keras.layers.Dense(256, activation="sigmoid"),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )
    models = {}
    for place, rate in enumerate(rates):
        optimizer = keras.optimizers.Adam(learning_rate=rate)
        model.compile(optimizer=optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
        models[rate] = model
    return models
