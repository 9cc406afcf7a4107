# wrong: a local model that is never returned, as in the report's sweep
# message: NoneType|is None
def build_model(n_features, n_classes, learning_rate):
    model = keras.Sequential()
    model.add(keras.layers.Dense(256, input_shape=(n_features,), activation="sigmoid", name="hidden"))
    model.add(keras.layers.Dense(n_classes, activation="softmax", name="output"))
    model.compile(keras.optimizers.Adam(learning_rate), "categorical_crossentropy", metrics=["accuracy"])
