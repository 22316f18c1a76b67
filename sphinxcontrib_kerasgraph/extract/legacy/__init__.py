"""Models of Keras 2 (`tf_keras`) as the same graphs. The only folder that imports `tf_keras`."""
