import tensorflow as tf


def build_model(n_features, n_classes, learning_rate):
    model = tf.keras.models.Sequential([
        tf.keras.layers.InputLayer(shape=(n_features,)),
        tf.keras.layers.Dense(256, activation=tf.nn.sigmoid),
        tf.keras.layers.Dense(n_classes, activation=tf.nn.softmax),
    ])
    model.compile(
        loss=tf.keras.losses.sparse_categorical_crossentropy,
        optimizer=tf.keras.optimizers.Adam(learning_rate),
        metrics=["sparse_categorical_accuracy"],
    )
    return model
